"""One organisation's facts as columns, and how they looked at a moment.

Facts that change are never overwritten: the old row is marked dead in a new mask and the new one is added behind,
so that whoever reads a moment goes on reading it while the next one is made.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.reporting.columns.dictionary import Dictionary
from services.reporting.columns.laid_down import laid_down
from services.reporting.columns.rows import RECEIVED, REFERENCE, Array, Arrays, Document, Encoder, Rows

TIDY_FROM: Final = 4_000
TIDY_FROM_SHARE: Final = 1 / 32
"""All are sorted anew when more are new than either. A new one takes four times as much as a sorted one, and takes
it in memory; to sort a million takes half a second.
"""
_LOADED_TOGETHER: Final = 50_000
_LOADED_SHARE: Final = 1 / 4
"""While facts are read in, nobody asks for them: they are sorted more seldom."""
_REFERENCE_BYTES: Final = 250
_ROW: Final = "#row"
Mask = NDArray[np.bool_]
_Held = tuple[Arrays, Mask | None]


class Part(NamedTuple):
    """Rows and which of them hold; no mask where all do. Sorted by day of receipt where it says so."""

    arrays: Arrays
    alive: Mask | None
    is_sorted: bool


class Moment(NamedTuple):
    """All facts at one moment: never changes."""

    parts: Sequence[Part]
    dictionaries: Mapping[str, Dictionary]
    sizes: Mapping[str, int]
    """How many numbers of each dictionary there were."""
    facts: int


class Mirror:
    """Takes facts in. ``dimensions`` are the organisation's, without the periods. What is sorted lies in a file in
    ``directory``, empty for the system's one for temporary files; None keeps it in memory.
    """

    def __init__(self, dimensions: Sequence[str], directory: str | None = None) -> None:
        self._directory = directory
        self._encoder = Encoder(dimensions)
        self._base: dict[str, Array] = {}
        self._base_alive: Mask | None = None
        # By name, apart from the columns: to find a few, only a few of their pages have to be read.
        self._references = np.zeros(0, "S1")
        self._rows = np.zeros(0, np.uint32)
        self._recent = Rows()
        self._recent_alive: Mask = np.zeros(0, np.bool_)
        self._places: dict[bytes, int] = {}
        self._dead = 0

    @property
    def facts(self) -> int:
        return self._base_length + self._recent.length - self._dead

    @property
    def _base_length(self) -> int:
        return len(self._rows)

    def load(self, documents: Sequence[Document]) -> None:
        """Adds facts, with ``tidy`` to follow before anything else; one that is met twice is kept once."""
        self._recent.append(self._encoder.encode(documents))
        if self._recent.length > max(_LOADED_TOGETHER, self._base_length * _LOADED_SHARE):
            self.tidy()

    def put(self, documents: Sequence[Document]) -> None:
        """Adds facts, in place of the same ones where they are here; none twice."""
        if not documents:
            return
        arrays = self._encoder.encode(documents)
        references: list[bytes] = arrays[REFERENCE].tolist()
        self._bury(arrays[REFERENCE], references)
        first = self._recent.length
        self._recent.append(arrays)
        self._recent_alive = np.concatenate([self._recent_alive, np.ones(len(references), np.bool_)])
        self._places.update(zip(references, range(first, self._recent.length), strict=True))

    def _bury(self, references: Array, names: Sequence[bytes]) -> None:
        recent = [self._places[name] for name in names if name in self._places]
        if recent:
            self._recent_alive = self._recent_alive.copy()
            self._recent_alive[recent] = False
            self._dead += len(recent)
        self._bury_in_base(references)

    def _bury_in_base(self, references: Array) -> None:
        if not self._base_length:
            return
        held = self._references.dtype
        if references.dtype != held:
            # Else all that are held would be copied to the length of the longest. Longer ones are not among them.
            references = references[np.char.str_len(references) <= held.itemsize].astype(held)
        places = np.searchsorted(self._references, references)
        within = places < self._base_length
        found = places[within]
        rows = self._rows[found[self._references[found] == references[within]]]
        dying = rows if self._base_alive is None else rows[self._base_alive[rows]]
        if len(dying):
            alive = np.ones(self._base_length, np.bool_) if self._base_alive is None else self._base_alive.copy()
            alive[dying] = False
            self._base_alive = alive
            self._dead += len(dying)

    @property
    def is_untidy(self) -> bool:
        """Whether so much was added that it weighs: on memory, and on questions over a short period."""
        return self._recent.length > max(TIDY_FROM, self._base_length * TIDY_FROM_SHARE)

    def tidy(self) -> None:
        """Sorts all that holds by day of receipt. Moments that are being read are not touched."""
        loaded = len(self._recent_alive) < self._recent.length
        parts: list[_Held] = [(self._base, self._base_alive)] if self._base else []
        if self._recent.length:
            parts.append((self._recent.head(), None if loaded else self._recent_alive))
        if not parts:
            return
        order = np.argsort(_column(parts, RECEIVED), kind="stable")
        references = self._references_in(parts)
        if loaded:
            order = _once_each(references, order)
        references = references[order]
        by_name = np.argsort(references, kind="stable").astype(np.uint32)
        making = {name: partial(_column, parts, name, order) for name in parts[0][0] if name != REFERENCE}
        base = laid_down(
            {**making, REFERENCE: lambda: references[by_name], _ROW: lambda: by_name},
            self._directory if len(order) else None,
        )
        self._references, self._rows = base.pop(REFERENCE), base.pop(_ROW)
        self._base = base
        self._base_alive = None
        self._recent, self._recent_alive, self._places, self._dead = Rows(), np.zeros(0, np.bool_), {}, 0

    def _references_in(self, parts: Sequence[_Held]) -> Array:
        """Those of the rows that are alive, in the rows' order. The sorted part has them apart, in their own."""
        by_row = np.empty_like(self._references)
        by_row[self._rows] = self._references
        return _column(
            [(arrays if REFERENCE in arrays else {REFERENCE: by_row}, alive) for arrays, alive in parts], REFERENCE
        )

    def moment(self) -> Moment:
        """The facts as they are now."""
        parts = []
        if self._base_length:
            parts.append(Part(dict(self._base), self._base_alive, is_sorted=True))
        if self._recent.length:
            alive = self._recent_alive
            parts.append(Part(self._recent.head(), None if alive.all() else alive, is_sorted=False))
        dictionaries = self._encoder.dictionaries
        return Moment(parts, dictionaries, {name: len(each) for name, each in dictionaries.items()}, self.facts)

    def nbytes(self) -> int:
        """About how much memory it takes."""
        arrays = sum(array.nbytes for array in (*self._base.values(), self._references, self._rows))
        references = _REFERENCE_BYTES * len(self._places)
        return arrays + self._recent.nbytes() + references + self._encoder.nbytes()


def _column(parts: Sequence[_Held], name: str, order: NDArray[np.intp] | None = None) -> Array:
    """What is alive of a column in all parts, one behind the other or in this order."""
    alive = np.concatenate([each[name] if mask is None else each[name][mask] for each, mask in parts])
    return alive if order is None else alive[order]


def _once_each(references: Array, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """The order without repetitions. A fact that moved while facts were read in may have been met twice; which of
    the two stays does not matter, since it is among the changes that are put next.
    """
    _, first = np.unique(references, return_index=True)
    return order if len(first) == len(order) else order[np.isin(order, first)]
