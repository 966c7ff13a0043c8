"""Counters as the derivative of facts: into which cells of which tables a contact falls, and what an event moves.

A table counts contacts by month and by its dimensions together. ``sum(contributions(fact))`` over all facts is
what every counter has to be.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from services.reporting.domain.dimensions import PERIODS, SEVERAL, period_of_month
from services.reporting.domain.fact import Fact
from shared.profiles import Profile

Table = tuple[str, ...]
"""Dimensions that are counted together, in alphabetical order; the empty one counts contacts."""
CONTACTS: Final[Table] = ()
EVENTS: Final[Table] = ("#events",)
"""Counts the events behind the contacts, by the month of the contact. No dimension can be called this."""
SEPARATOR: Final = "|"


class Cell(NamedTuple):
    """One counter: a month (``2021-03``), a table, and the values joined with ``|``."""

    month: str
    table: Table
    key: str


def table_name(table: Table) -> str:
    """How a table is named where it is stored."""
    return SEPARATOR.join(table)


def table_of(name: str) -> Table:
    """The table of a stored name."""
    return tuple(name.split(SEPARATOR)) if name else CONTACTS


def tables_of(profile: Profile) -> frozenset[Table]:
    """What is counted for an organisation: the tables that any version of its profile declares, those that its
    annual report asks for, and for the totals of tables whose dimensions have several values the same without.
    """
    asked: set[Table] = {CONTACTS}
    for version in profile.versions:
        asked |= {_table(dimensions) for dimensions in version.counter_tables}
        asked |= {_table([*by, *where]) for table in version.annual_report for by, where in table.asked()}
    totals = {_table(set(table) - SEVERAL) for table in asked}
    return frozenset(asked | totals)


def _table(dimensions: Iterable[str]) -> Table:
    # The month is part of every counter, and the other periods follow from it.
    return tuple(sorted(set(dimensions) - set(PERIODS)))


def contributions(fact: Fact | None, tables: Collection[Table]) -> Counter[Cell]:
    """The cells that a contact falls into, each once, and the events behind it; nothing for no contact."""
    return _fallen((fact,), tables)


def moves(turns: Collection[tuple[Fact | None, Fact | None]], tables: Collection[Table]) -> dict[Cell, int]:
    """By how much each counter moves when contacts' facts turn from old to new; unmoved ones are left out."""
    moved = _fallen((new for _, new in turns), tables)
    moved.subtract(_fallen((old for old, _ in turns), tables))
    return {cell: move for cell, move in moved.items() if move}


def _fallen(facts: Iterable[Fact | None], tables: Collection[Table]) -> Counter[Cell]:
    """What these contacts contribute together."""
    by_month: dict[str, Counter[tuple[Table, str]]] = {}
    for fact in facts:
        if fact is not None:
            counts = by_month.setdefault(fact.month, Counter())
            counts.update([(table, key) for table in tables for key in _keys(fact, table)])
            counts[EVENTS, ""] += fact.events
    # A cell is made once for all contacts that fall into it.
    return Counter(
        {Cell(month, *place): count for month, counts in by_month.items() for place, count in counts.items()}
    )


def _keys(fact: Fact, table: Table) -> list[str]:
    held = [fact.values(dimension) for dimension in table]
    if all([len(values) == 1 for values in held]):  # noqa: C419  a list is quicker here, and this is the usual case
        return [SEPARATOR.join([values[0] for values in held])]
    return [SEPARATOR.join(values) for values in product(*held)]


@lru_cache(maxsize=4096)
def covering_table(tables: frozenset[Table], groups: Table, filters: frozenset[tuple[str, bool]]) -> Table | None:
    """The smallest table that answers a question exactly, None where only the facts can.

    ``groups`` are the dimensions that are asked for; ``filters`` those that are filtered on, each with whether
    more than one value may pass. A dimension with several values per contact may be summed over only where a
    contact cannot be in two of the cells that are added, and may not be both shown and filtered: the other
    values of the contacts that pass belong in the answer too.
    """
    filtered = dict(filters)
    asked = (set(groups) | set(filtered)) - set(PERIODS)
    if any(each in filtered for each in SEVERAL.intersection(groups)):
        return None
    fitting = [
        table
        for table in tables
        if asked <= set(table)
        and all(
            each in groups or (each in filtered and not filtered[each]) for each in SEVERAL.intersection(table)
        )
    ]
    return min(fitting, key=lambda table: (len(table), table), default=None)


def project(
    cells: Mapping[tuple[str, str], int], table: Table, groups: Table, passes: Mapping[str, Collection[str]]
) -> Counter[tuple[str, ...]]:
    """Adds up the cells of a table, (month, key) -> count, by the asked dimensions, for those that pass.

    ``passes`` names the values that may be in a dimension, periods included.
    """
    places = {name: place for place, name in enumerate(table)}
    conditions = [(places[name], allowed) for name, allowed in passes.items() if name in places]
    when = {month: _periods(month, groups, passes) for month in {month for month, _ in cells}}
    counts: Counter[tuple[str, ...]] = Counter()
    for (month, key), count in cells.items():
        periods = when[month]
        if periods is None or not count:
            continue
        values = key.split(SEPARATOR)
        if all(values[place] in allowed for place, allowed in conditions):
            counts[tuple(periods.get(name) or values[places[name]] for name in groups)] += count
    return Counter({group: count for group, count in counts.items() if count})


def _periods(month: str, groups: Table, passes: Mapping[str, Collection[str]]) -> dict[str, str] | None:
    """The periods of a month that are asked for, None where the month does not pass."""
    periods = {name: period_of_month(name, month) for name in {*groups, *passes}.intersection(PERIODS)}
    if all(periods[name] in allowed for name, allowed in passes.items() if name in periods):
        return periods
    return None
