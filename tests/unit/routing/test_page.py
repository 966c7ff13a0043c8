"""The page on which a message can be tried, without a browser."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from services.routing.decision_page import Page, decision_page
from services.routing.domain import Facts, decide
from services.routing.main import app_for
from services.routing.text.corpus import Corpus
from services.routing.text.lexicon import Lexicon
from services.routing.text.marking import marked
from services.routing.text.matter import Matter
from services.routing.text.readers import Readers
from services.routing.text.words import stem
from services.routing.trial import Trial
from shared.access import Role, TokenHash, Tokens
from tests.unit.routing.cases import PROFILES
from tests.unit.routing.test_api import _NoRuntime
from tests.unit.routing.test_laws import FACTS
from tests.unit.routing.test_text_decisions import READINGS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TYPED = {"text": "De haag is te hoog.", "channel": "email", "received_on": "2026-03-01", "service": "groen"}


def _client(readers: Readers | None = None, role: Role = Role.HANDLER) -> httpx.AsyncClient:
    hashed = hashlib.sha256(b"secret").hexdigest()
    tokens = Tokens(tokens=(TokenHash(role=role, name="one", sha256=hashed),))
    app = app_for(_NoRuntime(), PROFILES, tokens, CollectorRegistry(), clock=lambda: NOW, readers=readers)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://routing", auth=("anybody", "secret")
    )


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with _client() as client:
        yield client


@pytest.mark.parametrize(("role", "status"), [(Role.HANDLER, 200), (Role.ADMIN, 200), (Role.REPORTING, 403)])
async def test_it_is_for_handlers_and_admins(role: Role, status: int) -> None:
    async with _client(role=role) as client:
        assert (await client.get("/routing")).status_code == status


async def test_it_keeps_no_copy_and_runs_no_script(client: httpx.AsyncClient) -> None:
    answer = await client.post("/routing?organisation=leuven", data=TYPED)
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "Er wordt niets bewaard" in answer.text


async def test_what_is_typed_is_shown_as_text(client: httpx.AsyncClient) -> None:
    answer = await client.post("/routing?organisation=leuven", data=TYPED | {"text": "<b>haag</b></textarea>"})
    assert "<b>" not in answer.text
    assert "&lt;b&gt;haag&lt;/b&gt;&lt;/textarea&gt;" in answer.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"channel": "pigeon"}, "channel"),
        ({"nature": "grumble"}, "nature"),
        ({"service": "gone"}, "service"),
        ({"earlier": "perhaps"}, "earlier"),
        ({"received_on": "2026-02-30"}, "received_on"),
        ({"received_on": "1800-02-03"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"facts_on": "yesterday"}, "facts_on"),
    ],
)
async def test_each_field_says_itself_what_is_wrong(
    client: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    answer = await client.post("/routing?organisation=leuven", data=TYPED | typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert answer.text.count('class="error"') == 1
    assert f'<a href="#{field}">' in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(100))])
async def test_what_is_no_form_is_told_so(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/routing?organisation=leuven", content=body)).status_code == 400


async def test_an_unknown_organisation_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/routing?organisation=atlantis")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "organisation")


async def test_while_the_model_is_learnt_it_says_so_and_keeps_what_was_typed() -> None:
    nothing = Matter(Corpus(b"", ""), Lexicon(places={}, cues={}))
    text = "Zestien woorden zijn er nodig om gelezen te worden, en deze zin telt er ruim genoeg daarvoor."
    async with _client(Readers({"leuven": nothing})) as client:
        answer = await client.post("/routing?organisation=leuven", data=TYPED | {"text": text})
    assert answer.status_code == 503
    assert "nog geleerd" in answer.text
    assert text in answer.text


@given(
    facts=FACTS,
    told=st.none() | READINGS,
    organisation=st.sampled_from(sorted(PROFILES)),
    language=st.sampled_from(["nl", "en"]),
)
def test_every_decision_can_be_shown(facts: Facts, told: Any, organisation: str, language: Any) -> None:
    profile = PROFILES[organisation]
    outcome = decide(facts, profile, told)
    trial = Trial({"text": "De haag hangt over."})
    page = decision_page(
        Page(profile, profile.version_at(facts.received_at), list(PROFILES.values()), language, trial, outcome)
    )
    assert all(reason.rule in page for reason in outcome.decision.reasons)


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=5))
def test_marking_changes_no_letter(text: str, told: list[str]) -> None:
    assert "".join(piece.text for piece in marked(text, told)) == text


@pytest.mark.parametrize(
    ("text", "told", "weighed"),
    [
        ("De SNOEIERS snoeien", [stem("snoeiers")], ["SNOEIERS"]),
        ("nog altijd 2 keer", ["nog altijd", "0"], ["nog", "altijd", "2"]),
        ("Het ligt er helaas nog", ["ligt ~ nog"], ["ligt"]),
        ("café", ["cafe"], ["café"]),
    ],
)
def test_words_that_weighed_are_found_as_they_were_written(text: str, told: list[str], weighed: list[str]) -> None:
    assert [piece.text for piece in marked(text, told) if piece.weighed] == weighed
