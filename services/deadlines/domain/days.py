"""Local days, the moment at which one begins, and the runs of them for which a clock stood still."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class Stop(NamedTuple):
    """A run of local days, first and last included, that are not counted because the clock stood still."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def local_day(moment: datetime, zone: tzinfo) -> date:
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


def stopped_days(day_0: date, until: date, stops: Sequence[Stop]) -> int:
    """How many days after day 0, up to and including ``until``, the clock stood still."""
    return sum(max(0, (min(stop.last, until) - max(stop.first, day_0 + ONE_DAY)).days + 1) for stop in stops)
