"""Quantiles, growth, and whether a contact has been everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.counting import is_whole
from benchmarks.measured import median_spread, spread
from benchmarks.memory import growth
from benchmarks.usage import Sample

SECONDS = st.lists(st.floats(min_value=0, max_value=1e4), min_size=1, max_size=200)


def test_quantiles_are_waits_that_somebody_had() -> None:
    found = spread([number / 1000 for number in range(1, 1001)])
    assert (found.p50, found.p99, found.p999, found.most) == (500, 990, 999, 1000)


@given(SECONDS)
def test_quantiles_are_in_order_whatever_the_order_of_waits(seconds: list[float]) -> None:
    found = spread(seconds)
    assert found == spread(sorted(seconds, reverse=True))
    assert found.p50 <= found.p99 <= found.p999 <= found.most
    assert found.count == len(seconds)
    waits = {each * 1000 for each in seconds}
    assert {found.p50, found.p99, found.p999, found.most} <= waits
    assert sum(each * 1000 <= found.p99 for each in seconds) >= 0.99 * len(seconds)


def test_of_repetitions_the_median_of_each_quantile_and_the_longest_wait() -> None:
    found = median_spread([spread([0.001]), spread([0.002]), spread([0.009])])
    assert (found.p50, found.p99, found.most, found.count) == (2, 2, 9, 3)


@given(st.floats(min_value=-50, max_value=50), st.integers(min_value=2, max_value=50))
def test_growth_is_the_slope(per_hour: float, count: int) -> None:
    samples = [Sample(60.0 * at, {"intake": 100 + per_hour * at / 60}) for at in range(count)]
    assert growth(samples, "intake") == pytest.approx(per_hour, abs=1e-6)


def test_a_single_peak_does_not_bend_growth() -> None:
    samples = [Sample(60.0 * at, {"intake": 100.0 + (900 if at == 7 else 0)}) for at in range(30)]
    assert growth(samples, "intake") == 0


def test_of_one_moment_there_is_no_growth() -> None:
    assert growth([Sample(0.0, {"intake": 1.0})], "intake") == 0


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        (("unknown", "complaint", "open"), False),
        (("first", "complaint", "open"), True),
        (("second", "complaint", "false"), True),
        (("first", "complaint", "none"), False),
        (("first", "complaint", "unknown"), False),
        (("external", "complaint", "none"), True),
        (("first", "question", "none"), True),
    ],
)
def test_a_contact_is_whole_with_its_line_and_with_its_term_where_one_is_owed(
    values: tuple[str, str, str], *, whole: bool
) -> None:
    assert is_whole(*values) is whole
