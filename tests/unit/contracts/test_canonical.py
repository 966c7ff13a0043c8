import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.canonical import MAX_DEPTH, NotJson, content_hash, parse_json
from shared.contracts.submission import MAX_BODY_BYTES

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"NaN",
        b'{"a": Infinity}',
        b"1e400",
        b"9" * 5000,
        b'"\xff"',
        "é".encode("latin-1"),
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'"\\ud800"',
        b'{"a": 1} {}',
        b"[" * MAX_BODY_BYTES,
        b'{"a":' * 100_000,
        b"[" * 500 + b"]" * 500,
    ],
)
def test_what_is_not_json(body: bytes) -> None:
    with pytest.raises(NotJson) as caught:
        parse_json(body)
    assert str(caught.value)


def nested(depth: int, kind: str) -> bytes:
    opening, closing = {"list": (b"[", b"]"), "object": (b'{"a":', b"}")}[kind]
    return opening * depth + (b"" if kind == "list" else b"1") + closing * depth


@pytest.mark.parametrize("kind", ["list", "object"])
def test_depth_has_an_end(kind: str) -> None:
    assert content_hash(parse_json(nested(MAX_DEPTH, kind)))
    with pytest.raises(NotJson, match="nested more than 100 levels"):
        parse_json(nested(MAX_DEPTH + 1, kind))


def test_operators_and_escaped_nul_are_json() -> None:
    assert parse_json(b'{"$where": "\\u0000"}') == {"$where": "\x00"}


@given(json_values)
def test_whatever_is_json_is_read_and_has_a_hash(value: Any) -> None:
    read = parse_json(json.dumps(value).encode())
    assert read == value
    assert len(content_hash(read)) == 64


@given(st.dictionaries(st.text(), json_values, max_size=6), st.randoms())
def test_order_and_spacing_make_no_other_content(value: dict[str, Any], random: Any) -> None:
    names = list(value)
    random.shuffle(names)
    other = json.dumps({name: value[name] for name in names}, indent=3, ensure_ascii=False).encode()
    assert content_hash(parse_json(other)) == content_hash(parse_json(json.dumps(value).encode()))


@given(json_values, json_values)
def test_other_content_has_another_hash(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (content_hash(one) == content_hash(other)) is same


@given(st.binary(max_size=100))
def test_whatever_bytes_come_in_are_read_or_refused(body: bytes) -> None:
    try:
        parse_json(body)
    except NotJson as error:
        assert str(error)  # noqa: PT017  either is right; what must not happen is anything else


def test_the_hash_is_pinned() -> None:
    """Claims are stored with it: another spelling would make every known contact look reused."""
    assert content_hash({"b": [1, 2.5, None, True], "a": "é"}) == (
        "0c187fb652afca8017b5ef38178eeef09a9dfef844316f80ba4207cdf1995ee5"
    )
