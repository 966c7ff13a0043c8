"""From the events of one contact to its fact: any order, any repetition, however late, the same fact."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from services.reporting.domain.deadlines import (
    KnownDeadline,
    Pause,
    days_between,
    deadline_fact,
    deadlines_of,
)
from services.reporting.domain.dimensions import FALSE, NONE, OPEN, TRUE, UNKNOWN
from services.reporting.domain.fact import Fact
from shared.contracts.events import (
    ContactClosed,
    ContactExtended,
    ContactRegistered,
    ContactSurveyed,
    Event,
)
from shared.contracts.identifiers import DeadlineKind, DeadlineState, FollowUpKind, Line
from shared.contracts.lifecycle import (
    FollowUpFact,
    Standing,
    contact_state,
    in_order,
    registration,
    routing_decision,
    standing,
)
from shared.profiles import Profile

REGISTERED: Final = "contact.registered.v1"
ROUTED: Final = "contact.routed.v1"
_IN_TERM = {
    DeadlineState.MET: TRUE,
    DeadlineState.MET_LATE: FALSE,
    DeadlineState.MISSED: FALSE,
    DeadlineState.OPEN: OPEN,
    DeadlineState.PAUSED: OPEN,
    DeadlineState.APPROACHING: OPEN,
    DeadlineState.CANCELLED: NONE,
}


class _Known(NamedTuple):
    registered: ContactRegistered
    now: Standing
    follow_ups: Sequence[FollowUpFact]
    closed: ContactClosed | None
    deadlines: dict[DeadlineKind, KnownDeadline]


_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,99}")


def is_countable(event: Event) -> bool:
    """Whether all that a fact takes from the event are codes: they become the names of counters."""
    district = getattr(event.data, "district", UNKNOWN)
    return _CODE.fullmatch(district) is not None


def fold(events: Iterable[Event], profile: Profile) -> Fact | None:
    """The fact that a contact's events come to; None until its registration is known from one of them."""
    distinct = _distinct(events)
    registered = registration(distinct)
    if registered is None:
        return None
    follow_ups = in_order(distinct)
    known = _Known(
        registered,
        standing(routing_decision(distinct), follow_ups),
        follow_ups,
        _last_closing(follow_ups),
        deadlines_of(distinct),
    )
    zone = profile.zone
    envelope = distinct[0].envelope
    return Fact(
        reference=envelope.subject,
        organisation=envelope.organisation,
        received_on=profile.local_date(registered.received_at),
        codes=_codes(known, profile),
        days=_days_to_first_answer(known, profile),
        score=_score(follow_ups),
        deadlines={
            kind: deadline_fact(each, registered.received_at, zone) for kind, each in known.deadlines.items()
        },
        events=len(distinct),
        closed_on=_closed_on(follow_ups, profile),
    )


def _distinct(events: Iterable[Event]) -> list[Event]:
    """The events that count, by id: what several tell alike is read from the same one however they arrived.

    A decision repeats the registration: with it the registration's own event is one too many, whether it comes
    before, later or, since there is nothing to be done for it, never.
    """
    by_id = {event.envelope.id: event for event in events}
    decided = any(event.type == ROUTED for event in by_id.values())
    return [by_id[each] for each in sorted(by_id) if not (decided and by_id[each].type == REGISTERED)]


def _last_closing(follow_ups: Sequence[FollowUpFact]) -> ContactClosed | None:
    closings = [each.data for each in follow_ups if isinstance(each.data, ContactClosed)]
    return closings[-1] if closings else None


def _closed_on(follow_ups: Sequence[FollowUpFact], profile: Profile) -> date | None:
    closed: datetime | None = None
    for each in follow_ups:
        if each.kind in (FollowUpKind.CLOSED, FollowUpKind.WITHDRAWN):
            closed = each.occurred_at
        elif each.kind is FollowUpKind.REOPENED:
            closed = None
    return None if closed is None else profile.local_date(closed)


def _score(follow_ups: Sequence[FollowUpFact]) -> int | None:
    scores = [each.data.score for each in follow_ups if isinstance(each.data, ContactSurveyed)]
    return scores[-1] if scores else None


def _codes(known: _Known, profile: Profile) -> dict[str, tuple[str, ...]]:
    registered, now, closed = known.registered, known.now, known.closed
    no_unit = NONE if now.line is Line.EXTERNAL else UNKNOWN
    outside = NONE if now.line in (Line.FIRST, Line.SECOND) else UNKNOWN
    single = {
        "channel": registered.channel,
        "access_channel": registered.access_channel or UNKNOWN,
        "nature": now.nature or registered.nature or UNKNOWN,
        "line": now.line or UNKNOWN,
        "handled_by": now.handled_by or UNKNOWN,
        "directorate": now.directorate or no_unit,
        "service": now.service or no_unit,
        "entity": registered.entity or UNKNOWN,
        "external_body": now.external_body or outside,
        "qualification": (closed and closed.qualification) or UNKNOWN,
        "intervention": (closed and closed.intervention) or UNKNOWN,
        "outcome": (closed and closed.outcome) or UNKNOWN,
        "district": registered.district,
        "repeated": _truth(registered.repeat_of is not None),
        "cross_directorate": _truth(_crosses_directorates(now, closed)),
        "state": contact_state(now, known.follow_ups),
        "acknowledged_in_term": _in_term(known, DeadlineKind.ACKNOWLEDGEMENT),
        "answered_in_term": _in_term(known, DeadlineKind.ANSWER),
        "extended": _truth(_was_extended(known)),
    }
    attributes = {attribute.id for version in profile.versions for attribute in version.attributes}
    single |= {each: registered.attributes.get(each, UNKNOWN) for each in attributes}
    # Codes of the contract are enumerations; a fact holds their bare text.
    return {name: (str(value),) for name, value in single.items()} | _several(known)


def _several(known: _Known) -> dict[str, tuple[str, ...]]:
    registered, now, closed = known.registered, known.now, known.closed
    topic = now.topic or registered.about.topic
    subtopic = registered.about.subtopic
    norms = closed.norms_violated if closed else None
    return {
        "topic": _each((closed and closed.topics) or (topic,), UNKNOWN),
        "subtopic": _each((closed and closed.subtopics) or (subtopic,), UNKNOWN),
        "exclusion_ground": _each(now.exclusion_grounds, NONE if now.routed else UNKNOWN),
        "norm": _each(norms or (), UNKNOWN if norms is None else NONE),
    }


def _each(values: Iterable[str | None], absent: str) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value})) or (absent,)


def _truth(is_so: bool) -> str:
    return TRUE if is_so else FALSE


def _crosses_directorates(now: Standing, closed: ContactClosed | None) -> bool:
    concerned = {*now.other_directorates, *(closed.directorates if closed else ())}
    return len(concerned | ({now.directorate} if now.directorate else set())) > 1


def _in_term(known: _Known, kind: DeadlineKind) -> str:
    deadline = known.deadlines.get(kind)
    return NONE if deadline is None else _IN_TERM[deadline.state]


def _was_extended(known: _Known) -> bool:
    """Whether an extension had effect: it has none once the answer is late."""
    answer = known.deadlines.get(DeadlineKind.ANSWER)
    # An effective extension only moves the end further away, so comparing with the end as it now is is exact.
    return any(
        isinstance(each.data, ContactExtended) and (answer is None or each.occurred_at < answer.due_at)
        for each in known.follow_ups
    )


def _days_to_first_answer(known: _Known, profile: Profile) -> int | None:
    answers = [
        each.occurred_at for each in known.follow_ups if each.kind in (FollowUpKind.ANSWERED, FollowUpKind.CLOSED)
    ]
    if not answers:
        return None
    told = known.deadlines.get(DeadlineKind.ANSWER)
    if told is not None and told.days_taken is not None:
        return told.days_taken
    return days_between(known.registered.received_at, answers[0], _pauses(known.follow_ups), profile.zone)


def _pauses(follow_ups: Sequence[FollowUpFact]) -> list[Pause]:
    pauses: list[Pause] = []
    begins: datetime | None = None
    for each in follow_ups:
        if each.kind is FollowUpKind.INFORMATION_REQUESTED:
            begins = begins or each.occurred_at
        elif each.kind is FollowUpKind.INFORMATION_RECEIVED and begins is not None:
            pauses.append(Pause(begins, each.occurred_at))
            begins = None
    return pauses if begins is None else [*pauses, Pause(begins, None)]
