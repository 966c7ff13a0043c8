"""An annual report as everybody may see it: without small counts, and without what would bring them back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from services.reporting.domain.conditions import finer
from services.reporting.domain.public_tables import FINER, Ended, Json, Tables
from services.reporting.domain.related import Shown, ShownTable, shown
from services.reporting.domain.suppression import Counts, is_small, rows_left_out
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import ProfileVersion

LeftOut = Callable[[Counts], frozenset[int]]
"""The places of the counts that are not shown."""
_ABOUT_NO_CONTACT: Final = frozenset({"inhabitants", "inhabitants_year", "term_days"})
_OF_THE_COUNT: Final = frozenset({"count", "share", "per_1000", "mean_per_month", *_ABOUT_NO_CONTACT})
_NO_FIGURES: Final = frozenset({"key", "labels", "previous", "change", "suppressed"})
_REPORT: Final = (
    *("organisation", "name", "year", "from", "to", "year_running", "generated_at", "profile_version"),
    "context",
)
_TABLE: Final = frozenset(
    {"id", "title", "section", "dimensions", "where", "several", "columns", "definition", "total", "totals"}
    | {"change", "reconciliation"}
)


class Hidden(NamedTuple):
    """What is not shown of one year that stands in a report. Tables and rows are by their place."""

    rows: Mapping[tuple[int, int], frozenset[str]]
    """(table, row) -> ids of figures."""
    totals: Mapping[int, frozenset[str]]
    """Table -> ids of figures of its total."""
    contacts: bool
    """How many contacts there are in all."""
    ended: frozenset[DeadlineKind]
    """Kinds of deadlines of which it is not shown how they ended."""


def hidden_of_year(
    report: Json, year: int, version: ProfileVersion, ended: Sequence[Ended], *, smallest: int, left_out: LeftOut
) -> Hidden:
    """What may not be shown of a year that stands in the report, itself or as a year before.

    ``ended`` is shown as well, and hangs together with the tables.
    """
    tables = Tables(report, year, version)
    places = {each.kind: tables.add(each.shown()) for each in ended}
    contacts = report["reconciliation"]["contacts"] if report["year"] == year else None
    everybody = None if contacts is None else tables.add(ShownTable((), {}, {}, contacts))
    together = shown(tables.shown, {**finer(version), **FINER})
    out = left_out(together.counts)
    hidden = _Hiding(tables, together, out, smallest)
    return Hidden(
        hidden.rows(),
        hidden.totals(),
        everybody is not None and together.totals[everybody] in out,
        frozenset(
            kind
            for kind, at in places.items()
            # Shares of what came in time tell all the others together.
            if not out.isdisjoint({*together.rows[at].values(), together.totals[at]})
        ),
    )


class _Hiding:
    def __init__(self, tables: Tables, together: Shown, out: frozenset[int], smallest: int) -> None:
        self._tables = tables
        self._smallest = smallest
        self._columns: dict[tuple[int, int | None], set[str]] = {}
        for place, cells in tables.cells.items():
            for row, column, at, values in cells:
                where = together.totals[at] if values is None else together.rows[at][values]
                if where in out:
                    self._columns.setdefault((place, row), set()).add(column)

    def totals(self) -> dict[int, frozenset[str]]:
        """The figures of totals that are hidden: all of them with the count, else those that are small."""
        hidden = {}
        for place, cells in self._tables.cells.items():
            table = self._tables.tables[place]
            told = table.get("totals") or {}
            formats = _formats(table)
            small = {
                name for name, value in told.items() if formats.get(name) == "count" and self._small(value or 0)
            }
            gone = "count" in self._columns.get((place, None), ())
            columns = ({"count", *told} - _ABOUT_NO_CONTACT) if gone else small
            if columns and cells:
                hidden[place] = frozenset(columns)
        return hidden

    def _small(self, count: int) -> bool:
        return is_small(count, self._smallest)

    def rows(self) -> dict[tuple[int, int], frozenset[str]]:
        """The figures of rows that are hidden."""
        hidden: dict[tuple[int, int], set[str]] = {}
        for (place, row), out in self._columns.items():
            if row is not None:
                hidden[place, row] = self._with_derived(place, row, out)
        for place in self._tables.cells:
            for row, columns in self._further(place, hidden):
                hidden.setdefault((place, row), set()).update(columns)
        return {where: frozenset(columns) for where, columns in hidden.items()}

    def _with_derived(self, place: int, row: int, columns: Collection[str]) -> set[str]:
        if "count" in columns:
            told = self._tables.figures(self._tables.tables[place]["rows"][row])
            return set(told) - _NO_FIGURES - _ABOUT_NO_CONTACT
        return {*columns, "rate"} if "rate_of" in columns else set(columns)

    def _further(
        self, place: int, hidden: Mapping[tuple[int, int], Collection[str]]
    ) -> Iterable[tuple[int, Collection[str]]]:
        """What else is told of a row's contacts: one small number takes the rest of the row with it."""
        table = self._tables.tables[place]
        formats = _formats(table)
        tied = {"rate", *(cell.column for cell in self._tables.cells[place]), *_OF_THE_COUNT}
        further = [name for name in formats if name not in tied]
        counted = [name for name in further if formats[name] in ("count", "percent")]
        told = [self._tables.figures(row) for row in table["rows"]]
        rows = [[_number(row, name, formats[name]) for name in counted] for row in told]
        # With any count of the row gone, what is measured over its contacts goes too.
        gone = [row for row in range(len(rows)) if set(hidden.get((place, row), ())) - {"share"}]
        return [(row, further) for row in rows_left_out(rows, gone, self._smallest)] if further else []


def _formats(table: Json) -> dict[str, str]:
    return {column["id"]: column["format"] for column in table.get("columns", ())}


def _number(row: Json, name: str, format_: str) -> int:
    """How many contacts a figure is about."""
    value = row.get(name) or 0
    return round(value * (row.get("count") or 0)) if format_ == "percent" else round(value)


def public_report(report: Json, hidden: Mapping[int, Hidden]) -> Json:
    """The report without what is hidden of its years. Only what is known to be safe is in it at all."""
    now = hidden[report["year"]]
    before = {str(year): of for year, of in hidden.items() if year != report["year"]}
    return {name: report[name] for name in _REPORT if name in report} | {
        "audience": "public",
        "tables": [_table(table, place, now, before) for place, table in enumerate(report["tables"])],
        "reconciliation": {"contacts": None, "events": None} if now.contacts else report["reconciliation"],
    }


def _table(table: Json, place: int, now: Hidden, before: Mapping[str, Hidden]) -> Json:
    public = {name: value for name, value in table.items() if name in _TABLE}
    totals = {year: of.totals.get(place, frozenset()) for year, of in before.items()}
    gone = now.totals.get(place, frozenset())
    if "count" in gone:
        public["total"] = None
    for name in gone & (table.get("totals") or {}).keys():
        public["totals"] = public["totals"] | {name: None}
    if public.get("change"):
        public["change"] = _changes(public["change"], gone, totals)
    public["rows"] = [
        _row(
            row,
            now.rows.get((place, at), frozenset()),
            {y: of.rows.get((place, at), frozenset()) for y, of in before.items()},
        )
        for at, row in enumerate(table["rows"])
    ]
    public["previous"] = {
        year: _earlier(told, totals.get(year, frozenset())) for year, told in table["previous"].items()
    }
    public["suppressed"] = _suppressed(public, gone, totals)
    if public["suppressed"] or now.contacts:
        # The sum of the rows would bring back the one that is missing; and it says how many contacts there are.
        public.pop("reconciliation", None)
    return public


def _earlier(told: Json, hidden: frozenset[str]) -> Json:
    """The figures over all rows in an earlier year. They stand there twice: as the total, and among the totals."""
    shown = {name: None if name in hidden else value for name, value in (told.get("totals") or {}).items()}
    return told | ({"total": None} if "count" in hidden else {}) | ({"totals": shown} if "totals" in told else {})


def _suppressed(table: Json, gone: Collection[str], totals: Mapping[str, Collection[str]]) -> int:
    """How many figures are missing."""
    told = [*table["rows"], *(each for row in table["rows"] for each in row["previous"].values() if each)]
    return sum(len(each.get("suppressed", ())) for each in told) + len(gone) + sum(map(len, totals.values()))


def _row(row: Json, now: frozenset[str], before: Mapping[str, frozenset[str]]) -> Json:
    public = _without(row, now)
    public["previous"] = {
        year: told and _without(told, before.get(year, frozenset())) for year, told in row["previous"].items()
    }
    if row.get("change"):
        public["change"] = _changes(row["change"], now, before)
    return public


def _without(told: Json, hidden: frozenset[str]) -> Json:
    public = {name: None if name in hidden else value for name, value in told.items()}
    return public | {"suppressed": sorted(hidden)} if hidden else public


def _changes(change: Json, now: Collection[str], before: Mapping[str, Collection[str]]) -> Json:
    return {year: _change(told, {*now, *before.get(year, ())}) for year, told in change.items()}


def _change(told: Json | None, hidden: Collection[str]) -> Json | None:
    # A change beside one of the two figures gives the other.
    if told is None or "count" in hidden:
        return None
    return told | {"points": None} if "share" in hidden else told
