"""Which local days a term counts, why it does not count the others, and where its end may lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.deadlines.domain.days import ONE_DAY, Stop
from shared.profiles import Term
from shared.profiles.calendar import Calendar

_SATURDAY = 5
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Counting:
    """How one term is counted by the calendar of its organisation."""

    term: Term
    calendar: Calendar

    @property
    def length(self) -> int:
        """The days that have to be counted."""
        length = self.term.length
        return length.value * (_DAYS_OF_A_WEEK if length.unit == "weeks" else 1)

    def counts(self, day: date) -> bool:
        """Whether a local day adds one to the count. Raises ``BeyondCalendar``."""
        if self.term.length.unit == "working_days" and not self.is_working_day(day):
            return False
        return all(self.calendar.day_sets[name].label(day) is None for name in self.term.not_counted)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and self.calendar.closed(day) is None

    def last_day(self, day_0: date, added: int = 0, stops: Sequence[Stop] = ()) -> date:
        """The day on which the count, walking the days after day 0, reaches the length and what was added."""
        day, to_go = day_0, self.length + added
        if self._counts_every_day and not stops:
            return day_0 + timedelta(days=to_go)
        while to_go:
            day += ONE_DAY
            stop = next((each for each in stops if each.first <= day <= each.last), None)
            if stop is not None:
                day = stop.last
            elif self.counts(day):
                to_go -= 1
        return day

    def rolled(self, end: date) -> date:
        """Where an end moves to: itself, or the next working day for a term that rolls."""
        while self.term.rolls_to_working_day and not self.is_working_day(end):
            end += ONE_DAY
        return end

    def counted_between(self, after: date, until: date, most: int) -> int:
        """How many days count after one day up to and including another, at most ``most``; 0 where it is not
        later.
        """
        day, counted = after, 0
        while day < until and counted < most:
            day += ONE_DAY
            counted += self.counts(day)
        return counted

    def skipped(self, day_0: date, end: date, stops: Sequence[Stop]) -> list[tuple[date, date, str]]:
        """What was not counted by the calendar between day 0 and the end, in runs of one name; weekends apart."""
        runs: list[tuple[date, date, str]] = []
        for number in range(1, (end - day_0).days + 1):
            day = day_0 + timedelta(days=number)
            name = self._name(day)
            if name is None or any(stop.first <= day <= stop.last for stop in stops):
                continue
            if runs and runs[-1][1] + ONE_DAY == day and runs[-1][2] == name:
                runs[-1] = (runs[-1][0], day, name)
            else:
                runs.append((day, day, name))
        return runs

    def why_no_working_day(self, day: date) -> str:
        label = self.calendar.closed(day)
        return label.en if label else f"{day:%A}"

    @property
    def _counts_every_day(self) -> bool:
        return self.term.length.unit != "working_days" and not self.term.not_counted

    def _name(self, day: date) -> str | None:
        for set_name in self.term.not_counted:
            label = self.calendar.day_sets[set_name].label(day)
            if label is not None:
                return label.en
        if self.term.length.unit == "working_days" and day.weekday() < _SATURDAY:
            closed = self.calendar.closed(day)
            return f"public holiday {closed.en}" if closed else None
        return None
