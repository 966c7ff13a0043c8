"""Properties that cannot be decoded must not cost the connection.

pamqp raises for a time beyond the year 9999 (an adapter that counts microseconds), for a name that is not UTF-8
and the like; aiormq then drops the whole connection, the broker redelivers, and so on until the delivery limit.
The body may be perfectly good, and if it is not, its sender must get an answer. So: what can be read is read, the
rest is left out.
"""

import struct
from typing import Any, Final

from pamqp import commands, decode, frame
from pamqp.commands import Basic
from pamqp.header import ContentHeader

_PERSISTENCE: Final = (None, 1, 2)
_read_strictly: Final = frame._unmarshal_header_frame  # noqa: SLF001  pamqp offers no other way in


def install() -> None:
    """Replaces pamqp's decoding of content headers and short strings in this process. May be called again."""
    frame._unmarshal_header_frame = read_header  # noqa: SLF001
    decode.METHODS["shortstr"] = read_short_string


def read_header(frame_data: bytes) -> ContentHeader:
    """The content header, without the properties that cannot be decoded."""
    try:
        header = _read_strictly(frame_data)
    except Exception:  # noqa: BLE001  pamqp raises whatever datetime, struct and codecs raise
        header = _read_what_can_be_read(frame_data)
    if header.properties.delivery_mode not in _PERSISTENCE:
        header.properties.delivery_mode = None
    return header


def read_short_string(data: bytes) -> tuple[int, str]:
    """A short string (routing key, message id); bytes that are not UTF-8 become replacement characters."""
    length = data[0] if data else 0
    return length + 1, data[1 : length + 1].decode("utf-8", errors="replace")


def _read_what_can_be_read(data: bytes) -> ContentHeader:
    (body_size,) = struct.unpack_from(">Q", data, 4)
    header = ContentHeader(body_size=body_size)
    properties: Any = commands.Basic.Properties()
    offset, flags = header._get_flags(data[12:])  # noqa: SLF001
    rest = data[12 + offset :]
    for name in properties.__slots__:
        if not flags & Basic.Properties.flags[name]:
            continue
        kind = Basic.Properties.amqp_type(name)
        try:
            length, value = decode.by_type(rest, kind)
        except Exception:  # noqa: BLE001
            length, value = _length(rest, kind), None
        setattr(properties, name, value)
        rest = rest[length:]
    header.properties = properties
    return header


def _length(data: bytes, kind: str) -> int:
    """How many bytes a property of that kind takes, without looking at what is in it."""
    match kind:
        case "table":
            return 4 + int.from_bytes(data[:4], "big")
        case "timestamp":
            return 8
        case "octet":
            return 1
        case _:
            return 1 + data[0]
