"""What the events of one contact come to, whatever order they arrived in.

The contract's own rules: among follow-ups the order is (``occurred_at``, kind, id), never arrival; a
person's decision (``transferred``) outranks routing's, and among routing's the highest profile and model
version holds.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

from pydantic import BaseModel

from shared.contracts.events import (
    FOLLOW_UP_KINDS,
    ContactRegistered,
    ContactRouted,
    ContactTransferred,
    Event,
    Happened,
)
from shared.contracts.identifiers import ContactState, FollowUpKind, HandledBy, Id, Line, Nature


class FollowUpFact(NamedTuple):
    """A follow-up in its place: tuples compare in the order that the contract gives."""

    occurred_at: datetime
    kind: FollowUpKind
    follow_up_id: str
    data: BaseModel

    @property
    def place(self) -> tuple[datetime, str, str]:
        return (self.occurred_at, self.kind.value, self.follow_up_id)


class Standing(NamedTuple):
    """Whose a contact is now: routing's decision as people have corrected it. ``None`` is not known."""

    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: tuple[Id, ...] = ()
    external_body: Id | None = None
    exclusion_grounds: tuple[Id, ...] = ()
    topic: Id | None = None
    needs_review: bool = False
    routed: bool = False
    """Whether routing or a person has decided."""


def in_order(events: Iterable[Event]) -> list[FollowUpFact]:
    """The follow-ups among the events, each once, in their order."""
    facts: dict[str, FollowUpFact] = {}
    for event in events:
        kind = FOLLOW_UP_KINDS.get(event.type)
        if kind is not None:
            data = cast("Happened", event.data)
            fact = FollowUpFact(data.occurred_at, kind, data.follow_up_id, data)
            known = facts.setdefault(data.follow_up_id, fact)
            if fact.place < known.place:
                facts[data.follow_up_id] = fact
    return sorted(facts.values(), key=lambda fact: fact.place)


def registration(events: Iterable[Event]) -> ContactRegistered | None:
    """The contact as it was registered: from its own event, or else as the decision that holds tells it."""
    known = list(events)
    told = [event.data for event in known if isinstance(event.data, ContactRegistered)]
    if told:
        return min(told, key=lambda data: data.registered_at)
    decision = routing_decision(known)
    if decision is None:
        return None
    repeated = {name: getattr(decision, name) for name in ContactRegistered.model_fields}
    return ContactRegistered.model_construct(**repeated | {"nature": decision.declared_nature})


def routing_decision(events: Iterable[Event]) -> ContactRouted | None:
    """Routing's decision that holds: the one of the highest profile and model."""
    decisions = [event.data for event in events if isinstance(event.data, ContactRouted)]
    return max(decisions, key=_rank, default=None)


def _rank(decision: ContactRouted) -> tuple[int, int, str]:
    return (decision.profile_revision, decision.model_version, decision.profile_hash)


def standing(decision: ContactRouted | None, follow_ups: Iterable[FollowUpFact]) -> Standing:
    """Routing's decision, then each person's over it, in order."""
    now = Standing()
    if decision is not None:
        now = Standing(
            nature=decision.nature,
            line=decision.line,
            handled_by=decision.handled_by,
            directorate=decision.directorate,
            service=decision.service,
            other_directorates=decision.other_directorates,
            external_body=decision.external_body,
            exclusion_grounds=decision.exclusion_grounds,
            topic=decision.about.topic,
            needs_review=decision.needs_review,
            routed=True,
        )
    for fact in follow_ups:
        if isinstance(fact.data, ContactTransferred):
            now = _transferred(now, fact.data)
    return now


def _transferred(now: Standing, transfer: ContactTransferred) -> Standing:
    """What a person decided, and what follows from it where they said no more: nothing of a decision that was
    taken back may stay behind.
    """
    given = {name: getattr(transfer, name) for name in transfer.decided if name in Standing._fields}
    for several in ("other_directorates", "exclusion_grounds"):
        if several in given:
            given[several] = tuple(given[several] or ())
    if given.get("external_body"):
        given.setdefault("line", Line.EXTERNAL)
    return now._replace(**_implied(now, given) | given, needs_review=False, routed=True)


def _implied(now: Standing, given: dict[str, Any]) -> dict[str, Any]:
    implied: dict[str, Any] = {}
    if given.get("directorate", now.directorate) != now.directorate:
        implied["service"] = None
    match given.get("line"):
        case None:
            pass
        case Line.EXTERNAL:
            implied |= {"handled_by": HandledBy.EXTERNAL_BODY, "directorate": None, "service": None}
            implied["other_directorates"] = ()
        case Line.SECOND:
            implied |= {"handled_by": HandledBy.OMBUDS_SERVICE, "external_body": None}
        case Line.FIRST:
            ours = now.handled_by in (HandledBy.SERVICE, HandledBy.COMPLAINTS_COORDINATION)
            implied |= {"handled_by": now.handled_by if ours else HandledBy.SERVICE, "external_body": None}
    return implied


_TURNS: dict[FollowUpKind, dict[ContactState, ContactState]] = {
    FollowUpKind.INFORMATION_REQUESTED: {ContactState.OPEN: ContactState.PAUSED},
    FollowUpKind.INFORMATION_RECEIVED: {ContactState.PAUSED: ContactState.OPEN},
    FollowUpKind.ANSWERED: dict.fromkeys(
        (ContactState.OPEN, ContactState.PAUSED, ContactState.ANSWERED), ContactState.ANSWERED
    ),
    FollowUpKind.CLOSED: {
        state: ContactState.CLOSED for state in ContactState if state is not ContactState.WITHDRAWN
    },
    FollowUpKind.REOPENED: dict.fromkeys(ContactState, ContactState.OPEN),
    FollowUpKind.WITHDRAWN: {
        state: ContactState.WITHDRAWN for state in ContactState if state is not ContactState.CLOSED
    },
    FollowUpKind.ESCALATED: dict.fromkeys(ContactState, ContactState.ESCALATED),
}
"""Into which state a kind of follow-up takes a contact from which; what is not named changes nothing."""


def contact_state(now: Standing, follow_ups: Iterable[FollowUpFact]) -> ContactState:
    """Where the contact is: what its follow-ups made of it, or else how far routing has come."""
    state = ContactState.OPEN
    for fact in follow_ups:
        state = _TURNS.get(fact.kind, {}).get(state, state)
    if state is not ContactState.OPEN:
        return state
    if now.needs_review:
        return ContactState.IN_REVIEW
    return ContactState.OPEN if now.routed else ContactState.RECEIVED
