"""The figures, against their definitions."""

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.figures import (
    MEASURES,
    Outcome,
    Outcomes,
    mean,
    measure,
    nearest_rank,
    share,
    timeliness,
)
from shared.contracts.identifiers import DeadlineState


@given(st.lists(st.integers(0, 400), min_size=1), st.sampled_from([0.5, 0.9]))
def test_nearest_rank_is_the_value_at_that_place_in_the_row(values: list[int], part: float) -> None:
    # Tenths are exact as integers and not as floats.
    place = -(-round(part * 10) * len(values) // 10)
    assert nearest_rank(Counter(values), part) == sorted(values)[place - 1]


def test_nearest_rank_by_hand() -> None:
    assert nearest_rank(Counter([1, 2, 3, 4]), 0.5) == 2
    assert nearest_rank(Counter(range(1, 11)), 0.9) == 9
    assert nearest_rank(Counter(range(1, 12)), 0.9) == ceil(9.9)
    assert nearest_rank(Counter(), 0.5) is None
    assert mean(Counter([1, 2, 2])) == 1.67
    assert mean(Counter()) is None
    assert share(1, 3) == 0.333333
    assert share(0, 0) == 0.0


OUTCOMES: Outcomes = Counter(
    {
        Outcome(10, DeadlineState.MET, 8): 2,
        Outcome(44, DeadlineState.MET, None): 1,
        Outcome(60, DeadlineState.MET_LATE, 3): 1,
        Outcome(None, DeadlineState.MISSED, None): 2,
        Outcome(None, DeadlineState.APPROACHING, None): 1,
        Outcome(None, DeadlineState.PAUSED, None): 1,
        Outcome(None, DeadlineState.OPEN, None): 1,
        Outcome(None, DeadlineState.CANCELLED, None): 1,
        Outcome(5, None, 9): 3,
    }
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean_days", 19.86),
        ("median_days", 10),
        ("p90_days", 60),
        ("within_term", 3),
        ("outside_term", 1),
        ("open_overdue", 2),
        ("score", 7.67),
    ],
)
def test_each_measure(name: str, value: float) -> None:
    assert measure(name, OUTCOMES) == value


@pytest.mark.parametrize("name", MEASURES)
def test_of_nobody_there_is_nothing_to_measure(name: str) -> None:
    assert not measure(name, Counter())


def test_timeliness_counts_those_that_have_the_deadline() -> None:
    figures = timeliness(OUTCOMES, [14, 45])
    assert figures._asdict() == {
        "received": 10,
        "met": 3,
        "met_late": 1,
        "missed_open": 2,
        "open_in_term": 3,
        "cancelled": 1,
        "on_time_share": 0.5,
        "within": {"14": 0.2, "45": 0.3},
    }


def test_what_is_not_due_yet_has_no_share_on_time() -> None:
    assert timeliness(Counter({Outcome(None, DeadlineState.OPEN, None): 1}), []).on_time_share is None
