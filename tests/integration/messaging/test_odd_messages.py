"""Nothing that a sender can put on the wire stops a consumer or costs the connection."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from aiormq.abc import ChannelFrame
from pamqp import encode, frame
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared.errors import DeadLetter
from shared.messaging import Messaging, topology
from tests.integration.messaging.support import Client, Recorder, eventually

QUEUE = topology.INTAKE_LIVE
BODY = b'{"a": 1}'


class RawHeader(ContentHeader):
    """A content header whose properties are given as they go over the wire."""

    def __init__(self, body_size: int, flags: int, wire: bytes) -> None:
        super().__init__(body_size=body_size)
        self._wire = flags.to_bytes(2, "big") + wire

    def marshal(self) -> bytes:
        return super().marshal()[:12] + self._wire


async def _publish_raw(client: Client, header: ContentHeader, key: bytes = b"submission.leuven.email") -> None:
    """Publishes what a well-behaved library would refuse to send."""
    marker = "k" * len(key)
    publish = frame.marshal(Basic.Publish(exchange="contacts.inbound", routing_key=marker), client.channel.number)
    payload = publish.replace(marker.encode(), key)
    payload += frame.marshal(header, client.channel.number) + frame.marshal(
        ContentBody(BODY), client.channel.number
    )
    client.channel.delivery_tag += 1
    await client.channel.write_queue.put(ChannelFrame(payload=payload, should_close=False))


def _flag(name: str) -> int:
    return Basic.Properties.flags[name]


MICROSECONDS = 1_637_500_000_000_000
UNREADABLE = {
    "a time in microseconds": (_flag("timestamp"), MICROSECONDS.to_bytes(8, "big")),
    "a time beyond all years": (_flag("timestamp"), b"\xff" * 8),
    "a message id that is not UTF-8": (_flag("message_id"), b"\x03\xff\xfe\xfd"),
    "a content type that is not UTF-8": (_flag("content_type"), b"\x02\xc3\x28"),
    "a header name that is not UTF-8": (_flag("headers"), (5).to_bytes(4, "big") + b"\x02\xff\xfet\x01"),
    "a header time in microseconds": (
        _flag("headers"),
        (11).to_bytes(4, "big") + b"\x01tT" + MICROSECONDS.to_bytes(8, "big"),
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_properties_that_cannot_be_read_are_left_out(
    messaging: Messaging, client: Client, what: str
) -> None:
    flags, wire = UNREADABLE[what]
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await _publish_raw(client, RawHeader(len(BODY), flags, wire))
    await client.publish("contacts.inbound", "submission.leuven.email", b"next")

    await eventually(lambda: handler.bodies == [BODY, b"next"])
    assert {message.delivery_count for message in handler.messages} == {0}


async def test_a_routing_key_that_is_not_utf_8_still_reaches_the_handler(
    messaging: Messaging, client: Client
) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await _publish_raw(client, ContentHeader(body_size=len(BODY)), key=b"submission.\xff\xfe.email")

    await eventually(lambda: handler.bodies == [BODY])
    assert handler.messages[0].routing_key == "submission.��.email"


@pytest.mark.parametrize("succeeds", [True, False])
async def test_odd_headers_and_no_properties_are_handled_and_dead_lettered_alike(
    messaging: Messaging, client: Client, *, succeeds: bool
) -> None:
    def behave(_: object) -> None:
        if not succeeds:
            raise DeadLetter("no_good")

    handler = Recorder(behave)
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    odd = Basic.Properties(
        headers={
            "bytes": bytearray(b"\xff\x00"),
            "nothing": None,
            "nested": {"list": [1, {"deep": [None, True, 2.5]}], "when": datetime(2021, 1, 1, tzinfo=UTC)},
            "decimal": Decimal("1.5"),
            "big": 2**62,
            "x-attempt": "many",
            "x-delivery-count": bytearray(b"\xff"),
            "x-death": [{"count": 7}],
            "CC": ["intake.import.v1"],
            "bcc": "not even a list",
        },
        reply_to="nobody",
        user_id=None,
        expiration="3600000",
        priority=9,
    )
    await client.publish("contacts.inbound", "submission.leuven.email", b"odd", odd)
    await client.publish("contacts.inbound", "submission.leuven.email", b"", Basic.Properties())
    await client.publish("contacts.inbound", "submission.leuven.email", b"x" * (1024 * 1024 + 1))

    await eventually(lambda: len(set(handler.bodies)) == 3)
    await messaging.stop()
    assert await client.depth(QUEUE) == 0
    assert await client.depth(topology.dead_queue(QUEUE)) == (0 if succeeds else 3)


def test_the_raw_header_is_what_the_wire_would_carry() -> None:
    given = ContentHeader(body_size=8, properties=Basic.Properties(message_id="abc"))
    raw = RawHeader(8, _flag("message_id"), encode.short_string("abc"))
    assert raw.marshal() == given.marshal()
