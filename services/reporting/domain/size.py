"""How large an answer can get, told before anything is counted."""

from collections.abc import Collection
from datetime import date
from math import prod
from typing import Final, NamedTuple

from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary, period_of_month
from services.reporting.domain.question import BadQuestion, Question
from shared.contracts.rejection import FieldError

_FROM_FINEST: Final = PERIODS[::-1]


class Extent(NamedTuple):
    """The contacts within a question's days, filters aside, and the months that they fall in."""

    contacts: int
    months: Collection[str]


def months_between(first: date, last: date) -> int:
    """How many calendar months the days touch."""
    return 12 * (last.year - first.year) + last.month - first.month + 1


def most_rows(question: Question, words: Vocabulary, extent: Extent | None = None) -> int:
    """The most rows that the answer can have: the values of each dimension times those of the others.

    With ``extent`` no more than there are contacts for; a contact may be in several rows of a dimension with
    several values.
    """
    several = [name for name in question.group_by if name in SEVERAL]
    single = [name for name in question.group_by if name not in SEVERAL]
    places = prod(_values(question, words, name) for name in single if name not in PERIODS)
    places *= _periods(question, extent)
    if extent is not None:
        places = min(places, extent.contacts)
    return places * prod(_values(question, words, name) for name in several)


def _values(question: Question, words: Vocabulary, name: str) -> int:
    listed = len(words.values(name))
    # A filter chooses contacts: the other values of those that have several are shown as well.
    if name in question.filters and name not in SEVERAL:
        return min(listed, len(question.filters[name]))
    return listed


def _periods(question: Question, extent: Extent | None) -> int:
    shown = [name for name in _FROM_FINEST if name in question.group_by]
    if not shown:
        return 1
    # A month lies in one year: the longer periods make no rows of their own.
    finest = shown[0]
    if extent is not None:
        found = len({period_of_month(finest, month) for month in extent.months})
    else:
        found = -(-months_between(question.first, question.last) // _MONTHS[finest]) + 1
    return min(found, len(question.filters.get(finest, range(found))))


_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def too_big(question: Question, words: Vocabulary, rows: int, most: int) -> BadQuestion:
    """The refusal of a question whose answer would have so many rows."""
    parts = [f"{name} {len(words.values(name))}" for name in question.group_by if name not in PERIODS]
    parts += [name for name in question.group_by if name in PERIODS]
    message = (
        f"asks for up to {rows:,} rows ({' x '.join(parts)}); at most {most:,} are given: "
        "name fewer dimensions, filter one of them, or shorten the period"
    )
    return BadQuestion([FieldError(field="group_by", code="too_big", message=message)])
