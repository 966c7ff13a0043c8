"""Contacts one by one, in pages: what is asked, and where the last page ended.

A page ends at a day and a contact, not at a number of rows, so that what is written meanwhile moves nothing: who
was there from the first page to the last is in exactly one of them.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.question import BadQuestion, Question, is_value, read_question
from shared.contracts.rejection import FieldError

MOST_ON_A_PAGE: Final = 5_000
USUAL_PAGE: Final = 1_000
FORMATS: Final = ("json", "csv", "parquet")
_SEAL_BYTES: Final = 16
_LONGEST: Final = 4


class Place(NamedTuple):
    """The last contact of a page: its day of receipt, and what it is called in the cursor."""

    received_on: date
    contact: str


class Listing(NamedTuple):
    """``cell`` names a value for each dimension of ``group_by``: only contacts that are counted there.

    ``after`` is where the page before this one ended, ``format`` what was asked for by name.
    """

    question: Question
    cell: tuple[str, ...]
    limit: int
    after: Place | None
    format: str | None


def read_listing(
    pairs: Sequence[tuple[str, str]],
    vocabularies: Mapping[str, Vocabulary],
    key: bytes,
    *,
    of_a_cell: bool,
) -> Listing:
    """What a query string asks for. ``key`` is the one that cursors are sealed with.

    Raises ``BadQuestion`` with everything that is wrong with it.
    """
    own = ("group_by", "measures", "cell", "cursor", "limit") if of_a_cell else ("format", "cursor", "limit")
    question = read_question(pairs, vocabularies, own=own)
    reader = _Reader(pairs)
    cell = reader.cell(question, vocabularies[question.organisation]) if of_a_cell else ()
    limit, format_ = reader.limit(), reader.format()
    after = reader.after(key, fingerprint(question, cell))
    if reader.errors:
        raise BadQuestion(reader.errors)
    if format_ not in (None, "json") and (after or reader.given("limit")):
        message = "is for pages of JSON; an export is whole: leave it out"
        raise BadQuestion([FieldError(field="cursor" if after else "limit", code="not_allowed", message=message)])
    return Listing(question, cell, limit, after, format_)


class _Reader:
    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs
        self.errors: list[FieldError] = []

    def given(self, name: str) -> list[str]:
        return [value for each, value in self._pairs if each == name]

    def _refuse(self, name: str, code: str, message: str) -> None:
        self.errors.append(FieldError(field=name, code=code, message=message))

    def _one(self, name: str) -> str | None:
        values = self.given(name)
        if len(values) > 1:
            self._refuse(name, "given_twice", "is there more than once; give it once")
        return values[0] if values else None

    def cell(self, question: Question, words: Vocabulary) -> tuple[str, ...]:
        text = self._one("cell")
        if text is None:
            return ()
        values = tuple(text.split(","))
        named = ", ".join(question.group_by) or "no dimension, since group_by names none"
        if len(values) != len(question.group_by):
            self._refuse("cell", "wrong_form", f"needs one value for each dimension of group_by: {named}")
        elif not all(is_value(words, *each) for each in zip(question.group_by, values, strict=True)):
            self._refuse("cell", "not_on_list", f"names a value that does not exist; give one each of {named}")
        return values

    def limit(self) -> int:
        text = self._one("limit")
        if text is None:
            return USUAL_PAGE
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0
        if not 1 <= number <= MOST_ON_A_PAGE:
            self._refuse("limit", "out_of_range", f"is a number from 1 to {MOST_ON_A_PAGE}")
        return number

    def format(self) -> str | None:
        name = self._one("format")
        if name is not None and name not in FORMATS:
            self._refuse("format", "not_on_list", f"is not known; give one of {', '.join(FORMATS)}")
        return name

    def after(self, key: bytes, asked: str) -> Place | None:
        cursor = self._one("cursor")
        if cursor is None:
            return None
        place = opened(cursor, key, asked)
        if place is None:
            message = "is none of this question; give it as the page before told it, with the same parameters"
            self._refuse("cursor", "not_valid", message)
        return place


def fingerprint(question: Question, cell: Sequence[str]) -> str:
    """The same for the same contacts, whatever order the question was asked in."""
    filters = sorted((name, sorted(values)) for name, values in question.filters.items())
    cells = sorted(zip(question.group_by, cell, strict=False))
    return repr((question.organisation, question.first, question.last, filters, cells))


def sealed(place: Place, key: bytes, asked: str) -> str:
    """The cursor to a place in the contacts that a question asks for."""
    told = f"{place.received_on.isoformat()} {place.contact}".encode()
    return urlsafe_b64encode(_seal(key, asked, told) + told).decode().rstrip("=")


def opened(cursor: str, key: bytes, asked: str) -> Place | None:
    """The place that a cursor tells; None for one that was not made here or for this question."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (NotBase64, UnicodeEncodeError, ValueError):
        return None
    seal, told = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(key, asked, told)):
        return None
    day, _, contact = told.decode().partition(" ")
    return Place(date.fromisoformat(day), contact)


def _seal(key: bytes, asked: str, told: bytes) -> bytes:
    return hmac.digest(key, b"cursor\0" + asked.encode() + b"\0" + told, hashlib.sha256)[:_SEAL_BYTES]


def pseudonym(key: bytes, organisation: str, reference: str) -> str:
    """What a contact is called where its reference may not be known: always the same, and no way back."""
    return hmac.digest(key, f"contact\0{organisation}\0{reference}".encode(), hashlib.sha256)[:_SEAL_BYTES].hex()
