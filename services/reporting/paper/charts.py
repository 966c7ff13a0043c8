"""Which chart a table gets: months as columns, values as bars, two dimensions as bars in parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.domain.report_view import Column, Language, Report, Row, Table, is_number
from services.reporting.domain.wording import figure, period, short_month
from services.reporting.paper.drawing import Bar, draw_bars, draw_columns, draw_parts, fit_in_columns
from services.reporting.paper.shapes import PATTERNS, Chart

MOST_BARS: Final = 12
"""Of more values a chart shows so many, the largest; the table has them all."""
_PERIODS: Final = frozenset({"month", "quarter", "half_year"})
_WORDS: Final[Mapping[str, Mapping[Language, str]]] = {
    "largest": {"nl": "de {n} grootste van {all}", "en": "the {n} largest of {all}"},
}


@dataclass(frozen=True)
class _Measure:
    """The figure that a chart shows, and how it reads."""

    column: Column
    language: Language

    def of(self, figures: Mapping[str, Any] | None) -> float | None:
        value = (figures or {}).get(self.column.id)
        return value if is_number(value) else None

    def read(self, value: float | None) -> str:
        return figure(value, self.column.format, self.language)


def chart_of(report: Report, table: Table, language: Language) -> Chart | None:
    """The table's chart; None where one would say no more than the table: a single row, or too many parts."""
    one = len(table.dimensions) == 1
    measure = _Measure(table.main if one else table.columns[0], language)
    if measure.column.format == "text" or any(each is not None for each in map(_hidden(measure), table.rows)):
        return None
    if one:
        return _of_one(report, table, measure)
    if len(table.dimensions) == 2:  # noqa: PLR2004  rows and their parts
        return _of_two(report, table, measure)
    return None


def _hidden(measure: _Measure) -> Any:
    # A bar that is left out could be reckoned from the others; a chart shows all of its table or is not there.
    return lambda row: measure.column.id if measure.column.id in row.suppressed else None


def _of_one(report: Report, table: Table, measure: _Measure) -> Chart | None:
    (name,) = table.dimensions
    before = _beside(report, table)
    bars = [_bar(row, name, before, measure) for row in table.rows]
    shown = [bar for bar in bars if bar.value or bar.before or name in _PERIODS]
    if len(shown) < 2 or not any(bar.value for bar in shown):  # noqa: PLR2004  one bar is no comparison
        return None
    title = table.title[measure.language]
    if len(shown) > MOST_BARS:
        told = _WORDS["largest"][measure.language].format(n=MOST_BARS, all=len(shown))
        title = f"{title}: {told}"
        shown = sorted(shown, key=lambda bar: -(bar.value or 0))[:MOST_BARS]
    legend = (
        report.called(report.key, measure.language),
        before and report.called(before, measure.language),
    )
    chart = Chart(f"chart-{table.id}", title, _told(shown, *legend))
    columns = [_short(bar, measure.language) for bar in shown] if name == "month" else shown
    if name in _PERIODS and fit_in_columns(columns):
        draw_columns(chart, columns, legend)
    else:
        draw_bars(chart, shown, legend)
    return chart


def _bar(row: Row, name: str, key: str | None, measure: _Measure) -> Bar:
    value = measure.of(row.figures)
    before = measure.of(row.previous.get(key)) if key else None
    label = period(row.labels[name][measure.language], measure.language)
    return Bar(label, value, measure.read(value), before, measure.read(before))


def _short(bar: Bar, language: Language) -> Bar:
    return Bar(short_month(bar.label, language), bar.value, bar.text, bar.before, bar.text_before)


def _beside(report: Report, table: Table) -> str | None:
    """The key of the period before, where every row of it is known."""
    key = report.before
    before = table.before.get(key)
    if before is None or before.source == "none" or any(row.previous.get(key) is None for row in table.rows):
        return None
    counts = [(row.previous[key] or {}).get("count") for row in table.rows]
    known = sum(each for each in counts if is_number(each))
    # Where only some rows of that period were published, the others would stand there as nothing.
    return None if before.source == "published" and before.total and known < before.total else key


def _told(bars: Sequence[Bar], called: str, before: str | None) -> str:
    now = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    then = "; ".join(f"{bar.label} {bar.text_before}" for bar in bars if bar.text_before)
    return f"{called}: {now}." + (f" {before}: {then}." if before and then else "")


def _of_two(report: Report, table: Table, measure: _Measure) -> Chart | None:
    main, part = table.dimensions
    if _values(table, part) > len(PATTERNS) or part in _PERIODS:
        main, part = part, main
    if _values(table, part) > len(PATTERNS) or measure.column.format != "count" or table.several:
        return None
    parts = _labels(table, part, measure.language)
    rows: dict[str, dict[str, float]] = {}
    for row in table.rows:
        label = period(row.labels[main][measure.language], measure.language)
        rows.setdefault(label, {})[row.key[part]] = measure.of(row.figures) or 0
    bars = [(label, [of.get(each, 0) for each in parts]) for label, of in rows.items()]
    shown = [(label, counts) for label, counts in bars if any(counts) or main in _PERIODS]
    title = table.title[measure.language]
    if len(shown) > MOST_BARS:
        told = _WORDS["largest"][measure.language].format(n=MOST_BARS, all=len(shown))
        title = f"{title}: {told}"
        shown = sorted(shown, key=lambda each: -sum(each[1]))[:MOST_BARS]
    if len(shown) < 2 or len(parts) < 2 or not any(map(sum, (of for _, of in shown))):  # noqa: PLR2004
        return None
    told = "; ".join(
        f"{label} {measure.read(sum(counts))} ("
        + ", ".join(f"{name} {measure.read(n)}" for name, n in zip(parts.values(), counts, strict=True))
        + ")"
        for label, counts in shown
    )
    chart = Chart(f"chart-{table.id}", title, f"{report.called(report.key, measure.language)}: {told}.")
    draw_parts(chart, shown, list(parts.values()), measure.read)
    return chart


def _values(table: Table, name: str) -> int:
    return len({row.key[name] for row in table.rows})


def _labels(table: Table, name: str, language: Language) -> dict[str, str]:
    return {row.key[name]: period(row.labels[name][language], language) for row in table.rows}
