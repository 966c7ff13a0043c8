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
from shared.profiles import Term

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
    day: date
    target: int
    running: bool = True
    counted: int = 0
    reached: date | None = None
    extensions: int = 0
    ended: str | None = None
    met_at: datetime | None = None

    def next_day(self) -> None:
        self.day += timedelta(days=1)
        if self.running:
            self.counted += 1
        if self.counted >= self.target and self.reached is None:
            self.reached = self.day

    @property
    def late(self) -> bool:
        return self.reached is not None and self.day > self.reached


def live(
    term: Term, zone: ZoneInfo, received: datetime, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> list[Outcome]:
    """What becomes of the term, and of those from reopenings."""
    left = [each for each in follow_ups if each.occurred_at <= as_of]
    begin: date | None = received.astimezone(zone).date()
    outcomes = []
    while begin is not None:
        outcome, left = _one_life(term, zone, begin, left, as_of)
        outcomes.append(outcome)
        begin = None
        for place, each in enumerate(left):
            if each.kind == "reopened" and term.kind == "answer":
                begin, left = each.occurred_at.astimezone(zone).date(), left[place + 1 :]
                break
    return outcomes


def _one_life(
    term: Term, zone: ZoneInfo, begin: date, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> tuple[Outcome, list[FollowUpFact]]:
    life = _Life(term, begin, term.length.value)
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
        to_go = life.term.length.value - life.counted
        if to_go < 0:
            return
        days = (until - (life.day + timedelta(days=to_go))).days
    if days is None or not 1 <= days <= allowed.max_days:
        return
    life.extensions += 1
    life.target = life.term.length.value + days
    if life.counted < life.target:
        life.reached = None


def _close(life: _Life) -> Outcome:
    today, paused, late = life.day, not life.running, life.late
    life.running = True
    days_taken = None
    if life.ended in ("met", "met_late"):
        days_taken = life.counted
    while life.reached is None:
        life.next_day()
    if life.ended:
        return Outcome(life.reached, life.ended, life.met_at, days_taken)
    if late:
        return Outcome(life.reached, "missed")
    if paused:
        return Outcome(life.reached, "paused")
    near = today >= life.reached - timedelta(days=life.term.warn_days)
    return Outcome(life.reached, "approaching" if near else "open")
