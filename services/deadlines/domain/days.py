"""Local days: how they are counted, and the moment at which one begins."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.profiles.model import Length

ONE_DAY = timedelta(days=1)

Counts = Callable[[date], bool]
"""Whether a local day adds one to the count of a term."""


class Stop(NamedTuple):
    """A run of local days, first and last included, that are not counted because the clock stood still."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC.

    Where the clocks skip midnight it is the moment of the jump, where midnight comes twice the first of the two.
    """
    midnight = datetime.combine(day, time.min, zone)
    begins = midnight.astimezone(UTC)
    if begins.astimezone(zone).time() == time.min:
        return begins
    before = midnight.replace(fold=1).astimezone(UTC) - timedelta(seconds=1)
    while begins - before > timedelta(seconds=1):
        middle = (before + (begins - before) / 2).replace(microsecond=0)
        if local_day(middle, zone) < day:
            before = middle
        else:
            begins = middle
    return begins


def counting(length: Length) -> Counts:
    """Which days a term of this length counts."""
    return _COUNTS[length.unit]


def _every_day(_day: date) -> bool:
    return True


_COUNTS: dict[str, Counts] = {"calendar_days": _every_day}


def last_day(day_0: date, length: int, counts: Counts, stops: Sequence[Stop] = ()) -> date:
    """The day on which the count, walking the days after day 0, reaches ``length``."""
    day, counted = day_0, 0
    while counted < length:
        day += ONE_DAY
        stop = next((each for each in stops if each.first <= day <= each.last), None)
        if stop is not None:
            day = stop.last
        elif counts(day):
            counted += 1
    return day


def counted_between(after: date, until: date, counts: Counts, most: int) -> int:
    """How many days count after one day up to and including another, at most ``most``; 0 where it is not later."""
    day, counted = after, 0
    while day < until and counted < most:
        day += ONE_DAY
        counted += counts(day)
    return counted


def stopped_days(day_0: date, until: date, stops: Sequence[Stop]) -> int:
    """How many days after day 0, up to and including ``until``, the clock stood still."""
    return sum(max(0, (min(stop.last, until) - max(stop.first, day_0 + ONE_DAY)).days + 1) for stop in stops)
