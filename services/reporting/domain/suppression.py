"""Which counts may not be shown, so that no small one can be worked out from those that are.

A count from 1 up to ``smallest - 1`` is small and is never shown. Others are left out with it, the smallest first,
until for every count left out at least ``smallest`` whole values agree with all that is shown. Nothing here is
drawn at random: the same counts always give the same answer, so that asking twice tells nothing new.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count
from typing import Final, NamedTuple


class Relation(NamedTuple):
    """Counts, by their places, of which everybody knows how they hang together.

    ``exact``: the whole is the sum of its parts. Otherwise parts may overlap: the whole is at most their sum, and
    at least each of them.
    """

    whole: int
    parts: tuple[int, ...]
    exact: bool = True


class Counts(NamedTuple):
    """Numbers of contacts, and the relations between them. The same set of contacts is there once.

    ``unseen`` are in no table: what a table does not tell apart, and what two tables tell by their sums.
    """

    values: tuple[int, ...]
    relations: tuple[Relation, ...]
    unseen: frozenset[int] = frozenset()


_SEARCHES: Final = 2
"""How often single counts are tried before whole relations."""
Exposed = Callable[[frozenset[int]], Collection[int]]
"""Tells which of the counts left out have fewer values than wanted that agree with all that is shown. It is handed
in, since it takes a solver."""


def is_small(count: int, smallest: int) -> bool:
    """Zero is not small: that there was no contact tells of nobody."""
    return 0 < count < smallest


def left_out(counts: Counts, smallest: int, exposed: Exposed) -> frozenset[int]:
    """The places of the counts that are not shown. ``smallest`` is the smallest count that may be."""
    small = {place for place, value in enumerate(counts.values) if is_small(value, smallest)}
    hidden = {*small, *counts.unseen}
    relations = _Relations(counts)
    for search in count():
        relations.cover(hidden, smallest)
        found = exposed(frozenset(hidden))
        # Where a few more do not help, the tables are too thin for it, and all around is left out.
        more = relations.against(found, hidden) if search < _SEARCHES else relations.around(found, hidden)
        if not more:
            break
        hidden |= more
    return frozenset(hidden) - counts.unseen


class _Relations:
    def __init__(self, counts: Counts) -> None:
        self._values = counts.values
        self._unseen = counts.unseen
        self._relations = counts.relations
        self._of: dict[int, list[Relation]] = {}
        for relation in counts.relations:
            for place in (relation.whole, *relation.parts):
                self._of.setdefault(place, []).append(relation)

    def order(self, place: int) -> tuple[int, int]:
        """Small counts first; of equal ones the first."""
        return self._values[place], place

    def cover(self, hidden: set[int], smallest: int) -> None:
        """Leaves out more until in no single relation what is left out can be told too well."""
        waiting = list(self._relations)
        while waiting:
            relation = waiting.pop()
            more = self._wanting(relation, hidden, smallest)
            if more is not None:
                hidden.add(more)
                waiting.extend(self._of[more])

    def _wanting(self, relation: Relation, hidden: Collection[int], smallest: int) -> int | None:
        out = [part for part in relation.parts if part in hidden]
        shown = self._shown(relation.parts, hidden)
        if relation.whole in self._unseen:
            # It may be worked out; what that tells of counts that are left out is the solver's to find.
            return None
        if relation.whole in hidden:
            # Every part shown would show the whole.
            return next(iter(shown), None) if relation.exact and not out else None
        # A count that is left out is known to be one at least; what is in no table may be nothing.
        room = sum(self._values[part] for part in out) - len(set(out) - self._unseen)
        if self._unseen.issuperset(out) or (len(out) > 1 and room >= smallest - 1):
            return None
        return next(iter(shown), relation.whole if relation.exact else None)

    def against(self, exposed: Collection[int], hidden: Collection[int]) -> set[int]:
        """One more count for each that is exposed, as far as one for another does not serve it as well."""
        more: set[int] = set()
        for place in sorted(exposed, key=self.order):
            if more.isdisjoint(self._around(place)):
                near = self._near(place, {*hidden, *more})
                more |= set() if near is None else {near}
        return more

    def around(self, exposed: Collection[int], hidden: Collection[int]) -> set[int]:
        """Everything that is directly related to one that is exposed, else the next that is over others."""
        around = {each for place in exposed for each in self._shown(self._around(place), hidden)}
        return around or self.against(exposed, hidden)

    def _near(self, place: int, hidden: Collection[int]) -> int | None:
        """The smallest count shown that is related to one left out, directly or over others left out."""
        seen, edge = {place}, [place]
        while edge:
            around = self._next_to(edge) - seen
            shown = self._shown(around, hidden)
            if shown:
                return shown[0]
            seen |= around
            edge = sorted(each for each in around if each in hidden)
        return None

    def _next_to(self, edge: Iterable[int]) -> set[int]:
        """What is related to any of these, directly or over counts that nobody could show."""
        found: set[int] = set()
        waiting = list(edge)
        while waiting:
            more = {*self._around(waiting.pop())} - found
            found |= more
            waiting.extend(more & self._unseen)
        return found

    def _around(self, place: int) -> Iterable[int]:
        for relation in self._of.get(place, ()):
            yield relation.whole
            yield from relation.parts

    def _shown(self, places: Iterable[int], hidden: Collection[int]) -> Sequence[int]:
        """Counts that are shown and could be left out, the smallest first; everybody can see where nothing is."""
        return sorted((each for each in places if each not in hidden and self._values[each]), key=self.order)


def rows_left_out(rows: Sequence[Sequence[int]], hidden: Iterable[int], smallest: int) -> frozenset[int]:
    """The rows of which no further figure is shown: those that hold a small count, and as many others as it takes
    to keep it from being the difference to a column's total. ``rows`` are the counts of each row, by column;
    ``hidden`` are left out whatever they hold.
    """
    out = {*hidden, *(place for place, row in enumerate(rows) if any(is_small(count, smallest) for count in row))}
    while (more := _next_row(rows, out, smallest)) is not None:
        out.add(more)
    return frozenset(out)


def _next_row(rows: Sequence[Sequence[int]], out: Collection[int], smallest: int) -> int | None:
    order = sorted((sum(row), place) for place, row in enumerate(rows) if place not in out)
    for column in range(len(rows[0]) if rows else 0):
        told = [rows[place][column] for place in out if rows[place][column]]
        if told and (len(told) == 1 or sum(told) < smallest):
            candidates = [place for _, place in order if rows[place][column]]
            if candidates:
                return candidates[0]
    return None
