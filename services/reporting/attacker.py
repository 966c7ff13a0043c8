"""What somebody could work out who has everything that is shown, and a solver."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from services.reporting.domain.suppression import Counts, Relation

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
_EQUAL: Final = 1e-6
"""What a solver calls equal."""
_PATTERNS: Final = 6
"""How often all counts are pushed at once, each time some up and others down, before each is pushed alone."""


class Attacker:
    """Looks for counts of which fewer than ``smallest`` whole values agree with all that is shown.

    It is known to everybody that a count which is left out is one at least; what is in no table may be nothing.
    """

    def __init__(self, counts: Counts, smallest: int) -> None:
        self._counts = counts
        self._wide = smallest - 1 - _EQUAL
        # How far each count was seen to go. Leaving out more takes nothing of that away.
        self._low: Numbers = np.array(counts.values, dtype=np.float64)
        self._high: Numbers = np.array(counts.values, dtype=np.float64)

    def exposed(self, hidden: frozenset[int]) -> list[int]:
        """The hidden counts that can be told too well."""
        exposed = []
        for places in _components(self._counts, hidden | self._counts.unseen):
            if self._narrow(places):
                self._search(_Component(self._counts, places))
                exposed += self._narrow(places)
        return exposed

    def _narrow(self, places: Sequence[int]) -> list[int]:
        return [
            place
            for place in places
            if place not in self._counts.unseen and self._high[place] - self._low[place] < self._wide
        ]

    def _search(self, component: "_Component") -> None:
        for pattern in range(_PATTERNS):
            narrow = self._narrow(component.places)
            self._see(component, {place: 1 if at >> pattern & 1 else -1 for at, place in enumerate(narrow)})
        for place in self._narrow(component.places):
            for sign in (1, -1):
                if self._high[place] - self._low[place] < self._wide:
                    self._see(component, {place: sign})

    def _see(self, component: "_Component", wanted: dict[int, int]) -> None:
        solution = component.furthest(wanted)
        places = component.places
        # Each solution of the solver also shows how far the other counts can go.
        self._low[places] = np.minimum(self._low[places], solution)
        self._high[places] = np.maximum(self._high[places], solution)


def _components(counts: Counts, hidden: frozenset[int]) -> list[list[int]]:
    """The hidden counts, apart where no relation ties them together."""
    leader = {place: place for place in hidden}

    def of(place: int) -> int:
        while leader[place] != place:
            place = leader[place]
        return place

    for relation in counts.relations:
        tied = [each for each in (relation.whole, *relation.parts) if each in hidden]
        for one, other in pairwise(tied):
            leader[of(other)] = of(one)
    together: dict[int, list[int]] = {}
    for place in sorted(hidden):
        together.setdefault(of(place), []).append(place)
    return list(together.values())


class _Component:
    """Hidden counts that are tied together, and what is known of them, as a linear programme."""

    def __init__(self, counts: Counts, places: list[int]) -> None:
        self.places = places
        self._values = counts.values
        # No upper end would make the solver say that there is none; as many contacts as this there are never.
        most = 10 * max(counts.values) + 100
        self._bounds = [(0 if place in counts.unseen else 1, most) for place in places]
        self._column = {place: column for column, place in enumerate(places)}
        equal: list[tuple[dict[int, int], int]] = []
        most_: list[tuple[dict[int, int], int]] = []
        for relation in counts.relations:
            if self._column.keys() & {relation.whole, *relation.parts}:
                self._know(relation, equal, most_)
        self._equal, self._equal_to = self._matrix(equal)
        self._most, self._most_is = self._matrix(most_)

    def _know(
        self,
        relation: Relation,
        equal: list[tuple[dict[int, int], int]],
        most: list[tuple[dict[int, int], int]],
    ) -> None:
        whole, parts = relation.whole, relation.parts
        if relation.exact:
            row = self._row(whole, parts)
            equal.append((row, -self._shown(whole, parts)))
            return
        # The whole is at most the sum of its parts, and no part is more than the whole.
        most.append((self._row(whole, parts), -self._shown(whole, parts)))
        within = [(self._row(part, (whole,)), -self._shown(part, (whole,))) for part in parts]
        most.extend((row, right) for row, right in within if row)

    def _row(self, whole: int, parts: Sequence[int]) -> dict[int, int]:
        row = {whole: 1} | dict.fromkeys(parts, -1)
        return {place: of for place, of in row.items() if place in self._column}

    def _shown(self, whole: int, parts: Sequence[int]) -> int:
        told = self._values[whole] if whole not in self._column else 0
        return told - sum(self._values[part] for part in parts if part not in self._column)

    def _matrix(self, rows: Sequence[tuple[dict[int, int], int]]) -> tuple[csr_matrix | None, list[int] | None]:
        if not rows:
            return None, None
        entries = [
            (line, self._column[place], of) for line, (row, _) in enumerate(rows) for place, of in row.items()
        ]
        lines, columns, values = zip(*entries, strict=True)
        shape = (len(rows), len(self.places))
        return csr_matrix((values, (lines, columns)), shape=shape), [right for _, right in rows]

    def furthest(self, wanted: dict[int, int]) -> Numbers:
        """Values that agree with all that is known, those that are wanted as low (1) or high (-1) as can be."""
        weights = np.zeros(len(self.places))
        for place, sign in wanted.items():
            weights[self._column[place]] = sign
        found = linprog(
            weights, self._most, self._most_is, self._equal, self._equal_to, bounds=self._bounds, method="highs-ds"
        )
        if found.x is None:
            # Counts that contradict each other let nothing be known to be safe: they stay where they are.
            return np.array([self._values[place] for place in self.places], dtype=np.float64)
        solution: Numbers = found.x
        return solution
