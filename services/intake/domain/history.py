"""A contact as it stands: the fold of the set of its events, in whatever order they came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, cast

from shared.contracts.deadline import Deadline
from shared.contracts.events import (
    ContactRouted,
    DeadlineApproaching,
    DeadlineMet,
    DeadlineMissed,
    DeadlineScheduled,
    Event,
)
from shared.contracts.identifiers import ContactState, DeadlineKind, DeadlineState
from shared.contracts.lifecycle import Standing, contact_state, in_order, routing_decision, standing


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event of the contact, with what only intake knows of it: reason, actor, contact person."""

    event: Event
    private: Mapping[str, str] = field(default_factory=dict, repr=False)


class StandingDeadline(NamedTuple):
    """A deadline as it was told last. ``policy`` is None where only its turn has been told yet."""

    kind: DeadlineKind
    due_on: date
    due_at: datetime
    state: DeadlineState
    met_at: datetime | None
    days_taken: int | None
    policy: str | None
    revision: int


class ContactPicture(NamedTuple):
    """What the events of a contact come to."""

    state: ContactState
    standing: Standing
    history: tuple[HistoryEntry, ...]
    """Each event once, in the order in which things happened."""
    decisions: tuple[Event, ...]
    """Routing's decisions, the one that holds first."""
    deadlines: tuple[StandingDeadline, ...]


def picture(entries: Iterable[HistoryEntry]) -> ContactPicture:
    """Folds the events; order and repetition make no difference."""
    each = {entry.event.envelope.id: entry for entry in entries}
    history = tuple(sorted(each.values(), key=_place))
    events = [entry.event for entry in history]
    follow_ups = in_order(events)
    decision = routing_decision(events)
    now = standing(decision, follow_ups)
    return ContactPicture(
        state=contact_state(now, follow_ups),
        standing=now,
        history=history,
        decisions=_decisions(events, decision),
        deadlines=standing_deadlines(events),
    )


def _place(entry: HistoryEntry) -> tuple[datetime, str, str]:
    envelope = entry.event.envelope
    return (envelope.time, envelope.type, envelope.id)


def _decisions(events: Iterable[Event], holding: ContactRouted | None) -> tuple[Event, ...]:
    routed = [event for event in events if isinstance(event.data, ContactRouted)]
    return tuple(sorted(routed, key=lambda event: event.data is not holding))


def standing_deadlines(events: Iterable[Event]) -> tuple[StandingDeadline, ...]:
    """The deadlines as they now stand, in the order of the last schedule: a reopening makes a second answer.

    A schedule holds for all of them at its revision. A turn of a higher revision holds for the one of its kind and
    end; one with another end is of a schedule that was taken back, or is still to come.
    """
    told = sorted((event for event in events if event.type.startswith("deadline.")), key=_told_place)
    now: list[StandingDeadline] = []
    scheduled_at = -1
    for event in told:
        data = event.data
        if isinstance(data, DeadlineScheduled):
            now, scheduled_at = [_scheduled(each, data.revision) for each in data.deadlines], data.revision
            continue
        turn = cast("DeadlineApproaching | DeadlineMissed | DeadlineMet", data)
        if turn.revision > scheduled_at:
            now = _after_turn(now, turn, scheduled=scheduled_at >= 0)
    return tuple(now)


def _after_turn(
    now: list[StandingDeadline], turn: DeadlineApproaching | DeadlineMissed | DeadlineMet, *, scheduled: bool
) -> list[StandingDeadline]:
    if not scheduled:
        return [*(each for each in now if each.kind is not turn.kind), _turned(turn, None)]
    return [_turned(turn, each) if (each.kind, each.due_at) == (turn.kind, turn.due_at) else each for each in now]


def _told_place(event: Event) -> tuple[int, bool, str]:
    data = cast("DeadlineScheduled | DeadlineApproaching | DeadlineMissed | DeadlineMet", event.data)
    return (data.revision, not isinstance(data, DeadlineScheduled), event.envelope.id)


def _scheduled(deadline: Deadline, revision: int) -> StandingDeadline:
    return StandingDeadline(
        kind=deadline.kind,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        state=deadline.state,
        met_at=deadline.met_at,
        days_taken=deadline.days_taken,
        policy=deadline.policy,
        revision=revision,
    )


def _turned(
    turn: DeadlineApproaching | DeadlineMissed | DeadlineMet, before: StandingDeadline | None
) -> StandingDeadline:
    met_at = turn.met_at if isinstance(turn, DeadlineMet) else None
    return StandingDeadline(
        kind=turn.kind,
        due_on=turn.due_on,
        due_at=turn.due_at,
        state=_state_after(turn),
        met_at=met_at,
        days_taken=before.days_taken if before and met_at else None,
        policy=before.policy if before else None,
        revision=turn.revision,
    )


def _state_after(turn: DeadlineApproaching | DeadlineMissed | DeadlineMet) -> DeadlineState:
    match turn:
        case DeadlineMet():
            return DeadlineState.MET_LATE if turn.days_over > 0 else DeadlineState.MET
        case DeadlineMissed():
            return DeadlineState.MISSED
    return DeadlineState.APPROACHING
