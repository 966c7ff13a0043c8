"""Days that are unlike others: public holidays from the library, closing days and school holidays as dated data.

All days are local days of the organisation. What is not known is an error, never taken for an ordinary day.
"""

import sys
from bisect import bisect_right
from datetime import date
from functools import cached_property, lru_cache
from importlib.util import find_spec, module_from_spec
from itertools import pairwise
from typing import Annotated, Literal

import holidays
from pydantic import Field, model_validator

from shared.contracts.identifiers import Id
from shared.profiles.label import Label, Part

_COUNTRIES = "holidays.countries"
if _COUNTRIES not in sys.modules and (_countries := find_spec(_COUNTRIES)):
    # The package itself imports all 250 countries, 8 MB in every service; its modules are found without that.
    sys.modules[_COUNTRIES] = module_from_spec(_countries)


class BeyondCalendar(Exception):  # noqa: N818  it is told as a fact, to operators and callers
    """A day was asked about that a calendar does not know. ``known_from`` and ``known_until`` bound what it knows,
    both included.
    """

    def __init__(self, calendar: str, day: date, known_from: date, known_until: date) -> None:
        super().__init__(
            f"the calendar {calendar} is known from {known_from} until {known_until}, and {day} is asked for"
        )
        self.calendar = calendar
        self.known_until = known_until


class Days(Part):
    """A run of days, first and last included."""

    first: date
    last: date
    name: Label


class DaySet(Part):
    """Dated days of one sort, such as school holidays, and the span for which they are known."""

    id: Id
    name: Label
    source: str
    known_from: date
    known_until: date
    """The horizon: the last day of which it is known whether it belongs to the set."""
    days: tuple[Days, ...]

    @model_validator(mode="after")
    def _in_order(self) -> "DaySet":
        for each in self.days:
            if each.last < each.first:
                raise ValueError(f"days: {each.first} to {each.last} ends before it begins; exchange the two")
            if each.first < self.known_from or each.last > self.known_until:
                raise ValueError(
                    f"days: {each.first} to {each.last} lies outside {self.known_from} to {self.known_until}; "
                    "move known_from or known_until"
                )
        for earlier, later in pairwise(self.days):
            if later.first <= earlier.last:
                raise ValueError(
                    f"days: {later.first} lies in or before {earlier.last}; order them, each day once"
                )
        return self

    def label(self, day: date) -> Label | None:
        """What the day is called if it belongs to the set. Raises ``BeyondCalendar`` outside what is known."""
        if not self.known_from <= day <= self.known_until:
            raise BeyondCalendar(self.id, day, self.known_from, self.known_until)
        place = bisect_right(self._firsts, day) - 1
        if place >= 0 and day <= self.days[place].last:
            return self.days[place].name
        return None

    @cached_property
    def _firsts(self) -> list[date]:
        return [each.first for each in self.days]


class PublicHolidays(Part):
    """Which public holidays hold, by the codes of the library ``holidays``.

    ``categories``: some countries' law knows more days than everybody has off; the Netherlands' 5 May is
    ``optional`` four years out of five.
    """

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: str | None = None
    categories: tuple[Literal["public", "optional", "government"], ...] = ("public",)

    @model_validator(mode="after")
    def _known_to_the_library(self) -> "PublicHolidays":
        try:
            self._of_year(2026)
        except (NotImplementedError, ValueError) as error:
            raise ValueError(
                f"the library of holidays does not know it ({error}); give an ISO 3166 code"
            ) from None
        return self

    @property
    def id(self) -> str:
        return f"public_holidays_{self.country.lower()}"

    @property
    def known_from(self) -> date:
        return date(_years(self.country)[0], 1, 1)

    @property
    def known_until(self) -> date:
        """The horizon: the last day that the library reckons."""
        return date(_years(self.country)[1], 12, 31)

    def label(self, day: date) -> Label | None:
        """The holiday's name if the day is one. Raises ``BeyondCalendar`` outside what the library reckons."""
        first, last = _years(self.country)
        if not first <= day.year <= last:
            raise BeyondCalendar(self.id, day, self.known_from, self.known_until)
        return self._of_year(day.year).get(day)

    def _of_year(self, year: int) -> dict[date, Label]:
        return _holidays(self.country, self.subdivision, self.categories, year)


class Calendar(Part):
    """An organisation's calendar. ``closing_days`` names the sets whose days are no working days either."""

    public_holidays: PublicHolidays | None = None
    closing_days: tuple[Id, ...] = ()
    day_sets: dict[Id, DaySet] = {}

    @model_validator(mode="after")
    def _closing_days_are_there(self) -> "Calendar":
        for name in self.closing_days:
            if name not in self.day_sets:
                raise ValueError(f"closing_days: {name} is not among day_sets; put it there or leave it out")
        return self

    def closed(self, day: date) -> Label | None:
        """Why the day is no working day, leaving weekends apart; None where it is an ordinary one.

        Raises ``BeyondCalendar``.
        """
        label = self.public_holidays.label(day) if self.public_holidays else None
        for name in self.closing_days:
            label = label or self.day_sets[name].label(day)
        return label


@lru_cache
def _years(country: str) -> tuple[int, int]:
    known = holidays.country_holidays(country)
    return known.start_year, known.end_year


@lru_cache(maxsize=4096)
def _holidays(country: str, subdivision: str | None, categories: tuple[str, ...], year: int) -> dict[date, Label]:
    named = [
        holidays.country_holidays(
            country, subdiv=subdivision, years=year, categories=categories, language=language, expand=False
        )
        for language in ("nl", "en_US")
    ]
    return {day: Label(nl=name, en=named[1][day]) for day, name in named[0].items() if day.year == year}
