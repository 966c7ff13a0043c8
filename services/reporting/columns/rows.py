"""Facts as rows of small numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.reporting.columns.dictionary import Dictionary
from services.reporting.domain.dimensions import SEVERAL, UNKNOWN
from shared.contracts.identifiers import DeadlineKind, DeadlineState

RECEIVED: Final = "#received"
"""Local day of receipt, counted from 1970-01-01."""
CLOSED: Final = "#closed"
"""Local day of closing, counted likewise; for facts that tell one."""
REFERENCE: Final = "#reference"
DAYS: Final = "#days"
SCORE: Final = "#score"
EVENTS: Final = "#events"
NO_NUMBER: Final[Mapping[str, int]] = {CLOSED: -(2**31), DAYS: -(2**31), SCORE: -(2**15)}
"""What stands in a column of numbers where a contact has none."""
STATES: Final = (None, *DeadlineState)
Array = NDArray[Any]
Arrays = Mapping[str, Array]
Document = Mapping[str, Any]


def state_column(kind: DeadlineKind) -> str:
    """Numbers of ``STATES``."""
    return f"#state:{kind}"


def days_column(kind: DeadlineKind) -> str:
    """Days to what a deadline asks for; those of an answer are the contact's own."""
    return DAYS if kind == DeadlineKind.ANSWER else f"#days:{kind}"


class Encoder:
    """Turns fact documents into rows. ``dimensions`` are an organisation's, without the periods."""

    def __init__(self, dimensions: Sequence[str]) -> None:
        self.dictionaries = {name: Dictionary() for name in dimensions}
        self._states = {None: 0} | {state.value: STATES.index(state) for state in DeadlineState}

    def encode(self, documents: Sequence[Document]) -> dict[str, Array]:
        """One array for each column, as long as there are documents."""
        rows = len(documents)
        codes = [each["codes"] for each in documents]
        # Attributes that are younger than a fact are not known of it.
        arrays: dict[str, Array] = {
            name: dictionary.encode(
                [tuple(each[name]) for each in codes]
                if name in SEVERAL
                else [each.get(name, UNKNOWN) for each in codes]
            )
            for name, dictionary in self.dictionaries.items()
        }
        arrays[RECEIVED] = _day_numbers([each["received_on"] for each in documents])
        arrays[CLOSED] = _day_numbers([each.get("closed_on") for each in documents])
        arrays[REFERENCE] = np.array([each["_id"].encode() for each in documents], "S")
        arrays[EVENTS] = np.fromiter((each["events"] for each in documents), np.int32, rows)
        arrays[DAYS] = _numbers([each["days"] for each in documents], np.int32, NO_NUMBER[DAYS])
        arrays[SCORE] = _numbers([each["score"] for each in documents], np.int16, NO_NUMBER[SCORE])
        return arrays | self._deadlines([each["deadlines"] for each in documents])

    def _deadlines(self, documents: Sequence[Mapping[str, Document]]) -> dict[str, Array]:
        arrays: dict[str, Array] = {}
        nothing: Document = {}
        for kind in DeadlineKind:
            of_kind = [each.get(kind, nothing) for each in documents]
            states = (self._states[each.get("state")] for each in of_kind)
            arrays[state_column(kind)] = np.fromiter(states, np.uint8, len(documents))
            if days_column(kind) != DAYS:
                days = [each.get("days") for each in of_kind]
                arrays[days_column(kind)] = _numbers(days, np.int32, NO_NUMBER[DAYS])
        return arrays

    def nbytes(self) -> int:
        return sum(each.nbytes() for each in self.dictionaries.values())


def _day_numbers(days: Sequence[str | None]) -> Array:
    read = np.array([day or "NaT" for day in days], "datetime64[D]")
    return np.where(np.isnat(read), NO_NUMBER[CLOSED], read.astype(np.int64)).astype(np.int32)


def _numbers(values: Sequence[int | None], type_: type[np.signedinteger[Any]], none: int) -> Array:
    return np.fromiter((none if each is None else each for each in values), type_, len(values))


class Rows:
    """Rows that only ever are added: who holds ``head(n)`` sees the same n rows for ever."""

    def __init__(self) -> None:
        self.length = 0
        self._arrays: dict[str, Array] = {}

    def append(self, arrays: Arrays) -> None:
        """Adds rows. Columns grow wider where new numbers need it."""
        added = len(arrays[RECEIVED])
        for name, new in arrays.items():
            held = self._arrays.get(name, new[:0])
            wider = np.promote_types(held.dtype, new.dtype)
            if len(held) < self.length + added or wider != held.dtype:
                room = max(1024, len(held), 2 * self.length if len(held) < self.length + added else 0, self.length)
                grown = np.zeros(max(room, self.length + added), wider)
                grown[: self.length] = held[: self.length]
                held = self._arrays[name] = grown
            held[self.length : self.length + added] = new
        self.length += added

    def head(self, length: int | None = None) -> dict[str, Array]:
        """The first rows, by column."""
        return {name: array[: self.length if length is None else length] for name, array in self._arrays.items()}

    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays.values())
