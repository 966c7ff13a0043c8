"""One spelling of a JSON body, so that the same content is known again."""

import hashlib

import orjson


class NotJson(ValueError):  # noqa: N818  it is a fact about a message, told to its sender
    """The body is not JSON as RFC 8259 has it: UTF-8, no NaN, no lone surrogates, not nested without end."""


def parse_json(body: bytes) -> object:
    """The value that the body spells.

    Raises ``NotJson`` with what is wrong and where.
    """
    try:
        return orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from None


def content_hash(value: object) -> str:
    """SHA-256 (hex) of the value's canonical JSON: sorted keys, no white space."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()
