"""Public figures against somebody who has everything that is shown, and a solver."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.reporting.domain.public_report import hidden_of_year, public_report
from services.reporting.domain.public_tables import Ended
from services.reporting.domain.suppression import Counts, Relation, rows_left_out
from shared.contracts.identifiers import DeadlineKind
from tests.unit.reporting.everything_shown import (
    ASKED,
    CHOICES,
    SMALLEST,
    Contact,
    Everything,
    made_public,
    out,
    report,
    version,
)

contacts_made_up = st.lists(
    st.tuples(*(st.sampled_from(values) for values in CHOICES.values())), max_size=9
).flatmap(
    lambda kinds: st.tuples(*(st.integers(1, 12) for _ in kinds)).map(
        lambda times: [kind for kind, often in zip(kinds, times, strict=True) for _ in range(often)]
    )
)
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@several
@given(contacts_made_up, st.sets(st.sampled_from(range(len(ASKED))), min_size=1))
@example(
    [("2021-01", "second", "email", topic) for topic in "ab" for _ in range(5)]
    + [("2021-01", "external", "email", "a")] * 2,
    {0, 1, 10},
)
@example([("2021-01", "external", "email", "a")], {8})
@example(
    [("2021-01", "external", "email", "a")] * 5
    + [("2021-01", "first", "email", "a")] * 3
    + [("2021-01", "first", "phone", "a")] * 2,
    {5, 6},
)
@example(
    [("2021-01", "second", "email", "a")]
    + [("2021-01", "second", "phone", "a")] * 4
    + [("2021-01", "external", "email", "a")] * 5,
    {7, 8},
)
@example(
    [("2021-01", "second", "email", "a")] * 3
    + [("2021-02", "second", "email", "a")] * 6
    + [(month, "external", "email", "a") for month in ("2021-01", "2021-02") for _ in range(7)],
    {2, 7, 11},
)
@example(
    [("2021-01", "second", "email", "unknown")] + [("2021-01", "second", "email", "a b")] * 5,
    {1, 10},
)
def test_nothing_that_is_left_out_can_be_worked_out(contacts: list[Contact], chosen: set[int]) -> None:
    of = version([ASKED[each] for each in sorted(chosen)])
    public = made_public(contacts, of)
    shown = [row["count"] for table in public["tables"] for row in table["rows"]]
    shown += [table["total"] for table in public["tables"]]
    assert not any(0 < (count or 0) < SMALLEST for count in shown)
    # Where tables overlap without one being the sum of others their bounds may leave less than five, never one.
    assert Everything(public).narrowest() >= 1 - 1e-6


@several
@given(contacts_made_up, st.sampled_from([[0, 1], [0, 2, 3], [1, 4, 5], [0, 1, 2, 3, 6]]))
def test_five_values_agree_with_tables_that_are_sums_of_each_other(
    contacts: list[Contact], chosen: list[int]
) -> None:
    public = made_public(contacts, version([ASKED[each] for each in chosen]))
    assert Everything(public).narrowest() >= SMALLEST - 1 - 1e-6


@pytest.mark.parametrize(
    "others",
    [
        {("2021-02", "second", "email", "a"): 5, ("2021-04", "external", "visit", "unknown"): 5},
        {("2021-04", "second", "email", "b"): 5, ("2021-04", "second", "email", "a b"): 5},
    ],
)
def test_who_came_by_another_channel_has_none_of_the_topics_of_this_one(others: dict[Contact, int]) -> None:
    contacts = [
        ("2021-02", "first", "visit", "b"),
        *(kind for kind, often in others.items() for _ in range(often)),
    ]
    of = version([((), {}), (("line",), {}), (("channel", "topic"), {})])
    assert Everything(made_public(contacts, of)).narrowest() >= 1 - 1e-6


@pytest.mark.parametrize(
    "kinds",
    [
        # All are external: by phone and e-mail are as many as external by phone and e-mail.
        {
            ("2021-01", "external", "phone", "a"): 1,
            ("2021-02", "external", "email", "a"): 4,
            ("2021-01", "external", "visit", "a"): 5,
        },
        # By e-mail are those in the second line, and those that are external by phone and e-mail: nobody phoned.
        {
            ("2021-01", "second", "email", "a"): 3,
            ("2021-01", "external", "email", "a"): 9,
            ("2021-01", "external", "visit", "a"): 7,
        },
    ],
)
def test_a_filter_by_two_dimensions_tells_nothing_beside_tables_by_one(kinds: dict[Contact, int]) -> None:
    contacts = [kind for kind, often in kinds.items() for _ in range(often)]
    filtered = ((), {"line": ("external",), "channel": ("email", "phone")})
    of = version([ASKED[0], ASKED[1], ASKED[4], ASKED[7], ASKED[8], filtered])
    assert Everything(made_public(contacts, of)).narrowest() >= 1 - 1e-6


@several
@given(contacts_made_up)
def test_the_same_counts_give_the_same_answer(contacts: list[Contact]) -> None:
    of = version(ASKED)
    assert made_public(contacts, of) == made_public(list(reversed(contacts)), of)


def test_the_attacker_of_these_tests_finds_what_primary_suppression_alone_gives_away() -> None:
    contacts = [("2021-01", "first", "email", "a")] * 3 + [("2021-01", "second", "email", "a")] * 9
    whole = report(contacts, version([((), {}), (("line",), {})]))
    whole["tables"][1]["rows"][0]["count"] = None
    assert Everything(whole).narrowest() == pytest.approx(0)


def test_large_counts_stay() -> None:
    contacts = [(month, "first", "email", "a") for month in CHOICES["month"] for _ in range(7)]
    public = made_public(contacts, version([((), {}), (("month",), {})]))
    assert [row["count"] for row in public["tables"][1]["rows"]] == [7, 7, 7]
    assert [table["suppressed"] for table in public["tables"]] == [0, 0]


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    # external 2, first 8, second 30
    counts = Counts((40, 2, 8, 30), (Relation(0, (1, 2, 3)),))
    assert out(counts) == {1, 2}


def test_two_small_ones_whose_sum_says_too_much_take_a_third() -> None:
    # Of 1 and 2, known to be 3 together, each can only be 1 or 2.
    counts = Counts((33, 1, 2, 30), (Relation(0, (1, 2, 3)),))
    assert out(counts) == {1, 2, 3}


def test_where_nothing_else_is_left_the_total_goes() -> None:
    counts = Counts((3, 3), (Relation(0, (1,)),))
    assert out(counts) == {0, 1}
    assert out(Counts((4, 2, 2), (Relation(0, (1, 2)),))) == {0, 1, 2}


def test_of_counts_that_contradict_each_other_more_is_left_out() -> None:
    counts = Counts((20, 30, 2, 18), (Relation(0, (2, 3)), Relation(1, (2, 3))))
    assert {2, 3} < out(counts)


def test_zero_is_shown() -> None:
    counts = Counts((20, 0, 20), (Relation(0, (1, 2)),))
    assert out(counts) == frozenset()


def test_parts_that_overlap_tell_no_difference_but_their_bounds() -> None:
    # Topics of 30 contacts: 28, 9 and 2. That together they are at least 30 says nothing of the 2.
    counts = Counts((30, 28, 9, 2), (Relation(0, (1, 2, 3), exact=False),))
    assert {3} < out(counts)


class TestOtherFiguresOfARow:
    def test_one_small_number_takes_the_row_and_one_that_keeps_it_from_the_total(self) -> None:
        assert rows_left_out([[40, 3], [9, 8], [50, 0]], (), SMALLEST) == {0, 1}

    def test_rows_without_small_numbers_stay(self) -> None:
        assert rows_left_out([[40, 0], [9, 8]], (), SMALLEST) == frozenset()

    def test_the_measures_of_a_hidden_row_go_with_it(self) -> None:
        assert rows_left_out([[9], [8], [70]], [0], SMALLEST) == {0, 1}


def measured(table: dict[str, Any]) -> dict[str, Any]:
    figures = {"email": (3, 8.5), "phone": (20, 4.0), "visit": (9, 6.0)}
    rows = [
        {"key": {"channel": name}, "labels": {}, "count": count, "share": 0.1, "mean_days": days, "previous": {}}
        for name, (count, days) in figures.items()
    ]
    columns = [("count", "count"), ("share", "percent"), ("mean_days", "days")]
    return table | {
        "rows": rows,
        "columns": [{"id": name, "label": {}, "format": form} for name, form in columns],
        "total": 32,
        "totals": {"count": 32, "mean_days": 5.0},
    }


def test_what_is_measured_of_few_is_left_out_with_their_count() -> None:
    of = version([(("channel",), {})])
    whole = report([], of) | {"reconciliation": {"contacts": 32, "events": 90}}
    whole["tables"] = [measured(whole["tables"][0])]
    public = public_report(whole, {2021: hidden_of_year(whole, 2021, of, (), smallest=SMALLEST, left_out=out)})
    (table,) = public["tables"]
    email, phone, visit = table["rows"]
    assert email["suppressed"] == ["count", "mean_days", "share"] == visit["suppressed"]
    assert (email["mean_days"], visit["count"], phone["count"], phone["mean_days"]) == (None, None, 20, 4.0)
    assert table["suppressed"] == 6
    assert table["totals"] == {"count": 32, "mean_days": 5.0}


def test_a_change_never_tells_what_one_of_the_years_leaves_out() -> None:
    of = version([(("line",), {})])
    whole = report([("2021-01", "first", "email", "a")] * 9 + [("2021-01", "second", "email", "a")] * 20, of)
    (table,) = whole["tables"]
    for row, before in zip(table["rows"], (2, 18), strict=True):
        row["previous"] = {"2020": {"count": before, "share": before / 20}}
        row["change"] = {"2020": {"count": row["count"] - before, "percent": 0.1, "points": 0.1}}
    table["previous"] = {"2020": {"total": 20, "source": "store"}}
    hidden = {year: hidden_of_year(whole, year, of, (), smallest=SMALLEST, left_out=out) for year in (2020, 2021)}
    first, second = public_report(whole, hidden)["tables"][0]["rows"]
    assert first["count"] == 9
    assert first["previous"]["2020"] == {"count": None, "share": None, "suppressed": ["count", "share"]}
    assert first["change"] == second["change"] == {"2020": None}


def test_a_share_goes_with_the_total_that_it_would_tell_and_so_does_its_change() -> None:
    of = version([ASKED[at] for at in (0, 1, 10)])
    topics = [("2021-01", "second", "email", topic) for topic in "ab" for _ in range(5)]
    whole = report([*topics, *[("2021-01", "external", "email", "a")] * 2], of)
    for row in whole["tables"][2]["rows"]:
        row["mean_days"] = 3.5
        row["change"] = {"2020": {"count": 1, "percent": 0.25, "points": 0.1}}
    whole["tables"][2]["columns"] = [{"id": "mean_days", "label": {}, "format": "days"}]
    public = public_report(whole, {2021: hidden_of_year(whole, 2021, of, (), smallest=SMALLEST, left_out=out)})
    table = public["tables"][2]
    assert table["total"] is None
    for row in table["rows"]:
        assert (row["count"], row["share"], row["mean_days"], row["suppressed"]) == (5, None, 3.5, ["share"])
        assert row["change"] == {"2020": {"count": 1, "percent": 0.25, "points": None}}


def test_no_table_tells_how_many_there_are_in_all_where_that_is_left_out() -> None:
    public = made_public([("2021-01", "external", "email", "a")], version([ASKED[8]]))
    assert public["reconciliation"] == {"contacts": None, "events": None}
    assert "reconciliation" not in public["tables"][0]


def test_how_deadlines_ended_hangs_together_with_the_tables() -> None:
    of = version([(("answered_in_term",), {})])
    whole = report([], of) | {"reconciliation": {"contacts": 60, "events": 90}}
    told = {"true": 40, "false": 8, "open": 9, "none": 3}
    rows = [
        {"key": {"answered_in_term": name}, "labels": {}, "count": n, "previous": {}} for name, n in told.items()
    ]
    whole["tables"][0] |= {"rows": rows, "total": 60}
    ends = {"met": 40, "met_late": 8, "missed_open": 0, "open_in_term": 9, "cancelled": 0, "without": 3}
    ended = [Ended(DeadlineKind.ANSWER, ends)]
    hidden = hidden_of_year(whole, 2021, of, ended, smallest=SMALLEST, left_out=out)
    assert hidden.ended == {DeadlineKind.ANSWER}
    assert [row["count"] for row in public_report(whole, {2021: hidden})["tables"][0]["rows"]][3] is None


def test_the_solver_is_loaded_when_it_is_first_asked() -> None:
    told = "import sys, services.reporting.main; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
