"""How a table of a report is laid out: which columns it has, and what stands in them.

Page and PDF show ``short`` tables, with one figure of each earlier period; workbook and files show all figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.domain.dimensions import PERIODS
from services.reporting.domain.nouns import dimension
from services.reporting.domain.report_view import LINES, Column, Format, Language, Report, Row, Table
from services.reporting.domain.wording import joined, period
from services.reporting.domain.wording import number as in_words
from services.reporting.paper.words import say, told

SUPPRESSED: Final = "suppressed"
"""Stands for a figure that is not shown, so that nobody can be recognised by it."""


@dataclass(frozen=True)
class Head:
    """A column of figures: ``group`` is the period it belongs to, or what it is compared with."""

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


def lay_out(report: Report, table: Table, language: Language, *, short: bool, dated: bool = False) -> Layout:
    """The table with its earlier periods beside it, those left out of which nothing is known.

    ``dated`` names periods as programs do, ``2021-03``, and not as people do.
    """
    keys = [key for key in report.keys_before if _is_known(table, key, rows=short)]
    sheet = _Sheet(report, table, language, keys[:1] if short else keys)
    heads = list(sheet.heads(keys, _of_earlier_periods(table, short=short)))
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
        total=totals if len(lines) > 1 and _has_totals(table) else None,
        reconciliation=reconciliation(report, table, language),
        published=_published(report, [key for key in keys if table.before[key].source == "published"], language),
        # Profiles name annexes as the contract's language does.
        section=table.section.replace("annex", "bijlage") if language == "nl" else table.section,
    )


def _published(report: Report, keys: Sequence[str], language: Language) -> str:
    called = [report.called(key, language) for key in keys]
    return f"{joined(called, language)}: {say('published', language)}." if called else ""


def _has_totals(table: Table) -> bool:
    return not table.separate_lines and (table.total is not None or bool(table.totals))


def _is_known(table: Table, key: str, *, rows: bool) -> bool:
    """Whether anything is known of that period, where asked for also of its rows and not of the total alone."""
    if key not in table.before or table.before[key].source == "none":
        return False
    return not rows or any(row.previous.get(key) is not None for row in table.rows)


def _of_earlier_periods(table: Table, *, short: bool) -> Sequence[Column]:
    if not short:
        return table.columns
    first, main = table.columns[0], table.main
    return [first] if first == main else [first, main]


def reconciliation(report: Report, table: Table, language: Language) -> str:
    """How many contacts the table holds, and what its rows add up to."""
    if table.contacts is None or table.of is None:
        return ""
    count, whole = in_words(table.contacts, language), in_words(table.of, language)
    called = report.called(report.key, language)
    parts = [told("in_table", language, table.contacts, contacts=count, of=whole, of_when=called)]
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
    def __init__(self, report: Report, table: Table, language: Language, compared: Sequence[str]) -> None:
        self._report = report
        self._table = table
        self._language = language
        self._now = report.called(report.key, language)
        self._before = {report.called(key, language): key for key in table.before}
        self._compared = {f"{say('change', language)} {report.called(key, language)}": key for key in compared}

    def heads(self, keys: Sequence[str], earlier: Sequence[Column]) -> Iterator[Head]:
        language = self._language
        periods = [(self._now, self._table.columns)]
        periods += [(self._report.called(key, language), earlier) for key in keys]
        for group, columns in periods:
            yield from (Head(each.id, group, each.label[language], each.format) for each in columns)
        counts = any(column.id == "count" for column in self._table.columns)
        shares = any(column.id == "share" for column in self._table.columns)
        for group in self._compared if counts or shares else ():
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
        if head.group == self._now:
            return SUPPRESSED if head.id in row.suppressed else row.figures.get(head.id)
        return self._of_period(head, row.previous, row.change)

    def _of_period(self, head: Head, previous: Mapping[str, Any], change: Mapping[str, Any]) -> Any:
        key = self._compared.get(head.group)
        figures = change.get(key) if key else previous.get(self._before[head.group])
        if figures is None:
            return None
        return SUPPRESSED if head.id in figures.get("suppressed", ()) else figures.get(head.id)

    def total(self, head: Head) -> Any:
        table = self._table
        if head.group == self._now:
            return table.totals.get(head.id)
        totals = {key: before.totals for key, before in table.before.items()}
        return self._of_period(head, totals, table.change)
