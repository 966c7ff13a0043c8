"""Years kept in memory: whatever changes in whatever month, they are what reading them anew gives."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.counting import Table
from services.reporting.domain.timespan import months_of
from services.reporting.store import Reading
from services.reporting.store.collections import Generation
from services.reporting.store.yearly import YearlyCells

TABLES: tuple[Table, ...] = ((), ("line",), ("channel", "line"))
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)
MONTHS = months_of(FIRST, LAST)
LEUVEN = "leuven"
moves = st.tuples(
    st.sampled_from(MONTHS), st.sampled_from(TABLES), st.sampled_from(["a", "b", "a|b"]), st.integers(-3, 5)
)
looks = st.lists(st.lists(moves, max_size=4), min_size=1, max_size=8)


class Counters:
    """Counters that move, and stamps that say so, as a reading gives them."""

    def __init__(self) -> None:
        self.cells_of: dict[Table, Counter[tuple[str, str]]] = {table: Counter() for table in TABLES}
        self.stamps: Counter[str] = Counter()
        self.read: list[tuple[str, str]] = []
        self.generation = 1

    def move(self, month: str, table: Table, key: str, by: int) -> None:
        self.cells_of[table][month, key] += by
        self.stamps[month] += 1

    def stamps_of(self, organisation: str, months: Collection[str]) -> list[int]:
        assert organisation == LEUVEN
        return [self.stamps[month] for month in months]

    async def cells(
        self, generation: Generation, tables: Collection[Table], first: str, last: str
    ) -> dict[Table, dict[tuple[str, str], int]]:
        assert generation.number == self.generation
        self.read.append((first, last))
        return {
            table: {place: n for place, n in self.cells_of[table].items() if first <= place[0] <= last}
            for table in tables
        }

    @property
    def reading(self) -> Reading:
        return cast(Reading, self)

    @property
    def current(self) -> Generation:
        return Generation({"_id": LEUVEN, "current": self.generation, "tables": []})


def without_zeros(cells: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return {place: number for place, number in cells.items() if number}


@given(looks, st.sets(st.sampled_from(TABLES), min_size=1))
async def test_a_year_is_what_its_counters_are(
    looks: list[list[tuple[str, Table, str, int]]], asked: set[Table]
) -> None:
    counters, yearly = Counters(), YearlyCells()
    for moved in looks:
        for each in moved:
            counters.move(*each)
        counters.read.clear()
        year = await yearly.read(counters.reading, counters.current, asked, FIRST, LAST)
        for table in asked:
            assert without_zeros(year.monthly(table)) == without_zeros(counters.cells_of[table])
            together: Counter[tuple[str, str]] = Counter()
            for (_, key), number in counters.cells_of[table].items():
                together["2021-01", key] += number
            assert without_zeros(year.whole(table)) == without_zeros(together)
        if looks.index(moved) and not moved:
            assert counters.read == []


async def test_only_months_that_have_changed_are_read_again() -> None:
    counters, yearly = Counters(), YearlyCells()
    for month in MONTHS:
        counters.move(month, ("line",), "a", 1)

    async def read(*tables: Table) -> list[tuple[str, str]]:
        counters.read.clear()
        await yearly.read(counters.reading, counters.current, tables, FIRST, LAST)
        return list(counters.read)

    assert await read(("line",)) == [("2021-01", "2021-12")]
    assert await read(("line",)) == []
    counters.move("2021-06", ("line",), "a", 1)
    assert await read(("line",)) == [("2021-06", "2021-06")]
    # Another table, and another count of all: everything anew.
    assert await read(("line",), ()) == [("2021-01", "2021-12")]
    counters.generation = 2
    assert await read(("line",)) == [("2021-01", "2021-12")]


async def test_what_was_made_of_a_year_goes_with_it() -> None:
    counters, yearly = Counters(), YearlyCells()
    year = await yearly.read(counters.reading, counters.current, (), date(2020, 1, 19), date(2021, 1, 18))
    year.made["figure"] = 1
    again = await yearly.read(counters.reading, counters.current, (), date(2020, 1, 19), date(2021, 1, 18))
    assert again.made == {"figure": 1}
    assert counters.read == []
    counters.move("2021-01", (), "", 1)
    after = await yearly.read(counters.reading, counters.current, (), date(2020, 1, 19), date(2021, 1, 18))
    assert after.made == {}
