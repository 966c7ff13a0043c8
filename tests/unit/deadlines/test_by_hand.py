"""Courses reckoned by hand from the rules and a calendar on the wall, asked of the service over HTTP.

By the profiles that come along. Times are local where no offset is written.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.deadlines.main import _Nothing, app_for
from shared.access import Role, TokenHash, Tokens
from shared.profiles import load_profiles
from tests.unit.deadlines.courses import utc

_PROFILES = load_profiles()
_REASON = {"reason": "more to hear"}
ASKED, CAME, ANSWERED = "information_requested", "information_received", "answered"


class Course(NamedTuple):
    why: str
    organisation: str
    received: str
    follow_ups: tuple[tuple[Any, ...], ...] = ()
    as_of: str | None = None
    answer: str | None = None
    """``due_on state``, the state only where ``as_of`` fixes it, answers owed after reopenings behind the first; None
    where there must be no such deadline.
    """
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


def extended(at: str, **data: Any) -> tuple[str, str, dict[str, Any]]:
    return ("extended", at, data | _REASON)


PAUSES = (
    Course(
        "paused, then withdrawn; the acknowledgement had been missed",
        LEUVEN,
        "2027-01-11 10:00",
        ((ASKED, "2027-01-25 10:00"), ("withdrawn", "2027-02-10 10:00")),
        "2027-02-11 09:00",
        "2027-03-13 cancelled",
        "2027-01-21 missed",
    ),
    Course(
        "answered while information is awaited: eleven days stood still",
        LEUVEN,
        "2027-01-11 10:00",
        (("acknowledged", "2027-01-12 10:00"), (ASKED, "2027-01-25 10:00"), (ANSWERED, "2027-02-05 10:00")),
        "2027-02-06 09:00",
        "2027-03-08 met",
        "2027-01-21 met",
    ),
    Course(
        "a pause that lasts ends as if it ended now",
        LEUVEN,
        "2027-01-11 10:00",
        (("acknowledged", "2027-01-12 10:00"), (ASKED, "2027-01-25 10:00")),
        "2027-04-25 09:00",
        "2027-05-26 paused",
        "2027-01-21 met",
    ),
    Course(
        "asked on the last day in time: the count is full with that day",
        LEUVEN,
        "2026-01-07 10:00",
        (("acknowledged", "2026-01-08 10:00"), (ASKED, "2026-02-21 10:00"), (CAME, "2026-02-25 10:00")),
        "2026-02-26 10:00",
        "2026-02-21 missed",
        "2026-01-17 met",
    ),
    Course(
        "asked on the day before the last one: one day is left when it came",
        LEUVEN,
        "2026-01-07 10:00",
        (("acknowledged", "2026-01-08 10:00"), (ASKED, "2026-02-20 23:59:59"), (CAME, "2026-02-25 00:00")),
        "2026-02-26 23:59:59",
        "2026-02-26 approaching",
        "2026-01-17 met",
    ),
    Course(
        "asked after the deadline had passed: nothing changes",
        LEUVEN,
        "2026-01-07 10:00",
        ((ASKED, "2026-02-22 00:00"), (CAME, "2026-03-22 10:00")),
        "2026-03-23 10:00",
        "2026-02-21 missed",
        "2026-01-17 missed",
    ),
    Course(
        "further requests and receipts within and after one pause change nothing",
        LEUVEN,
        "2027-01-11 10:00",
        (
            (ASKED, "2027-01-25 10:00"),
            (ASKED, "2027-01-27 10:00"),
            (CAME, "2027-01-29 10:00"),
            (CAME, "2027-02-02 10:00"),
        ),
        "2027-02-03 10:00",
        "2027-03-01 open",
        "2027-01-21 missed",
    ),
    Course(
        "two pauses that touch: 26 to 30 January stood still",
        LEUVEN,
        "2027-01-11 10:00",
        (
            (ASKED, "2027-01-25 10:00"),
            (CAME, "2027-01-27 10:00"),
            (ASKED, "2027-01-27 15:00"),
            (CAME, "2027-01-30 10:00"),
        ),
        "2027-02-03 10:00",
        "2027-03-02 open",
        "2027-01-21 missed",
    ),
    Course(
        "asked and come on one day, twice: nothing changes",
        LEUVEN,
        "2027-01-11 10:00",
        (
            (ASKED, "2027-01-25 09:00"),
            (CAME, "2027-01-25 10:00"),
            (ASKED, "2027-01-25 11:00"),
            (CAME, "2027-01-25 12:00"),
        ),
        "2027-02-03 10:00",
        "2027-02-25 open",
        "2027-01-21 missed",
    ),
    Course(
        "asked at 23:59 and come at 00:01: that is the next day, and it is not counted",
        LEUVEN,
        "2027-01-11 10:00",
        ((ASKED, "2027-01-25 23:59"), (CAME, "2027-01-26 00:01")),
        "2027-02-03 10:00",
        "2027-02-26 open",
        "2027-01-21 missed",
    ),
    Course(
        "a pause over the night without 02:30: three local days, however many hours",
        LEUVEN,
        "2026-03-20 10:00",
        ((ASKED, "2026-03-27 10:00"), (CAME, "2026-03-30 10:00")),
        "2026-03-31 10:00",
        "2026-05-07 open",
        "2026-03-30 missed",
    ),
    Course(
        "information that nobody asked for",
        LEUVEN,
        "2027-01-11 10:00",
        ((CAME, "2027-01-20 10:00"),),
        "2027-01-20 11:00",
        "2027-02-25 open",
        "2027-01-21 approaching",
    ),
    Course(
        "asked before the receipt: only days after day 0 can stand still",
        LEUVEN,
        "2027-01-11 10:00",
        ((ASKED, "2027-01-09 10:00"), (CAME, "2027-01-15 10:00")),
        "2027-01-16 10:00",
        "2027-03-01 open",
        "2027-01-21 open",
    ),
    Course(
        "a pause that comes before the reopening does not touch the second term",
        LEUVEN,
        "2026-01-08 10:00",
        ((ASKED, "2026-01-10 10:00"), (ANSWERED, "2026-01-12 10:00"), ("reopened", "2026-03-01 10:00", _REASON)),
        "2026-03-02 10:00",
        "2026-02-24 met, 2026-04-15 open",
        "2026-01-18 met",
    ),
    Course(
        "a policy that does not pause",
        CITY,
        "2026-01-19 10:00",
        ((ASKED, "2026-01-26 10:00"),),
        "2026-02-03 10:00",
        "2026-02-17 open",
    ),
)
EXTENSIONS = (
    Course(
        "on the last second of the last day",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-02-05 23:59:59", days=6),),
        "2026-02-06 09:00",
        "2026-02-11 open",
    ),
    Course(
        "a second later: no effect",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-02-06 00:00", days=6),),
        "2026-02-06 09:00",
        "2026-02-05 missed",
    ),
    Course(
        "until the longest day",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-01-30 10:00", until="2026-02-11"),),
        "2026-01-31 09:00",
        "2026-02-11 open",
    ),
    Course(
        "a second one has no effect, though the first was shorter",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-01-30 10:00", days=3), extended("2026-02-01 10:00", days=6)),
        "2026-02-02 09:00",
        "2026-02-08 open",
    ),
    Course(
        "until a day before the end: it does not lengthen",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-01-30 10:00", until="2026-02-01"),),
        "2026-02-01 09:00",
        "2026-02-05 open",
    ),
    Course(
        "answered on day 20 of an extended term",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-01-30 10:00", days=6), (ANSWERED, "2026-02-11 23:59:59")),
        "2026-02-20 09:00",
        "2026-02-11 met",
    ),
    Course(
        "an extension after the answer moves nothing",
        CARE,
        "2026-01-22 10:00",
        ((ANSWERED, "2026-01-29 10:00"), extended("2026-01-30 10:00", days=6)),
        "2026-02-20 09:00",
        "2026-02-05 met",
    ),
    Course(
        "one that is still to come does not exist yet",
        CARE,
        "2026-01-22 10:00",
        (extended("2026-01-30 10:00", days=6),),
        "2026-01-29 09:00",
        "2026-02-05 open",
    ),
    Course(
        "six weeks and four more end on Ascension Day; the Friday after it is made equal, then the weekend",
        LEIDEN,
        "2026-03-05 10:00",
        (extended("2026-04-01 10:00", days=28),),
        "2026-04-02 09:00",
        "2026-05-18 open",
    ),
    Course(
        "the unextended end, a Saturday, is over, but it rolls to Monday: in time on Sunday",
        LEIDEN,
        "2026-06-13 10:00",
        (extended("2026-07-26 23:00", days=7),),
        "2026-07-27 09:00",
        "2026-08-03 open",
    ),
    Course(
        "until a Sunday: the Monday",
        LEIDEN,
        "2027-06-14 10:00",
        (extended("2027-07-12 10:00", until="2027-08-15"),),
        "2027-07-13 09:00",
        "2027-08-16 open",
    ),
)
ACTS = (
    Course(
        "23:59:59 on the last day, by the local clock",
        LEUVEN,
        "2026-03-20 10:00",
        ((ANSWERED, "2026-05-04 23:59:59"),),
        "2026-05-05 09:00",
        "2026-05-04 met",
        "2026-03-30 met_late",
    ),
    Course(
        "00:00 on the day after",
        LEUVEN,
        "2026-03-20 10:00",
        (("acknowledged", "2026-03-30 23:59:59"), (ANSWERED, "2026-05-05 00:00")),
        "2026-05-05 09:00",
        "2026-05-04 met_late",
        "2026-03-30 met",
    ),
    Course(
        "the act on record with another offset: 22:00 UTC is the local midnight",
        LEUVEN,
        "2026-03-20 10:00",
        ((ANSWERED, "2026-05-04T22:00:00Z"),),
        "2026-05-05 09:00",
        "2026-05-04 met_late",
        "2026-03-30 met_late",
    ),
    Course(
        "the first of several answers",
        LEUVEN,
        "2026-01-08 10:00",
        ((ANSWERED, "2026-03-02 10:00"), (ANSWERED, "2026-02-10 10:00")),
        "2026-04-01 09:00",
        "2026-02-22 met",
        "2026-01-18 met_late",
    ),
    Course(
        "closed without an answer; what follows without a reopening is nothing",
        LEUVEN,
        "2026-01-08 10:00",
        (("closed", "2026-01-15 10:00"), (ANSWERED, "2026-03-15 10:00")),
        "2026-04-01 09:00",
        "2026-02-22 met",
        "2026-01-18 met",
    ),
    Course(
        "withdrawn on the last second",
        LEUVEN,
        "2026-01-08 10:00",
        (("withdrawn", "2026-02-22 23:59:59"),),
        "2026-04-01 09:00",
        "2026-02-22 cancelled",
        "2026-01-18 missed",
    ),
    Course(
        "withdrawn a second later: missed by then",
        LEUVEN,
        "2026-01-08 10:00",
        (("withdrawn", "2026-02-23 00:00"),),
        "2026-04-01 09:00",
        "2026-02-22 missed",
        "2026-01-18 missed",
    ),
    Course(
        "withdrawn after the answer",
        LEUVEN,
        "2026-01-08 10:00",
        ((ANSWERED, "2026-01-10 10:00"), ("withdrawn", "2026-01-12 10:00")),
        "2026-04-01 09:00",
        "2026-02-22 met",
        "2026-01-18 met",
    ),
    Course(
        "reopened and answered again, too late: the first answer stays as it was",
        LEUVEN,
        "2026-01-08 10:00",
        (
            ("acknowledged", "2026-01-09 10:00"),
            (ANSWERED, "2026-02-10 10:00"),
            ("reopened", "2026-02-20 23:30", _REASON),
            (ANSWERED, "2026-04-07 00:00"),
        ),
        "2026-05-01 09:00",
        "2026-02-22 met, 2026-04-06 met_late",
        "2026-01-18 met",
    ),
    Course(
        "reopened twice: each time a term of its own",
        CARE,
        "2026-01-22 10:00",
        (
            ("closed", "2026-01-23 10:00"),
            ("reopened", "2026-02-02 10:00", _REASON),
            (ANSWERED, "2026-02-16 10:00"),
            ("reopened", "2026-02-23 10:00", _REASON),
        ),
        "2026-03-06 09:00",
        "2026-02-05 met, 2026-02-16 met, 2026-03-09 approaching",
    ),
    Course(
        "a second answer term is extended by itself",
        CARE,
        "2026-01-22 10:00",
        (
            extended("2026-01-30 10:00", days=6),
            (ANSWERED, "2026-02-10 10:00"),
            ("reopened", "2026-02-12 10:00", _REASON),
            extended("2026-02-20 10:00", days=6),
        ),
        "2026-02-21 09:00",
        "2026-02-11 met, 2026-03-04 open",
    ),
    Course(
        "reopened while it was running: nothing changes",
        LEUVEN,
        "2026-01-08 10:00",
        (("acknowledged", "2026-01-09 10:00"), ("reopened", "2026-02-01 10:00", _REASON)),
        "2026-02-02 09:00",
        "2026-02-22 open",
        "2026-01-18 met",
    ),
    Course(
        "handed over: the clock goes on",
        LEUVEN,
        "2026-01-08 10:00",
        (("transferred", "2026-02-01 10:00", {**_REASON, "directorate": "openbaar_domein"}),),
        "2026-02-02 09:00",
        "2026-02-22 open",
        "2026-01-18 missed",
    ),
    Course(
        "handed over to another authority: no term",
        LEUVEN,
        "2026-01-08 10:00",
        (("transferred", "2026-02-01 10:00", {**_REASON, "line": "external"}),),
        "2026-02-02 09:00",
    ),
    Course(
        "a question that turns out a complaint: from the receipt, and missed",
        LEUVEN,
        "2026-01-08 10:00",
        (("transferred", "2026-03-01 10:00", {**_REASON, "nature": "complaint"}),),
        "2026-03-01 10:00",
        "2026-02-22 missed",
        "2026-01-18 missed",
        nature="question",
    ),
    Course(
        "escalated and asked about: no act of ours",
        LEUVEN,
        "2026-01-08 10:00",
        (("escalated", "2026-01-10 10:00", {"to": "ombuds_service"}), ("surveyed", "2026-01-11 10:00", {"score": 3})),
        "2026-01-14 23:59:59",
        "2026-02-22 open",
        "2026-01-18 open",
    ),
    Course(
        "near from the first moment of the third day before",
        LEUVEN,
        "2026-01-08 10:00",
        (),
        "2026-01-15 00:00",
        "2026-02-22 open",
        "2026-01-18 approaching",
    ),
    Course(
        "an answer that is still to come does not exist yet",
        LEUVEN,
        "2026-01-08 10:00",
        ((ANSWERED, "2026-02-10 10:00"),),
        "2026-02-10 09:59:59",
        "2026-02-22 open",
        "2026-01-18 missed",
    ),
    Course(
        "asked about before it was received",
        LEUVEN,
        "2027-01-11 10:00",
        (),
        "2026-06-01 09:00",
        "2027-02-25 open",
        "2027-01-21 open",
    ),
)
DAYS = (
    Course("to the leap day", LEUVEN, "2028-01-15 10:00", answer="2028-02-29", acknowledgement="2028-01-25"),
    Course("over the year", LEUVEN, "2026-12-25 10:00", answer="2027-02-08", acknowledgement="2027-01-04"),
    Course("the last second", LEUVEN, "2026-12-31 23:59:59", answer="2027-02-14", acknowledgement="2027-01-10"),
    Course("the first second", LEUVEN, "2027-01-01 00:00", answer="2027-02-15", acknowledgement="2027-01-11"),
    Course("22:59:59 UTC in winter", LEUVEN, "2026-03-28T22:59:59Z", answer="2026-05-12", acknowledgement="2026-04-07"),
    Course("23:00 UTC in winter", LEUVEN, "2026-03-28T23:00:00Z", answer="2026-05-13", acknowledgement="2026-04-08"),
    Course("22:00 UTC in summer", LEUVEN, "2026-10-24T22:00:00Z", answer="2026-12-09", acknowledgement="2026-11-04"),
    Course("from overseas", LEUVEN, "2026-06-01T23:30:00-05:00", answer="2026-07-17", acknowledgement="2026-06-12"),
    Course("from far east", LEUVEN, "2026-06-01T08:00:00+14:00", answer="2026-07-15", acknowledgement="2026-06-10"),
    Course("either line", LEUVEN, "2026-01-07 10:00", answer="2026-02-21", acknowledgement="2026-01-17", line="second"),
    Course("undecided", LEUVEN, "2026-01-07 10:00", (), None, "2026-02-21", "2026-01-17", nature=None, line=None),
    Course("not ours", LEUVEN, "2026-01-07 10:00", line="external"),
    Course("a compliment", LEUVEN, "2026-01-07 10:00", nature="compliment"),
    Course("over Christmas on a Saturday", CITY, "2027-12-13 10:00", answer="2028-01-11"),
    Course("received on 1 May; Ascension Day and Whit Monday", CITY, "2026-05-01 10:00", answer="2026-06-03"),
    Course("21 July; 15 August is a Sunday", CITY, "2027-07-16 10:00", answer="2027-08-17"),
    Course("All Saints on a Monday and 11 November", CITY, "2027-10-15 10:00", answer="2027-11-17"),
    Course("26 December is a working day", CITY, "2029-12-17 10:00", answer="2030-01-17"),
    Course("a report has no term in the city", CITY, "2027-10-15 10:00", nature="report"),
    Course("received in a holiday", SCHOOLS, "2026-11-04 10:00", answer="2026-11-16", nature="question"),
    Course("ends on the eve of a holiday", SCHOOLS, "2026-10-24 10:00", answer="2026-11-01", nature="question"),
    Course("a day later: behind the holiday", SCHOOLS, "2026-10-25 10:00", answer="2026-11-09", nature="question"),
    Course("over the summer", SCHOOLS, "2027-06-20 10:00", answer="2027-09-18"),
    Course("over Christmas", SCHOOLS, "2026-12-10 10:00", answer="2027-01-14", nature="report"),
    Course("over the spring holiday", SCHOOLS, "2027-02-01 10:00", answer="2027-02-22", nature="suggestion"),
    Course("undecided: as a complaint", SCHOOLS, "2026-09-01 10:00", answer="2026-09-29", nature=None, line=None),
    Course("a compliment has no term", SCHOOLS, "2026-09-01 10:00", nature="compliment"),
    Course("a report to the care company", CARE, "2026-01-22 10:00", answer="2026-02-05", nature="report"),
    Course("a question to the care company", CARE, "2026-01-22 10:00", nature="question"),
    Course("on Good Friday: past Easter Monday", LEIDEN, "2027-02-12 10:00", answer="2027-03-30"),
    Course("on King's Day", LEIDEN, "2027-03-16 10:00", answer="2027-04-28"),
    Course("on 5 May, the eve of Ascension Day, a made day, a weekend", LEIDEN, "2027-03-24 10:00", answer="2027-05-10"),
    Course("on 24 December", LEIDEN, "2026-11-12 10:00", answer="2026-12-24"),
    Course("on Christmas Day, a Saturday", LEIDEN, "2027-11-13 10:00", answer="2027-12-27"),
    Course("on Boxing Day, a Tuesday", LEIDEN, "2023-11-14 10:00", answer="2023-12-27"),
    Course("on 27 December, made equal", LEIDEN, "2024-11-15 10:00", answer="2024-12-30"),
    Course("on New Year's Eve", LEIDEN, "2026-11-19 10:00", answer="2026-12-31"),
    Course("holidays in between are counted", LEIDEN, "2026-04-01 10:00", answer="2026-05-13"),
    Course("an assumed term", "antwerpen_politie", "2026-01-07 10:00", answer="2026-02-21"),
    Course("an assumed term, a report", "antwerpen_woonhaven", "2026-01-07 10:00", nature="report"),
    Course("long ago", LEUVEN, "2019-11-30 10:00", answer="2020-01-14", acknowledgement="2019-12-10"),
)


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


@pytest.mark.parametrize("course", PAUSES + EXTENSIONS + ACTS + DAYS, ids=lambda course: course.why)
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
