"""A report as something to be read: its JSON with every part named, and what it leaves out filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypedDict, TypeGuard

Text = Mapping[str, str]
"""``nl`` and ``en``."""
Language = Literal["nl", "en"]
Kind = Literal["annual", "monthly"]
Figure = int | float | str | None
Format = Literal["count", "percent", "decimal", "days", "points", "text"]

_COUNT: Final = {"id": "count", "label": {"nl": "Aantal", "en": "Number"}, "format": "count"}
_SHARE: Final = {"id": "share", "label": {"nl": "Aandeel", "en": "Share"}, "format": "percent"}
_PER_1000: Final = {
    "id": "per_1000",
    "label": {"nl": "Per 1.000 inwoners", "en": "Per 1,000 inhabitants"},
    "format": "decimal",
}


_ANNUAL: Final[Mapping[Language, str]] = {"nl": "Jaarverslag", "en": "Annual report"}
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
    """One row. ``previous`` and ``change`` are by earlier period, None where nothing is known of that one."""

    key: Mapping[str, str]
    labels: Mapping[str, Text]
    figures: Mapping[str, Any]
    previous: Mapping[str, Mapping[str, Any] | None]
    change: Mapping[str, Mapping[str, Any] | None]
    suppressed: frozenset[str]


@dataclass(frozen=True)
class Before:
    """What an earlier period's column is made of: ``store``, ``published`` or ``none``."""

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


class Told(TypedDict):
    """The fields of a report that are read alike of every kind."""

    generated_at: str
    profile_version: str
    tables: Sequence[Table]
    contacts: int | None
    events: int | None


@dataclass(frozen=True)
class Report:
    """The whole report, over the local days ``first`` to ``last``; ``public`` where small figures are left out.

    ``title`` says what it is and of when, and ``stem`` the same as the name of a file; ``key`` is the period as
    programs name it, and ``before`` the key of the one just before it. ``names`` are what people call the periods,
    by key: ``2021`` itself, ``2021-03`` as March 2021. ``generated_at`` is an instant in ISO 8601. ``query`` is
    what an address of the same report has besides form and language.
    """

    kind: Kind
    organisation: str
    name: Text
    title: Text
    stem: Text
    key: str
    before: str
    names: Mapping[str, Text]
    running: bool
    public: bool
    first: str
    last: str
    generated_at: str
    profile_version: str
    tables: Sequence[Table]
    contacts: int | None
    events: int | None
    context: Sequence[ContextFigure] = ()
    remarks: Sequence[Text] = ()
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys_before(self) -> list[str]:
        """The earlier periods of any table, the latest first."""
        return sorted({key for table in self.tables for key in table.before}, reverse=True)

    def called(self, key: str, language: Language) -> str:
        """What people call a period of the report."""
        name = self.names.get(key)
        return name[language] if name else key


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a figure is there and can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_annual(report: Mapping[str, Any]) -> Report:
    """The report that ``/reports/annual`` answers with, ready to be shown."""
    year: int = report["year"]
    public = report.get("audience") == "public"
    return Report(
        kind="annual",
        organisation=report["organisation"],
        name=report["name"],
        title={language: f"{title} {year}" for language, title in _ANNUAL.items()},
        stem={
            language: f"{title.lower().replace(' ', '-')}-{report['organisation']}-{year}"
            for language, title in _ANNUAL.items()
        },
        key=str(year),
        before=str(year - 1),
        names={},
        running=report["year_running"],
        public=public,
        first=report.get("from") or f"{year:04d}-01-01",
        last=report.get("to") or f"{year:04d}-12-31",
        context=[
            ContextFigure(each["label"], each["unit"], each["year"], each["value"])
            for each in report.get("context") or ()
        ],
        query={"audience": "public"} if public else {},
        **what_is_told(report),
    )


def what_is_told(report: Mapping[str, Any]) -> Told:
    """What every report tells alike: its figures, and what they were made of and when."""
    reconciliation = report.get("reconciliation") or {}
    return {
        "generated_at": report["generated_at"],
        "profile_version": report["profile_version"],
        "tables": [
            _table(number, table, reconciliation.get("contacts"))
            for number, table in enumerate(report["tables"], start=1)
        ],
        "contacts": reconciliation.get("contacts"),
        "events": reconciliation.get("events"),
    }


def _table(number: int, table: Mapping[str, Any], contacts_in_all: int | None) -> Table:
    columns = [Column(each["id"], each["label"], each["format"]) for each in table.get("columns") or _usual(table)]
    rows = [_row(row, columns) for row in table["rows"]]
    reconciliation = table.get("reconciliation")
    if reconciliation is None:
        counts = [row.figures.get("count") for row in rows]
        known = [each for each in counts if is_number(each)]
        added = int(sum(known)) if known and len(known) == len(counts) else None
        reconciliation = {"contacts": table["total"], "of": contacts_in_all, "rows": added}
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
