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
from typing import Any, Final, NamedTuple

import orjson

from shared.errors import DeadLetter
from shared.messaging.message import JSON, MEMBERS, MOST_MEMBERS, IncomingMessage, OutgoingMessage, is_bundle
from shared.messaging.topology import BUNDLED, CONTACTS_EVENTS, CONTACTS_ROUTING, SERVICES_EVENTS

BUNDLE: Final = "application/x-ndjson"
"""The content type of a bundle."""
MOST_BYTES: Final = 256 * 1024

# Where bundles go of what is for an exchange, and where their members would have come from, had they come alone.
_BUNDLES_TO: Final[Mapping[str, str]] = {CONTACTS_EVENTS: SERVICES_EVENTS, CONTACTS_ROUTING: CONTACTS_ROUTING}
_OPENED: Final[Mapping[str, str]] = {bundles: single for single, bundles in _BUNDLES_TO.items()}
_IDS: Final = frozenset({"id", "correlation_id"})


class _Line(NamedTuple):
    """A message's place among those given, and its two lines in a bundle."""

    at: int
    text: bytes


def bundled(messages: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """The messages as they go out: in the order given, and after them the bundles of what travels together."""
    going: list[OutgoingMessage | None] = list(messages)
    bundles: list[OutgoingMessage] = []
    for places in _kinds(messages):
        for part in _parts(messages, places):
            bundles.append(_bundle(messages[part[0].at], part))
            for line in part:
                going[line.at] = _single(messages[line.at])
    return [*(each for each in going if each is not None), *bundles]


def members_of(message: IncomingMessage) -> list[IncomingMessage]:
    """The messages in a bundle, each as if it had come alone; what is no bundle is its own one member.

    Raises ``DeadLetter`` where a bundle is not what it should be.
    """
    if not is_bundle(message):
        return [message]
    count, lines = message.headers[MEMBERS], message.body.split(b"\n")
    if not isinstance(count, int) or len(lines) != 2 * count:
        raise DeadLetter("not_a_bundle")
    return [_member(message, lines[at], lines[at + 1]) for at in range(0, len(lines), 2)]


def opened(messages: Iterable[IncomingMessage]) -> list[IncomingMessage]:
    """All messages, those in bundles taken out of them. Raises as ``members_of``."""
    return [member for message in messages for member in members_of(message)]


def _member(bundle: IncomingMessage, head: bytes, body: bytes) -> IncomingMessage:
    headers = _headers(head)
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


def _headers(line: bytes) -> dict[str, str]:
    try:
        headers = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise DeadLetter("not_a_bundle") from None
    if not isinstance(headers, dict) or not headers.keys() >= _IDS or not _are_texts(headers):
        raise DeadLetter("not_a_bundle")
    return headers


def _can_travel(message: OutgoingMessage) -> bool:
    """Whether it comes out of a bundle as it would have come alone."""
    headers = message.headers
    return (
        message.exchange in _BUNDLES_TO
        and message.mandatory
        and message.content_type == JSON
        and headers.get("id") == message.message_id
        and headers.get("correlation_id") == message.correlation_id is not None
        and _are_texts(headers)
        and b"\n" not in message.body
    )


def _are_texts(headers: Mapping[str, Any]) -> bool:
    return all(isinstance(value, str) for value in headers.values())


def _kinds(messages: Sequence[OutgoingMessage]) -> Iterable[list[int]]:
    """The places of those that can travel together, by where they go."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for at, message in enumerate(messages):
        if _can_travel(message):
            kinds.setdefault((message.exchange, message.routing_key), []).append(at)
    return [places for places in kinds.values() if len(places) > 1]


def _parts(messages: Sequence[OutgoingMessage], places: Iterable[int]) -> Iterator[list[_Line]]:
    """Those of one kind, parted where a bundle would become too big; what is left alone then is no bundle."""
    part: list[_Line] = []
    size = 0
    for at in places:
        line = _Line(at, orjson.dumps(messages[at].headers) + b"\n" + messages[at].body)
        if len(part) == MOST_MEMBERS or size + len(line.text) > MOST_BYTES:
            if len(part) > 1:
                yield part
            part, size = [], 0
        part.append(line)
        size += len(line.text) + 1
    if len(part) > 1:
        yield part


def _bundle(first: OutgoingMessage, part: Sequence[_Line]) -> OutgoingMessage:
    return OutgoingMessage(
        exchange=_BUNDLES_TO[first.exchange],
        routing_key=first.routing_key,
        body=b"\n".join(line.text for line in part),
        headers={MEMBERS: len(part)},
        # Of its first member's alone: a bundle is never asked for by it, and a return must name somebody.
        message_id=first.message_id,
        content_type=BUNDLE,
    )


def _single(message: OutgoingMessage) -> OutgoingMessage | None:
    """What goes out by itself of a message in a bundle: nothing where nobody outside may listen."""
    if message.exchange != CONTACTS_EVENTS:
        return None
    # Nobody outside need listen: to whom it matters it goes in the bundle, which somebody must receive.
    return replace(message, headers={**message.headers, BUNDLED: True}, mandatory=False)
