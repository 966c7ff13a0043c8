"""Values as small numbers: a column holds the number, a dictionary tells what it stands for."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[Any]
"""Unsigned integers, as narrow as the dictionary allows."""
Positions = NDArray[np.intp]
Value = str | tuple[str, ...]


def narrowest(size: int) -> np.dtype[Any]:
    """The smallest unsigned type that holds numbers below ``size``."""
    return np.min_scalar_type(max(0, size - 1))


class Dictionary:
    """Numbers values in the order in which they are first met, and never gives a number up.

    A dimension with several values per contact has one number for each set of values that occurs, so that its
    column looks like any other.
    """

    def __init__(self) -> None:
        self._codes: dict[Value, int] = {}
        self.values: list[Value] = []

    def __len__(self) -> int:
        return len(self.values)

    def encode(self, values: Sequence[Value]) -> Codes:
        """The numbers of the values; new ones are added."""
        codes = self._codes
        for value in values:
            if value not in codes:
                codes[value] = len(codes)
                self.values.append(value)
        return np.fromiter((codes[value] for value in values), narrowest(len(codes)), len(values))

    def passing(self, allowed: Collection[str], size: int) -> NDArray[np.bool_]:
        """For each of the first ``size`` numbers, whether its value, or one of them, is allowed."""
        wanted = frozenset(allowed)
        told = (
            value in wanted if isinstance(value, str) else not wanted.isdisjoint(value)
            for value in self.values[:size]
        )
        return np.fromiter(told, np.bool_, size)

    def nbytes(self) -> int:
        """About how much memory it takes."""
        return sum(_nbytes(value) for value in self.values)


def _nbytes(value: Value) -> int:
    entry = 200
    return entry + (len(value) if isinstance(value, str) else 60 * len(value))


class Members:
    """The single values within the sets that a dictionary numbers, laid end to end."""

    def __init__(self, sets: Iterable[Sequence[str]]) -> None:
        singles = Dictionary()
        all_sets = list(sets)
        self.lengths = np.fromiter((len(each) for each in all_sets), np.intp, len(all_sets))
        self._starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.intp)
        self._flat = singles.encode([value for each in all_sets for value in each])
        self.values = [str(value) for value in singles.values]

    def spread(self, codes: Codes) -> tuple[Positions, Codes]:
        """For sets by number: the position of each of their values' set, and the value's own number."""
        lengths = self.lengths[codes]
        positions = np.repeat(np.arange(len(codes), dtype=np.intp), lengths)
        within = np.arange(len(positions), dtype=np.intp) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return positions, self._flat[np.repeat(self._starts[codes], lengths) + within]
