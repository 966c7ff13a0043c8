"""Terms and courses of contacts at random, for comparing the two ways of reckoning them."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from services.deadlines.domain.calculator import Matter, reckon
from shared.contracts.identifiers import Line, Nature
from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Profile, Term
from shared.profiles.calendar import Calendar, PublicHolidays
from shared.profiles.loader import CALENDARS, read_day_set
from tests.unit.deadlines.courses import LEUVEN, fact, term
from tests.unit.deadlines.day_by_day import Outcome, live

_DUTCH = PublicHolidays(country="NL", categories=("public", "optional"))
_BELGIAN = Calendar(
    public_holidays=PublicHolidays(country="BE"),
    day_sets={"school_holidays": read_day_set(CALENDARS / "flemish_school_holidays.yaml")},
)
_CALENDARS = {
    "BE": _BELGIAN,
    "NL": Calendar(
        public_holidays=_DUTCH,
        closing_days=("equal_days",),
        day_sets={"equal_days": read_day_set(CALENDARS / "netherlands_equal_days.yaml")},
    ),
    "CU": Calendar(),
    "LB": Calendar(),
}
# Skipped and doubled midnights, Easter, Christmas and the summer holidays lie within reach of these beginnings.
_BEGINNINGS = {
    "Europe/Brussels": (
        "BE",
        ["2026-03-20", "2026-06-20", "2026-10-15", "2026-12-01", "2027-02-10", "2025-03-20"],
    ),
    "Europe/Amsterdam": ("NL", ["2026-03-10", "2027-12-10", "2028-02-20", "2026-11-10", "2027-04-01"]),
    "America/Havana": ("CU", ["2026-03-01", "2026-10-25"]),
    "Asia/Beirut": ("LB", ["2026-03-20"]),
}
_KINDS = (
    "acknowledged",
    *("information_requested", "information_received") * 2,
    *("extended", "answered", "closed", "reopened", "withdrawn", "transferred"),
)
_WITHIN_MINUTES = 40 * 24 * 60


class History(NamedTuple):
    """A contact's course by a profile that has one term."""

    profile: Profile
    received: datetime
    follow_ups: list[FollowUpFact]
    as_of: datetime


def history(random: Random) -> History:
    zone = random.choice(sorted(_BEGINNINGS))
    country, beginnings = _BEGINNINGS[zone]
    received = datetime.fromisoformat(random.choice(beginnings)).replace(tzinfo=UTC) + _while(random) / 4
    happenings = []
    for number in range(random.randint(0, 8)):
        kind = random.choice(_KINDS)
        happenings.append(fact(kind, received + _while(random), number, **_data(random, kind, received)))
    follow_ups = sorted(happenings, key=lambda each: each.place)
    return History(
        _profile(_term(random, country), country, zone), received, follow_ups, received + _while(random)
    )


def both_ways(course: History) -> tuple[list[Outcome], list[Outcome]]:
    """What the calculator and the life lived day by day make of it."""
    matter = Matter(course.received, Nature.COMPLAINT, Line.FIRST)
    reckoned = [
        Outcome(each.due_on, each.state.value, each.met_at, each.days_taken)
        for each in reckon(course.profile, matter, course.follow_ups, course.as_of)
    ]
    return reckoned, live(course.profile, course.received, course.follow_ups, course.as_of)


def _while(random: Random) -> timedelta:
    return timedelta(minutes=random.randint(0, _WITHIN_MINUTES))


def _data(random: Random, kind: str, received: datetime) -> dict[str, Any]:
    if kind != "extended":
        return {}
    if random.random() < 0.5:
        return {"until": (received + _while(random) * 1.5).date()}
    return {"days": random.randint(1, 12)}


def _term(random: Random, country: str) -> Term:
    kind = random.choice(["answer", "answer", "answer", "acknowledgement"])
    with_calendar = country in ("BE", "NL")
    unit = random.choice(
        ["calendar_days", "weeks", "working_days"] if with_calendar else ["calendar_days", "weeks"]
    )
    extension = {"times": random.randint(1, 2), "max_days": random.randint(1, 9)}
    return term(
        kind,
        length={"value": random.randint(1, 3 if unit == "weeks" else 20), "unit": unit},
        start=random.choice(["received", "received", "received", "transferred"]),
        rolls_to_working_day=with_calendar and random.random() < 0.5,
        not_counted=["school_holidays"] if country == "BE" and random.random() < 0.4 else [],
        pauses=kind == "answer" and random.random() < 0.5,
        warn_days=random.randint(0, 5),
        extension=extension if random.random() < 0.5 else None,
    )


def _profile(only: Term, country: str, zone: str) -> Profile:
    version = LEUVEN.versions[-1].model_copy(update={"terms": (only,)})
    given = {name: getattr(LEUVEN, name) for name in Profile.model_fields}
    changed = {"versions": (version,), "country": country, "time_zone": zone, "calendar": _CALENDARS[country]}
    return Profile.model_construct(**given | changed)
