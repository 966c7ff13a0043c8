"""The events about deadlines, made from what has to be told; the same cause makes the same event again."""

from datetime import datetime
from typing import Any

from services.deadlines.domain.days import local_day
from services.deadlines.domain.timeline import Timeline, Told, Turn
from shared.contracts.base import EventData
from shared.contracts.events import (
    EVENT_TYPES,
    DeadlineMet,
    DeadlineScheduled,
    Envelope,
    Event,
    event_id,
)
from shared.contracts.identifiers import DeadlineState
from shared.profiles import Profile

SOURCE = "contactpunt/deadlines"
SCHEDULED = "deadline.scheduled.v1"
APPROACHING = "deadline.approaching.v1"
MISSED = "deadline.missed.v1"
MET = "deadline.met.v1"
_TYPES = {DeadlineState.APPROACHING: APPROACHING, DeadlineState.MISSED: MISSED, DeadlineState.MET: MET}


def announcements(timeline: Timeline, told: Told, profile: Profile) -> list[Event]:
    """The events to publish, turns first."""
    events = [_turned(timeline, turn, revision, profile) for turn, revision in told.turns]
    return [*events, _scheduled(timeline)] if told.scheduled else events


def _scheduled(timeline: Timeline) -> Event:
    data = DeadlineScheduled(
        deadlines=tuple(each.deadline for each in timeline.deadlines),
        revision=timeline.revision,
        directorate=timeline.directorate,
        service=timeline.service,
        silent=timeline.silent,
    )
    made = event_id(SCHEDULED, timeline.reference, timeline.revision)
    return _event(timeline, SCHEDULED, made, timeline.known.cause.time, data)


def _turned(timeline: Timeline, turn: Turn, revision: int, profile: Profile) -> Event:
    _, due, warns_at, _ = next(
        each for each in timeline.deadlines if (each.deadline.kind, each.number) == (turn.kind, turn.number)
    )
    time = {DeadlineState.APPROACHING: warns_at, DeadlineState.MISSED: turn.due_at}.get(turn.state, turn.met_at)
    assert time is not None  # noqa: S101  what was met was met at a moment
    told: dict[str, Any] = {
        "kind": turn.kind,
        "due_on": due.due_on,
        "due_at": turn.due_at,
        "days_over": max(0, (local_day(time, profile.zone) - due.due_on).days),
        "directorate": timeline.directorate,
        "service": timeline.service,
        "revision": revision,
        "silent": timeline.silent,
    }
    name = _TYPES[turn.state]
    data = DeadlineMet(**told, met_at=time) if name == MET else EVENT_TYPES[name](**told)
    cause = (turn.kind.value, turn.number, turn.due_at.isoformat(), turn.met_at.isoformat() if turn.met_at else "")
    return _event(timeline, name, event_id(name, timeline.reference, *cause), time, data)


def _event(timeline: Timeline, name: str, made: str, time: datetime, data: EventData) -> Event:
    cause = timeline.known.cause
    envelope = Envelope(
        id=made,
        type=name,
        source=SOURCE,
        subject=timeline.reference,
        time=time,
        organisation=timeline.known.organisation,
        correlation_id=cause.correlation_id,
        causation_id=cause.event_id,
    )
    return Event(envelope=envelope, data=data)
