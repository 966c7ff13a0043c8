"""How the tables that are shown of one year hang together: which counts are of the same contacts, and which counts
are the sum of others, in whatever table they stand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from services.reporting.domain.dimensions import NONE, PERIODS, SEVERAL
from services.reporting.domain.suppression import Counts, Relation
from shared.profiles import ProfileVersion

Values = frozenset[str]
Conditions = Mapping[str, Values]
"""The contacts that have one of the values in each dimension."""
Finer = Mapping[tuple[str, str], Mapping[str, Values]]
"""(dimension, finer dimension) -> the finer values that make up a value."""
_MONTHS: Final = {
    "half_year": {f"H{half}": range(6 * half - 5, 6 * half + 1) for half in (1, 2)},
    "quarter": {f"Q{quarter}": range(3 * quarter - 2, 3 * quarter + 1) for quarter in (1, 2, 3, 4)},
    "month": {f"{month:02d}": range(month, month + 1) for month in range(1, 13)},
}
_SAME: Final[Mapping[tuple[str, Values], tuple[str, Values]]] = {
    ("directorate", frozenset({NONE})): ("line", frozenset({"external"})),
    ("service", frozenset({NONE})): ("line", frozenset({"external"})),
    ("external_body", frozenset({NONE})): ("line", frozenset({"first", "second"})),
}
"""Values that follow from those of another dimension."""


class ShownTable(NamedTuple):
    """A table of one year: counts by the values of each row, as many as there are dimensions in ``by``.

    ``unseen`` are rows that stand for what the table does not tell apart.
    """

    by: tuple[str, ...]
    where: Conditions
    rows: Mapping[tuple[Values, ...], int]
    total: int
    unseen: frozenset[tuple[Values, ...]] = frozenset()


class Shown(NamedTuple):
    """All counts of a year. ``totals`` and ``rows`` are their places, by the place of the table."""

    counts: Counts
    totals: tuple[int, ...]
    rows: tuple[Mapping[tuple[Values, ...], int], ...]


class _Table(NamedTuple):
    by: frozenset[str]
    where: Conditions
    several: bool
    rows: list[tuple[Conditions, int]]


def finer(version: ProfileVersion) -> Finer:
    """(dimension, finer dimension) -> the finer values that make up a value."""
    return {
        ("directorate", "service"): {
            unit.id: frozenset(service.id for service in unit.services) for unit in version.directorates
        },
        ("channel", "access_channel"): {
            channel.value: frozenset(way.id for way in version.access_channels if way.channel is channel)
            for channel in version.channels
        },
    }


def shown(tables: Sequence[ShownTable], finer: Finer) -> Shown:
    """The counts of all tables, each set of contacts once, and every relation between them."""
    places: dict[tuple[frozenset[tuple[str, Values]], int], int] = {}
    conditions: list[Conditions] = []

    def place(of: Conditions, count: int) -> int:
        # The count belongs to the key: were two alike by their values and not by their contacts, it would show.
        key = (frozenset(_same(of).items()), count)
        if key not in places:
            places[key] = len(places)
            conditions.append(of)
        return places[key]

    known: list[_Table] = []
    totals: list[int] = []
    rows: list[dict[tuple[Values, ...], int]] = []
    unseen: set[int] = set()
    for table, where in zip(tables, _filters(tables), strict=True):
        totals.append(place(where, table.total))
        placed: dict[tuple[Values, ...], int] = {}
        plain: list[tuple[Conditions, int]] = []
        for values, count in table.rows.items():
            split = _plain(zip(table.by, values, strict=True))
            placed[values] = place({**where, **split}, count)
            plain.append((split, placed[values]))
        unseen |= {placed[each] for each in table.unseen}
        by = frozenset("month" if name in PERIODS else name for name in table.by)
        rows.append(placed)
        known.append(_Table(by, where, not SEVERAL.isdisjoint(by), plain))
    counts = [count for _, count in places]
    relations = {
        *_overlapping(known, totals),
        *(
            Relation(whole, parts)
            for whole, of in enumerate(conditions)
            for parts in _sums(of, counts[whole], known, finer, counts)
            if whole not in parts
        ),
    }
    for of, count in _in_common(known, finer, counts):
        sums = _sums(of, count, known, finer, counts)
        if len(sums) > 1 and (whole := place(of, count)) >= len(counts):
            unseen.add(whole)
            relations |= {Relation(whole, parts) for parts in sums}
    together = _with_rests([count for _, count in places], sorted(relations), unseen)
    return Shown(_with_differences(together, [table.where for table in known], totals), tuple(totals), tuple(rows))


def _in_common(tables: Sequence[_Table], finer: Finer, counts: Sequence[int]) -> list[tuple[Conditions, int]]:
    """Sets of contacts that two tables tell, each by the sum of some of its rows: by channel and line, and by
    month and line, how many are of a line. Whether a table shows them does not matter: the two sums are the same.
    """
    found: dict[tuple[frozenset[tuple[str, Values]], int], Conditions] = {}
    for table in tables:
        common = {_names_in_common(table, other, finer) for other in tables} - {table.by, frozenset[str]()}
        # In order: the same counts give the same answer in every process.
        for names in sorted(common, key=sorted):
            if not SEVERAL.isdisjoint(table.by - names):
                continue
            sums: Counter[frozenset[tuple[str, Values]]] = Counter()
            for split, place in table.rows:
                sums[frozenset((name, split[name]) for name in names)] += counts[place]
            for split_in_common, count in sums.items():
                of = {**table.where, **dict(split_in_common)}
                if count:
                    found[frozenset(of.items()), count] = of
    return [(of, count) for (_, count), of in found.items()]


def _names_in_common(table: _Table, other: _Table, finer: Finer) -> frozenset[str]:
    names = other.by | other.where.keys()
    return table.by & (names | {coarse for coarse, fine in finer if fine in names})


def _sums(
    of: Conditions, count: int, tables: Sequence[_Table], finer: Finer, counts: Sequence[int]
) -> set[tuple[int, ...]]:
    """Every way in which rows of a table come to these contacts."""
    return {
        parts
        for table in tables
        for told in (of, *_in_finer(of, table, finer))
        if (parts := _parts(told, count, table, counts)) is not None
    }


def _filters(tables: Sequence[ShownTable]) -> list[Conditions]:
    """What each table's contacts pass. A filter that all contacts of another table pass is none."""
    filters = [_plain(table.where.items()) for table in tables]
    plain = []
    for table, where in zip(tables, filters, strict=True):
        wider = [
            each
            for other, each in zip(tables, filters, strict=True)
            if other.total == table.total and table.total and _within(where, each)
        ]
        plain.append(min([where, *wider], key=len))
    return plain


def _within(narrow: Conditions, wide: Conditions) -> bool:
    return narrow != wide and all(name in narrow and narrow[name] <= values for name, values in wide.items())


def _with_differences(counts: Counts, filters: Sequence[Conditions], totals: Sequence[int]) -> Counts:
    """The contacts of one table that are not in another one within it are as good as shown, by subtraction."""
    values, relations = list(counts.values), list(counts.relations)
    pairs = {
        (whole, part)
        for whole, wide in zip(totals, filters, strict=True)
        for part, narrow in zip(totals, filters, strict=True)
        if values[whole] > values[part] > 0 and _within(narrow, wide)
    }
    for whole, part in sorted(pairs):
        relations.append(Relation(whole, (part, len(values))))
        values.append(values[whole] - values[part])
    return Counts(tuple(values), tuple(relations), counts.unseen)


def _with_rests(counts: Sequence[int], relations: Sequence[Relation], unseen: set[int]) -> Counts:
    """Where finer values do not make up the coarser one, a rest that is in no table does."""
    values, complete, hidden = list(counts), [], set(unseen)
    for relation in relations:
        rest = values[relation.whole] - sum(values[part] for part in relation.parts)
        if not relation.exact or not rest:
            complete.append(relation)
            continue
        hidden.add(len(values))
        complete.append(relation._replace(parts=(*relation.parts, len(values))))
        values.append(rest)
    return Counts(tuple(values), tuple(complete), frozenset(hidden))


def _plain(conditions: Iterable[tuple[str, Values]]) -> Conditions:
    """Every period as its months, which is what all of them have in common; the whole year is no condition."""
    plain: dict[str, Values] = {}
    for name, values in conditions:
        if name in PERIODS:
            months = {month for value in values for month in _months(name, value)}
            spelled = frozenset(f"{month:02d}" for month in months)
            plain["month"] = plain.get("month", spelled) & spelled
        else:
            plain[name] = values
    return plain


def _months(name: str, value: str) -> range:
    return range(1, 13) if name == "year" else _MONTHS[name][value.rpartition("-")[2]]


def _same(conditions: Conditions) -> Conditions:
    same: dict[str, Values] = {}
    for name, values in conditions.items():
        if name == "month" and len(values) == 12:  # noqa: PLR2004  months of a year
            continue
        of, told = _SAME.get((name, values), (name, values))
        same[of] = same[of] & told if of in same else told
    return same


def _in_finer(conditions: Conditions, table: _Table, finer: Finer) -> Iterable[Conditions]:
    for (coarse, fine), made_of in finer.items():
        if (
            coarse in conditions
            and coarse not in table.by
            and fine in table.by | table.where.keys()
            and fine not in conditions
        ):
            parts = frozenset[str]().union(*(made_of.get(value, ()) for value in conditions[coarse]))
            if parts:
                yield {name: of for name, of in conditions.items() if name != coarse} | {fine: parts}


def _parts(conditions: Conditions, count: int, table: _Table, counts: Sequence[int]) -> tuple[int, ...] | None:
    """The rows of the table that come to these contacts, None where they tell nothing of them."""
    if not _may_be_split(conditions, table):
        return None
    parts = []
    for split, place in table.rows:
        inside = [_inside(name, split[name], conditions.get(name)) for name in table.by]
        if None in inside:
            return None
        if all(inside):
            parts.append(place)
    together = sum(counts[part] for part in parts)
    return tuple(sorted(parts)) if 0 < together <= count else None


def _may_be_split(conditions: Conditions, table: _Table) -> bool:
    if not conditions.keys() <= table.by | table.where.keys():
        return False
    for name, values in table.where.items():
        limited = conditions.get(name)
        # Where the table has fewer contacts than the whole, the others are a rest that it does not tell.
        if limited is not None and not (limited <= values if name in table.by else values <= limited):
            return False
    return all(name in conditions for name in SEVERAL.intersection(table.by))


def _inside(name: str, part: Values, of: Values | None) -> bool | None:
    if of is None:
        return True
    if name in SEVERAL:
        # Sets of contacts that have one of several values overlap; only the same one is inside.
        return part == of
    if part <= of:
        return True
    return False if part.isdisjoint(of) else None


def _overlapping(tables: Sequence[_Table], totals: Sequence[int]) -> Iterable[Relation]:
    for table, total in zip(tables, totals, strict=True):
        parts = tuple(sorted({place for _, place in table.rows} - {total}))
        if table.several and parts:
            yield Relation(total, parts, exact=False)
