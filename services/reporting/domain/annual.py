"""The tables of an annual report: the year's figures with those of the years before beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary
from services.reporting.domain.figures import Group, share
from shared.profiles import ProfileVersion
from shared.profiles.model import Label, ReportTable

YEARS_BEFORE: Final = 2
"""How many earlier years stand beside the reported one."""
Row = dict[str, Any]
Source = Literal["store", "published", "none"]


class Counted(NamedTuple):
    """Contacts of one year by group, and how many passed in all."""

    groups: Counter[Group]
    total: int


class Column(NamedTuple):
    """One year of a table: row key -> count. ``total`` is None where a published one cannot be told."""

    counts: Mapping[str, int]
    total: int | None
    source: Source


def report_table(
    table: ReportTable,
    year: int,
    counted: Mapping[int, Counted | None],
    version: ProfileVersion,
    words: Vocabulary,
) -> dict[str, Any]:
    """A table as the annual report has it.

    ``counted`` holds the reported year and the years before it; None for a year without contacts in the store,
    for which the published figures stand in, marked as such.
    """
    columns = {each: _column(table, each, counts) for each, counts in counted.items()}
    keys = {key for column in columns.values() for key in column.counts}
    rows = _Rows(table, year, version, words)
    before = [each for each in sorted(columns, reverse=True) if each != year]
    return {
        "id": table.id,
        "title": table.title.model_dump(),
        "section": table.section,
        "dimensions": list(table.by),
        "where": {name: list(values) for name, values in table.where.items()},
        "rows": [
            rows.row(key, columns[year])
            | {"previous": {str(each): rows.figures(key, each, columns[each]) for each in before}}
            for key in sorted(keys, key=rows.place)
        ],
        "total": columns[year].total,
        "previous": {str(each): {"total": columns[each].total, "source": columns[each].source} for each in before},
    }


def _column(table: ReportTable, year: int, counted: Counted | None) -> Column:
    if counted is not None:
        counts: Counter[str] = Counter()
        for group, count in counted.groups.items():
            counts[table.row_key(_seasons(table, group))] += count
        return Column(counts, counted.total, "store")
    published = table.published.get(year)
    if published is None:
        return Column({}, None, "none")
    total = table.published_totals.get(year)
    # Figures of a dimension with several values add up to more than the contacts.
    if total is None and not SEVERAL.intersection(table.by):
        total = sum(published.values())
    return Column(published, total, "published")


def _seasons(table: ReportTable, group: Group) -> list[str]:
    """The values without their year, so that the Marches of several years share a row."""
    return [
        value.partition("-")[2] if name in PERIODS else value for name, value in zip(table.by, group, strict=True)
    ]


class _Rows:
    """Spells the rows of one table."""

    def __init__(self, table: ReportTable, year: int, version: ProfileVersion, words: Vocabulary) -> None:
        self._table = table
        self._year = year
        self._words = words
        self._groups = {group.id: group for group in table.groups}
        self._inhabitants = {district.id: district.inhabitants for district in version.districts}

    def place(self, key: str) -> tuple[tuple[int, str], ...]:
        """Sorts rows as the profile lists their values; a group of values stands where its first one would."""
        return tuple(
            self._words.place(name, self._groups[value].values[0] if value in self._groups else value)
            for name, value in self._values(key)
        )

    def row(self, key: str, column: Column) -> Row:
        """The row of the reported year."""
        values = self._values(key)
        return {
            "key": {name: self._dated(name, value) for name, value in values},
            "labels": {name: self._label(name, value).model_dump() for name, value in values},
            **(self.figures(key, self._year, column) or {}),
        }

    def figures(self, key: str, year: int, column: Column) -> Row | None:
        """Count and share of a row in one year; None where the year has no figures at all."""
        if column.source == "none":
            return None
        count = column.counts.get(key, 0)
        figures: Row = {"count": count, "share": None if column.total is None else share(count, column.total)}
        if self._table.per_1000_inhabitants:
            figures |= self._per_1000(key, year, count)
        return figures

    def _per_1000(self, key: str, year: int, count: int) -> Row:
        district = dict(self._values(key)).get("district", "")
        known = self._inhabitants.get(district, {})
        # The nearest year whose inhabitants are known, the earlier of two.
        of_year = min(known, key=lambda each: (abs(each - year), each), default=None)
        inhabitants = known[of_year] if of_year is not None else None
        rate = round(1000 * count / inhabitants, 4) if inhabitants else None
        return {"inhabitants": inhabitants, "inhabitants_year": of_year, "per_1000": rate}

    def _values(self, key: str) -> Sequence[tuple[str, str]]:
        return list(zip(self._table.by, key.split("|"), strict=True)) if self._table.by else []

    def _dated(self, name: str, value: str) -> str:
        if name not in PERIODS:
            return value
        return f"{self._year}-{value}" if value else str(self._year)

    def _label(self, name: str, value: str) -> Label:
        if value in self._groups:
            return self._groups[value].name
        return self._words.label(name, self._dated(name, value))
