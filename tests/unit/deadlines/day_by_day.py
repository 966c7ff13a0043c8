"""A second way to reckon a term: live through every local day and write down what happens. Slow, and on purpose
without anything of the calculator but its input.

A day counts when the clock was running as it began. That is all there is to the rule that the day of the request
counts and the day of the receipt does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Profile, Term
from tests.unit.deadlines.days_off import is_working_day, school_holidays

_ACTS = {"acknowledgement": {"acknowledged", "answered", "closed"}, "answer": {"answered", "closed"}}


@dataclass
class Outcome:
    due_on: date
    state: str
    met_at: datetime | None = None
    days_taken: int | None = None


@dataclass
class _Life:
    term: Term
    country: str
    day: date
    target: int
    running: bool = True
    counted: int = 0
    taken: int = 0
    full: date | None = None
    reached: date | None = None
    extensions: int = 0
    ended: str | None = None
    met_at: datetime | None = None

    def next_day(self) -> None:
        self.day += timedelta(days=1)
        self.taken += self.running
        self.counted += self.running and self.counts(self.day)
        if self.counted >= self.length and self.full is None:
            self.full = self.day
        if self.counted >= self.target and self.reached is None:
            self.reached = self.day

    @property
    def length(self) -> int:
        return self.term.length.value * (7 if self.term.length.unit == "weeks" else 1)

    def counts(self, day: date) -> bool:
        if self.term.length.unit == "working_days" and not is_working_day(self.country, day):
            return False
        return not (self.term.not_counted and day in school_holidays(day.year))

    def moved(self, day: date) -> date:
        while self.term.rolls_to_working_day and not is_working_day(self.country, day):
            day += timedelta(days=1)
        return day

    @property
    def due_on(self) -> date | None:
        return None if self.reached is None else self.moved(self.reached)

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.day > self.due_on

    def days_after_full(self, days: int) -> date:
        """The day that many counting days after the unextended end."""
        day, to_go = (self.full, 0) if self.full else (self.day, self.length - self.counted)
        to_go += days
        while to_go:
            day += timedelta(days=1)
            to_go -= self.counts(day)
        return day


def live(
    profile: Profile, received: datetime, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> list[Outcome]:
    """What becomes of the profile's one term, and of those from reopenings."""
    term = profile.versions[0].terms[0]
    left = [each for each in follow_ups if each.occurred_at <= as_of]
    begin: date | None = received.astimezone(profile.zone).date()
    if term.start == "transferred":
        handed_over = [each.occurred_at for each in left if each.kind == "transferred"]
        begin = handed_over[0].astimezone(profile.zone).date() if handed_over else None
    outcomes = []
    while begin is not None:
        life = _Life(term, profile.country, begin, 0)
        life.target = life.length
        outcome, left = _one_life(life, profile.zone, left, as_of)
        outcomes.append(outcome)
        begin = None
        for place, each in enumerate(left):
            if each.kind == "reopened" and term.kind == "answer":
                begin, left = each.occurred_at.astimezone(profile.zone).date(), left[place + 1 :]
                break
    return outcomes


def _one_life(
    life: _Life, zone: ZoneInfo, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> tuple[Outcome, list[FollowUpFact]]:
    left = list(follow_ups)
    for day, of_day in groupby(follow_ups, key=lambda each: each.occurred_at.astimezone(zone).date()):
        while life.day < day:
            life.next_day()
        for each in of_day:
            left.pop(0)
            _happen(life, each)
            if life.ended:
                return _close(life), left
    while life.day < as_of.astimezone(zone).date():
        life.next_day()
    return _close(life), []


def _happen(life: _Life, each: FollowUpFact) -> None:
    if each.kind in _ACTS[life.term.kind]:
        life.ended = "met_late" if life.late else "met"
        life.met_at = each.occurred_at
    elif each.kind == "withdrawn":
        life.ended = "missed" if life.late else "cancelled"
    elif life.term.kind != "answer":
        return
    elif each.kind == "information_requested":
        life.running = life.running and (life.late or not life.term.pauses)
    elif each.kind == "information_received":
        life.running = True
    elif each.kind == "extended":
        _extend(life, each)


def _extend(life: _Life, each: FollowUpFact) -> None:
    allowed = life.term.extension
    days, until = getattr(each.data, "days", None), getattr(each.data, "until", None)
    if allowed is None or life.late or life.extensions >= allowed.times:
        return
    if until is not None:
        if until <= life.moved(life.days_after_full(0)):
            return
        most = allowed.max_days
        within = [each for each in range(1, most + 2) if life.days_after_full(each) <= until]
        days = within[-1] if within else 0
        if days > most and until <= life.moved(life.days_after_full(most)):
            days = most
    if days is None or not life.target - life.length < days <= allowed.max_days:
        return
    life.extensions += 1
    life.target = life.length + days
    if life.counted < life.target:
        life.reached = None


def _close(life: _Life) -> Outcome:
    today, paused, late = life.day, not life.running, life.late
    life.running = True
    days_taken = None
    if life.ended in ("met", "met_late"):
        days_taken = life.taken
    while life.reached is None:
        life.next_day()
    due_on = life.due_on
    assert due_on is not None
    if life.ended:
        return Outcome(due_on, life.ended, life.met_at, days_taken)
    if late:
        return Outcome(due_on, "missed")
    if paused:
        return Outcome(due_on, "paused")
    near = today >= due_on - timedelta(days=life.term.warn_days)
    return Outcome(due_on, "approaching" if near else "open")
