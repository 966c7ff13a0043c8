"""Properties as bytes: what can be read is read, and nothing raises."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared.messaging.tolerant_decoding import install, read_header, read_short_string

install()


def _header(flags: int, wire: bytes, body_size: int = 5) -> bytes:
    return ContentHeader(body_size=body_size).marshal()[:12] + flags.to_bytes(2, "big") + wire


def _flags(*names: str) -> int:
    return sum(Basic.Properties.flags[name] for name in names)


def test_what_is_well_formed_is_read_as_before() -> None:
    properties = Basic.Properties(
        content_type="application/json",
        headers={"id": "1", "n": 2, "deep": {"list": [1, None]}},
        delivery_mode=2,
        message_id="m",
        timestamp=datetime(2021, 3, 4, tzinfo=UTC),
    )
    read = read_header(ContentHeader(body_size=9, properties=properties).marshal())
    assert read.body_size == 9
    assert read.properties == properties


def test_one_unreadable_property_does_not_take_the_others_with_it() -> None:
    wire = b"\x03a/b" + b"\x02" + b"\x01m" + b"\xff" * 8 + b"\x01t"
    names = ("content_type", "delivery_mode", "message_id", "timestamp", "message_type")
    properties = read_header(_header(_flags(*names), wire)).properties
    assert (properties.content_type, properties.delivery_mode, properties.message_id) == ("a/b", 2, "m")
    assert (properties.timestamp, properties.message_type) == (None, "t")


def test_headers_that_cannot_be_read_are_left_out_and_what_follows_is_read() -> None:
    table = b"\x01aZ"
    wire = len(table).to_bytes(4, "big") + table + b"\x01m"
    properties = read_header(_header(_flags("headers", "message_id"), wire)).properties
    assert (properties.headers, properties.message_id) == (None, "m")


@pytest.mark.parametrize(("mode", "read"), [(1, 1), (2, 2), (0, None), (7, None)])
def test_a_delivery_mode_that_does_not_exist_is_none(mode: int, read: int | None) -> None:
    assert read_header(_header(_flags("delivery_mode"), bytes([mode]))).properties.delivery_mode == read


@given(st.binary(max_size=255))
def test_any_short_string_is_read_to_its_end(content: bytes) -> None:
    length, text = read_short_string(bytes([len(content)]) + content + b"rest")
    assert length == 1 + len(content)
    assert text == content.decode("utf-8", errors="replace")


@given(table=st.binary(max_size=60), time=st.binary(min_size=8, max_size=8), name=st.binary(max_size=255))
def test_no_content_of_any_property_raises(table: bytes, time: bytes, name: bytes) -> None:
    wire = len(table).to_bytes(4, "big") + table + bytes([len(name)]) + name + time
    read = read_header(_header(_flags("headers", "message_id", "timestamp"), wire, body_size=77))
    assert read.body_size == 77
    assert read.properties.message_id == name.decode("utf-8", errors="replace")
