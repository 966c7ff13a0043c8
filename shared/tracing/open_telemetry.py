"""Traces of contacts with OpenTelemetry, in the W3C's headers. Imported where tracing is on.

A span tells when something was handled, for how long and whether it failed; which contact, by its reference; and
nothing else. No span holds an error's words, an address that was asked for, or anything else of a citizen.
"""

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AnyValue
from starlette.types import ASGIApp

from shared.errors import DeadLetter
from shared.messaging.bundle import members_of
from shared.messaging.message import Delivery, IncomingMessage, OutgoingMessage
from shared.messaging.topology import CONTACTS_EVENTS, CONTACTS_ROUTING
from shared.tracing import Causes, event_causes
from shared.tracing.requests import TracedRequests

REFERENCE: Final = "contactpunt.reference"
ORGANISATION: Final = "contactpunt.organisation"
EVENT_TYPE: Final = "contactpunt.event_type"
DESTINATION: Final = "messaging.destination.name"
BATCH_SIZE: Final = "messaging.batch.message_count"
ERROR_TYPE: Final = "error.type"
HEADERS: Final = ("traceparent", "tracestate")

_STOP_SECONDS: Final = 3.0
_FROM_HEADERS: Final = {"subject": REFERENCE, "organisation": ORGANISATION, "type": EVENT_TYPE}
# On these exchanges services alone publish; elsewhere an adapter may have put anything into a header.
_OF_SERVICES: Final = frozenset({CONTACTS_EVENTS, CONTACTS_ROUTING})
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Only the trace: baggage may hold whatever a sender likes, and would travel on with every event.
_PROPAGATOR: Final = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class _Hand:
    """A batch in hand: the spans of its messages by the channel's number for what brought them, a bundle perhaps,
    and by what names each as a cause.
    """

    by_tag: Mapping[int, Sequence[Span]]
    by_cause: Mapping[str, Span]
    batch: Span | None

    def cause_of(self, message: OutgoingMessage) -> Span | None:
        """The span of the message that this one follows from; None where that cannot be told."""
        # An event names its cause; the answer to a refused message has the checksum of what was refused.
        headers = message.headers
        names = (headers.get("causation_id"), headers.get("sha256"), message.correlation_id)
        found = next((self.by_cause[str(name)] for name in names if name in self.by_cause), None)
        return found if found is not None or self.batch is not None else self.spans[0]

    @property
    def spans(self) -> list[Span]:
        """Those of all messages."""
        return [span for spans in self.by_tag.values() for span in spans]


_in_hand: ContextVar[_Hand | None] = ContextVar("contactpunt_in_hand", default=None)


class OpenTelemetryTracing:
    """The traces of one service. Satisfies what messaging and HTTP ask of tracing."""

    def __init__(self, provider: TracerProvider, causes: Causes = event_causes) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("contactpunt")
        self._causes = causes

    def around_requests(self, app: ASGIApp) -> ASGIApp:
        """The app, with a span for each request."""
        return TracedRequests(app, self._tracer, _PROPAGATOR)

    async def stop(self) -> None:
        """Sends what is left, for a few seconds at most: a collector that is away must not hold up the end."""
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, _STOP_SECONDS)

    @contextmanager
    def in_hand(self, queue: str, batch: Sequence[Delivery]) -> Iterator[None]:
        """A span for each message, in the trace that it came with; where there are several, one more for the
        batch, linked with all of them.
        """
        messages = [(each.tag, message) for each in batch for message in _in(each)]
        parents = [_PROPAGATOR.extract(_carrier(message.headers)) for _, message in messages]
        together = self._batch_span(queue, parents) if len(messages) > 1 else None
        links = [Link(together.get_span_context())] if together else []
        by_tag: dict[int, list[Span]] = {}
        by_cause: dict[str, Span] = {}
        for (tag, message), parent in zip(messages, parents, strict=True):
            attributes = {DESTINATION: queue, **_told_by(message)}
            span = self._tracer.start_span(f"process {queue}", parent, SpanKind.CONSUMER, attributes, links)
            by_tag.setdefault(tag, []).append(span)
            for cause in self._causes(message):
                by_cause.setdefault(cause, span)
        hand = _Hand(by_tag, by_cause, together)
        token = _in_hand.set(hand)
        try:
            with _ending([*hand.spans, *([together] if together else [])]):
                yield
        finally:
            _in_hand.reset(token)

    @contextmanager
    def outgoing(self, messages: Sequence[OutgoingMessage]) -> Iterator[Sequence[OutgoingMessage]]:
        """A span for each message, below that of its cause or of the request in hand; what has neither begins a
        trace, together with what else is said of the contact.
        """
        hand = _in_hand.get()
        begun: dict[str, Span] = {}
        spans: list[Span] = []
        traced: list[OutgoingMessage] = []
        for message in messages:
            span = self._publishing(message, hand, begun)
            spans.append(span)
            carrier: dict[str, str] = {}
            _PROPAGATOR.inject(carrier, set_span_in_context(span))
            traced.append(replace(message, headers={**message.headers, **carrier}))
        with _ending(spans):
            yield traced

    def not_handled(self, delivery: Delivery, reason: str) -> None:
        """Marks the message's span, of a bundle those of all in it, as failed, with the code and no words."""
        hand = _in_hand.get()
        for span in hand.by_tag[delivery.tag] if hand else ():
            _fail(span, reason)

    def _batch_span(self, queue: str, parents: Sequence[Context]) -> Span:
        links = [
            Link(context)
            for parent in parents
            if (context := get_current_span(parent).get_span_context()).is_valid
        ]
        attributes: dict[str, AnyValue] = {DESTINATION: queue, BATCH_SIZE: len(parents)}
        return self._tracer.start_span(f"batch {queue}", Context(), attributes=attributes, links=links)

    def _publishing(self, message: OutgoingMessage, hand: _Hand | None, begun: dict[str, Span]) -> Span:
        told = _attributes(message.headers)
        cause = hand.cause_of(message) if hand else None
        if cause is not None:
            # Of a submission it is known only now whose it is.
            cause.set_attributes({name: told[name] for name in (REFERENCE, ORGANISATION) if name in told})
        elif hand is None and get_current_span().get_span_context().is_valid:
            cause = get_current_span()
        elif message.correlation_id is not None:
            cause = begun.get(message.correlation_id)
        span = self._tracer.start_span(
            f"publish {told.get(EVENT_TYPE, message.exchange)}",
            Context() if cause is None else set_span_in_context(cause),
            SpanKind.PRODUCER,
            {DESTINATION: message.exchange, **told},
            [Link(hand.batch.get_span_context())] if cause is None and hand and hand.batch else [],
        )
        if cause is None and message.correlation_id is not None:
            begun[message.correlation_id] = span
        return span


def _in(delivery: Delivery) -> Sequence[IncomingMessage]:
    try:
        return members_of(delivery.message)
    except DeadLetter:
        # Whoever handles it finds out; to a trace it is one message.
        return (delivery.message,)


def _carrier(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name in HEADERS if isinstance(value := headers.get(name), str)}


def _told_by(message: IncomingMessage) -> dict[str, str]:
    return _attributes(message.headers) if message.exchange in _OF_SERVICES else {}


def _attributes(headers: Mapping[str, Any]) -> dict[str, str]:
    told = {name: headers.get(header) for header, name in _FROM_HEADERS.items()}
    return {name: value for name, value in told.items() if isinstance(value, str) and _NAME.fullmatch(value)}


@contextmanager
def _ending(spans: Sequence[Span]) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        for span in spans:
            _fail(span, type(error).__name__)
        raise
    finally:
        for span in spans:
            span.end()


def _fail(span: Span, reason: str) -> None:
    span.set_attribute(ERROR_TYPE, reason)
    span.set_status(Status(StatusCode.ERROR))
