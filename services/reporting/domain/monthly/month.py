"""A month of an organisation's own calendar, and when its reports are to be made."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from services.reporting.domain.report_view import Text
from services.reporting.domain.wording import month as month_name
from shared.profiles import Profile

_SPELLED = re.compile(r"(?P<year>\d{4})-(?P<number>0[1-9]|1[0-2])", re.ASCII)
_MONTHS = 12


class Month(NamedTuple):
    """A calendar month; months compare by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a local day."""
        return cls(day.year, day.month)

    @classmethod
    def named(cls, name: str) -> "Month | None":
        """The month of a name, ``2021-03``; None for what is no name of one."""
        spelled = _SPELLED.fullmatch(name)
        return cls(int(spelled["year"]), int(spelled["number"])) if spelled and int(spelled["year"]) else None

    @property
    def name(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def later(self, months: int) -> "Month":
        """The month so many after this one, or before it where that is less than nothing."""
        year, number = divmod(self.year * _MONTHS + self.number - 1 + months, _MONTHS)
        return Month(year, number + 1)

    @property
    def before(self) -> "Month":
        return self.later(-1)

    @property
    def a_year_before(self) -> "Month":
        return self.later(-_MONTHS)

    @property
    def called(self) -> Text:
        """What people call it: March 2021."""
        return {language: f"{month_name(self.number, language)} {self.year}" for language in ("nl", "en")}


def due_at(month: Month, profile: Profile) -> datetime | None:
    """The instant (UTC) from which on a month's reports are due; None where the organisation wants none.

    A local hour that the change to summer time leaves out is the one after it; of two alike the first.
    """
    when = profile.monthly_reports
    if when is None:
        return None
    following = month.later(1)
    return datetime(following.year, following.number, when.day, when.hour, tzinfo=profile.zone).astimezone(UTC)


def is_over(month: Month, profile: Profile, now: datetime) -> bool:
    """Whether the month has ended by the organisation's own calendar."""
    return month < Month.of(profile.local_date(now))


def months_due(profile: Profile, now: datetime, most: int) -> list[Month]:
    """The latest months whose reports are due by now, at most so many, the earliest first."""
    return list(_latest_due(profile, now, most))[::-1]


def _latest_due(profile: Profile, now: datetime, most: int) -> Iterator[Month]:
    month = Month.of(profile.local_date(now)).before
    for each in (month, month.before):
        moment = due_at(each, profile)
        if moment is not None and moment <= now:
            yield from (each.later(-earlier) for earlier in range(most))
            return
