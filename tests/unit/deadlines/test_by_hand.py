"""Courses reckoned by hand from the rules and a calendar on the wall, asked of the service over HTTP.

By the profiles that come along. Times are local where no offset is written.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml
from prometheus_client import CollectorRegistry

from services.deadlines.main import _Nothing, app_for
from shared.access import Role, TokenHash, Tokens
from tests import organisations
from tests.unit.deadlines.courses import utc

_PROFILES = organisations.PROFILES
_REASON = {"reason": "more to hear"}


class Course(NamedTuple):
    """``answer`` and ``acknowledgement`` are ``due_on``, and the state behind it where ``as_of`` fixes it; answers
    owed after reopenings behind the first; None where there must be no such deadline.
    """

    why: str
    organisation: str
    received: str
    follow_ups: Sequence[Sequence[Any]] = ()
    as_of: str | None = None
    answer: str | None = None
    acknowledgement: str | None = None
    nature: str | None = "complaint"
    line: str | None = "first"


LEUVEN, CITY, SCHOOLS, CARE, LEIDEN = (
    "leuven",
    "antwerpen_stad",
    "antwerpen_onderwijs",
    "antwerpen_zorgbedrijf",
    "leiden",
)


def _courses() -> list[Course]:
    read = yaml.safe_load((Path(__file__).parent / "by_hand.yaml").read_text(encoding="utf-8"))
    return [Course(**each) for group in read.values() for each in group]


def _moment(text: str, organisation: str) -> str:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_PROFILES[organisation].zone)).isoformat()


def _body(course: Course) -> dict[str, Any]:
    body: dict[str, Any] = {
        "organisation": course.organisation,
        "nature": course.nature,
        "line": course.line,
        "received_at": _moment(course.received, course.organisation),
        "follow_ups": [
            {"kind": kind, "occurred_at": _moment(at, course.organisation), "data": data[0] if data else {}}
            for kind, at, *data in course.follow_ups
        ],
    }
    return body | ({"as_of": _moment(course.as_of, course.organisation)} if course.as_of else {})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    token = TokenHash(role=Role.HANDLER, name="test", sha256=hashlib.sha256(b"x").hexdigest())
    nothing = _Nothing()
    app = app_for(
        nothing,
        nothing,
        _PROFILES,
        tokens=Tokens(tokens=(token,)),
        registry=CollectorRegistry(),
        clock=lambda: utc("2026-01-01 00:00"),
    )
    transport, bearer = httpx.ASGITransport(app=app), {"Authorization": "Bearer x"}
    async with httpx.AsyncClient(transport=transport, base_url="http://deadlines", headers=bearer) as client:
        yield client


@pytest.mark.parametrize("course", _courses(), ids=lambda course: course.why)
async def test_as_reckoned_by_hand(course: Course, client: httpx.AsyncClient) -> None:
    response = await client.post("/deadlines/preview", json=_body(course))
    assert response.status_code == httpx.codes.OK, response.text
    told: dict[str, list[dict[str, Any]]] = {}
    for each in response.json()["deadlines"]:
        told.setdefault(each["kind"], []).append(each)
    expected = {"answer": course.answer, "acknowledgement": course.acknowledgement}
    for kind, text in expected.items():
        found = [each["due_on"] + (f" {each['state']}" if course.as_of else "") for each in told.get(kind, [])]
        assert ", ".join(found) == (text or ""), told


@pytest.mark.parametrize(
    ("organisation", "received", "wish"),
    [
        (CARE, "2026-01-22 10:00", {"days": 7}),
        (CARE, "2026-01-22 10:00", {"until": "2026-02-12"}),
        (LEIDEN, "2027-06-14 10:00", {"days": 29}),
        (LEIDEN, "2027-06-14 10:00", {"until": "2027-08-24"}),
        (LEUVEN, "2026-01-22 10:00", {"days": 1}),
        (CITY, "2026-01-22 10:00", {"until": "2026-12-31"}),
    ],
)
async def test_an_extension_that_the_policy_does_not_know_or_so_long_is_refused(
    organisation: str, received: str, wish: dict[str, Any], client: httpx.AsyncClient
) -> None:
    course = Course("", organisation, received, (("extended", received, wish | _REASON),))
    response = await client.post("/deadlines/preview", json=_body(course))
    assert response.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("follow_ups.0.data", "extension_not_allowed")
