"""Requests for a decision as they come from the broker."""

import time
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import structlog
from pydantic import ValidationError

from services.routing.domain import Outcome, events_of, facts_of_request
from services.routing.metrics import RoutingMetrics
from services.routing.text.readers import Asked, Readers
from shared.contracts.decision import Decision
from shared.contracts.events import Envelope, Event
from shared.contracts.rejection import field_errors
from shared.contracts.routing_request import ROUTING_REQUESTED as REQUEST_TYPE
from shared.contracts.routing_request import RoutingRequested
from shared.errors import DeadLetter
from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.messaging.messaging import Messaging
from shared.messaging.topology import CONTACTS_EVENTS, ROUTING_REQUESTED
from shared.profiles import Profile, Profiles

TOGETHER: Final = 50
"""Requests that are decided in one go. The service answers nobody meanwhile: it is some 50 ms."""
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

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Decides on each and publishes for all of them together, which costs much less.

        Raises ``DeadLetter`` where one can never be decided, ``InfrastructureError`` without a broker.
        """
        requests = [self._read(message, alone=len(batch) == 1) for message in batch]
        outcomes = self._decide(requests)
        events = [
            event
            for request, outcome in zip(requests, outcomes, strict=True)
            for event in events_of(request.envelope, request.data, outcome, request.profile)
        ]
        await self._publisher.publish_all([_outgoing(event) for event in events])
        for request, outcome in zip(requests, outcomes, strict=True):
            self._metrics.count(request.envelope.organisation, outcome.decision)
            _tell_log(request.envelope, outcome.decision)

    def _decide(self, requests: Sequence[Request]) -> list[Outcome]:
        begun = time.perf_counter()
        outcomes = self._readers.decide_all(
            [Asked(facts_of_request(told), profile, told.subject, told.text) for _, told, profile in requests]
        )
        each = (time.perf_counter() - begun) / len(requests)
        for _ in requests:
            self._metrics.decision_seconds.observe(each)
        return outcomes

    def _read(self, message: IncomingMessage, *, alone: bool) -> Request:
        try:
            return self._request(message)
        except _Undecidable as error:
            # One among others is handed over again in smaller groups, until it is alone: then it is told, once.
            if alone:
                self._metrics.refused.labels(error.reason).inc()
                _log.error(
                    "request cannot be decided; it goes to the dead letters", reason=error.reason, **error.told
                )
            raise

    def _request(self, message: IncomingMessage) -> Request:
        try:
            envelope = Envelope.model_validate(dict(message.headers))
            data = RoutingRequested.model_validate_json(message.body)
        except ValidationError as error:
            raise _Undecidable("not_a_routing_request", fields=_fields(error)) from None
        if envelope.type != REQUEST_TYPE:
            raise _Undecidable("other_type")
        profile = self._profiles.get(envelope.organisation)
        if profile is None:
            raise _Undecidable("unknown_organisation", organisation=envelope.organisation)
        return Request(envelope, data, profile)


class _Undecidable(DeadLetter):
    """A request that nobody can ever decide, and what an operator is told of it."""

    def __init__(self, reason: str, **told: object) -> None:
        super().__init__(reason)
        self.told = told


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
    """Has the handler called for requests, several at a time; at most ``prefetch`` are in hand."""
    messaging.batch_subscriber(ROUTING_REQUESTED, handler.handle, max_batch=TOGETHER, prefetch=prefetch)


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
