"""A reporting year: its days, and which periods lie in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.reporting.domain.dimensions import PERIODS
from services.reporting.domain.figures import Group
from shared.profiles import Profile
from shared.profiles.dimensions import MONTHS_OF

_MONTHS: Final = 12


@dataclass(frozen=True)
class ReportingYear:
    """``first`` and ``last`` are local days, both included; ``name`` is the year of the first."""

    name: int
    first: date
    last: date

    @classmethod
    def of(cls, profile: Profile, name: int) -> "ReportingYear":
        return cls(name, *profile.reporting_year(name))

    @property
    def is_of_the_calendar(self) -> bool:
        return (self.first.month, self.first.day) == (1, 1)

    def before(self, years: int) -> "ReportingYear":
        """The one so many years earlier."""
        first = self.first.replace(year=self.first.year - years)
        return ReportingYear(self.name - years, first, first.replace(year=first.year + 1) - timedelta(days=1))

    def months_begun(self, today: date) -> int:
        """How many of its months have begun, at least one."""
        last = min(today, self.last)
        begun = (last.year - self.first.year) * _MONTHS + last.month - self.first.month
        return min(_MONTHS, max(1, begun + (last.day >= self.first.day)))

    def period(self, dimension: str, season: str) -> str:
        """A season of this year as a period: ``H2`` is ``2023-H2``, no season is the year itself."""
        if not season:
            return str(self.name)
        first_month = (int(season.lstrip("HQ")) - 1) * MONTHS_OF[dimension] + 1
        year = self.name + (first_month < self.first.month)
        return f"{year:04d}-{season}"


def seasons(by: tuple[str, ...], group: Group) -> list[str]:
    """The values without their year, so that the Marches of several years share a row."""
    return [value.partition("-")[2] if name in PERIODS else value for name, value in zip(by, group, strict=True)]
