"""What reports know of years, kept in memory for as long as no fact of them changes.

Most of what an annual report shows are years that are over. Of one that runs, a contact changes one month: that
one is read again, and the sums of the year move by what it has moved.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from services.reporting.domain.counting import Table
from services.reporting.domain.timespan import months_of
from services.reporting.store.collections import Generation
from services.reporting.store.reading import MonthlyCells, Reading

MOST_CELLS: Final = 400_000
"""Cells that are kept in all, a hundred bytes and a half each."""
MOST_YEARS: Final = 64
"""Years that are kept at all: what is made of them is not counted in cells."""
_Cells = Mapping[str, int]
"""Key -> count, of one table and month."""
_NONE: Final[_Cells] = {}


class YearCells:
    """The cells of a year by table, none where it is not made of whole months or nothing was asked of it.

    ``made`` is for what is made of them and of the facts of the year: it is kept and lost with them.
    """

    def __init__(self, tables: frozenset[Table], months: Mapping[str, Mapping[Table, _Cells]]) -> None:
        self.tables = tables
        self._months = months
        self._together: dict[Table, MonthlyCells] = {}
        self._monthly: dict[Table, MonthlyCells] = {}
        self.made: dict[Hashable, Any] = {}

    def monthly(self, table: Table) -> MonthlyCells:
        """Month by month."""
        found = self._monthly.get(table)
        if found is None:
            found = self._monthly[table] = {
                (month, key): number
                for month, cells in self._months.items()
                for key, number in cells.get(table, _NONE).items()
            }
        return found

    def whole(self, table: Table) -> MonthlyCells:
        """All months together, under the first of them."""
        found = self._together.get(table)
        if found is None:
            first = min(self._months)
            found = self._together[table] = {}
            for cells in self._months.values():
                _add(found, first, cells.get(table, _NONE), 1)
        return found

    def with_months(self, changed: Mapping[str, Mapping[Table, _Cells]]) -> "YearCells":
        """The year with other cells in these months."""
        year = YearCells(self.tables, {**self._months, **changed})
        first = min(self._months)
        for table, together in self._together.items():
            summed = year._together[table] = dict(together)
            for month, cells in changed.items():
                _add(summed, first, self._months[month].get(table, _NONE), -1)
                _add(summed, first, cells.get(table, _NONE), 1)
        return year

    def __len__(self) -> int:
        cells = (len(each) for months in self._months.values() for each in months.values())
        # Once month by month, and about once more for the sums.
        return 2 * sum(cells)


def _add(summed: MonthlyCells, month: str, cells: _Cells, times: int) -> None:
    for key, number in cells.items():
        summed[month, key] = summed.get((month, key), 0) + times * number


class _Kept(NamedTuple):
    generation: int
    stamps: Sequence[int]
    cells: YearCells


class YearlyCells:
    """Reads years, and what has not changed of them only once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, date, date], _Kept] = OrderedDict()

    async def read(
        self, reading: Reading, generation: Generation, tables: Iterable[Table], first: date, last: date
    ) -> YearCells:
        """The cells of these tables, and maybe of others, in the year of these local days.

        Without tables there are no cells, and still what was made of the year.
        """
        wanted = frozenset(tables)
        months = months_of(first, last)
        stamps = reading.stamps_of(generation.organisation, months)
        name = (generation.organisation, first, last)
        kept = self._kept.get(name)
        if kept is None or kept.generation != generation.number or not wanted <= kept.cells.tables:
            kept = None
        if kept is None or stamps is None:
            cells = YearCells(wanted, await _read(reading, generation, wanted, months))
        else:
            changed = [each for each, old, new in zip(months, kept.stamps, stamps, strict=True) if old != new]
            if not changed:
                self._kept.move_to_end(name)
                return kept.cells
            cells = kept.cells.with_months(await _read(reading, generation, kept.cells.tables, changed))
        if stamps is not None:
            self._keep(name, _Kept(generation.number, stamps, cells))
        return cells

    def _keep(self, name: tuple[str, date, date], kept: _Kept) -> None:
        self._kept[name] = kept
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_YEARS or sum(len(each.cells) for each in self._kept.values()) > MOST_CELLS:
            self._kept.popitem(last=False)


async def _read(
    reading: Reading, generation: Generation, tables: frozenset[Table], months: Sequence[str]
) -> dict[str, dict[Table, _Cells]]:
    """The cells of each of these months, which come in order."""
    found: dict[str, dict[Table, dict[str, int]]] = {month: {} for month in months}
    if tables:
        read = await reading.cells(generation, tables, months[0], months[-1])
        for table, cells in read.items():
            for (month, key), number in cells.items():
                if month in found:
                    found[month].setdefault(table, {})[key] = number
    return {month: dict(cells) for month, cells in found.items()}
