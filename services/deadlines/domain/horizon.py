"""How far ahead an organisation's calendar is known, and whether its terms reach past that."""

from datetime import date
from typing import NamedTuple

from services.deadlines.domain.counting import Counting
from shared.profiles import Profile
from shared.profiles.calendar import BeyondCalendar


class Horizon(NamedTuple):
    """The last day that a calendar knows; ``too_near`` where a term that begins today needs days after it."""

    calendar: str
    known_until: date
    too_near: bool


def horizons(profile: Profile, today: date) -> list[Horizon]:
    """The calendars that the organisation's terms of today depend on."""
    terms = profile.version_on(today).terms
    known: dict[str, date] = {}
    holidays = profile.calendar.public_holidays
    for term in terms:
        named = list(term.not_counted)
        if term.needs_working_days:
            named += profile.calendar.closing_days
            if holidays is not None:
                known[holidays.id] = holidays.known_until
        for name in named:
            days = profile.calendar.day_sets[name]
            known[days.id] = days.known_until
    ended = set()
    for term in terms:
        counting = Counting(term, profile.calendar)
        longest = term.extension.max_days if term.extension else 0
        try:
            counting.rolled(counting.last_day(today, longest))
        except BeyondCalendar as beyond:
            ended.add(beyond.calendar)
    return [Horizon(name, until, name in ended) for name, until in sorted(known.items())]
