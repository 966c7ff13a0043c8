"""A year of a table whose rows count by filters of their own."""

from collections.abc import Iterable

from services.reporting.domain.annual.counts import LineCounts, YearCounts
from services.reporting.domain.annual.figures import Row, Source
from services.reporting.domain.figures import share
from shared.profiles.model import ReportTable

_NOBODY = LineCounts(0, 0)


class Lines:
    """A year of a table whose rows count by filters of their own."""

    source: Source = "store"

    def __init__(self, table: ReportTable, counts: YearCounts) -> None:
        self._table = table
        self._counts = counts
        self.total: int | None = counts.counted.total

    def keys(self) -> Iterable[str]:
        return [line.id for line in self._table.lines]

    def row(self, key: str) -> Row | None:
        count, of = self._counts.lines.get(key, _NOBODY)
        figures: Row = {"count": count, "share": share(count, of) if of else None}
        figures["mean_per_month"] = round(count / self._counts.months, 2)
        return {name: figures[name] for name in self._table.columns if name in figures}

    def totals(self) -> Row:
        return {}
