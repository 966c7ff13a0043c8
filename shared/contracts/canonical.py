"""One spelling of a JSON body, so that the same content is known again."""

import hashlib
from collections.abc import Iterable

import orjson

MAX_DEPTH = 100
"""Levels of nesting that a body may have. No message needs ten; parsers give up at different depths above this."""


class NotJson(ValueError):  # noqa: N818  it is a fact about a message, told to its sender
    """The body is not JSON as RFC 8259 has it: UTF-8, no NaN, no lone surrogates, not nested without end."""


def parse_json(body: bytes) -> object:
    """The value that the body spells.

    Raises ``NotJson`` with what is wrong and where.
    """
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotJson(str(error)) from None
    # Most bodies do not even have so many brackets, of which each level needs one.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _deeper_than(MAX_DEPTH, value):
        raise NotJson(f"nested more than {MAX_DEPTH} levels deep")
    return value


def content_hash(value: object) -> str:
    """SHA-256 (hex) of the value's canonical JSON: sorted keys, no white space."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _deeper_than(most: int, value: object) -> bool:
    level = [value]
    for _ in range(most):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
