"""Counters are the sum of what facts contribute, however the facts came about."""

import random
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.counting import (
    CONTACTS,
    EVENTS,
    Cell,
    Table,
    contributions,
    covering_table,
    moves,
    project,
    table_name,
    table_of,
    tables_of,
)
from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import fold
from tests.unit.reporting.made_up import LEUVEN, happened, life, registered, routed

TABLES = tables_of(LEUVEN)


def delta(old: Fact | None, new: Fact | None, tables: Collection[Table]) -> dict[Cell, int]:
    return moves([(old, new)], tables)


@given(seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=5, unique=True), chance=st.randoms())
def test_counters_kept_up_event_by_event_equal_those_counted_anew(seeds: list[int], chance: random.Random) -> None:
    arriving = [event for number, seed in enumerate(seeds) for event in life(number, random.Random(seed))]
    arriving += chance.choices(arriving, k=len(arriving) // 3)
    chance.shuffle(arriving)
    known: dict[str, list] = {}  # type: ignore[type-arg]
    counters: Counter[Cell] = Counter()
    for event in arriving:
        events = known.setdefault(event.envelope.subject, [])
        old = fold(events, LEUVEN)
        events.append(event)
        for cell, move in delta(old, fold(events, LEUVEN), TABLES).items():
            counters[cell] += move
    anew: Counter[Cell] = Counter()
    for events in known.values():
        anew.update(contributions(fold(events, LEUVEN), TABLES))
    assert {cell: count for cell, count in counters.items() if count} == dict(anew)


@given(seed=st.integers(0, 10**9), cut=st.integers(0, 20))
def test_deltas_add_up(seed: int, cut: int) -> None:
    events = life(1, random.Random(seed))
    stages = [None, fold(events[: cut + 1], LEUVEN), fold(events, LEUVEN)]
    steps: Counter[Cell] = Counter()
    for old, new in pairwise(stages):
        for cell, move in delta(old, new, TABLES).items():
            steps[cell] += move
    assert {cell: move for cell, move in steps.items() if move} == delta(None, stages[-1], TABLES)


@given(seeds=st.lists(st.integers(0, 10**6), max_size=6, unique=True), cut=st.integers(0, 8))
def test_what_many_contacts_move_is_the_sum_of_what_each_moves(seeds: list[int], cut: int) -> None:
    lives = [life(number, random.Random(seed)) for number, seed in enumerate(seeds)]
    turns = [(fold(events[:cut], LEUVEN), fold(events, LEUVEN)) for events in lives]
    added: Counter[Cell] = Counter()
    for old, new in turns:
        added.update(delta(old, new, TABLES))
    assert moves(turns, TABLES) == {cell: move for cell, move in added.items() if move}


def test_a_contact_that_did_not_change_moves_nothing() -> None:
    fact = fold([routed()], LEUVEN)
    assert delta(fact, fact, TABLES) == {}


def test_a_contact_counts_once_in_each_of_its_values() -> None:
    fact = fold([routed(), happened("closed", 2, norms_violated=["equality", "privacy"])], LEUVEN)
    cells = contributions(fact, [("line", "norm"), CONTACTS])
    assert cells == {
        Cell("2021-03", ("line", "norm"), "second|equality"): 1,
        Cell("2021-03", ("line", "norm"), "second|privacy"): 1,
        Cell("2021-03", CONTACTS, ""): 1,
        Cell("2021-03", EVENTS, ""): 2,
    }


def test_every_table_has_one_for_its_totals_and_none_holds_a_period() -> None:
    assert CONTACTS in TABLES
    assert ("line", "norm") in TABLES
    assert ("line",) in TABLES
    assert not any("month" in table for table in TABLES)
    assert all(table_of(table_name(table)) == table for table in TABLES)


@pytest.mark.parametrize(
    ("groups", "filters", "table"),
    [
        ((), set(), ()),
        (("month",), set(), ()),
        (("line", "month"), set(), ("line",)),
        (("nature",), {("line", False)}, ("line", "nature")),
        (("norm",), {("line", True)}, ("line", "norm")),
        # Summing over norms would count a contact in each of its norms.
        (("line",), {("norm", True)}, None),
        (("line",), {("norm", False)}, ("line", "norm")),
        # The other norms of the contacts that pass belong in the rows.
        (("norm",), {("norm", False)}, None),
        (("score",), set(), None),
    ],
)
def test_a_table_is_used_only_where_it_answers_exactly(
    groups: tuple[str, ...], filters: set[tuple[str, bool]], table: tuple[str, ...] | None
) -> None:
    tables = frozenset({(), ("line",), ("line", "nature"), ("line", "norm"), ("channel", "line", "nature")})
    assert covering_table(tables, groups, frozenset(filters)) == table


def test_projection_adds_up_and_leaves_out_what_came_to_nothing() -> None:
    cells = {
        ("2021-01", "email|first"): 3,
        ("2021-01", "email|second"): 2,
        ("2021-04", "email|first"): 4,
        ("2021-04", "phone|first"): 0,
    }
    table = ("channel", "line")
    assert project(cells, table, ("quarter",), {}) == {("2021-Q1",): 5, ("2021-Q2",): 4}
    assert project(cells, table, ("channel",), {"line": {"first"}}) == {("email",): 7}
    assert project(cells, table, (), {"month": {"2021-04"}}) == {(): 4}
    assert project({("2021-01", ""): 9}, (), ("half_year",), {}) == {("2021-H1",): 9}


def test_a_contact_moves_from_cell_to_cell_as_more_becomes_known() -> None:
    before, after = fold([registered()], LEUVEN), fold([registered(), routed()], LEUVEN)
    assert delta(before, after, [("line",)]) == {
        Cell("2021-03", ("line",), "unknown"): -1,
        Cell("2021-03", ("line",), "second"): 1,
    }
