"""The tables of an annual report as counts of contacts: what each column of each row counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.reporting.domain.conditions import Conditions, Values
from services.reporting.domain.related import ShownTable
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import ProfileVersion
from shared.profiles.model import ReportTable

Json = dict[str, Any]
TERMS: Final[Mapping[DeadlineKind, str]] = {
    DeadlineKind.ACKNOWLEDGEMENT: "acknowledged_in_term",
    DeadlineKind.ANSWER: "answered_in_term",
}
"""The dimension that tells how a deadline of the kind was kept."""
_ENDED: Final[Mapping[str, Values]] = {
    "true": frozenset({"met"}),
    "false": frozenset({"met_late", "missed_open"}),
    "open": frozenset({"open_in_term"}),
    "none": frozenset({"cancelled", "without"}),
}
_ANSWER: Final = f"#{DeadlineKind.ANSWER}"
_BY_TERM: Final = {"within_term": "met", "outside_term": "met_late", "open_overdue": "missed_open"}
"""Columns that count how the answer term was kept."""
FINER: Final[Mapping[tuple[str, str], Mapping[str, Values]]] = {
    (name, f"#{kind}"): _ENDED for kind, name in TERMS.items()
}
"""How deadlines ended, told apart further than the dimensions do."""


class Ended(NamedTuple):
    """How the deadlines of one kind ended for a year's contacts; ``without`` have none."""

    kind: DeadlineKind
    counts: Mapping[str, int]

    def shown(self) -> ShownTable:
        rows: dict[tuple[Values, ...], int] = {
            (frozenset({state}),): count for state, count in self.counts.items()
        }
        return ShownTable((f"#{self.kind}",), {}, rows, sum(rows.values()))


class CellPlace(NamedTuple):
    """A figure, and the count that gives it away: a row of one of the shown tables, or its total.

    For a figure of the total ``row`` is None; for one that goes with the total's count ``values`` are.
    """

    row: int | None
    column: str
    table: int
    values: tuple[Values, ...] | None


class Tables:
    """The tables of one year that stands in a report, itself or as a year before."""

    def __init__(self, report: Json, year: int, version: ProfileVersion) -> None:
        self.tables: Sequence[Json] = report["tables"]
        self._year = None if report["year"] == year else str(year)
        self._specs = {table.id: table for table in version.annual_report}
        self.shown: list[ShownTable] = []
        self.cells: dict[int, list[CellPlace]] = {}
        for place, table in enumerate(self.tables):
            total = self._total(table)
            # What was published before is known to everybody.
            if total is not None:
                self.cells[place] = list(self._of(table, self._specs[table["id"]], total))

    def figures(self, row: Json) -> Json:
        """The row's figures in this year."""
        told: Json | None = row if self._year is None else row["previous"].get(self._year)
        return told or {}

    def add(self, table: ShownTable) -> int:
        """The place of a further table that is shown."""
        self.shown.append(table)
        return len(self.shown) - 1

    def _total(self, table: Json) -> int | None:
        if self._year is None:
            total: int | None = table["total"]
            return total
        before = table["previous"].get(self._year)
        return before["total"] if before and before["source"] == "store" else None

    def _of(self, table: Json, spec: ReportTable, total: int) -> Iterator[CellPlace]:
        lines = {line.id: line for line in getattr(spec, "lines", ())}
        if lines:
            yield CellPlace(None, "count", self.add(ShownTable((), _sets(spec.where), {}, total)), None)
            for row, told in enumerate(table["rows"]):
                line = lines[next(iter(told["key"].values()))]
                yield from self._line(row, told, _sets(spec.where | line.where))
                if line.of is not None:
                    yield from self._share_of({row: told}, _sets(line.of))
            return
        keys = _keys(table, spec)
        counts = {key: self.figures(row).get("count", 0) for key, row in zip(keys, table["rows"], strict=True)}
        at = self.add(ShownTable(tuple(table["dimensions"]), _sets(spec.where), counts, total))
        yield CellPlace(None, "count", at, None)
        for row, key in enumerate(keys):
            yield CellPlace(row, "count", at, key)
        share_of = getattr(spec, "share_of", None)
        if share_of is None:
            # A share beside its count tells the total.
            yield from (CellPlace(row, "share", at, None) for row, key in enumerate(keys) if counts[key])
        else:
            yield from self._share_of(dict(enumerate(table["rows"])), _sets(share_of))
        apart, alone = _parts(spec, table)
        for dimension, columns in apart.items():
            yield from self._told_apart(table, spec, counts, dimension, columns)
        for column, where in alone.items():
            told = [self.figures(row).get(column) or 0 for row in table["rows"]]
            of = dict(zip(keys, told, strict=True))
            at = self.add(ShownTable(tuple(table["dimensions"]), where, of, sum(told), complete=False))
            for row, key in enumerate(keys):
                yield CellPlace(row, column, at, key)

    def _line(self, row: int, told: Json, where: Conditions) -> Iterator[CellPlace]:
        count = self.figures(told).get("count")
        if count is not None:
            yield CellPlace(row, "count", self.add(ShownTable((), where, {(): count}, count)), ())

    def _share_of(self, rows: Mapping[int, Json], where: Conditions) -> Iterator[CellPlace]:
        """A share beside its count tells what it is of, whether that is in a table or not."""
        told = {row: self.figures(each) for row, each in rows.items()}
        base = next((round(each["count"] / each["share"]) for each in told.values() if each.get("share")), None)
        if base is not None:
            at = self.add(ShownTable((), where, {(): base}, base))
            for row in rows:
                yield CellPlace(row, "share", at, ())

    def _told_apart(
        self,
        table: Json,
        spec: ReportTable,
        counts: Mapping[tuple[Values, ...], int],
        dimension: str,
        columns: Mapping[str, Values],
    ) -> Iterator[CellPlace]:
        """Columns that tell a row's contacts apart by one more dimension, and the rest that no column tells."""
        rest = frozenset({f"#not of {', '.join(columns)}"})
        rows: dict[tuple[Values, ...], int] = {}
        at = len(self.shown)
        for row, (key, whole) in enumerate(counts.items()):
            told = self.figures(table["rows"][row])
            for column, values in columns.items():
                rows[*key, values] = told.get(column) or 0
                yield CellPlace(row, column, at, (*key, values))
            left = whole - sum(rows[*key, values] for values in columns.values())
            if left > 0:
                rows[*key, rest] = left
        unseen = frozenset(key for key in rows if key[-1] == rest)
        by = (*table["dimensions"], dimension)
        self.shown.append(ShownTable(by, _sets(spec.where), rows, sum(counts.values()), unseen, complete=False))


def _keys(table: Json, spec: ReportTable) -> list[tuple[Values, ...]]:
    groups = {group.id: frozenset(group.values) for group in spec.groups}
    return [tuple(groups.get(value, frozenset({value})) for value in row["key"].values()) for row in table["rows"]]


def _parts(spec: ReportTable, table: Json) -> tuple[dict[str, dict[str, Values]], dict[str, Conditions]]:
    """By dimension the columns that tell a row's contacts apart by it; and the others that count contacts, each
    with its own filter.
    """
    apart: dict[str, dict[str, Values]] = {}
    alone: dict[str, Conditions] = {}
    for part in getattr(spec, "parts", ()):
        where = _sets(part.where)
        (dimension, values), *others = where.items()
        known = apart.setdefault(dimension, {})
        free = dimension not in {*spec.by, *spec.where} and all(values.isdisjoint(each) for each in known.values())
        if free and not others:
            known[part.id] = values
        else:
            alone[part.id] = {**_sets(spec.where), **where}
    rate = getattr(spec, "rate", None)
    if rate is not None:
        alone["rate_of"] = _sets(rate.of)
    ids = {column["id"] for column in table.get("columns", ())}
    apart[_ANSWER] = {column: frozenset({state}) for column, state in _BY_TERM.items() if column in ids}
    return {dimension: columns for dimension, columns in apart.items() if columns}, alone


def _sets(where: Mapping[str, Iterable[str]]) -> Conditions:
    return {name: frozenset(values) for name, values in where.items()}
