"""Bundles: many messages for the services themselves in one message of the broker.

What a message costs on its way does not depend on what is in it: a queue of the broker writes it down, a consumer
takes its frames apart, both settle it. So what a handler tells at once goes out twice: each event by itself for
whoever listens on ``contacts.events``, and all events of a type together for the queues of the services. The
single ones carry the header ``bundled``, by which the broker keeps them out of those queues. A request to routing
is for routing alone and goes out in a bundle only.

A bundle's body has two lines a message, of JSON that holds no line break: its headers, and its own body as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

import orjson

from shared.errors import DeadLetter
from shared.messaging.message import JSON, MEMBERS, MOST_MEMBERS, IncomingMessage, OutgoingMessage, is_bundle
from shared.messaging.topology import BUNDLED, CONTACTS_EVENTS, CONTACTS_ROUTING, SERVICES_EVENTS

BUNDLE: Final = "application/x-ndjson"
"""The content type of a bundle."""
MOST_BYTES: Final = 256 * 1024

# Where the members of a bundle would have come from, had they come alone.
_OPENED: Final[Mapping[str, str]] = {SERVICES_EVENTS: CONTACTS_EVENTS, CONTACTS_ROUTING: CONTACTS_ROUTING}


def bundled(messages: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """The messages as they go out: those that can travel together in bundles, order kept within a type."""
    if len(messages) == 1:
        return list(messages)
    going: list[OutgoingMessage] = []
    for (exchange, _, _), group in groupby(sorted(messages, key=_kind), key=_kind):
        if exchange in (CONTACTS_EVENTS, CONTACTS_ROUTING):
            for part in _parts(group):
                going += _together(part)
        else:
            going += group
    return going


def members_of(message: IncomingMessage) -> list[IncomingMessage]:
    """The messages in a bundle, each as if it had come alone; what is no bundle is its own one member.

    Raises ``DeadLetter`` where a bundle is not what it should be.
    """
    if not is_bundle(message):
        return [message]
    lines = message.body.split(b"\n")
    if len(lines) != 2 * message.headers[MEMBERS]:
        raise DeadLetter("not_a_bundle")
    try:
        return [_member(message, lines[at], lines[at + 1]) for at in range(0, len(lines), 2)]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise DeadLetter("not_a_bundle") from None


def opened(messages: Iterable[IncomingMessage]) -> list[IncomingMessage]:
    """All messages, those in bundles taken out of them. Raises as ``members_of``."""
    return [member for message in messages for member in members_of(message)]


def _member(bundle: IncomingMessage, head: bytes, body: bytes) -> IncomingMessage:
    headers: dict[str, Any] = orjson.loads(head)
    return IncomingMessage(
        queue=bundle.queue,
        body=body,
        headers=headers,
        exchange=_OPENED[bundle.exchange],
        routing_key=bundle.routing_key,
        message_id=headers["id"],
        correlation_id=headers["correlation_id"],
        content_type=JSON,
        redelivered=bundle.redelivered,
        delivery_count=bundle.delivery_count,
    )


def _kind(message: OutgoingMessage) -> tuple[str, str, bool]:
    return message.exchange, message.routing_key, _can_travel(message)


def _can_travel(message: OutgoingMessage) -> bool:
    headers = message.headers
    return (
        message.mandatory
        and headers.get("id") == message.message_id
        and headers.get("correlation_id") == message.correlation_id
        and b"\n" not in message.body
    )


def _parts(messages: Iterable[OutgoingMessage]) -> Iterator[list[OutgoingMessage]]:
    part: list[OutgoingMessage] = []
    size = 0
    for message in messages:
        if part and (len(part) == MOST_MEMBERS or size + len(message.body) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(message)
        size += len(message.body)
    if part:
        yield part


def _together(part: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    first = part[0]
    if len(part) == 1 or not _can_travel(first):
        return list(part)
    bundle = OutgoingMessage(
        exchange=SERVICES_EVENTS if first.exchange == CONTACTS_EVENTS else first.exchange,
        routing_key=first.routing_key,
        body=b"\n".join(line for each in part for line in (orjson.dumps(each.headers), each.body)),
        headers={MEMBERS: len(part)},
        # Of its first member's alone: a bundle is never asked for by it, and a return must name somebody.
        message_id=first.message_id,
        content_type=BUNDLE,
    )
    if first.exchange != CONTACTS_EVENTS:
        return [bundle]
    return [*(_single(each) for each in part), bundle]


def _single(message: OutgoingMessage) -> OutgoingMessage:
    # Nobody outside need listen: to whom it matters it goes in the bundle, which somebody must receive.
    return replace(message, headers={**message.headers, BUNDLED: True}, mandatory=False)
