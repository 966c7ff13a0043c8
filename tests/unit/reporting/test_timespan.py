"""Spans of days, their names, and the same a year earlier."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.dimensions import PERIODS, period
from services.reporting.domain.timespan import Timespan, timespan_of

days = st.dates(date(1902, 1, 1), date(2900, 12, 31))


@given(days, st.sampled_from(PERIODS))
def test_every_period_is_the_span_of_its_name(day: date, dimension: str) -> None:
    name = period(dimension, day)
    span = timespan_of(name)
    assert span is not None
    assert span.name == name
    assert span.covers(Timespan(day, day))
    assert {period(dimension, each) for each in span} == {name}


@given(days, st.integers(0, 900))
def test_a_year_earlier_is_as_long_but_for_leap_days(first: date, length: int) -> None:
    span = Timespan(first, date.fromordinal(first.toordinal() + length))
    before = span.a_year_before()
    assert [each.year + 1 for each in before] == [each.year for each in span]
    assert abs((before.last - before.first).days - length) <= 1
    assert (before.months is None) == (span.months is None)


@pytest.mark.parametrize(
    ("span", "before"),
    [
        ((date(2024, 2, 1), date(2024, 2, 29)), (date(2023, 2, 1), date(2023, 2, 28))),
        ((date(2025, 2, 1), date(2025, 2, 28)), (date(2024, 2, 1), date(2024, 2, 29))),
        ((date(2024, 2, 29), date(2024, 3, 10)), (date(2023, 2, 28), date(2023, 3, 10))),
    ],
)
def test_the_end_of_february_stays_its_end(span: tuple[date, date], before: tuple[date, date]) -> None:
    assert Timespan(*span).a_year_before() == before


@pytest.mark.parametrize("name", ["", "21", "2021-13", "2021-Q5", "2021-H3", "0000", "2021-03-01", "2021 "])
def test_what_is_no_name_of_a_span(name: str) -> None:
    assert timespan_of(name) is None


def test_other_days_are_called_by_their_ends() -> None:
    span = Timespan(date(2021, 2, 1), date(2021, 3, 31))
    assert span.name == "2021-02-01/2021-03-31"
    assert span.months == (2, 3)
