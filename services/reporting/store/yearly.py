"""Counters by calendar year, kept in memory for as long as no fact of the year changes.

Most of what an annual report shows are years that are over.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from services.reporting.domain.counting import Table
from services.reporting.store.collections import Generation
from services.reporting.store.reading import MonthlyCells, Reading

MOST_CELLS: Final = 400_000
"""Cells that are kept in all, a hundred bytes and a half each."""


class YearCells(NamedTuple):
    """The cells of a year by table: month by month, and the months together under January.

    ``made`` is for what is made of them: it is kept and lost with them.
    """

    monthly: Mapping[Table, MonthlyCells]
    whole: Mapping[Table, MonthlyCells]
    made: dict[Hashable, Any]


class _Kept(NamedTuple):
    as_of: tuple[int, int]
    cells: YearCells
    size: int


class YearlyCells:
    """Reads years, and those that have not changed only once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], _Kept] = OrderedDict()

    async def read(
        self, reading: Reading, generation: Generation, tables: Iterable[Table], years: Iterable[int]
    ) -> dict[int, YearCells]:
        """The cells of these tables, and maybe of others, in each year."""
        wanted = frozenset(tables)
        known = {year: self._known(reading, generation, wanted, year) for year in years}
        missing = [year for year, cells in known.items() if cells is None]
        found: dict[int, YearCells] = {year: cells for year, cells in known.items() if cells is not None}
        if missing:
            monthly = await reading.cells(generation, wanted, f"{min(missing):04d}-01", f"{max(missing):04d}-12")
            found |= _by_year(monthly, wanted, missing)
            for year in missing:
                self._keep(reading, generation, year, found[year])
        return found

    def _known(
        self, reading: Reading, generation: Generation, wanted: frozenset[Table], year: int
    ) -> YearCells | None:
        kept = self._kept.get((generation.organisation, year))
        if kept is None or kept.as_of != (generation.number, reading.stamp_of(generation.organisation, year)):
            return None
        self._kept.move_to_end((generation.organisation, year))
        return kept.cells if wanted <= kept.cells.monthly.keys() else None

    def _keep(self, reading: Reading, generation: Generation, year: int, cells: YearCells) -> None:
        stamp = reading.stamp_of(generation.organisation, year)
        if stamp is None:
            return
        size = 2 * sum(len(each) for each in cells.monthly.values())
        self._kept[generation.organisation, year] = _Kept((generation.number, stamp), cells, size)
        self._kept.move_to_end((generation.organisation, year))
        while sum(each.size for each in self._kept.values()) > MOST_CELLS:
            self._kept.popitem(last=False)


def _by_year(
    monthly: Mapping[Table, MonthlyCells], tables: Iterable[Table], years: Iterable[int]
) -> dict[int, YearCells]:
    by_year: dict[int, tuple[dict[Table, MonthlyCells], dict[Table, MonthlyCells]]] = {
        year: ({table: {} for table in tables}, {table: {} for table in tables}) for year in years
    }
    for table, cells in monthly.items():
        for (month, key), number in cells.items():
            of_year = by_year.get(int(month[:4]))
            if of_year is not None:
                each_month, whole = of_year[0][table], of_year[1][table]
                each_month[month, key] = number
                january = (f"{month[:4]}-01", key)
                whole[january] = whole.get(january, 0) + number
    return {year: YearCells(*of_year, {}) for year, of_year in by_year.items()}
