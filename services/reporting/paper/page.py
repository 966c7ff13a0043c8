"""A report as a page, which is also what the PDF is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from services.reporting.domain.findings import (
    SMALLEST_BASE,
    Finding,
    findings,
)
from services.reporting.domain.report_view import Language, Report, Table, is_number
from services.reporting.domain.wording import day, figure, month, number, percent, signed
from services.reporting.paper.charts import chart_of
from services.reporting.paper.layout import SUPPRESSED, Head, Layout, Line, lay_out
from services.reporting.paper.notes import context_row, made_of, notes
from services.reporting.paper.shapes import Chart
from services.reporting.paper.words import WORDS, say
from shared.pages import render

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_MOST_KEY_FIGURES: Final = 6


@dataclass(frozen=True)
class _Shown:
    """A table as the page shows it: rows under what they have in common, the chart and the sentences beside."""

    layout: Layout
    bodies: Sequence[tuple[str, Sequence[Line]]]
    chart: Chart | None
    findings: Sequence[Finding]

    @property
    def table(self) -> Table:
        return self.layout.table


@dataclass(frozen=True)
class _KeyFigure:
    title: str
    value: str
    beside: str
    anchor: str


def report_page(report: Report, language: Language) -> str:
    """The whole document."""
    found = findings(report, language)
    shown = [_shown(report, table, found, language) for table in report.tables]
    made = datetime.fromisoformat(report.generated_at)
    return render(
        TEMPLATES,
        "report.html",
        language,
        WORDS,
        report=report,
        organisation=report.name[language],
        tables=shown,
        key_figures=_key_figures(report, language),
        findings=[each for each in found if each.general],
        generated=f"{made.day} {month(made.month, language)} {made.year}, {made:%H:%M}",
        read_figure=lambda value, head: _read(value, head, language),
        notes=[*notes(report, language), *(context_row(each, language) for each in report.context)],
        made_of=made_of(report, language),
        period=f"{day(report.first, language)} {say('until', language)} {day(report.last, language)}",
        own_style=_style(),
        title=report.title[language],
        called=report.called(report.key, language),
        more="".join(f"&{urlencode({name: value})}" for name, value in report.query.items()),
        remarks=[remark[language] for remark in report.remarks],
    )


def _shown(report: Report, table: Table, found: Sequence[Finding], language: Language) -> _Shown:
    layout = lay_out(report, table, language, short=True)
    own = [each for each in found if each.table is table and not each.general]
    return _Shown(layout, _bodies(layout), chart_of(report, table, language), own)


def _bodies(layout: Layout) -> list[tuple[str, list[Line]]]:
    """Rows by all their names but the last, which then heads the row."""
    grouped = groupby(layout.lines, key=lambda line: " / ".join(line.names[:-1]))
    return [(name, list(lines)) for name, lines in grouped]


def _read(value: Any, head: Head, language: Language) -> str:
    if value == SUPPRESSED:
        return say("suppressed", language)
    if value is None:
        return "\u2013"
    text = figure(value, head.format, language)
    return signed(text) if head.group.startswith(say("change", language)) else text


def _key_figures(report: Report, language: Language) -> list[_KeyFigure]:
    singles = [table for table in report.tables if not table.dimensions and is_number(table.total)]
    if any(not table.where for table in singles) or not is_number(report.contacts):
        whole = []
    else:
        whole = [_KeyFigure(say("contacts", language), number(report.contacts, language), "", "notes")]
    return [*whole, *(_key_figure(report, table, language) for table in singles)][:_MOST_KEY_FIGURES]


def _key_figure(report: Report, table: Table, language: Language) -> _KeyFigure:
    key = report.before
    before, change = table.before.get(key), table.change.get(key)
    beside = ""
    if before and before.total is not None and change and not report.running:
        part = change.get("percent")
        relative = signed(percent(part, language)) if is_number(part) and before.total >= SMALLEST_BASE else ""
        steps = ", ".join(each for each in (signed(number(change["count"], language)), relative) if each)
        beside = f"{report.called(key, language)}: {number(before.total, language)} ({steps})"
    return _KeyFigure(table.title[language], number(table.total or 0, language), beside, f"table-{table.id}")


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704  it is ours, no text of others
