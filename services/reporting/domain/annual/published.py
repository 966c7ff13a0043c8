"""A year that no contacts are stored of: as it was printed, or not known."""

from collections.abc import Iterable

from services.reporting.domain.annual.figures import Row, Source
from services.reporting.domain.dimensions import SEVERAL
from services.reporting.domain.figures import share
from shared.profiles.model import ReportTable


class Nothing:
    """A year that no contacts are stored of and nothing was published about."""

    source: Source = "none"
    total: int | None = None

    def keys(self) -> Iterable[str]:
        return ()

    def row(self, key: str) -> Row | None:  # noqa: ARG002
        return None

    def totals(self) -> Row:
        return {}


class Published:
    """A year as it was printed. A row that was not is 0 where the others make the total, else not known."""

    source: Source = "published"

    def __init__(self, table: ReportTable, year: int) -> None:
        self._counts = table.published.get(year, {})
        self._figures = table.published_figures.get(year, {})
        total = table.published_totals.get(year)
        summed = sum(self._counts.values())
        # Figures of a dimension with several values, or of lines, add up to more than the contacts.
        if total is None and self._counts and not table.lines and not SEVERAL.intersection(table.by):
            total = summed
        self.total = total
        self._share_of = table.published_share_of.get(year, total)
        self._complete = bool(self._counts) and total == summed

    def keys(self) -> Iterable[str]:
        return {*self._counts, *(key for figures in self._figures.values() for key in figures)}

    def row(self, key: str) -> Row | None:
        count = self._counts.get(key, 0 if self._complete else None)
        printed = {name: figures[key] for name, figures in self._figures.items() if key in figures}
        if count is None and not printed:
            return None
        of_total = None if count is None or self._share_of is None else share(count, self._share_of)
        return {"count": count, "share": of_total} | printed

    def totals(self) -> Row:
        return {} if self.total is None else {"count": self.total}
