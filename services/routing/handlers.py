"""Requests for a decision as they come from the broker."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import structlog
from faststream.rabbit.annotations import RabbitMessage
from pydantic import ValidationError

from services.routing.domain import Outcome, events_of, facts_of_request
from services.routing.metrics import RoutingMetrics
from services.routing.text.readers import Readers
from shared.contracts.decision import Decision
from shared.contracts.events import Envelope, Event
from shared.contracts.rejection import field_errors
from shared.contracts.routing_request import ROUTING_REQUESTED as REQUEST_TYPE
from shared.contracts.routing_request import RoutingRequested
from shared.errors import DeadLetter
from shared.messaging.message import OutgoingMessage
from shared.messaging.messaging import CONCURRENT, Messaging
from shared.messaging.topology import CONTACTS_EVENTS, ROUTING_REQUESTED
from shared.profiles import Profile, Profiles

_log = structlog.get_logger("routing")


class Publishes(Protocol):
    """The part of a publisher that is needed here."""

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        """Returns when the broker has confirmed each of them."""


class Request(NamedTuple):
    """A request that reads well, and the organisation that it is for."""

    envelope: Envelope
    data: RoutingRequested
    profile: Profile


class RequestHandler:
    """Decides and publishes; keeps nothing. The same request always makes the same events."""

    def __init__(
        self, profiles: Profiles, publisher: Publishes, metrics: RoutingMetrics, readers: Readers | None = None
    ) -> None:
        self._profiles = profiles
        self._readers = readers or Readers()
        self._publisher = publisher
        self._metrics = metrics

    async def __call__(self, headers: Mapping[str, Any], body: bytes) -> None:
        """Raises ``DeadLetter`` for what can never be decided, ``InfrastructureError`` without a broker."""
        request = self._read(headers, body)
        outcome = self._decide(request)
        events = events_of(request.envelope, request.data, outcome, request.profile)
        await self._publisher.publish_all([_outgoing(event) for event in events])
        self._metrics.count(request.envelope.organisation, outcome.decision)
        _tell_log(request.envelope, outcome.decision)

    def _decide(self, request: Request) -> Outcome:
        with self._metrics.decision_seconds.time():
            told = request.data
            return self._readers.decide(facts_of_request(told), request.profile, told.subject, told.text)

    def _read(self, headers: Mapping[str, Any], body: bytes) -> Request:
        try:
            envelope = Envelope.model_validate(dict(headers))
            data = RoutingRequested.model_validate_json(body)
        except ValidationError as error:
            raise self._refusal("not_a_routing_request", fields=_fields(error)) from None
        if envelope.type != REQUEST_TYPE:
            raise self._refusal("other_type")
        profile = self._profiles.get(envelope.organisation)
        if profile is None:
            raise self._refusal("unknown_organisation", organisation=envelope.organisation)
        return Request(envelope, data, profile)

    def _refusal(self, reason: str, **told: object) -> DeadLetter:
        self._metrics.refused.labels(reason).inc()
        _log.error("request cannot be decided; it goes to the dead letters", reason=reason, **told)
        return DeadLetter(reason)


def _tell_log(envelope: Envelope, decision: Decision) -> None:
    _log.info(
        "contact routed",
        reference=envelope.subject,
        correlation_id=envelope.correlation_id,
        organisation=envelope.organisation,
        line=decision.line,
        directorate=decision.directorate,
        needs_review=decision.needs_review,
    )


def subscribe(messaging: Messaging, handler: RequestHandler, *, prefetch: int) -> None:
    """Has the handler called for every request; at most ``prefetch`` are in hand."""
    concurrent = min(prefetch, CONCURRENT)

    @messaging.fast_stream_subscriber(ROUTING_REQUESTED, concurrent=concurrent, prefetch=prefetch)(
        decoder=_undecoded
    )
    async def routing_requested(message: RabbitMessage) -> None:
        await handler(message.headers, message.body)


async def _undecoded(message: RabbitMessage) -> bytes:
    # The handler reads the bytes itself, so that what is not JSON is its own typed error.
    return message.body


def _fields(error: ValidationError) -> list[str]:
    # Field names and codes; not messages, which may quote what came.
    return [f"{each['field']}: {each['code']}" for each in field_errors(error)]


def _outgoing(event: Event) -> OutgoingMessage:
    return OutgoingMessage(
        exchange=CONTACTS_EVENTS,
        routing_key=event.type,
        body=event.body(),
        headers=event.headers(),
        message_id=event.envelope.id,
        correlation_id=event.envelope.correlation_id,
    )
