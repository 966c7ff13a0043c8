from typing import Any

import orjson
import pytest

from services.intake.domain.claims import Source, SubmissionClaim, to_milliseconds
from services.intake.domain.inbound import read_submission
from services.intake.domain.registration import Contact, register, routing_request
from shared.contracts.events import event_id
from tests.unit.intake.messages import CITIZEN, LEUVEN, NOW, TEXT, spelled, submission


def contact_of(**changes: Any) -> Contact:
    read = read_submission(spelled(submission(**changes)))
    claim = SubmissionClaim(
        id=read.claim_id,
        organisation="leuven",
        submission_id=read.submission.submission_id,
        reference="LEU-2021-000001",
        content_hash=read.content_hash,
        received_at=to_milliseconds(read.submission.received_at),
        claimed_at=NOW,
        source=Source.AMQP,
    )
    return register(read.submission, claim, LEUVEN)


def told(contact: Contact) -> dict[str, Any]:
    data: dict[str, Any] = orjson.loads(contact.registered.body())
    return data


def test_registration_tells_what_was_submitted() -> None:
    data = told(
        contact_of(
            about={"directorate": "openbaar_domein", "other_directorates": ["politie"]},
            earlier_contact={"on": "2021-02-01", "result": "no_answer", "reference": "by Wannes"},
            facts_on="2021-01-31",
            legal_proceedings=True,
        )
    )
    assert data["nature"] == "complaint"
    assert data["district"] == "kessel_lo"
    assert data["about"]["directorate"] == "openbaar_domein"
    assert data["about"]["other_directorates"] == ["politie"]
    assert data["earlier_contact"] == {"on": "2021-02-01", "result": "no_answer"}
    assert data["facts_on"] == "2021-01-31"
    assert data["legal_proceedings"] is True
    assert data["registered_at"] == "2026-11-22T12:00:00Z"
    assert data["anonymous"] is False


def test_the_envelope_follows_from_the_submission() -> None:
    envelope = contact_of().registered.envelope
    assert envelope.id == event_id("contact.registered.v1", "leuven", "form-1")
    assert envelope.correlation_id == event_id("correlation", "leuven", "form-1")
    assert envelope.source == "contactpunt/intake"
    assert envelope.subject == "LEU-2021-000001"
    assert envelope.time.isoformat() == "2021-03-04T09:30:00+01:00"


@pytest.mark.parametrize("citizen", [None, {}, {"name": None}, {"address": {}}])
def test_a_citizen_of_whom_nothing_is_said_is_anonymous(citizen: dict[str, Any] | None) -> None:
    assert told(contact_of(citizen=citizen))["anonymous"] is True


def test_an_event_holds_no_personal_data() -> None:
    contact = contact_of(subject="Vuilnis bij Wannes", attachments=[])
    said = contact.registered.body().decode() + str(contact.registered.headers())
    for private in (CITIZEN["name"], CITIZEN["email"], CITIZEN["phone"], "Tiensevest", TEXT, "Vuilnis"):
        assert str(private) not in said


def test_routing_is_asked_with_the_text_and_without_the_citizen() -> None:
    request = routing_request(contact_of(subject="Vuilnis"))
    data = orjson.loads(request.body())
    assert (data["subject"], data["text"], data["language"]) == ("Vuilnis", TEXT, "nl")
    assert request.type == "routing.requested.v1"
    assert request.envelope.causation_id == contact_of().registered.envelope.id
    assert "Wannes" not in request.body().decode()


def test_a_language_of_its_own_goes_before_the_profiles() -> None:
    assert orjson.loads(routing_request(contact_of(language="fr-BE")).body())["language"] == "fr-BE"
