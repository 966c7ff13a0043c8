"""The events that a decision makes: the same request, profile and model always make the same ones."""

from services.routing.domain.deciding import Outcome
from shared.contracts.events import (
    ContactRegistered,
    ContactRouted,
    Envelope,
    Event,
    ReviewRequested,
    event_id,
)
from shared.contracts.routing_request import RoutingRequested
from shared.profiles.model import Profile

SOURCE = "contactpunt/routing"
ROUTED = "contact.routed.v1"
REVIEW_REQUESTED = "contact.review_requested.v1"
_REGISTRATION = tuple(name for name in ContactRegistered.model_fields if name != "nature")


def events_of(cause: Envelope, request: RoutingRequested, outcome: Outcome, profile: Profile) -> tuple[Event, ...]:
    """``contact.routed`` with all that was decided, and a request for review where a person has to look.

    ``cause`` is the request's own envelope. Of the request only what its registration tells goes on: no text.
    """
    routed = _event(cause, request, ROUTED, _routed(request, outcome, profile), profile)
    if not outcome.decision.needs_review:
        return (routed,)
    review = ReviewRequested(
        undecided=outcome.undecided,
        guesses=outcome.guesses,
        confidence=outcome.decision.confidence,
        profile_version=outcome.decision.profile_version,
        profile_revision=profile.revision,
        profile_hash=profile.content_hash,
        model_version=outcome.model_version,
    )
    return routed, _event(cause, request, REVIEW_REQUESTED, review, profile)


def _routed(request: RoutingRequested, outcome: Outcome, profile: Profile) -> ContactRouted:
    registration = {name: getattr(request, name) for name in _REGISTRATION}
    decision = {name: getattr(outcome.decision, name) for name in type(outcome.decision).model_fields}
    return ContactRouted(
        **registration,
        **decision,
        declared_nature=request.nature,
        profile_revision=profile.revision,
        profile_hash=profile.content_hash,
        model_version=outcome.model_version,
    )


def _event(
    cause: Envelope,
    request: RoutingRequested,
    event_type: str,
    data: ContactRouted | ReviewRequested,
    profile: Profile,
) -> Event:
    envelope = Envelope(
        id=event_id(event_type, cause.subject, profile.content_hash, data.model_version),
        type=event_type,
        source=SOURCE,
        subject=cause.subject,
        time=request.registered_at,
        organisation=cause.organisation,
        correlation_id=cause.correlation_id,
        causation_id=cause.id,
    )
    return Event.model_construct(envelope=envelope, data=data)
