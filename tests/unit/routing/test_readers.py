"""Models in the service: when they are there, and what they change."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
from prometheus_client import CollectorRegistry

from deploy.sample.leuven_2021 import year
from services.routing.domain import NO_TEXT, TEXT_MODEL_VERSION, facts_of_submission
from services.routing.main import app_for
from services.routing.text.matter import Matter
from services.routing.text.measuring import Example, accuracy, calibration, coverage, judge, per_class
from services.routing.text.model import TextModel
from services.routing.text.readers import Readers, StillLearning
from services.routing.text.report import report
from shared.access import Role, TokenHash, Tokens
from shared.contracts.submission import Submission
from tests.unit.routing.cases import LEUVEN, PROFILES, facts

HEDGE = "De haag van het plantsoen is al een jaar niet gesnoeid."
SUBMISSION: dict[str, Any] = {
    "submission_id": "mail-1",
    "organisation": "leuven",
    "channel": "email",
    "received_at": "2022-03-01T10:00:00+01:00",
    "text": f"{HEDGE} Ik heb al drie keer gemaild naar de groendienst en nooit antwoord gekregen. Schandalig!",
    "citizen": {"name": "Quirinus Vanhaverbeke"},
}
LABEL: dict[str, Any] = {
    "nature": "complaint",
    "line": "second",
    "directorate": "openbaar_domein",
    "service": "groen",
    "external_body": None,
}


class _NoRuntime:
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def missing(self) -> list[str]:
        return []


async def _preview(readers: Readers) -> httpx.Response:
    token = TokenHash(role=Role.ADAPTER, name="adapter", sha256=hashlib.sha256(b"adapter").hexdigest())
    app = app_for(
        _NoRuntime(),
        PROFILES,
        Tokens(tokens=(token,)),
        CollectorRegistry(),
        clock=lambda: datetime(2022, 3, 2, tzinfo=UTC),
        readers=readers,
    )
    bearer = {"Authorization": "Bearer adapter"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://routing", headers=bearer) as client:
        return await client.post("/routing/preview", json=SUBMISSION)


@pytest.fixture
def readers(matter: Matter, model: TextModel) -> Readers:
    trained = Readers({"leuven": matter})
    trained.models["leuven"] = model
    return trained


async def test_until_it_is_trained_a_preview_has_to_wait(small: Matter) -> None:
    readers = Readers({"leuven": small})
    assert readers.missing() == ["the text model of leuven is still being trained"]
    with pytest.raises(StillLearning):
        readers.decide(facts(), LEUVEN, None, HEDGE)
    assert (await _preview(readers)).status_code == 503
    await readers.learn()
    assert readers.missing() == []
    trained = readers.models["leuven"]
    await readers.learn()
    assert readers.models["leuven"] is trained


async def test_a_preview_reads_the_text_and_says_why(readers: Readers) -> None:
    response = await _preview(readers)
    decision = response.json()
    assert {name: decision[name] for name in LABEL} == LABEL
    rules = [reason["rule"] for reason in decision["reasons"]]
    assert {"text_was_read", "text_tells_nature", "text_tells_earlier_contact", "text_tells_directorate"} <= {
        *rules
    }
    assert "vanhaverbek" not in response.text.lower()


def test_an_organisation_without_a_model_decides_by_statements() -> None:
    outcome = Readers().decide(facts("complaint"), LEUVEN, None, HEDGE)
    assert (outcome.model_version, outcome.decision.directorate) == (NO_TEXT, None)


def test_the_models_version_is_the_decisions(readers: Readers) -> None:
    assert readers.decide(facts(), LEUVEN, None, HEDGE).model_version == TEXT_MODEL_VERSION


def test_the_sample_year_is_decided_by_what_it_states_and_without_review(readers: Readers) -> None:
    for case in year():
        told = Submission.model_validate_json(_json(case.submission))
        outcome = readers.decide(facts_of_submission(told), LEUVEN, told.subject, told.text)
        assert (outcome.decision.needs_review, outcome.model_version) == (False, NO_TEXT)
        assert (outcome.decision.nature, outcome.decision.line) == (case.contact.nature, case.contact.line)


def test_a_measurement_counts_what_is_right(model: TextModel) -> None:
    right = Example.model_validate_json(_json({"id": "1", "submission": SUBMISSION, "expected": LABEL}))
    other = LABEL | {"line": "first", "directorate": "politie", "service": "wijkpolitie"}
    wrong = Example.model_validate_json(_json({"id": "2", "submission": SUBMISSION, "expected": other}))
    judged = judge(model, LEUVEN, [right, wrong])
    found = accuracy(judged)
    assert (found["nature"], found["line"], found["directorate"], found["external_body"]) == (1, 0.5, 0.5, 0)
    assert per_class(judged, "line") == {"first": (1, 0, 0), "second": (1, 1, 0.5)}
    assert sum(each.contacts for each in calibration(judged, (0, 0.5))) == 2
    assert coverage(judged, (0.0,)) == [(0.0, 1.0, 0.5)]
    page = report({"alone": judged}, [(10, found)], ["two examples"])
    assert "| line | 0.90 | 0.500 |" in page
    assert "haag" not in page


def _json(value: Any) -> bytes:
    return orjson.dumps(value)
