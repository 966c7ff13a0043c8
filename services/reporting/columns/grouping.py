"""Counting rows by the combinations of numbers that occur in several columns, never row by row in Python."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.reporting.columns.dictionary import Codes

Counts = NDArray[np.int64]
_ROOM_FROM: Final = 1 << 16


class Factor(NamedTuple):
    """A column to group by: numbers from 0, all of them below ``size``."""

    codes: Codes
    size: int


class Cells(NamedTuple):
    """The combinations that occur: for each its number in every column, and how many rows have it."""

    codes: Sequence[NDArray[np.intp]]
    counts: Counts

    def only(self, chosen: NDArray[np.bool_]) -> "Cells":
        return Cells([each[chosen] for each in self.codes], self.counts[chosen])


def group(factors: Sequence[Factor], rows: int, weights: Counts | None = None) -> Cells:
    """Counts rows by the combinations of their numbers; ``weights`` count a row more than once.

    Where all possible combinations fit in a table about as large as the rows they are counted in one go; else
    those that occur are sorted out first.

    The cells come in the order of their numbers, the first column's before the second's.
    """
    room = max(_ROOM_FROM, 4 * rows)
    keys, decode = _keys(factors, rows, room)
    if decode.size <= room:
        counts = _summed(keys, weights, decode.size)
        found = np.flatnonzero(counts)
        return Cells(decode(found), counts[found])
    if weights is None:
        found, counts = np.unique(keys, return_counts=True)
        return Cells(decode(found), counts)
    found, inverse = np.unique(keys, return_inverse=True)
    return Cells(decode(found), _summed(inverse, weights, len(found)))


def _summed(keys: NDArray[np.intp], weights: Counts | None, size: int) -> Counts:
    if weights is None:
        return np.bincount(keys, minlength=size)
    # Sums of whole numbers: exact in floating point up to 2**53.
    return np.bincount(keys, weights, size).astype(np.int64)


class _Decode:
    """Turns combined numbers back into those of each column."""

    def __init__(self) -> None:
        self.size = 1
        self._steps: list[tuple[int, NDArray[np.intp] | None]] = []

    def add(self, size: int) -> None:
        self._steps.append((size, None))
        self.size *= size

    def close_up(self, present: NDArray[np.intp]) -> None:
        """From here on combined numbers are positions in ``present``."""
        self._steps.append((0, present))
        self.size = len(present)

    def __call__(self, keys: NDArray[np.intp]) -> list[NDArray[np.intp]]:
        columns: list[NDArray[np.intp]] = []
        for size, present in reversed(self._steps):
            if present is not None:
                keys = present[keys]
            else:
                keys, codes = np.divmod(keys, size)
                columns.append(codes)
        return columns[::-1]


def _keys(factors: Sequence[Factor], rows: int, room: int) -> tuple[NDArray[np.intp], _Decode]:
    keys = np.zeros(rows, np.intp)
    decode = _Decode()
    for place, (codes, size) in enumerate(factors):
        if place == 0:
            keys = codes.astype(np.intp)
        else:
            if decode.size * size > room:
                keys = _close_up(keys, decode, room)
            keys *= size
            keys += codes
        decode.add(size)
    return keys, decode


def _close_up(keys: NDArray[np.intp], decode: _Decode, room: int) -> NDArray[np.intp]:
    """Numbers the combinations that occur without gaps, so that a further column does not make them explode."""
    if decode.size > room:
        present, closed = np.unique(keys, return_inverse=True)
        decode.close_up(present)
        return closed.astype(np.intp)
    occurs = np.zeros(decode.size, np.bool_)
    occurs[keys] = True
    places = np.cumsum(occurs, dtype=np.intp) - 1
    decode.close_up(np.flatnonzero(occurs))
    return places[keys]
