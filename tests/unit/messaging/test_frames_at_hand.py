"""However the bytes of a connection come in, the same frames are read from them."""

import asyncio
from typing import Any

import pytest
from aiormq.connection import FrameReceiver
from aiormq.exceptions import AMQPConnectionError, InvalidFrameError
from hypothesis import given
from hypothesis import strategies as st
from pamqp import commands, frame
from pamqp.body import ContentBody
from pamqp.header import ContentHeader
from pamqp.heartbeat import Heartbeat

from shared.messaging.frames_at_hand import get_frame


def _message(body: bytes, tag: int) -> bytes:
    properties = commands.Basic.Properties(message_id=f"m-{tag}", headers={"tag": tag})
    deliver = commands.Basic.Deliver("consumer", tag, redelivered=False, exchange="", routing_key="queue")
    parts: list[Any] = [deliver, ContentHeader(body_size=len(body), properties=properties), ContentBody(body)]
    return b"".join(frame.marshal(part, 3) for part in parts)


def _told(read: tuple[int, int, object]) -> tuple[int, int, str]:
    size, channel, part = read
    value = part.value if isinstance(part, ContentBody) else getattr(part, "delivery_tag", None)
    return size, channel, f"{type(part).__name__} {value!r}"


async def _read(pieces: list[bytes], many: int) -> list[tuple[int, int, str]]:
    reader = asyncio.StreamReader()
    receiver = FrameReceiver(reader)
    reading = asyncio.create_task(_frames(receiver, many))
    for piece in pieces:
        reader.feed_data(piece)
        await asyncio.sleep(0)
    reader.feed_eof()
    return await reading


async def _frames(receiver: FrameReceiver, many: int) -> list[tuple[int, int, str]]:
    return [_told(await get_frame(receiver)) for _ in range(many)]


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4), st.data())
def test_frames_are_the_same_wherever_the_bytes_are_parted(bodies: list[bytes], data: st.DataObject) -> None:
    sent = b"".join(_message(body, tag) for tag, body in enumerate(bodies, 1)) + Heartbeat.value
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=12)))
    pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    many = 3 * len(bodies) + 1
    found = asyncio.run(_read(pieces, many))
    assert found == asyncio.run(_read([sent], many))
    assert [told for _, _, told in found if told.startswith("ContentBody")] == [
        f"ContentBody {body!r}" for body in bodies
    ]


async def test_what_is_no_frame_is_still_told() -> None:
    good, broken = _message(b"body", 1), bytearray(_message(b"body", 2))
    broken[-1] = 0
    with pytest.raises(InvalidFrameError):
        await _read([good + bytes(broken)], 6)


async def test_a_connection_that_ends_within_a_frame_is_still_told() -> None:
    with pytest.raises(AMQPConnectionError):
        await _read([_message(b"body", 1)[:-3]], 3)


async def test_a_paused_connection_goes_on_when_its_bytes_have_been_read() -> None:
    class Paused(asyncio.Transport):
        reading = True

        def pause_reading(self) -> None:
            self.reading = False

        def resume_reading(self) -> None:
            self.reading = True

    transport = Paused()
    reader = asyncio.StreamReader(limit=100)
    reader.set_transport(transport)
    receiver = FrameReceiver(reader)
    sent = b"".join(_message(b"b" * 50, tag) for tag in range(1, 5))
    reader.feed_data(sent)
    assert not transport.reading
    for _ in range(12):
        await get_frame(receiver)
    assert transport.reading
