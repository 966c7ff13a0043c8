"""When things happened, in the city's own time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.sample.chance import Chance
from shared.contracts.identifiers import Channel

BRUSSELS = ZoneInfo("Europe/Brussels")
YEAR = 2021
_SATURDAY = 5
_CLOSED = frozenset(
    date(YEAR, month, day)
    for month, day in (
        (1, 1), (4, 5), (5, 1), (5, 13), (5, 24), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25),
    )
)  # fmt: skip

EDGES = (
    "2020-12-31T23:10:00Z",  # in Leuven it is 2021
    "2021-01-31T23:40:00+01:00",
    "2021-02-01T00:20:00+01:00",
    "2021-02-28T23:50:00+01:00",
    "2021-02-28T23:05:00Z",  # March
    "2021-03-28T01:30:00Z",  # half an hour after the clock went forward
    "2021-03-31T22:15:00Z",  # April
    "2021-04-30T23:30:00+02:00",
    "2021-05-31T22:45:00Z",  # June
    "2021-06-30T23:59:30+02:00",
    "2021-07-31T22:05:00Z",  # August
    "2021-09-30T23:55:00+02:00",  # the last minutes of the old rules
    "2021-09-30T22:10:00Z",  # the first minutes of the new
    "2021-10-31T00:30:00Z",  # half past two, summer time
    "2021-10-31T01:30:00Z",  # half past two once more
    "2021-11-30T23:15:00+01:00",
    "2021-12-31T17:50:00-05:00",  # ten to midnight
)
"""Moments at which a count by UTC, or by fixed offset, would take the wrong month, day or profile."""


def month_of(moment: str) -> int:
    """The city's month of a moment on the wire."""
    return datetime.fromisoformat(moment).astimezone(BRUSSELS).month


def received(month: int, channel: Channel, chance: Chance) -> datetime:
    """A moment at which a contact of that channel comes in: by telephone and at the desk in opening hours only."""
    spoken = channel in (Channel.PHONE, Channel.VISIT)
    while True:
        day = date(YEAR, month, 1) + timedelta(days=chance.randrange(31))
        weekend = day.weekday() >= _SATURDAY
        closed = weekend or day in _CLOSED
        if day.month == month and not (closed and (spoken or chance.likely(0.7))):
            return _at(day, _opening_hour(chance) if spoken else _any_hour(chance), chance)


def in_office(day: date, chance: Chance) -> datetime:
    """A moment at which the ombuds service works, on that day or the first working day after it."""
    while day.weekday() >= _SATURDAY or day in _CLOSED:
        day += timedelta(days=1)
    return _at(day, _opening_hour(chance), chance)


def _opening_hour(chance: Chance) -> int:
    return chance.choice((9, 10, 11, 13, 14, 15))


def _any_hour(chance: Chance) -> int:
    return chance.choice((8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 16, 17, 19, 20, 21, 22))


def _at(day: date, hour: int, chance: Chance) -> datetime:
    return datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), tzinfo=BRUSSELS)
