"""Spans of local days that figures are asked for, and the same span a year earlier."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

_SPELLED = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class Timespan(NamedTuple):
    """From the first to the last local day, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[int, int] | None:
        """First and last month, where the days are whole months of one year."""
        whole = self.first.day == 1 and (self.last + timedelta(days=1)).day == 1
        return (self.first.month, self.last.month) if whole and self.first.year == self.last.year else None

    @property
    def name(self) -> str:
        """``2021``, ``2021-H1``, ``2021-Q1``, ``2021-03``; else the first and the last day."""
        year = f"{self.first.year:04d}"
        match self.months:
            case (1, 12):
                return year
            case (first, last) if last - first == 5 and first in (1, 7):  # noqa: PLR2004  half a year
                return f"{year}-H{(last + 5) // 6}"
            case (first, last) if last - first == 2 and last % 3 == 0:  # noqa: PLR2004  a quarter
                return f"{year}-Q{last // 3}"
            case (first, last) if first == last:
                return f"{year}-{first:02d}"
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    def a_year_before(self) -> "Timespan":
        """The same days of the year before; the end of a month stays the end of that month."""
        return Timespan(_earlier(self.first), _earlier(self.last))

    def covers(self, other: "Timespan") -> bool:
        return self.first <= other.first and other.last <= self.last


def _earlier(day: date) -> date:
    _, length = monthrange(day.year - 1, day.month)
    ends = day.day == monthrange(day.year, day.month)[1]
    return date(day.year - 1, day.month, length if ends else min(day.day, length))


def months_of(first: date, last: date) -> list[str]:
    """The months, ``2021-03``, that the days touch, in order."""
    begin, end = (12 * day.year + day.month - 1 for day in (first, last))
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(begin, end + 1)]


def whole_months(year: int, first: int, last: int) -> Timespan:
    return Timespan(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def timespan_of(text: str) -> Timespan | None:
    """The span of a name; None for what is no name of one."""
    named = _SPELLED.fullmatch(text)
    if named is None or int(named["year"]) < 1:
        return None
    year = int(named["year"])
    if named["half"]:
        return whole_months(year, 6 * int(named["half"]) - 5, 6 * int(named["half"]))
    if named["quarter"]:
        return whole_months(year, 3 * int(named["quarter"]) - 2, 3 * int(named["quarter"]))
    if named["month"]:
        return whole_months(year, int(named["month"]), int(named["month"]))
    return whole_months(year, 1, 12)
