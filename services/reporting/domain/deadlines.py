"""How a contact's deadlines stand, out of whatever deadline events of it are known.

The highest revision wins. ``deadline.scheduled`` tells all deadlines at its revision; the other events turn one
of them at theirs. The first answer deadline in a schedule is the contact's; a later one belongs to a reopening.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from services.reporting.domain.fact import DeadlineFact
from shared.contracts.events import (
    DeadlineApproaching,
    DeadlineMet,
    DeadlineMissed,
    DeadlineScheduled,
    Event,
)
from shared.contracts.identifiers import DeadlineKind, DeadlineState

_Turn = DeadlineApproaching | DeadlineMissed | DeadlineMet


class KnownDeadline(NamedTuple):
    """A contact's deadline of one kind. ``due_at`` is the instant at which it is late."""

    state: DeadlineState
    due_at: datetime
    met_at: datetime | None = None
    days_taken: int | None = None


def deadlines_of(events: Iterable[Event]) -> dict[DeadlineKind, KnownDeadline]:
    """The contact's deadlines by kind, for any order and repetition of its events."""
    schedules: list[DeadlineScheduled] = []
    turns: list[_Turn] = []
    for event in events:
        if isinstance(event.data, DeadlineScheduled):
            schedules.append(event.data)
        elif isinstance(event.data, DeadlineApproaching | DeadlineMissed | DeadlineMet):
            turns.append(event.data)
    schedule = _latest(schedules)
    revision = -1 if schedule is None else schedule.revision
    known = _scheduled(schedule)
    # Sorted, so that of two turns at one revision it is not arrival that decides.
    for turn in sorted(turns, key=lambda each: (each.revision, each.due_at, _turned(each))):
        if turn.revision > revision:
            _apply(known, turn, scheduled=schedule is not None)
    return known


def _latest(schedules: Sequence[DeadlineScheduled]) -> DeadlineScheduled | None:
    revision = max((each.revision for each in schedules), default=-1)
    latest = [each for each in schedules if each.revision == revision]
    # Two of one revision are the same; were they not, arrival still must not decide.
    return latest[0] if len(latest) == 1 else max(latest, key=lambda each: each.model_dump_json(), default=None)


def _scheduled(schedule: DeadlineScheduled | None) -> dict[DeadlineKind, KnownDeadline]:
    known: dict[DeadlineKind, KnownDeadline] = {}
    for each in schedule.deadlines if schedule else ():
        known.setdefault(each.kind, KnownDeadline(each.state, each.due_at, each.met_at, each.days_taken))
    return known


def _apply(known: dict[DeadlineKind, KnownDeadline], turn: _Turn, *, scheduled: bool) -> None:
    before = known.get(turn.kind)
    # A turn with another end belongs to the term of a reopening, or to a schedule that is still to come.
    if before.due_at != turn.due_at if before else scheduled:
        return
    met_at = turn.met_at if isinstance(turn, DeadlineMet) else None
    known[turn.kind] = KnownDeadline(_turned(turn), turn.due_at, met_at)


def _turned(turn: _Turn) -> DeadlineState:
    if isinstance(turn, DeadlineApproaching):
        return DeadlineState.APPROACHING
    if isinstance(turn, DeadlineMissed):
        return DeadlineState.MISSED
    return DeadlineState.MET_LATE if turn.days_over > 0 else DeadlineState.MET


class Pause(NamedTuple):
    """A stretch in which information was awaited. The day of the request counts, that of the receipt does not."""

    begins: datetime
    ends: datetime | None


def days_between(received: datetime, act: datetime, pauses: Sequence[Pause], zone: tzinfo) -> int:
    """Local days from receipt to an act, less pauses; the day of receipt is day 0."""
    last = _day(act, zone)
    paused = 0
    for pause in pauses:
        if pause.begins < act:
            ends = last if pause.ends is None else min(last, _day(pause.ends, zone))
            paused += max(0, (ends - _day(pause.begins, zone)).days)
    return max(0, (last - _day(received, zone)).days - paused)


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def deadline_fact(known: KnownDeadline, received: datetime, zone: tzinfo) -> DeadlineFact:
    """The deadline as reports count it; without the days told, those that follow from when it was met."""
    days = known.days_taken
    if days is None and known.met_at is not None:
        days = days_between(received, known.met_at, (), zone)
    return DeadlineFact(known.state, days)
