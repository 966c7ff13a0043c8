"""A table as the annual report has it: the year's figures with those of the years before beside them."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.domain.annual.counts import YearCounts
from services.reporting.domain.annual.figures import Row, YearFigures
from services.reporting.domain.annual.lines import Lines
from services.reporting.domain.annual.published import Nothing, Published
from services.reporting.domain.annual.rows import Rows
from services.reporting.domain.annual.stored import Stored
from services.reporting.domain.annual.words import columns, definition
from services.reporting.domain.annual.year import ReportingYear
from services.reporting.domain.dimensions import SEVERAL, Vocabulary
from shared.profiles import ProfileVersion
from shared.profiles.model import ReportTable

_FIGURES: Final = "figures"


def report_table(
    table: ReportTable,
    year: ReportingYear,
    counted: Mapping[int, YearCounts | None],
    version: ProfileVersion,
    words: Vocabulary,
) -> dict[str, Any]:
    """A table as the annual report has it.

    ``counted`` holds the reported year and the years before it; None for a year without contacts in the store,
    for which the published figures stand in, marked as such.
    """
    figures = {each: _figures(table, each, year, counts, version) for each, counts in counted.items()}
    rows = Rows(table, year, version, words)
    before = [each for each in sorted(figures, reverse=True) if each != year.name]
    keys = rows.all_keys().union(*(each.keys() for each in figures.values()))
    now = figures[year.name]
    shown = [
        _row(key, rows, now, {each: figures[each] for each in before}) for key in sorted(keys, key=rows.place)
    ]
    return {
        "id": table.id,
        "title": table.title.model_dump(),
        "section": table.section,
        "definition": definition(table, year, version, words),
        "dimensions": rows.dimensions,
        "where": {name: list(values) for name, values in table.where.items()},
        "columns": columns(table, year, version, words),
        "rows": shown,
        "total": now.total,
        "totals": now.totals(),
        "several": bool(table.lines) or not SEVERAL.isdisjoint(table.by),
        "previous": {
            str(each): {
                "total": figures[each].total,
                "source": figures[each].source,
                "totals": figures[each].totals(),
            }
            for each in before
        },
        "change": {str(each): change(now.totals(), figures[each].totals()) for each in before},
        "reconciliation": _reconciliation(counted[year.name], shown),
    }


def _figures(
    table: ReportTable, name: int, year: ReportingYear, counts: YearCounts | None, version: ProfileVersion
) -> YearFigures:
    if counts is not None:
        # Most years are over: what was made of their counts once is as it was.
        made: YearFigures | None = counts.made.get(_FIGURES)
        if made is None:
            of = year.before(year.name - name)
            made = Lines(table, counts) if table.lines else Stored(table, of, counts, version)
            counts.made[_FIGURES] = made
        return made
    published = Published(table, name)
    return published if published.total is not None or list(published.keys()) else Nothing()


def _row(key: str, rows: Rows, now: YearFigures, before: Mapping[int, YearFigures]) -> Row:
    figures = now.row(key) or {}
    earlier = {str(year): each.row(key) for year, each in before.items()}
    return {
        **rows.spelled(key),
        **figures,
        "previous": earlier,
        "change": {year: change(figures, each) for year, each in earlier.items()},
    }


def change(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> Row | None:
    """From an earlier year to this one: of the count in numbers and as a part of what it was, of the share as a
    difference of parts of 1.

    None where nothing can be told; ``percent`` is None from nothing, since that has no part.
    """
    if before is None:
        return None
    count = _less(now.get("count"), before.get("count"))
    points = _less(now.get("share"), before.get("share"))
    if count is None and points is None:
        return None
    was = before.get("count")
    percent = round(count / was, 6) if count is not None and was else None
    return {"count": count, "percent": percent, "points": None if points is None else round(points, 6)}


def _less(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _reconciliation(counts: YearCounts | None, rows: list[Row]) -> dict[str, int]:
    if counts is None:
        return {"contacts": 0, "of": 0, "rows": 0}
    return {
        "contacts": counts.counted.total,
        "of": counts.all_contacts,
        "rows": sum(row.get("count") or 0 for row in rows),
    }
