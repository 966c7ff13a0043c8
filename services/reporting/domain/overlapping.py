"""Tables as they tell of contacts, and those whose rows overlap, since a contact may be in several of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.reporting.domain.conditions import Conditions, Values, alike, nothing_known
from services.reporting.domain.dimensions import SEVERAL

Contacts = frozenset[tuple[str, Values]]


class Table(NamedTuple):
    """A table as it tells of contacts. ``rows`` are what tells them apart, and the place of their count."""

    by: frozenset[str]
    where: Conditions
    rows: Sequence[tuple[Conditions, int]]
    estimated: bool = False
    """Whether its counts are made up, as good as any others that agree with what is shown."""

    @property
    def told(self) -> frozenset[str]:
        """The dimensions of which it tells something."""
        return self.by | self.where.keys()

    @property
    def several(self) -> frozenset[str]:
        """The dimensions in which a contact may be in several rows."""
        return self.by & SEVERAL


class Places:
    """The counts, each set of contacts once."""

    def __init__(self) -> None:
        self._places: dict[tuple[Contacts, int], int] = {}
        self.conditions: list[Conditions] = []

    def of(self, conditions: Conditions, count: int) -> int:
        """The place of a count of these contacts."""
        # The count belongs to the key: were two alike by their values and not by their contacts, it would show.
        key = (frozenset(alike(conditions).items()), count)
        if key not in self._places:
            self._places[key] = len(self._places)
            self.conditions.append(conditions)
        return self._places[key]

    def counts(self) -> list[int]:
        """By place."""
        return [count for _, count in self._places]

    def by_contacts(self) -> dict[Contacts, int]:
        """The count of each set of contacts."""
        return dict(self._places)


def without_overlap(tables: Sequence[Table], totals: Sequence[int], places: Places) -> list[Table]:
    """By channel and topic: tables by channel alone, which need not be shown. Their rows do not overlap."""
    counts, known = places.counts(), places.by_contacts()
    coarser = []
    for table, total in zip(tables, totals, strict=True):
        names = table.by - table.several
        if not table.several or not names:
            continue
        groups: dict[Contacts, list[tuple[Conditions, int]]] = {}
        for split, place in table.rows:
            groups.setdefault(frozenset((name, split[name]) for name in names), []).append((split, place))
        limits = []
        for group, of in groups.items():
            count = known.get(frozenset(alike({**table.where, **dict(group)}).items()))
            limits.append(bounds(of, table.several, counts) if count is None else (count, count))
        # Nobody is shown them: any numbers serve that agree with the rows.
        if (numbers := _between(limits, counts[total])) is not None:
            split_again: list[tuple[Conditions, int]] = [
                (dict(group), places.of({**table.where, **dict(group)}, number))
                for group, number in zip(groups, numbers, strict=True)
            ]
            coarser.append(Table(names, table.where, split_again, estimated=True))
    return coarser


def bounds(
    rows: Sequence[tuple[Conditions, int]], several: Iterable[str], counts: Sequence[int]
) -> tuple[int, int]:
    """How many contacts rows that overlap may be together: the fewest and the most."""
    apart = alone(rows, several)
    surely = sum(counts[place] for place in apart)
    others = [counts[place] for _, place in rows if place not in apart]
    return surely + max(others, default=0), surely + sum(others)


def alone(rows: Sequence[tuple[Conditions, int]], several: Iterable[str]) -> set[int]:
    """Rows of contacts that are in no other row: what a contact does not have, it has nothing beside."""
    return {place for split, place in rows if all(nothing_known(split[name]) for name in several)}


def _between(limits: Sequence[tuple[int, int]], together: int) -> list[int] | None:
    """Numbers within the limits that come to so many together, None where there are none."""
    left = together - sum(least for least, _ in limits)
    numbers = []
    for least, most in limits:
        more = max(0, min(left, most - least))
        left -= more
        numbers.append(least + more)
    return None if left else numbers
