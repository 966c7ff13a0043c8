"""A contact's deadlines as they were last told, and what has to be told when more is known or time has passed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.deadlines.domain.calculator import deadline_of, reckon
from services.deadlines.domain.known import (
    Known,
    add,
    first_known,
    matter_of,
    next_follow_up,
    standing_at,
    with_service_since,
)
from services.deadlines.domain.running import Running
from shared.contracts.deadline import Deadline
from shared.contracts.events import Event
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.profiles import Profile
from shared.profiles.calendar import BeyondCalendar

RESERVED_REVISIONS = 2
"""The most revisions that one change takes: one for turns of later answers, one for all the rest."""


class Timed(NamedTuple):
    """A deadline. ``number`` is 1 for the term from receipt, 2 for the answer owed after the first reopening;
    ``warns_at`` the moment from which it is near. ``told_at`` is the revision at which it was told that it came
    near, was missed or was met; 0 where nothing of it was.
    """

    number: int
    deadline: Deadline
    warns_at: datetime
    told_at: int = 0


class Turn(NamedTuple):
    """That a deadline came near, was missed or was met: the same turn is the same event, however often told."""

    state: DeadlineState
    kind: DeadlineKind
    number: int
    due_at: datetime
    met_at: datetime | None


@dataclass(frozen=True)
class Timeline:
    """What is stored of one contact.

    ``revision`` counts what was told of its deadlines. ``turns_at`` is the next moment at which time changes
    something; None where nothing can turn any more. ``uncounted`` names the calendar that ends before the terms of
    the contact do; its deadlines are then as they were last counted, if ever, until the calendar is added to.
    """

    reference: str
    known: Known
    deadlines: tuple[Timed, ...] = ()
    directorate: str | None = None
    service: str | None = None
    with_service_since: datetime | None = None
    revision: int = 0
    turns_at: datetime | None = None
    uncounted: str | None = None

    @property
    def silent(self) -> bool:
        return self.known.registered is not None and self.known.registered.historical


class Told(NamedTuple):
    """What has to be told: turns, each with the revision it is told at, and whether all is told as it stands."""

    turns: tuple[tuple[Turn, int], ...] = ()
    scheduled: bool = False


def runnings(profile: Profile, known: Known, as_of: datetime) -> tuple[Running, ...]:
    """The contact's terms as they stand; none before its registration is known."""
    if known.registered is None:
        return ()
    matter = matter_of(known.registered, standing_at(known, as_of))
    return reckon(profile, matter, known.follow_ups, as_of)


def follow(
    timeline: Timeline | None, reference: str, events: Sequence[Event], profile: Profile, now: datetime
) -> tuple[Timeline, Told]:
    """The timeline with more events, and what has to be told.

    An event that adds nothing may be one whose consequences were stored but never told: all is told again then,
    each turn at the revision at which it was, and the whole at the last one.
    """
    fresh = timeline is None
    known = first_known(events[0]) if timeline is None else timeline.known
    again = False
    for event in events[1:] if fresh else events:
        more = add(known, event)
        again = again or more == known
        known = more
    start = timeline or Timeline(reference, known)
    return advance(replace(start, known=known), profile, now, again=again)


def advance(timeline: Timeline, profile: Profile, now: datetime, *, again: bool = False) -> tuple[Timeline, Told]:
    """The timeline as it stands now, and what has to be told; everything that was ever told with ``again``."""
    known = timeline.known
    whose = standing_at(known, now)
    try:
        terms = runnings(profile, known, now)
    except BeyondCalendar as beyond:
        return replace(timeline, turns_at=None, uncounted=beyond.calendar), Told()
    deadlines: tuple[Timed, ...] = ()
    if known.registered is not None:
        matter = matter_of(known.registered, whose)
        deadlines = tuple(Timed(each.number, deadline_of(profile, matter, each), each.warns_at) for each in terms)
    moments = [each.turns_at for each in terms if each.turns_at] + [next_follow_up(known, now)]
    changed = replace(
        timeline,
        deadlines=deadlines,
        directorate=whose.directorate,
        service=whose.service,
        with_service_since=with_service_since(known, now),
        turns_at=min((each for each in moments if each is not None), default=None),
        uncounted=None,
    )
    return _tell(timeline, changed, again=again)


def _tell(before: Timeline, after: Timeline, *, again: bool) -> tuple[Timeline, Told]:
    told_before = dict(_turns(before))
    turned = [turn for turn, _ in _turns(after)]
    new = [turn for turn in turned if turn not in told_before]
    scheduled = _told_in_full(before) != _told_in_full(after) or any(turn.number > 1 for turn in new)
    if scheduled or new:
        # What happens to a later answer must not stay behind as what is told of the first one: the whole of the
        # deadlines follows it at a higher revision.
        step = RESERVED_REVISIONS if any(turn.number > 1 for turn in new) else 1
        after = replace(after, revision=before.revision + step)
    revisions = {turn: told_before.get(turn) or after.revision - (turn.number > 1) for turn in turned}
    deadlines = tuple(
        each._replace(told_at=revisions[turn]) if (turn := _turn(each)) else each for each in after.deadlines
    )
    after = replace(after, deadlines=deadlines)
    if again and after.revision > 0:
        scheduled, new = True, turned
    return after, Told(tuple((turn, revisions[turn]) for turn in new), scheduled)


def _turns(timeline: Timeline) -> list[tuple[Turn, int]]:
    """What of the deadlines has been told by itself, and at which revision."""
    return [(turn, each.told_at) for each in timeline.deadlines if (turn := _turn(each)) is not None]


def _turn(timed: Timed) -> Turn | None:
    states = {
        DeadlineState.APPROACHING: DeadlineState.APPROACHING,
        DeadlineState.MISSED: DeadlineState.MISSED,
        DeadlineState.MET: DeadlineState.MET,
        DeadlineState.MET_LATE: DeadlineState.MET,
    }
    due = timed.deadline
    if due.state not in states:
        return None
    return Turn(states[due.state], due.kind, timed.number, due.due_at, due.met_at)


def _told_in_full(timeline: Timeline) -> object:
    """What is told with all deadlines together: everything but what time alone turns, which is told by itself."""
    if not timeline.deadlines:
        return None
    by_time = (DeadlineState.OPEN, DeadlineState.APPROACHING, DeadlineState.MISSED)
    parts = []
    for number, each, *_ in timeline.deadlines:
        state = DeadlineState.OPEN if each.state in by_time else each.state
        told: dict[str, object] = {"state": state}
        if state is DeadlineState.PAUSED:
            # The end of a pause that lasts moves on every day; that is not worth telling every day.
            told |= {"due_on": None, "due_at": None}
        parts.append((number, each.model_copy(update=told)))
    return (parts, timeline.directorate, timeline.service, timeline.silent)
