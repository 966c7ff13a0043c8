"""Compares an annual report, as it is answered over HTTP, with every cell that was printed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import yaml

from tests.microdata.printed import DATA, tables, year_of

_EVEN = 1e-9
_FIGURES = (
    "count",
    "share",
    "complaint_rate",
    "repeated",
    "within_term",
    "outside_term",
    "mean_days",
    "term_days",
    "inhabitants",
    "per_1000",
    "score",
    "mean_per_month",
    "seconds",
    "count_from_services",
)
_DECIMALS = {"mean_days": 1, "per_1000": 1, "score": 1, "mean_per_month": 0}
"""How many decimals are printed; shares as each table tells."""


@cache
def _readings() -> Any:
    return yaml.safe_load((DATA / "readings.yaml").read_text(encoding="utf-8"))


def readings(organisation: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Printed table -> where it stands in the reports."""
    found: Mapping[str, Sequence[Mapping[str, Any]]] = _readings()[organisation]["tables"]
    return found


def shown_otherwise(organisation: str) -> Sequence[Mapping[str, Any]]:
    """Cells that the reports do not show as printed, and what they show."""
    found: Sequence[Mapping[str, Any]] = _readings()[organisation].get("shown", [])
    return found


def key_of(shown: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The key of a cell that is shown otherwise, as cells have it."""
    return tuple((name, _text(value)) for name, value in shown["key"].items())


class Cell(NamedTuple):
    """A printed cell, and what the reports have in its place. ``year`` is an earlier one, None the reported."""

    table: str
    key: tuple[tuple[str, str], ...]
    year: str | None
    figure: str
    printed: float
    found: float | None
    decimals: int | None

    @property
    def agrees(self) -> bool:
        """Whether what was found rounds to what was printed; counts have to be equal."""
        if self.found is None:
            return False
        if self.decimals is None:
            return self.found == self.printed
        return abs(self.found - self.printed) <= float(0.5 * 10**-self.decimals) + _EVEN


@dataclass
class Comparison:
    """Every cell of an organisation's printed tables."""

    organisation: str
    tables: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def differences(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.agrees]

    def __str__(self) -> str:
        equal = len(self.cells) - len(self.differences)
        return f"{self.organisation}: {self.tables} tables, {equal} of {len(self.cells)} cells equal"


def compare(organisation: str, report: Mapping[str, Any]) -> Comparison:
    """The annual report beside everything that was printed in tables."""
    comparison = Comparison(organisation)
    for name, read in readings(organisation).items():
        told = list(_cells(organisation, name, read, report))
        comparison.tables += 1
        comparison.cells += told
    return comparison


def _cells(
    organisation: str, name: str, read: Sequence[Mapping[str, Any]], report: Mapping[str, Any]
) -> Iterator[Cell]:
    printed = tables(organisation)[name]
    for reading in read:
        if "days" in reading:
            continue
        if "changes" in reading:
            yield from _change_cells(name, printed, reading["changes"], report)
            continue
        finder = _Finder(reading, report, year_of(organisation))
        for row in _rows(printed, reading):
            yield from _row_cells(name, printed, row, finder)
        if "table" in reading and not reading.get("only"):
            yield from _total_cells(name, printed, finder)
            yield from _margin_cells(name, printed, reading, finder)
        if "breakdown" in reading:
            yield from _breakdown_cells(name, printed, reading["breakdown"], report)


def _rows(printed: Mapping[str, Any], reading: Mapping[str, Any]) -> Iterator[Any]:
    """The printed rows that the reading is about; rows that stand for one are added up."""
    merged: dict[tuple[str, ...], Any] = {}
    for row in printed["rows"]:
        only = reading.get("only", {})
        if all(str(row["key"][name]) in _as_list(wanted) for name, wanted in only.items()):
            place = tuple(_renamed(row["key"], reading).values())
            if place in merged and "service" in row["key"]:
                merged[place] = merged[place] | {"count": merged[place]["count"] + row["count"]}
            elif place in merged:
                yield row
            else:
                merged[place] = row
    yield from merged.values()


def _as_list(wanted: str | list[str]) -> list[str]:
    return wanted if isinstance(wanted, list) else [wanted]


def _renamed(key: Mapping[str, Any], reading: Mapping[str, Any]) -> dict[str, str]:
    names, values, drop = reading.get("key", {}), reading.get("values", {}), reading.get("drop", ())
    return {
        names.get(name, name): values.get(name, {}).get(str(value), _text(value))
        for name, value in key.items()
        if name not in drop
    }


def _each(key: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A printed row may be several of ours, as in ``founded+partly_founded``."""
    values = product(*(value.split("+") for value in key.values()))
    return (dict(zip(key, each, strict=True)) for each in values)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Finder:
    """Finds printed cells in the report."""

    def __init__(self, reading: Mapping[str, Any], report: Mapping[str, Any], year: int) -> None:
        self._reading = reading
        self._report = report
        self._year = year
        name = next((reading[how] for how in ("table", "total_of", "least_of", "most_of") if how in reading), None)
        self.table = next((each for each in report["tables"] if each["id"] == name), None)
        self._rows: dict[frozenset[tuple[str, str]], Any] = {}
        for row in self.table["rows"] if self.table else ():
            self._rows[frozenset(row["key"].items())] = row

    def column(self, figure: str) -> str:
        renamed: str = self._reading.get("figures", {}).get(figure, _COLUMNS.get(figure, figure))
        return renamed

    def of(self, key: Mapping[str, Any], figure: str, year: str | None) -> float | None:
        if self._reading.get("context"):
            return self._context(str(key["figure"]), year)
        column = self.column(figure)
        if "total_of" in self._reading and self.table:
            return self._number(self.table["totals"].get(column))
        if self.table and ("least_of" in self._reading or "most_of" in self._reading):
            values = [row[column] for row in self.table["rows"] if row[column]]
            return float(min(values) if "least_of" in self._reading else max(values))
        found = [self._figure(each, column, year) for each in _each(self._dated(_renamed(key, self._reading)))]
        known = [each for each in found if each is not None]
        return sum(known) if known else None

    def _figure(self, key: Mapping[str, str], column: str, year: str | None) -> float | None:
        row = self._rows.get(frozenset(key.items()))
        figures = row if row is None or year is None else row["previous"].get(year)
        return self._number(figures.get(column)) if figures else None

    def _dated(self, key: Mapping[str, str]) -> dict[str, str]:
        seasons = ("month", "quarter", "half_year")
        return {name: f"{self._year}-{value}" if name in seasons else value for name, value in key.items()}

    def _context(self, figure: str, _: str | None) -> float | None:
        known = {each["id"]: each["value"] for each in self._report["context"]}
        name = figure if figure in known else figure.removesuffix("_2022")
        return self._number(known.get(name))

    def _number(self, value: float | None) -> float | None:
        return value


_COLUMNS = {"complaint_rate": "rate", "count_from_services": "count"}


def _row_cells(name: str, printed: Mapping[str, Any], row: Mapping[str, Any], finder: _Finder) -> Iterator[Cell]:
    key = tuple((each, _text(value)) for each, value in row["key"].items())
    years = [(None, row), *row.get("previous", {}).items()]
    for year, figures in years:
        for figure in _FIGURES:
            if figures.get(figure) is not None:
                decimals = _decimals(figure, figures, row, printed)
                found = finder.of(row["key"], figure, year)
                yield Cell(name, key, year, figure, figures[figure], found, decimals)


def _decimals(
    figure: str, figures: Mapping[str, Any], row: Mapping[str, Any], printed: Mapping[str, Any]
) -> int | None:
    if figure == "share":
        told: int = row.get("share_decimals", printed.get("share_decimals", 0))
        # Earlier years may be printed with more decimals than the table tells.
        return max(2 + told, len(repr(figures["share"]).partition(".")[2]) if figures is not row else 0)
    if figure == "complaint_rate":
        return 2 + int(printed.get("rate_decimals", 1))
    return _DECIMALS.get(figure)


def _total_cells(name: str, printed: Mapping[str, Any], finder: _Finder) -> Iterator[Cell]:
    table = finder.table
    if table is None:
        return
    if printed.get("total") is not None:
        yield Cell(name, (), None, "total", printed["total"], table["total"], None)
    for figure, value in printed.get("totals", {}).items():
        found = table["totals"].get(finder.column(figure))
        yield Cell(name, (), None, f"total {figure}", value, found, _DECIMALS.get(figure))
    if "total_complaint_rate" in printed:
        yield Cell(name, (), None, "total rate", printed["total_complaint_rate"], table["totals"]["rate"], 4)
    for year, value in printed.get("previous_totals", {}).items():
        found = table["previous"].get(year, {}).get("total")
        yield Cell(name, (), year, "total", value, found, None)
    if "remainder" in printed:
        rows = {tuple(row["key"].values()): row["count"] for row in table["rows"]}
        yield Cell(name, (), None, "remainder", printed["remainder"]["count"], rows.get(("unknown",)), None)


def _margin_cells(
    name: str, printed: Mapping[str, Any], reading: Mapping[str, Any], finder: _Finder
) -> Iterator[Cell]:
    """Printed sums of rows and of columns, against the sum of our own."""
    for place, margin in enumerate(("row_totals", "column_totals")):
        dimension = printed["dimensions"][place] if margin in printed else ""
        wanted: Counter[tuple[tuple[str, str], ...]] = Counter()
        for value, total in printed.get(margin, {}).items():
            if isinstance(total, int):
                wanted[tuple(_renamed({dimension: value}, reading).items())] += total
        for key, total in wanted.items():
            rows = finder.table["rows"] if finder.table else []
            found = sum(row["count"] for row in rows if key[0] in row["key"].items())
            yield Cell(name, key, None, margin, total, found, None)


def _breakdown_cells(
    name: str, printed: Mapping[str, Any], lines: Mapping[str, str], report: Mapping[str, Any]
) -> Iterator[Cell]:
    found = {
        row["key"]["figure"]: row["count"]
        for table in report["tables"]
        if table["dimensions"] == ["figure"]
        for row in table["rows"]
    }
    for figure, count in printed["breakdown"].items():
        yield Cell(name, (("breakdown", figure),), None, "count", count, found.get(lines[figure]), None)


def _change_cells(
    name: str, printed: Mapping[str, Any], told: Mapping[str, Any], report: Mapping[str, Any]
) -> Iterator[Cell]:
    """Changes told in the text: most are between two whole percents, so it is these that are compared."""
    tables_ = {each["id"]: each for each in report["tables"]}
    for row in printed["rows"]:
        figure, against = row["key"]["figure"], row["key"]["against"]
        if figure not in told or "from" not in row:
            continue
        wanted = told[figure].get("row", {})
        shown = next(each for each in tables_[told[figure]["table"]]["rows"] if each["key"] == wanted)
        key = (("figure", figure), ("against", against))
        if row["basis"] == "count":
            yield Cell(name, key, None, "to", row["to"], shown["count"], None)
            yield Cell(name, key, against, "from", row["from"], shown["previous"][against]["count"], None)
            yield Cell(name, key, against, "change", row["change"], shown["change"][against]["percent"], 2)
        else:
            yield Cell(name, key, None, "to", row["to"] / 100, shown["share"], 2)
            yield Cell(name, key, against, "from", row["from"] / 100, shown["previous"][against]["share"], 2)
