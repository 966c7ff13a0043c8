"""Frames that have come already are read without waiting for each of their parts.

aiormq waits three times for every frame, and there are three frames to a message; where many messages come
together that is most of what receiving one costs. A frame that lies whole in the reader's buffer is cut out of it
at once; whatever else there is, the beginning and the end of a connection among it, is left to aiormq.
"""

import struct
from typing import Any, Final

import pamqp.frame
from aiormq.connection import FrameReceiver

_HEAD: Final = struct.Struct(">BHI")
_END: Final = 1
_waiting_for_it: Final = FrameReceiver.get_frame


def install() -> None:
    """Replaces aiormq's reading of frames in this process. May be called again."""
    FrameReceiver.get_frame = get_frame  # type: ignore[assignment, method-assign]


async def get_frame(receiver: FrameReceiver) -> Any:
    """The next frame. Raises what aiormq raises."""
    frame = _at_hand(receiver) if receiver.started else None
    return await _waiting_for_it(receiver) if frame is None else frame


def _at_hand(receiver: FrameReceiver) -> tuple[int, int, Any] | None:
    reader: Any = receiver.reader
    buffer: bytearray = reader._buffer  # noqa: SLF001  asyncio has no way to look at what has come
    if len(buffer) < _HEAD.size or receiver.lock.locked():
        return None
    _, _, size = _HEAD.unpack_from(buffer)
    whole = _HEAD.size + size + _END
    if len(buffer) < whole:
        return None
    try:
        frame = pamqp.frame.unmarshal(bytes(buffer[:whole]))
    except pamqp.exceptions.PAMQPException:
        return None
    del buffer[:whole]
    reader._maybe_resume_transport()  # noqa: SLF001  reading was paused while the buffer was full
    return frame
