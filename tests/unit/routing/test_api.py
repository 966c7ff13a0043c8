"""Routing over HTTP."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import jsonschema
import pytest
from prometheus_client import CollectorRegistry

from services.routing.main import app_for, openapi_app
from shared.access import Role, TokenHash, Tokens
from tests.unit.routing.cases import PROFILES

NOW = datetime(2022, 3, 1, 12, 0, tzinfo=UTC)
SUBMISSION: dict[str, Any] = {
    "submission_id": "form-1",
    "organisation": "leuven",
    "channel": "web_form",
    "received_at": "2022-03-01T10:00:00+01:00",
    "nature": "complaint",
    "text": "De haag staat over het voetpad.",
    "citizen": {"name": "Jan", "email": "jan@example.org"},
    "about": {"service": "groen"},
    "earlier_contact": {"on": "2022-01-10", "result": "no_answer", "reference": "MEL-1"},
}


class _NoRuntime:
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def missing(self) -> list[str]:
        return []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    tokens = Tokens(
        tokens=tuple(
            TokenHash(role=role, name=role, sha256=hashlib.sha256(role.encode()).hexdigest()) for role in Role
        )
    )
    app = app_for(_NoRuntime(), PROFILES, tokens, CollectorRegistry(), clock=lambda: NOW)
    transport = httpx.ASGITransport(app=app)
    bearer = {"Authorization": "Bearer adapter"}
    async with httpx.AsyncClient(transport=transport, base_url="http://routing", headers=bearer) as client:
        yield client


def _but(**fields: Any) -> dict[str, Any]:
    return SUBMISSION | fields


async def test_a_preview_has_exactly_the_shape_of_a_decision(client: httpx.AsyncClient) -> None:
    response = await client.post("/routing/preview", json=SUBMISSION)
    assert response.status_code == 200
    decision = response.json()
    reasons = decision.pop("reasons")
    assert decision == {
        "nature": "complaint",
        "line": "second",
        "handled_by": "ombuds_service",
        "directorate": "openbaar_domein",
        "service": "groen",
        "other_directorates": [],
        "external_body": None,
        "exclusion_grounds": [],
        "confidence": 1.0,
        "needs_review": False,
        "profile_version": PROFILES["leuven"].version_name(PROFILES["leuven"].versions[-1]),
    }
    assert [sorted(reason) for reason in reasons] == [["evidence", "rule"]] * len(reasons)
    assert "Jan" not in response.text
    assert "MEL-1" not in response.text


async def test_a_preview_needs_no_id(client: httpx.AsyncClient) -> None:
    nameless = {key: value for key, value in SUBMISSION.items() if key != "submission_id"}
    response = await client.post("/routing/preview", json=nameless)
    assert response.json() == (await client.post("/routing/preview", json=SUBMISSION)).json()


async def test_a_preview_is_free_of_the_clock(client: httpx.AsyncClient) -> None:
    response = await client.post("/routing/preview", json=_but(received_at="2999-12-31T23:59:59Z"))
    assert response.status_code == 200
    assert response.json()["line"] == "second"


@pytest.mark.parametrize("citizen", [None, {}, {"name": None}, {"address": {}}])
async def test_a_citizen_of_whom_nothing_is_said_is_anonymous(
    client: httpx.AsyncClient, citizen: dict[str, Any] | None
) -> None:
    response = await client.post("/routing/preview", json=_but(citizen=citizen))
    assert response.json()["exclusion_grounds"] == ["anonymous"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b"", "", "not_json"),
        (b"{", "", "not_json"),
        (b"\xff", "", "not_json"),
        (b"[" * 5000, "", "not_json"),
        (b'{"text": NaN}', "", "not_json"),
        (b"[]", "", "wrong_type"),
        (b"3", "", "wrong_type"),
        (_but(text=""), "text", "too_short"),
        (_but(text="x" * 20_001), "text", "too_long"),
        (_but(text="a\x00b"), "text", "invalid"),
        (_but(submission_id=None), "submission_id", "wrong_type"),
        (_but(organisation="atlantis"), "organisation", "unknown_organisation"),
        (_but(channel="pigeon"), "channel", "not_on_list"),
        (_but(nature="anger"), "nature", "not_on_list"),
        (_but(about={"directorate": "nowhere"}), "about.directorate", "not_on_list"),
        (_but(about={"$where": "1"}), "about.$where", "unknown_field"),
        (_but(colour="red"), "colour", "unknown_field"),
        (_but(legal_proceedings="true"), "legal_proceedings", "wrong_type"),
        (_but(received_at="2022-03-01T10:00:00"), "received_at", "offset_missing"),
        (_but(received_at="9999-12-31T23:59:59-12:00"), "received_at", "invalid"),
        (_but(received_at="1899-12-31T12:00:00Z"), "received_at", "too_old"),
        (_but(received_at="0001-01-01T00:00:00+14:00"), "received_at", "invalid"),
    ],
)
async def test_bad_input_gets_a_clear_answer(
    client: httpx.AsyncClient, body: bytes | dict[str, Any], field: str, code: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = await client.post("/routing/preview", content=content)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    told = [(error["field"], error["code"]) for error in response.json()["errors"]]
    assert told == [(field, code)]


async def test_a_dollar_in_a_text_is_a_text(client: httpx.AsyncClient) -> None:
    response = await client.post("/routing/preview", json=_but(text="$ne kost 5 $"))
    assert response.status_code == 200


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_may_ask(client: httpx.AsyncClient, role: Role) -> None:
    bearer = {"Authorization": f"Bearer {role}"}
    asked = await client.post("/routing/preview", json=SUBMISSION, headers=bearer)
    read = await client.get("/organisations/leuven/profile", headers=bearer)
    assert (asked.status_code, read.status_code) == (200, 200)


@pytest.mark.parametrize("bearer", ["", "Bearer wrong", "Basic adapter"])
async def test_nobody_else_may(client: httpx.AsyncClient, bearer: str) -> None:
    told = {"Authorization": bearer}
    asked = await client.post("/routing/preview", json=SUBMISSION, headers=told)
    read = await client.get("/organisations/leuven/profile", headers=told)
    assert (asked.status_code, read.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("query", "handled_by"),
    [
        ("", "complaints_coordination"),
        ("?on=2021-09-30", "service"),
        ("?on=2021-10-01", "complaints_coordination"),
    ],
)
async def test_the_profile_as_it_holds_on_a_day(client: httpx.AsyncClient, query: str, handled_by: str) -> None:
    profile = (await client.get(f"/organisations/leuven/profile{query}")).json()
    assert (profile["id"], profile["name"]["nl"]) == ("leuven", "Stad Leuven")
    assert profile["version"]["first_line_complaints_by"] == handled_by
    assert profile["profile_version"].startswith(profile["version"]["valid_from"])
    assert len(profile["version"]["directorates"]) == 17


async def test_an_unknown_organisation_is_not_found(client: httpx.AsyncClient) -> None:
    response = await client.get("/organisations/atlantis/profile")
    assert response.status_code == 404
    assert "leuven" in response.json()["detail"]


async def test_a_day_that_is_none_is_told(client: httpx.AsyncClient) -> None:
    response = await client.get("/organisations/leuven/profile?on=2021-13-01")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "query.on"


def test_the_documentation_describes_the_body_of_a_preview() -> None:
    document = openapi_app().openapi()
    operation = document["paths"]["/routing/preview"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    told = jsonschema.Draft202012Validator(schema)
    assert told.is_valid({key: value for key, value in SUBMISSION.items() if key != "submission_id"})
    assert not told.is_valid(_but(channel="pigeon"))
    assert not told.is_valid(_but(about={"colour": "red"}))
    assert not told.is_valid({})
