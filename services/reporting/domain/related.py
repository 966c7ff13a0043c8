"""How the tables that are shown of one year hang together: which counts are of the same contacts, and which counts
are the sum of others, in whatever table they stand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from services.reporting.domain.conditions import (
    Conditions,
    Finer,
    Values,
    alike,
    both,
    in_finer,
    inside,
    plain,
    within,
)
from services.reporting.domain.dimensions import PERIODS
from services.reporting.domain.implied import Implied, implied_by, sharpened, without_implied
from services.reporting.domain.overlapping import Contacts, Places, Table, alone, bounds, without_overlap
from services.reporting.domain.side_by_side import side_by_side
from services.reporting.domain.suppression import Counts, Relation


class ShownTable(NamedTuple):
    """A table of one year: counts by the values of each row, as many as there are dimensions in ``by``.

    ``unseen`` are rows that stand for what the table does not tell apart. ``complete``: nobody who passes the
    filter is in no row. A column with a filter of its own has the rows of its table, which need not be all.
    """

    by: tuple[str, ...]
    where: Conditions
    rows: Mapping[tuple[Values, ...], int]
    total: int
    unseen: frozenset[tuple[Values, ...]] = frozenset()
    complete: bool = True


class Shown(NamedTuple):
    """All counts of a year. ``totals`` and ``rows`` are their places, by the place of the table."""

    counts: Counts
    totals: tuple[int, ...]
    rows: tuple[Mapping[tuple[Values, ...], int], ...]


class _Made(NamedTuple):
    """Rows that make up a set of contacts. Those that overlap do so with each other, and not with those apart."""

    apart: tuple[int, ...]
    overlapping: tuple[int, ...] = ()


def shown(tables: Sequence[ShownTable], finer: Finer) -> Shown:
    """The counts of all tables, each set of contacts once, and every relation between them."""
    places = Places()
    known: list[Table] = []
    totals: list[int] = []
    rows: list[dict[tuple[Values, ...], int]] = []
    unseen: set[int] = set()
    for table, where in zip(tables, _filters(tables), strict=True):
        totals.append(places.of(where, table.total))
        placed: dict[tuple[Values, ...], int] = {}
        split: list[tuple[Conditions, int]] = []
        for values, count in table.rows.items():
            of = plain(zip(table.by, values, strict=True))
            placed[values] = places.of({**where, **of}, count)
            split.append((of, placed[values]))
        unseen |= {placed[each] for each in table.unseen}
        rows.append(placed)
        known.append(Table(frozenset("month" if name in PERIODS else name for name in table.by), where, split))
    seen = len(places.conditions)
    implied = _implied(tables)
    simpler = [_without_implied(table, implied) for table in known]
    every = [*known, *simpler, *without_overlap(known, totals, places)]
    counts = places.counts()
    made = {
        (whole, each)
        for whole, of in enumerate(places.conditions)
        for each in _made(of, counts[whole], every, finer, counts, estimated=whole >= seen)
    }
    for of, count in _in_common(known, finer, counts):
        ways = _made(of, count, every, finer, counts)
        if len(ways) > 1:
            made |= {(places.of(of, count), each) for each in ways}
    for whole, of in _without_implied_conditions(places.conditions[:seen], implied):
        at = places.of(of, counts[whole])
        made.add((whole, _Made((at,))))
        made |= {(at, each) for each in _made(of, counts[whole], every, finer, counts)}
    made |= _made_side_by_side(
        [*known, *simpler, *_by_total(tables, known, totals), *_by_total(tables, simpler, totals)], places
    )
    unseen |= set(range(seen, len(places.conditions)))
    together = _related(places.counts(), made, unseen)
    return Shown(_with_differences(together, [table.where for table in known], totals), tuple(totals), tuple(rows))


def _filters(tables: Sequence[ShownTable]) -> list[Conditions]:
    """What each table's contacts pass. A filter that all contacts of another table pass is none."""
    filters = [plain(table.where.items()) for table in tables]
    told = []
    for table, where in zip(tables, filters, strict=True):
        wider = [
            each
            for other, each in zip(tables, filters, strict=True)
            if other.total == table.total and table.total and within(where, each)
        ]
        told.append(min([where, *wider], key=len))
    return told


def _implied(tables: Iterable[ShownTable]) -> list[Implied]:
    return [
        each
        for table in tables
        if table.complete and sum(table.rows.values()) == table.total
        for each in implied_by(
            table.by, plain(table.where.items()), [values for values, count in table.rows.items() if count]
        )
    ]


def _without_implied(table: Table, implied: Sequence[Implied]) -> Table:
    """The same table, its filter without what all its contacts meet anyhow."""
    rows = []
    for split, place in table.rows:
        told = sharpened({**table.where, **split}, implied)
        rows.append(({name: told[name] for name in split}, place))
    return table._replace(where=without_implied(table.where, implied), rows=rows)


def _without_implied_conditions(
    conditions: Iterable[Conditions], implied: Sequence[Implied]
) -> list[tuple[int, Conditions]]:
    """Those that can be told with less, by their place."""
    fewer = [(place, of, without_implied(of, implied)) for place, of in enumerate(conditions)]
    return [(place, less) for place, of, less in fewer if alike(less) != alike(of)]


def _by_total(tables: Sequence[ShownTable], known: Sequence[Table], totals: Sequence[int]) -> list[Table]:
    """All contacts of each table as its one row, where its total is of everybody who passes the filter."""
    return [
        told._replace(by=frozenset(), rows=[({}, total)])
        for table, told, total in zip(tables, known, totals, strict=True)
        if table.complete
    ]


def _made_side_by_side(tables: Sequence[Table], places: Places) -> set[tuple[int, _Made]]:
    counts = places.counts()
    made = set()
    for whole, of in enumerate(list(places.conditions)):
        for parts in _told_side_by_side(of, counts[whole], tables, counts):
            made.add((whole, _Made(tuple(sorted(places.of(part, count) for part, count, _ in parts)))))
            made |= {(places.of(part, count), each) for part, count, ways in parts for each in ways}
    return made


def _told_side_by_side(
    of: Conditions, count: int, tables: Sequence[Table], counts: Sequence[int]
) -> Iterator[list[tuple[Conditions, int, set[_Made]]]]:
    """Parts that make up these contacts, each told by a table with another filter, and by what rows."""
    told: dict[tuple[Contacts, int], tuple[Conditions, set[_Made]]] = {}
    for table in tables if count else ():
        if not of.keys() <= table.told or _is_about_all(table, of):
            continue
        part, way = both(of, table.where), _made_of_rows(of, count, table, counts)
        if part is not None and way is not None:
            number = sum(counts[row] for row in way.apart)
            told.setdefault((frozenset(alike(part).items()), number), (part, set()))[1].add(way)
    parts = [(part, number, ways) for (_, number), (part, ways) in told.items() if number < count]
    parts.sort(key=lambda part: -part[1])
    for chosen in side_by_side(count, [(part, number) for part, number, _ in parts]):
        yield [parts[at] for at in chosen]


def _in_common(tables: Sequence[Table], finer: Finer, counts: Sequence[int]) -> list[tuple[Conditions, int]]:
    """Sets of contacts that two tables tell, each by the sum of some of its rows: by channel and line, and by
    month and line, how many are of a line. Whether a table shows them does not matter: the two sums are the same.
    """
    found: dict[tuple[Contacts, int], Conditions] = {}
    for table in tables:
        common = {_names_in_common(table, other, finer) for other in tables} - {table.by, frozenset[str]()}
        # In order: the same counts give the same answer in every process.
        for names in sorted(common, key=sorted):
            if not table.several <= names:
                continue
            sums: Counter[Contacts] = Counter()
            for split, place in table.rows:
                sums[frozenset((name, split[name]) for name in names)] += counts[place]
            for split_in_common, count in sums.items():
                of = {**table.where, **dict(split_in_common)}
                if count:
                    found[frozenset(of.items()), count] = of
    return [(of, count) for (_, count), of in found.items()]


def _names_in_common(table: Table, other: Table, finer: Finer) -> frozenset[str]:
    return table.by & (other.told | {coarse for coarse, fine in finer if fine in other.told})


def _made(
    of: Conditions,
    count: int,
    tables: Sequence[Table],
    finer: Finer,
    counts: Sequence[int],
    *,
    estimated: bool = False,
) -> set[_Made]:
    """Every way in which rows of a table make up these contacts. ``estimated``: their count is made up."""
    return {
        made
        for table in tables
        for told in (of, *in_finer(of, table.by, table.told, finer))
        # What is left of a number that is made up says nothing.
        if _is_about_all(table, told) or not (estimated or table.estimated)
        if (made := _made_of_rows(told, count, table, counts)) is not None
    }


def _made_of_rows(of: Conditions, count: int, table: Table, counts: Sequence[int]) -> _Made | None:
    """The rows of the table that make up these contacts, None where they tell nothing of them."""
    if not of.keys() <= table.told or not _covers(table, of):
        return None
    rows = []
    for split, place in table.rows:
        among = [inside(name, split[name], of.get(name)) for name in table.by]
        if None in among:
            return None
        if all(among):
            rows.append((split, place))
    overlap = table.several - of.keys()
    if not overlap:
        together = sum(counts[place] for _, place in rows)
        return _Made(tuple(sorted(place for _, place in rows))) if 0 < together <= count else None
    least, most = bounds(rows, overlap, counts)
    # Rows that overlap tell nothing of contacts that the table leaves out.
    if not rows or not least <= count <= most or not _is_about_all(table, of):
        return None
    apart = alone(rows, overlap)
    return _Made(tuple(sorted(apart)), tuple(sorted({place for _, place in rows} - apart)))


def _is_about_all(table: Table, of: Conditions) -> bool:
    """Whether the table leaves out none of these contacts."""
    return all(name in of and of[name] <= values for name, values in table.where.items())


def _covers(table: Table, of: Conditions) -> bool:
    for name, values in table.where.items():
        limited = of.get(name)
        # Where the table has fewer contacts than the whole, the others are a rest that it does not tell.
        if limited is not None and not (limited <= values if name in table.by else values <= limited):
            return False
    return True


def _related(counts: Sequence[int], made: Iterable[tuple[int, _Made]], unseen: set[int]) -> Counts:
    """The relations. Where the rows do not make up the whole, a rest that is in no table does."""
    values, relations, hidden = list(counts), list[Relation](), set(unseen)

    def rest_of(whole: int, parts: Sequence[int]) -> Iterator[int]:
        rest = values[whole] - sum(values[part] for part in parts)
        if rest:
            hidden.add(len(values))
            yield len(values)
            values.append(rest)

    for whole, (apart, overlapping) in sorted(made):
        if whole in {*apart, *overlapping}:
            continue
        rest = tuple(rest_of(whole, apart)) if apart or not overlapping else (whole,)
        if rest != (whole,):
            relations.append(Relation(whole, (*apart, *rest)))
        if overlapping:
            relations.extend(Relation(each, overlapping, exact=False) for each in rest)
    return Counts(tuple(values), tuple(relations), frozenset(hidden))


def _with_differences(counts: Counts, filters: Sequence[Conditions], totals: Sequence[int]) -> Counts:
    """The contacts of one table that are not in another one within it are as good as shown, by subtraction."""
    values, relations = list(counts.values), list(counts.relations)
    pairs = {
        (whole, part)
        for whole, wide in zip(totals, filters, strict=True)
        for part, narrow in zip(totals, filters, strict=True)
        if values[whole] > values[part] > 0 and within(narrow, wide)
    }
    for whole, part in sorted(pairs):
        relations.append(Relation(whole, (part, len(values))))
        values.append(values[whole] - values[part])
    return Counts(tuple(values), tuple(relations), counts.unseen)
