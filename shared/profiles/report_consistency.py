"""Whether the tables of an annual report count what there is, and say what they can mean."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import get_args

from shared.profiles.dimensions import MONTHS_OF, PERIODS, SEASONS, values_by_dimension
from shared.profiles.finding import Finding, Path, choice
from shared.profiles.model import Profile, ProfileVersion
from shared.profiles.report import Measure, ReportTable, Where

_Values = Mapping[str, frozenset[str]]
_OWN_COLUMNS = frozenset(
    {*get_args(Measure), "rate", "rate_of", "closed", "open_at_end", "inhabitants", "per_1000"}
)


def tables_count_what_there_is(version: ProfileVersion) -> Iterator[Finding]:
    """Dimensions, values, rows and columns that no contact can have."""
    values = values_by_dimension(version)
    for place, dimensions in enumerate(version.counter_tables):
        yield from _unknown_dimensions(("counter_tables", place), dimensions, values)
    for place, table in enumerate(version.annual_report):
        path: Path = ("annual_report", place)
        yield from _unknown_dimensions((*path, "by"), table.by, values)
        yield from _filters(path, table, values)
        yield from _columns(path, table)
        if set(table.by) <= set(values):
            yield from _groups(path, table, values)
            yield from _rows(path, table, values)


def tables_fit_the_reporting_year(profile: Profile) -> Iterator[Finding]:
    """Periods that a reporting year would cut in two."""
    cut = [name for name in PERIODS if not _begins_with_a(name, profile.reporting_year_begins)]
    for at, version in enumerate(profile.versions):
        for place, table in enumerate(version.annual_report):
            named = {name for each in table.asked() for name in (*each.by, *each.where)}
            for name in (name for name in cut if name in named):
                message = (
                    f"tells a {name}, which the reporting year that begins on {profile.reporting_year_begins} "
                    f"cuts in two; leave it out, or begin the year with a {name}"
                )
                yield Finding(("versions", at, "annual_report", place), "contradicts", message)


def _begins_with_a(period: str, day: str) -> bool:
    month, of_month = (int(part) for part in day.split("-"))
    return of_month == 1 and (month - 1) % MONTHS_OF[period] == 0


def _filters(path: Path, table: ReportTable, values: _Values) -> Iterator[Finding]:
    yield from _filter((*path, "where"), table.where, values)
    if table.share_of is not None:
        yield from _filter((*path, "share_of"), table.share_of, values)
    if table.rate is not None:
        yield from _filter((*path, "rate", "of"), table.rate.of, values)
    narrower = [
        *(((*path, "parts", place, "where"), part.where) for place, part in enumerate(table.parts)),
        *(((*path, "lines", place, "where"), line.where) for place, line in enumerate(table.lines)),
    ]
    for where, own in narrower:
        yield from _filter(where, own, values)
        yield from _wider_than_the_table(where, own, table)
    for place, line in enumerate(table.lines):
        yield from _filter((*path, "lines", place, "of"), line.of or {}, values)


def _filter(path: Path, where: Where, values: _Values) -> Iterator[Finding]:
    for name, codes in where.items():
        if name not in values:
            yield _unknown_dimension((*path, name), name, values)
        else:
            yield from _unknown_codes((*path, name), codes, name, SEASONS.get(name) or values[name])


def _wider_than_the_table(path: Path, where: Where, table: ReportTable) -> Iterator[Finding]:
    for name, codes in where.items():
        allowed = table.where.get(name, codes)
        for place, code in enumerate(codes):
            if code not in allowed:
                message = f"{code} is left out by the table's own where; {choice(allowed)}"
                yield Finding((*path, name, place), "contradicts", message)


def _columns(path: Path, table: ReportTable) -> Iterator[Finding]:
    for place, part in enumerate(table.parts):
        if part.id in _OWN_COLUMNS:
            message = f"{part.id} is a column that every table may have; give this one another id"
            yield Finding((*path, "parts", place, "id"), "reserved_id", message)
    for year, figures in table.published_figures.items():
        for column in figures:
            if column not in table.columns:
                message = f"{column} is no column of this table; {choice(table.columns)}"
                yield Finding((*path, "published_figures", year, column), "unknown_column", message)


def _groups(path: Path, table: ReportTable, values: _Values) -> Iterator[Finding]:
    last = table.by[-1] if table.by else ""
    allowed = values.get(last, frozenset())
    for place, group in enumerate(table.groups):
        yield from _unknown_codes((*path, "groups", place, "values"), group.values, last, allowed)


def _rows(path: Path, table: ReportTable, values: _Values) -> Iterator[Finding]:
    for year, rows in table.published.items():
        yield from _unknown_rows((*path, "published", year), rows, table, values)
    for year, figures in table.published_figures.items():
        for column, rows_of_it in figures.items():
            yield from _unknown_rows((*path, "published_figures", year, column), rows_of_it, table, values)


def _unknown_rows(path: Path, rows: Collection[str], table: ReportTable, values: _Values) -> Iterator[Finding]:
    allowed = _allowed(table, values)
    for key in rows:
        parts = key.split("|") if allowed else [part for part in [key] if part]
        fits = len(parts) == len(allowed)
        if not fits or any(part not in of for part, of in zip(parts, allowed, strict=True)):
            message = f"{key or 'the empty key'} is no row of this table; a row is named by {_named(table)}"
            yield Finding((*path, key), "unknown_row", message)


def _allowed(table: ReportTable, values: _Values) -> list[frozenset[str]]:
    if table.lines:
        return [frozenset(line.id for line in table.lines)]
    allowed = [SEASONS.get(name) or values[name] for name in table.by]
    if allowed:
        grouped = {value for group in table.groups for value in group.values}
        allowed[-1] = (allowed[-1] - grouped) | {group.id for group in table.groups}
    return allowed


def _named(table: ReportTable) -> str:
    return "the id of a line" if table.lines else "|".join(table.by) or "the empty text"


def _unknown_dimensions(path: Path, names: Sequence[str], values: _Values) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if name not in values:
            yield _unknown_dimension((*path, place), name, values)


def _unknown_dimension(path: Path, name: str, values: _Values) -> Finding:
    return Finding(path, "unknown_dimension", f"{name} is no dimension; {choice(values)}")


def _unknown_codes(path: Path, codes: Sequence[str], name: str, allowed: frozenset[str]) -> Iterator[Finding]:
    for place, code in enumerate(codes):
        if code not in allowed:
            message = f"{code} is no value of {name or 'a table without dimensions'}; {choice(allowed)}"
            yield Finding((*path, place), "unknown_code", message)
