"""The annual report as something to be read: its JSON with every part named, and what it leaves out filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeGuard

Text = Mapping[str, str]
"""``nl`` and ``en``."""
Language = Literal["nl", "en"]
Figure = int | float | str | None
Format = Literal["count", "percent", "decimal", "days", "points", "text"]

_COUNT: Final = {"id": "count", "label": {"nl": "Aantal", "en": "Number"}, "format": "count"}
_SHARE: Final = {"id": "share", "label": {"nl": "Aandeel", "en": "Share"}, "format": "percent"}
_PER_1000: Final = {
    "id": "per_1000",
    "label": {"nl": "Per 1.000 inwoners", "en": "Per 1,000 inhabitants"},
    "format": "decimal",
}


_ABOUT: Final = ("per_1000", "rate", "score", "mean_days", "median_days")
LINES: Final = "figure"
"""The dimension of a table whose rows are conditions, not values."""


@dataclass(frozen=True)
class Column:
    """A figure that every row of a table has. A ``percent`` is a fraction, 0 to 1."""

    id: str
    label: Text
    format: Format


@dataclass(frozen=True)
class Row:
    """One row. ``previous`` and ``change`` are by year, None where nothing is known of that year."""

    key: Mapping[str, str]
    labels: Mapping[str, Text]
    figures: Mapping[str, Any]
    previous: Mapping[str, Mapping[str, Any] | None]
    change: Mapping[str, Mapping[str, Any] | None]
    suppressed: frozenset[str]


@dataclass(frozen=True)
class Before:
    """What an earlier year's column is made of: ``store``, ``published`` or ``none``."""

    total: int | None
    source: str
    totals: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table and its number. ``contacts`` pass its conditions; ``rows_add_up_to`` is None where none is told."""

    number: int
    id: str
    title: Text
    section: str
    definition: Text | None
    dimensions: Sequence[str]
    where: Mapping[str, Sequence[str]]
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: int | None
    totals: Mapping[str, Any]
    change: Mapping[str, Mapping[str, Any] | None]
    before: Mapping[str, Before]
    several: bool
    suppressed: int
    contacts: int | None
    of: int | None
    rows_add_up_to: int | None

    @property
    def main(self) -> Column:
        """The figure that the table is about: one that counts were made for, else the first."""
        named = {column.id: column for column in self.columns}
        return next((named[name] for name in _ABOUT if name in named), self.columns[0])

    @property
    def separate_lines(self) -> bool:
        """Whether each row counts by conditions of its own, so that rows may overlap."""
        return list(self.dimensions) == [LINES]


@dataclass(frozen=True)
class ContextFigure:
    """A figure about no contact, as the organisation states it: ``number`` or ``seconds``, of a year."""

    label: Text
    unit: str
    year: int
    value: float


@dataclass(frozen=True)
class Annual:
    """The whole report, over the local days ``first`` to ``last``; ``public`` where small figures are left out.

    ``generated_at`` is an instant in ISO 8601.
    """

    organisation: str
    name: Text
    year: int
    running: bool
    public: bool
    first: str
    last: str
    generated_at: str
    profile_version: str
    tables: Sequence[Table]
    contacts: int | None
    events: int | None
    context: Sequence[ContextFigure]

    @property
    def years_before(self) -> list[str]:
        """The earlier years of any table, the latest first."""
        return sorted({year for table in self.tables for year in table.before}, reverse=True)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a figure is there and can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_annual(report: Mapping[str, Any]) -> Annual:
    """The report that ``/reports/annual`` answers with, ready to be shown."""
    reconciliation = report.get("reconciliation") or {}
    return Annual(
        organisation=report["organisation"],
        name=report["name"],
        year=report["year"],
        running=report["year_running"],
        public=report.get("audience") == "public",
        first=report.get("from") or f"{report['year']:04d}-01-01",
        last=report.get("to") or f"{report['year']:04d}-12-31",
        generated_at=report["generated_at"],
        profile_version=report["profile_version"],
        tables=[
            _table(number, table, reconciliation.get("contacts"))
            for number, table in enumerate(report["tables"], start=1)
        ],
        contacts=reconciliation.get("contacts"),
        events=reconciliation.get("events"),
        context=[
            ContextFigure(each["label"], each["unit"], each["year"], each["value"])
            for each in report.get("context") or ()
        ],
    )


def _table(number: int, table: Mapping[str, Any], contacts_of_year: int | None) -> Table:
    columns = [Column(each["id"], each["label"], each["format"]) for each in table.get("columns") or _usual(table)]
    rows = [_row(row, columns) for row in table["rows"]]
    reconciliation = table.get("reconciliation")
    if reconciliation is None:
        counts = [row.figures.get("count") for row in rows]
        known = [each for each in counts if is_number(each)]
        added = int(sum(known)) if known and len(known) == len(counts) else None
        reconciliation = {"contacts": table["total"], "of": contacts_of_year, "rows": added}
    before = {year: _before(each) for year, each in table["previous"].items()}
    total = {"count": table["total"]}
    return Table(
        number=number,
        id=table["id"],
        title=table["title"],
        section=table["section"],
        definition=table.get("definition"),
        dimensions=table["dimensions"],
        where=table["where"],
        columns=columns,
        rows=rows,
        total=table["total"],
        totals=table.get("totals") or _usual_totals(table, columns),
        change=table.get("change")
        or {year: change(total, {"count": each.total}) for year, each in before.items()},
        before=before,
        several=table.get("several", _adds_up_to_more(reconciliation)),
        suppressed=table.get("suppressed") or 0,
        contacts=reconciliation["contacts"],
        of=reconciliation["of"],
        rows_add_up_to=reconciliation["rows"],
    )


def _before(year: Mapping[str, Any]) -> Before:
    total = year["total"]
    # Where the total is suppressed, so is all that is reckoned with it.
    totals = {} if total is None else year.get("totals") or {"count": total}
    return Before(total, year["source"], totals)


def _adds_up_to_more(reconciliation: Mapping[str, Any]) -> bool:
    contacts, rows = reconciliation["contacts"], reconciliation["rows"]
    return is_number(contacts) and is_number(rows) and rows > contacts


def _usual(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = table["rows"]
    return [_COUNT, _SHARE, *([_PER_1000] if any("per_1000" in row for row in rows) else [])]


def _usual_totals(table: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    return {"count": table["total"]} if any(column.id == "count" for column in columns) else {}


def _row(row: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    previous = row.get("previous") or {}
    return Row(
        key=row["key"],
        labels=row["labels"],
        figures={column.id: row.get(column.id) for column in columns},
        previous=previous,
        change=row.get("change") or {year: change(row, figures) for year, figures in previous.items()},
        suppressed=frozenset(row.get("suppressed") or ()),
    )


def change(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What changed from an earlier year: ``count``, ``percent`` of it, and ``points`` between the shares.

    None where either count is not known; no percent of nothing.
    """
    count, earlier = now.get("count"), (before or {}).get("count")
    if not is_number(count) or not is_number(earlier):
        return None
    share, earlier_share = now.get("share"), (before or {}).get("share")
    both = is_number(share) and is_number(earlier_share)
    return {
        "count": count - earlier,
        "percent": round((count - earlier) / earlier, 6) if earlier else None,
        "points": round(share - earlier_share, 6) if both else None,  # type: ignore[operator]
    }
