"""Deadlines over HTTP."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from prometheus_client import CollectorRegistry

from services.deadlines.domain.timeline import follow
from services.deadlines.main import app_for, openapi_app
from services.deadlines.store import Stored
from services.deadlines.work_list import Filter, Line, Place, place_of
from shared.access import Role, TokenHash, Tokens
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.profiles import Profiles, load_profile
from tests.unit.deadlines.courses import LEUVEN, REFERENCE, happened, local, registered, routed, term, with_terms

_NOW = local("2026-02-11 09:00")
_RECEIVED = local("2026-01-08 10:00")
_SCHOOLS = load_profile(Path(__file__).parent / "organisations" / "antwerpen_onderwijs.yaml")
_PROFILES = Profiles(
    {"leuven": LEUVEN, "schools": _SCHOOLS, "other": with_terms(term(days=14, extension={"max_days": 6}))}
)
_COURSE: dict[str, Any] = {
    "organisation": "leuven",
    "nature": "complaint",
    "line": "first",
    "received_at": "2026-01-08T10:00:00+01:00",
    "follow_ups": [],
}


class _Stand:
    """A runtime that does nothing and a store with one contact."""

    def __init__(self) -> None:
        self.asked: list[tuple[Filter, int]] = []
        self.lines: list[Line] = []
        self.events = [registered(_RECEIVED), routed(_RECEIVED), happened("answered", local("2026-02-10 10:00"))]

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def missing(self) -> list[str]:
        return []

    async def read(self, references: Sequence[str]) -> dict[str, Stored]:
        timeline, _ = follow(None, REFERENCE, self.events, LEUVEN, _NOW)
        early, _ = follow(None, "LEU-EARLY", [happened("answered", _RECEIVED)], LEUVEN, _NOW)
        known = {REFERENCE: Stored(timeline, 1), "LEU-EARLY": Stored(early, 1)}
        return {each: known[each] for each in references if each in known}

    async def work_list(self, wanted: Filter, most: int) -> list[Line]:
        self.asked.append((wanted, most))
        return self.lines[:most]


@pytest.fixture
def stand() -> _Stand:
    return _Stand()


@pytest.fixture
async def client(stand: _Stand) -> AsyncIterator[httpx.AsyncClient]:
    tokens = Tokens(
        tokens=tuple(
            TokenHash(role=role, name=role, sha256=hashlib.sha256(role.encode()).hexdigest()) for role in Role
        )
    )
    app = app_for(stand, stand, _PROFILES, tokens=tokens, registry=CollectorRegistry(), clock=lambda: _NOW)
    transport = httpx.ASGITransport(app=app)
    bearer = {"Authorization": "Bearer handler"}
    async with httpx.AsyncClient(transport=transport, base_url="http://deadlines", headers=bearer) as client:
        yield client


async def test_a_preview_in_the_words_of_the_wire(client: httpx.AsyncClient) -> None:
    follow_ups = [
        {"kind": "acknowledged", "occurred_at": "2026-01-09T10:00:00+01:00", "data": {}},
        {"kind": "answered", "occurred_at": "2026-02-10T10:00:00+01:00", "data": {}},
    ]
    response = await client.post("/deadlines/preview", json=_COURSE | {"follow_ups": follow_ups})
    assert response.status_code == 200
    first, second = response.json()["deadlines"]
    assert second.pop("steps")
    assert second == {
        "kind": "answer",
        "due_on": "2026-02-22",
        "due_at": "2026-02-22T23:00:00Z",
        "state": "met",
        "met_at": "2026-02-10T09:00:00Z",
        "days_taken": 33,
        "policy": "answer/2021-10-01",
    }
    assert (first["kind"], first["due_at"], first["days_taken"]) == ("acknowledgement", "2026-01-18T23:00:00Z", 1)


async def test_what_has_not_happened_is_left_out(client: httpx.AsyncClient) -> None:
    response = await client.post("/deadlines/preview", json=_COURSE)
    assert [set(each) for each in response.json()["deadlines"]] == [
        {"kind", "due_on", "due_at", "state", "policy", "steps"}
    ] * 2


@pytest.mark.parametrize("course", [{"nature": None, "line": None}, {"received_at": "2126-01-08T10:00:00Z"}])
async def test_the_undecided_and_the_future_may_be_asked_about(
    client: httpx.AsyncClient, course: dict[str, Any]
) -> None:
    response = await client.post("/deadlines/preview", json=_COURSE | course)
    assert [each["kind"] for each in response.json()["deadlines"]] == ["acknowledgement", "answer"]


async def test_a_transfer_decides_from_its_moment_on(client: httpx.AsyncClient) -> None:
    moved = {
        "kind": "transferred",
        "occurred_at": "2026-01-20T10:00:00+01:00",
        "data": {"reason": "it is another city's", "line": "external"},
    }
    course = _COURSE | {"follow_ups": [moved]}
    before = await client.post("/deadlines/preview", json=course | {"as_of": "2026-01-19T10:00:00+01:00"})
    after = await client.post("/deadlines/preview", json=course)
    assert len(before.json()["deadlines"]) == 2
    assert after.json() == {"deadlines": []}


def _extended(**data: Any) -> list[dict[str, Any]]:
    return [
        {"kind": "extended", "occurred_at": "2026-01-15T10:00:00+01:00", "data": {"reason": "more time"} | data}
    ]


@pytest.mark.parametrize(
    ("organisation", "wish", "allowed"),
    [
        ("leuven", {"days": 1}, False),
        ("other", {"days": 6}, True),
        ("other", {"days": 7}, False),
        ("other", {"until": "2026-01-28"}, True),
        ("other", {"until": "2026-01-29"}, False),
        ("other", {"until": "2999-12-31"}, False),
    ],
)
@pytest.mark.parametrize("as_of", ["2026-01-10T10:00:00+01:00", "2026-01-16T10:00:00+01:00"])
async def test_extensions_beyond_the_policy_are_refused(
    client: httpx.AsyncClient, organisation: str, wish: dict[str, Any], as_of: str, *, allowed: bool
) -> None:
    course = _COURSE | {"organisation": organisation, "follow_ups": _extended(**wish), "as_of": as_of}
    response = await client.post("/deadlines/preview", json=course)
    if allowed:
        assert response.status_code == 200
    else:
        assert response.status_code == 422
        assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [
            ("follow_ups.0.data", "extension_not_allowed")
        ]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"organisation": "atlantis"}, "organisation", "unknown_organisation"),
        ({"received_at": "2026-01-08T10:00:00"}, "received_at", "offset_missing"),
        ({"received_at": "1799-01-08T10:00:00Z"}, "received_at", "out_of_range"),
        ({"as_of": "2200-01-01T00:00:00Z"}, "as_of", "out_of_range"),
        ({"nature": "rant"}, "nature", "not_on_list"),
        ({"line": "third"}, "line", "not_on_list"),
        ({"lines": "first"}, "lines", "unknown_field"),
        (
            {"follow_ups": [{"kind": "eaten", "occurred_at": "2026-01-08T10:00:00Z"}]},
            "follow_ups.0.kind",
            "not_on_list",
        ),
        ({"follow_ups": _extended()}, "follow_ups.0.data", "invalid"),
        ({"follow_ups": _extended(days="6")}, "follow_ups.0.data.days", "wrong_type"),
        ({"follow_ups": _extended(days=10**30)}, "follow_ups.0.data.days", "out_of_range"),
    ],
)
async def test_bad_input_is_told_field_by_field(
    client: httpx.AsyncClient, body: dict[str, Any], field: str, code: str
) -> None:
    response = await client.post("/deadlines/preview", content=json.dumps(_COURSE | body))
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"follow_ups": ' + b"[" * 5000])
async def test_what_is_no_course_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/deadlines/preview", content=body)
    assert response.status_code == 422
    assert response.json()["errors"]


async def test_the_deadlines_of_a_contact(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/deadlines/{REFERENCE}")
    told = response.json()
    assert (told["directorate"], told["revision"], told["silent"]) == ("openbaar_domein", 1, False)
    assert [(each["kind"], each["state"]) for each in told["deadlines"]] == [
        ("acknowledgement", "met_late"),
        ("answer", "met"),
    ]
    assert all(each["steps"] for each in told["deadlines"])


async def test_the_new_service_sees_its_own_remaining_time(client: httpx.AsyncClient, stand: _Stand) -> None:
    received, moved = local("2026-01-08 10:00"), local("2026-02-01 23:30")
    to: dict[str, Any] = {"directorate": "financien", "service": "belastingen"}
    stand.events = [routed(received), happened("transferred", moved, decided=list(to), **to)]
    told = (await client.get(f"/deadlines/{REFERENCE}")).json()
    assert (told["directorate"], told["service"]) == ("financien", "belastingen")
    assert (told["with_service_since"], told["days_with_service"]) == ("2026-02-01T22:30:00Z", 10)
    acknowledge, answer = told["deadlines"]
    # The clock of the contact went on: 45 days from the receipt, wherever it has been since.
    assert (acknowledge["due_on"], acknowledge["days_left"]) == ("2026-01-18", -24)
    assert (answer["due_on"], answer["days_left"]) == ("2026-02-22", 11)
    assert "Handed over to belastingen on Sunday 2026-02-01: the clock goes on, 21 days left." in answer["steps"]
    assert (
        "Handed over to belastingen on Sunday 2026-02-01: the clock goes on, 14 days over." in acknowledge["steps"]
    )


async def test_without_a_transfer_it_has_been_there_since_it_was_registered(
    client: httpx.AsyncClient, stand: _Stand
) -> None:
    stand.events = [routed(_RECEIVED), happened("transferred", _NOW, topic="noise", decided=["topic"])]
    told = (await client.get(f"/deadlines/{REFERENCE}")).json()
    assert (told["with_service_since"], told["days_with_service"]) == ("2026-01-08T09:00:00Z", 34)
    stand.events = [registered(_RECEIVED)]
    assert "with_service_since" not in (await client.get(f"/deadlines/{REFERENCE}")).json()


@pytest.mark.parametrize("reference", ["LEU-2026-999999", "LEU-EARLY"])
async def test_an_unknown_contact_is_404(client: httpx.AsyncClient, reference: str) -> None:
    response = await client.get(f"/deadlines/{reference}")
    assert (response.status_code, response.json()["title"]) == (404, "Not found")


async def test_the_work_list_in_pages(client: httpx.AsyncClient, stand: _Stand) -> None:
    since = local("2026-01-09 00:00")
    places = [Place(_NOW, f"LEU-{number}", DeadlineKind.ANSWER, 1) for number in range(3)]
    stand.lines = [
        Line(
            each,
            "leuven",
            "financien",
            None,
            _NOW.date(),
            DeadlineState.OPEN,
            "answer/1",
            silent=False,
            with_service_since=since,
        )
        for each in places
    ]
    page = await client.get("/deadlines?organisation=leuven&state=open&state=missed&directorate=&limit=2")
    assert [each["reference"] for each in page.json()["deadlines"]] == ["LEU-0", "LEU-1"]
    assert [each["days_left"] for each in page.json()["deadlines"]] == [0, 0]
    assert [each["days_with_service"] for each in page.json()["deadlines"]] == [33, 33]
    stand.lines = stand.lines[2:]
    following = await client.get(page.json()["next"])
    assert [each["reference"] for each in following.json()["deadlines"]] == ["LEU-2"]
    assert following.json()["next"] is None
    wanted = Filter(frozenset({DeadlineState.OPEN, DeadlineState.MISSED}), "leuven")
    behind = Filter(wanted.states, "leuven", after=place_of(str(places[1])))
    assert stand.asked == [(wanted, 3), (behind, 3)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=lost", "query.state.0"),
        ("organisation=atlantis", "query.organisation"),
        ("limit=501", "query.limit"),
        ("after=nowhere", "query.after"),
        ("after=2026-01-01~LEU-1~answer~1", "query.after"),
        ("directorat=x", "query.directorat"),
    ],
)
async def test_a_work_list_that_cannot_be_given(client: httpx.AsyncClient, query: str, field: str) -> None:
    response = await client.get(f"/deadlines?{query}")
    assert response.status_code == 422
    assert [each["field"] for each in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("method", "path", "roles"),
    [
        ("POST", "/deadlines/preview", set(Role)),
        ("GET", "/deadlines", set(Role) - {Role.ADAPTER}),
        ("GET", f"/deadlines/{REFERENCE}", set(Role) - {Role.ADAPTER}),
    ],
)
async def test_who_may_ask_what(client: httpx.AsyncClient, method: str, path: str, roles: set[Role]) -> None:
    content = json.dumps(_COURSE)
    for role in Role:
        answer = await client.request(method, path, content=content, headers={"Authorization": f"Bearer {role}"})
        assert answer.status_code == (200 if role in roles else 403)
    unknown = await client.request(method, path, content=content, headers={"Authorization": "Bearer nobody"})
    assert unknown.status_code == 401


def test_the_documented_body_is_the_one_that_is_read() -> None:
    body = openapi_app().openapi()["paths"]["/deadlines/preview"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert "$ref" not in json.dumps(schema)
    jsonschema.validate(_COURSE | {"follow_ups": _extended(days=1)}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_COURSE | {"nature": "rant"}, schema)


async def test_past_the_horizon_of_a_calendar_there_is_no_date(client: httpx.AsyncClient) -> None:
    course = _COURSE | {"organisation": "schools", "received_at": "2030-08-20T10:00:00+02:00"}
    response = await client.post("/deadlines/preview", json=course)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("received_at", "beyond_calendar")
    assert "flemish_school_holidays is known from 2018-09-01 until 2030-08-31" in error["message"]
