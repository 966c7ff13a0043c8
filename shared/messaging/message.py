"""Messages as handlers see them: without the broker's own bookkeeping."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from shared.messaging.topology import CONTACTS_ROUTING, DEFAULT_EXCHANGE, SERVICES_EVENTS, SERVICES_RETURNS

JSON = "application/json"

# Ours, on copies that go through a retry queue or to the dead letters.
ATTEMPT = "x-attempt"
ORIGINAL_EXCHANGE = "x-original-exchange"
ORIGINAL_ROUTING_KEY = "x-original-routing-key"
DEAD_REASON = "x-dead-reason"
DEAD_ATTEMPTS = "x-dead-attempts"
DEAD_AT = "x-dead-at"
MEMBERS = "members"
"""The header of a bundle that tells how many messages are in it."""
MOST_MEMBERS = 50
# Where services alone publish.
_OF_SERVICES = frozenset({SERVICES_EVENTS, CONTACTS_ROUTING})
# The broker's: how often a quorum queue has had the message back.
DELIVERY_COUNT = "x-delivery-count"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to publish: persistent, confirmed and, unless said otherwise, for at least one queue."""

    exchange: str
    routing_key: str
    body: bytes = field(repr=False)
    headers: Mapping[str, Any] = field(repr=False)
    message_id: str
    correlation_id: str | None = None
    mandatory: bool = True
    content_type: str | None = JSON


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message that came in, as it was first published: a copy out of a retry queue shows the original's address.

    ``attempt`` is 1 the first time and counts retries with delay; ``delivery_count`` counts how often a consumer
    died or closed its channel with the message in hand. Body, headers and ids are whatever the sender put there.
    """

    queue: str
    body: bytes = field(repr=False)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    exchange: str = ""
    routing_key: str = ""
    message_id: str | None = None
    correlation_id: str | None = None
    content_type: str | None = None
    redelivered: bool = False
    delivery_count: int = 0
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message together with what is needed to settle it. ``tag`` is the channel's number for it, ``arrived`` the
    moment that it came by the event loop's clock, ``size`` how many messages are in it, were it a bundle.
    """

    message: IncomingMessage
    tag: int
    raw: DeliveredMessage = field(repr=False)
    arrived: float = 0.0
    size: int = 1

    @property
    def properties(self) -> Basic.Properties:
        return self.raw.header.properties


def received(raw: DeliveredMessage, queue: str, arrived: float = 0.0) -> Delivery:
    """The delivery as it came; nothing that a sender can write makes it fail."""
    properties = raw.header.properties
    headers: Mapping[str, Any] = properties.headers or {}
    exchange, routing_key, attempt = raw.exchange or "", raw.routing_key or "", 1
    # Only what a service put back can be a copy of ours; on another exchange anybody may set such headers.
    if exchange in (DEFAULT_EXCHANGE, SERVICES_RETURNS):
        attempt = max(1, _whole_number(headers.get(ATTEMPT), 1))
        exchange = str(headers.get(ORIGINAL_EXCHANGE, exchange))
        routing_key = str(headers.get(ORIGINAL_ROUTING_KEY, routing_key))
    message = IncomingMessage(
        queue=queue,
        body=raw.body,
        headers=headers,
        exchange=exchange,
        routing_key=routing_key,
        message_id=properties.message_id,
        correlation_id=properties.correlation_id,
        content_type=properties.content_type,
        redelivered=bool(raw.redelivered),
        delivery_count=_whole_number(headers.get(DELIVERY_COUNT), 0),
        attempt=attempt,
    )
    return Delivery(message, raw.delivery_tag or 0, raw, arrived, _size(message))


def is_bundle(message: IncomingMessage) -> bool:
    """Whether a service put several messages into this one (``bundle``): nobody else can hand one in."""
    return MEMBERS in message.headers and message.exchange in _OF_SERVICES


def messages_in(deliveries: Iterable[Delivery]) -> int:
    """How many messages came with them, those in bundles counted one by one."""
    return sum(each.size for each in deliveries)


def _size(message: IncomingMessage) -> int:
    # What is no number of members is found out when the bundle is opened.
    members = message.headers[MEMBERS] if is_bundle(message) else 1
    return members if isinstance(members, int) and 1 <= members <= MOST_MEMBERS else 1


def _whole_number(value: object, otherwise: int) -> int:
    if isinstance(value, int):
        return value
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return int(value)  # type: ignore[call-overload,no-any-return]
    return otherwise
