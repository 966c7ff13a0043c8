"""What is known of a contact, as far as its terms go: the fold of its events, in any order and repetition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from services.deadlines.domain.calculator import Matter
from shared.contracts.events import (
    EVENT_TYPES,
    FOLLOW_UP_EVENT_TYPES,
    ContactRegistered,
    ContactRouted,
    Event,
    Happened,
)
from shared.contracts.identifiers import FollowUpKind, Line, Nature
from shared.contracts.lifecycle import FollowUpFact, Standing, in_order, routing_decision, standing

WITHOUT_EFFECT = frozenset(
    (
        "contact.review_requested.v1",
        FOLLOW_UP_EVENT_TYPES[FollowUpKind.ESCALATED],
        FOLLOW_UP_EVENT_TYPES[FollowUpKind.SURVEYED],
    )
)
"""Types of contact events that no term depends on."""

_WITH_DATA = (FollowUpKind.EXTENDED, FollowUpKind.TRANSFERRED)
_OF_A_DECISION = (
    "nature",
    "line",
    "directorate",
    "service",
    "needs_review",
    "profile_revision",
    "profile_hash",
    "model_version",
)


_ELSE = {
    name: field.get_default(call_default_factory=True)
    for name, field in ContactRouted.model_fields.items()
    if not field.is_required()
}
"""What the other fields of a decision are: given, they are not copied for each of them anew."""


class Registered(NamedTuple):
    """A contact's registration. ``nature`` is the declared one; ``by_itself`` whether its own event was taken in,
    and not only the decision that repeats it.
    """

    received_at: datetime
    registered_at: datetime
    nature: Nature | None
    historical: bool
    by_itself: bool = False


class Cause(NamedTuple):
    """The latest event that the deadlines follow from."""

    time: datetime
    event_id: str
    correlation_id: str


@dataclass(frozen=True)
class Known:
    """What the events of one contact come to. Follow-ups are in order and hold only what terms depend on."""

    organisation: str
    cause: Cause
    registered: Registered | None = None
    decision: ContactRouted | None = None
    follow_ups: tuple[FollowUpFact, ...] = ()


def first_known(event: Event) -> Known:
    """What one event tells when nothing was known before."""
    envelope = event.envelope
    cause = Cause(envelope.time, envelope.id, envelope.correlation_id)
    return _with(Known(organisation=envelope.organisation, cause=cause), event)


def add(known: Known, event: Event) -> Known:
    """What is known with one event more; the same again where the event adds nothing."""
    envelope = event.envelope
    cause = max(known.cause, Cause(envelope.time, envelope.id, envelope.correlation_id))
    return _with(replace(known, cause=cause), event)


def _with(known: Known, event: Event) -> Known:
    data = event.data
    if isinstance(data, ContactRegistered):
        told = Registered(data.received_at, data.registered_at, data.nature, data.historical, by_itself=True)
        return replace(known, registered=told)
    if isinstance(data, ContactRouted):
        by_itself = known.registered is not None and known.registered.by_itself
        told = Registered(data.received_at, data.registered_at, data.declared_nature, data.historical, by_itself)
        decisions = [known.decision, essential(data)] if known.decision else [essential(data)]
        events = [event.model_copy(update={"data": each}) for each in decisions]
        return replace(known, registered=told, decision=routing_decision(events))
    facts = {fact.follow_up_id: fact for fact in known.follow_ups}
    for fact in in_order([event]):
        mine = fact._replace(data=_essential_data(fact.kind, cast("Happened", fact.data)))
        facts[fact.follow_up_id] = min(mine, facts.get(fact.follow_up_id, mine), key=lambda each: each.place)
    return replace(known, follow_ups=tuple(sorted(facts.values(), key=lambda each: each.place)))


def essential(decision: ContactRouted) -> ContactRouted:
    """The part of a decision that terms and the work list depend on; nothing else is kept."""
    return restored_decision({name: getattr(decision, name) for name in _OF_A_DECISION})


def restored_decision(fields: dict[str, Any]) -> ContactRouted:
    """A decision from its essential part; every other field is at its default or not there."""
    return ContactRouted.model_construct(**_ELSE | {name: fields[name] for name in _OF_A_DECISION})


def given_decision(nature: Nature | None, line: Line | None) -> ContactRouted:
    """A decision of which only nature and line are given."""
    given = {"nature": nature, "line": line, "needs_review": False}
    return restored_decision(dict.fromkeys(_OF_A_DECISION) | given)


def decision_fields(decision: ContactRouted) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in _OF_A_DECISION}


def _essential_data(kind: FollowUpKind, data: Happened) -> Happened:
    return data if kind in _WITH_DATA else restored_data(kind, data.follow_up_id, data.occurred_at, {})


def restored_data(
    kind: FollowUpKind, follow_up_id: str, occurred_at: datetime, fields: dict[str, Any]
) -> Happened:
    """A follow-up's data from what was kept of it."""
    model = EVENT_TYPES[FOLLOW_UP_EVENT_TYPES[kind]]
    told = model.model_validate({**fields, "follow_up_id": follow_up_id, "occurred_at": occurred_at})
    return cast("Happened", told)


def data_fields(fact: FollowUpFact) -> dict[str, Any]:
    """What has to be kept of a follow-up's data, as JSON values."""
    return fact.data.model_dump(mode="json", exclude_defaults=True, exclude={"follow_up_id", "occurred_at"})


def matter_of(registered: Registered, now: Standing) -> Matter:
    """What the contact is. Until it is decided, and while in review, only what was declared counts."""
    decided = now.routed and not now.needs_review
    return Matter(
        received_at=registered.received_at,
        nature=(now.nature if decided else None) or registered.nature,
        line=now.line if decided else None,
        registered_at=registered.registered_at,
        routed_at=registered.registered_at if decided else None,
        # Whoever is taken over from the past gets no receipt for it.
        receipt_at=None if registered.historical else registered.registered_at,
    )


def standing_at(known: Known, as_of: datetime) -> Standing:
    """Whose the contact is at a moment."""
    return standing(known.decision, _until(known.follow_ups, as_of))


def with_service_since(known: Known, as_of: datetime) -> datetime | None:
    """Since when, in UTC, the contact has been with its directorate and service; None where it is with none."""
    facts = _until(known.follow_ups, as_of)
    whose = _unit(standing(known.decision, ()))
    since = known.registered.registered_at if known.registered and any(whose) else None
    for place, fact in enumerate(facts, start=1):
        then = _unit(standing(known.decision, facts[:place]))
        if then != whose:
            whose, since = then, fact.occurred_at if any(then) else None
    return since.astimezone(UTC) if since else None


def _unit(now: Standing) -> tuple[str | None, str | None]:
    return now.directorate, now.service


def next_follow_up(known: Known, as_of: datetime) -> datetime | None:
    """The moment of the first follow-up that is still to happen, by a clock that runs behind its sender's."""
    return min((fact.occurred_at for fact in known.follow_ups if fact.occurred_at > as_of), default=None)


def _until(follow_ups: Sequence[FollowUpFact], as_of: datetime) -> list[FollowUpFact]:
    return [fact for fact in follow_ups if fact.occurred_at <= as_of]
