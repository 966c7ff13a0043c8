"""How a table of the annual report is laid out: which columns it has, and what stands in them.

Page and PDF show ``short`` tables, with one figure of each earlier year; workbook and files show all figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.domain.annual_view import LINES, Annual, Column, Format, Language, Row, Table
from services.reporting.domain.dimensions import PERIODS
from services.reporting.domain.nouns import dimension
from services.reporting.domain.wording import joined, period
from services.reporting.domain.wording import number as in_words
from services.reporting.paper.words import say, told

SUPPRESSED: Final = "suppressed"
"""Stands for a figure that is not shown, so that nobody can be recognised by it."""


@dataclass(frozen=True)
class Head:
    """A column of figures: ``group`` is the year it belongs to, or what it is compared with."""

    id: str
    group: str
    label: str
    format: Format


@dataclass(frozen=True)
class Line:
    """A row as it is shown: its names, one for each dimension, and its figures, one for each head."""

    names: Sequence[str]
    figures: Sequence[Any]


@dataclass(frozen=True)
class Layout:
    """A table in one language. ``dimensions`` head the names; ``total`` is None where the rows have none."""

    table: Table
    title: str
    definition: str
    dimensions: Sequence[str]
    heads: Sequence[Head]
    lines: Sequence[Line]
    total: Line | None
    reconciliation: str
    published: str
    section: str

    @property
    def groups(self) -> list[tuple[str, int]]:
        """What stands above the heads, with how many heads are under each."""
        found: list[tuple[str, int]] = []
        for head in self.heads:
            if found and found[-1][0] == head.group:
                found[-1] = (head.group, found[-1][1] + 1)
            else:
                found.append((head.group, 1))
        return found


def lay_out(annual: Annual, table: Table, language: Language, *, short: bool, dated: bool = False) -> Layout:
    """The table with its earlier years beside it, those left out of which nothing is known.

    ``dated`` names periods as programs do, ``2021-03``, and not as people do.
    """
    years = [year for year in annual.years_before if _is_known(table, year, rows=short)]
    sheet = _Sheet(annual, table, language, years[:1] if short else years)
    heads = list(sheet.heads(years, _of_earlier_years(table, short=short)))
    lines = [
        Line(sheet.names(row, dated=dated), [sheet.figure(row, head) for head in heads]) for row in table.rows
    ]
    totals = Line([say("total", language)], [sheet.total(head) for head in heads])
    return Layout(
        table=table,
        title=table.title[language],
        definition=table.definition[language] if table.definition else "",
        dimensions=[dimension(name, language) for name in table.dimensions or (LINES,)],
        heads=heads,
        lines=lines,
        total=totals if len(lines) > 1 and not table.separate_lines else None,
        reconciliation=reconciliation(annual, table, language),
        published=_published([year for year in years if table.before[year].source == "published"], language),
        # Profiles name annexes as the contract's language does.
        section=table.section.replace("annex", "bijlage") if language == "nl" else table.section,
    )


def _published(years: Sequence[str], language: Language) -> str:
    return f"{joined(years, language)}: {say('published', language)}." if years else ""


def _is_known(table: Table, year: str, *, rows: bool) -> bool:
    """Whether anything is known of that year, where asked for also of its rows and not of the total alone."""
    if year not in table.before or table.before[year].source == "none":
        return False
    return not rows or any(row.previous.get(year) is not None for row in table.rows)


def _of_earlier_years(table: Table, *, short: bool) -> Sequence[Column]:
    if not short:
        return table.columns
    first, main = table.columns[0], table.main
    return [first] if first == main else [first, main]


def reconciliation(annual: Annual, table: Table, language: Language) -> str:
    """How many contacts the table holds, and what its rows add up to."""
    if table.contacts is None or table.of is None:
        return ""
    count, whole = in_words(table.contacts, language), in_words(table.of, language)
    parts = [told("in_table", language, table.contacts, contacts=count, of=whole, year=annual.year)]
    if table.separate_lines:
        parts.append(told("overlap", language, None))
    elif table.rows_add_up_to is not None and table.dimensions:
        parts.append(told("rows", language, None, rows=in_words(table.rows_add_up_to, language)))
    if table.several and not table.separate_lines:
        parts.append(told("several", language, None))
    if table.suppressed:
        parts.append(told("hidden", language, table.suppressed, n=in_words(table.suppressed, language)))
    return f"{'; '.join(parts)}."


class _Sheet:
    def __init__(self, annual: Annual, table: Table, language: Language, compared: Sequence[str]) -> None:
        self._year = str(annual.year)
        self._table = table
        self._language = language
        self._compared = {f"{say('change', language)} {year}": year for year in compared}

    def heads(self, years: Sequence[str], earlier: Sequence[Column]) -> Iterator[Head]:
        language = self._language
        for year, columns in [(self._year, self._table.columns), *((year, earlier) for year in years)]:
            yield from (Head(each.id, year, each.label[language], each.format) for each in columns)
        shares = any(column.id == "share" for column in self._table.columns)
        for group in self._compared:
            yield Head("count", group, say("number", language), "count")
            yield Head("percent", group, say("in_percent", language), "percent")
            if shares and self._table.dimensions:
                yield Head("points", group, say("points", language), "points")

    def names(self, row: Row, *, dated: bool) -> list[str]:
        names = [
            row.key[name]
            if dated and name in PERIODS
            else period(row.labels[name][self._language], self._language)
            for name in self._table.dimensions
        ]
        return names or [self._table.title[self._language]]

    def figure(self, row: Row, head: Head) -> Any:
        if head.group == self._year:
            return SUPPRESSED if head.id in row.suppressed else row.figures.get(head.id)
        return self._of_year(head, row.previous, row.change)

    def _of_year(self, head: Head, previous: Mapping[str, Any], change: Mapping[str, Any]) -> Any:
        year = self._compared.get(head.group)
        figures = change.get(year) if year else previous.get(head.group)
        if figures is None:
            return None
        return SUPPRESSED if head.id in figures.get("suppressed", ()) else figures.get(head.id)

    def total(self, head: Head) -> Any:
        table = self._table
        if head.group == self._year:
            return table.totals.get(head.id)
        totals = {year: before.totals for year, before in table.before.items()}
        return self._of_year(head, totals, table.change)
