"""Dates that anybody can check on a calendar, for every organisation's terms."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.deadlines.preview import preview, read_preview
from shared.profiles import Profiles, load_profiles
from tests.unit.deadlines.courses import LEUVEN, utc

ORGANISATIONS = Path(__file__).parent / "organisations"
PROFILES = Profiles({**load_profiles(ORGANISATIONS), "leuven": LEUVEN})


def due(
    organisation: str, nature: str | None, received: str, *follow_ups: tuple[str, str, dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """The answer's deadline as the preview tells it."""
    course = {
        "organisation": organisation,
        "nature": nature,
        "line": "first",
        "received_at": received,
        "follow_ups": [dict(zip(("kind", "occurred_at", "data"), each, strict=True)) for each in follow_ups],
    } | more
    request = read_preview(orjson.dumps(course), PROFILES)
    deadlines = preview(request, PROFILES[organisation], utc("2026-01-01 00:00"))
    told: dict[str, Any] = next(each for each in deadlines if each.kind == "answer").model_dump(mode="json")
    return told


@pytest.mark.parametrize(
    ("organisation", "nature", "received", "due_on"),
    [
        # Twenty-one working days: none in between, over 1 May and Ascension Day, from a Saturday.
        ("antwerpen_stad", "complaint", "2026-01-19T10:00:00+01:00", "2026-02-17"),
        ("antwerpen_stad", "complaint", "2026-04-20T10:00:00+02:00", "2026-05-21"),
        ("antwerpen_stad", "complaint", "2027-06-05T10:00:00+02:00", "2027-07-05"),
        # Over 21 July; over Christmas and New Year.
        ("antwerpen_stad", "complaint", "2026-07-06T10:00:00+02:00", "2026-08-05"),
        ("antwerpen_stad", "complaint", "2026-12-14T10:00:00+01:00", "2027-01-14"),
        # Good Friday is a working day in Belgium, Easter Monday is none.
        ("antwerpen_stad", "complaint", "2026-03-23T10:00:00+01:00", "2026-04-22"),
        # Schools: plain, then over the autumn, Easter, Christmas and summer holidays.
        ("antwerpen_onderwijs", "question", "2026-09-21T10:00:00+02:00", "2026-09-29"),
        ("antwerpen_onderwijs", "suggestion", "2026-09-22T10:00:00+02:00", "2026-10-06"),
        ("antwerpen_onderwijs", "report", "2027-04-19T10:00:00+02:00", "2027-05-10"),
        ("antwerpen_onderwijs", "question", "2026-10-29T10:00:00+01:00", "2026-11-13"),
        ("antwerpen_onderwijs", "complaint", "2027-03-09T10:00:00+01:00", "2027-04-20"),
        ("antwerpen_onderwijs", "suggestion", "2026-12-15T10:00:00+01:00", "2027-01-12"),
        ("antwerpen_onderwijs", "question", "2026-06-29T10:00:00+02:00", "2026-09-07"),
        # The autumn holiday of 2020 lasted until 15 November: 29 to 31 October and 1 November, then the 16th on.
        ("antwerpen_onderwijs", "question", "2020-10-28T10:00:00+01:00", "2020-11-19"),
        ("antwerpen_zorgbedrijf", "report", "2026-01-21T10:00:00+01:00", "2026-02-04"),
        # Six weeks: on a working day, a Saturday, Easter Monday.
        ("leiden", "complaint", "2026-01-13T10:00:00+01:00", "2026-02-24"),
        ("leiden", "complaint", "2026-06-13T10:00:00+02:00", "2026-07-27"),
        ("leiden", "complaint", "2027-02-15T10:00:00+01:00", "2027-03-30"),
        # On Good Friday 2026: past Easter Monday. On 5 May 2026. On King's Day 2026.
        ("leiden", "complaint", "2026-02-20T10:00:00+01:00", "2026-04-07"),
        ("leiden", "complaint", "2026-03-24T10:00:00+01:00", "2026-05-06"),
        ("leiden", "complaint", "2026-03-16T10:00:00+01:00", "2026-04-28"),
        # On Ascension Day 2026: the day after it was made equal to a holiday, then the weekend.
        ("leiden", "complaint", "2026-04-02T10:00:00+02:00", "2026-05-18"),
        # On days made equal: 14 May 2021, the day after Ascension Day, and 27 December 2019, after Christmas.
        ("leiden", "complaint", "2021-04-02T10:00:00+02:00", "2021-05-17"),
        ("leiden", "complaint", "2019-11-14T10:00:00+01:00", "2019-12-30"),
        # On 1 January 2026, then 2 January by decree.
        ("leiden", "complaint", "2025-11-20T10:00:00+01:00", "2026-01-05"),
        # On Christmas Day 2026, a Friday; 26 December is the Saturday.
        ("leiden", "complaint", "2026-11-13T10:00:00+01:00", "2026-12-28"),
        ("antwerpen_politie", "complaint", "2026-01-07T10:00:00+01:00", "2026-02-21"),
        ("antwerpen_brandweer", "complaint", "2026-01-07T10:00:00+01:00", "2026-02-21"),
        ("antwerpen_woonhaven", "complaint", "2026-01-07T10:00:00+01:00", "2026-02-21"),
    ],
)
def test_due_on(organisation: str, nature: str, received: str, due_on: str) -> None:
    assert due(organisation, nature, received)["due_on"] == due_on


def test_due_at_is_the_local_midnight_after_it() -> None:
    told = due("leiden", "complaint", "2026-06-13T10:00:00+02:00")
    assert datetime.fromisoformat(told["due_at"]) == utc("2026-07-27 22:00")


@pytest.mark.parametrize(
    ("organisation", "received", "wish", "at", "due_on"),
    [
        (
            "antwerpen_zorgbedrijf",
            "2026-01-22T10:00:00+01:00",
            {"days": 6},
            "2026-01-30T10:00:00+01:00",
            "2026-02-11",
        ),
        (
            "antwerpen_zorgbedrijf",
            "2026-01-22T10:00:00+01:00",
            {"days": 6},
            "2026-02-06T00:00:00+01:00",
            "2026-02-05",
        ),
        ("leiden", "2027-06-14T10:00:00+02:00", {"days": 28}, "2027-07-12T10:00:00+02:00", "2027-08-23"),
        # The unextended term ends on a Saturday and would move to Monday; the extension counts from the Saturday.
        ("leiden", "2026-06-13T10:00:00+02:00", {"days": 10}, "2026-07-12T10:00:00+02:00", "2026-08-04"),
        # Extended to a Saturday: Monday. To the Monday that the longest extension moves to: allowed.
        (
            "leiden",
            "2026-06-13T10:00:00+02:00",
            {"until": "2026-08-08"},
            "2026-07-12T10:00:00+02:00",
            "2026-08-10",
        ),
        (
            "leiden",
            "2026-06-13T10:00:00+02:00",
            {"until": "2026-08-24"},
            "2026-07-12T10:00:00+02:00",
            "2026-08-24",
        ),
        # On the Sunday after the count is full, and before it is late, it is still in time.
        ("leiden", "2026-06-13T10:00:00+02:00", {"days": 28}, "2026-07-26T10:00:00+02:00", "2026-08-24"),
        ("leiden", "2026-06-13T10:00:00+02:00", {"days": 28}, "2026-07-28T00:00:00+02:00", "2026-07-27"),
    ],
)
def test_extended(organisation: str, received: str, wish: dict[str, Any], at: str, due_on: str) -> None:
    told = due(organisation, "complaint", received, ("extended", at, {**wish, "reason": "more to hear"}), as_of=at)
    assert told["due_on"] == due_on


def test_steps_name_what_was_not_counted() -> None:
    steps = due("antwerpen_stad", "complaint", "2026-10-26T10:00:00+01:00")["steps"]
    assert "2026-11-11 not counted: public holiday Armistice Day." in steps
    steps = due("antwerpen_onderwijs", "question", "2026-10-29T10:00:00+01:00")["steps"]
    assert "2026-11-02 to 2026-11-08 not counted (7 days): Autumn holiday." in steps
    steps = due("leiden", "complaint", "2027-02-15T10:00:00+01:00")["steps"]
    assert (
        "The count ends on Monday 2027-03-29, no working day (Easter Monday): "
        "the end moves to Tuesday 2027-03-30." in steps
    )
