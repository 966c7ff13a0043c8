"""Months of an organisation's own calendar, and when their reports are made."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.monthly.month import Month, due_at, is_over, months_due
from shared.profiles.model import MonthlyReports
from tests.unit.reporting.made_up import LEUVEN

months = st.builds(Month, st.integers(1901, 2900), st.integers(1, 12))
whens = st.builds(MonthlyReports, day=st.integers(1, 28), hour=st.integers(0, 23))
START = datetime(1901, 3, 1, tzinfo=UTC)
instants = st.integers(0, 365_000 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))


@given(months)
def test_every_day_of_a_month_is_in_the_month_of_its_name(month: Month) -> None:
    assert Month.named(month.name) == month
    assert {Month.of(day) for day in (month.first, month.last)} == {month}
    assert Month.of(month.first - timedelta(days=1)) == month.before
    assert Month.of(month.last + timedelta(days=1)) == month.later(1)
    assert month.a_year_before == Month(month.year - 1, month.number)


@given(months, st.integers(-500, 500), st.integers(-500, 500))
def test_so_many_months_later_and_again_is_that_many_together(month: Month, some: int, more: int) -> None:
    assert month.later(some).later(more) == month.later(some + more)
    assert (month.later(some) < month) == (some < 0)


@pytest.mark.parametrize("name", ["2021", "2021-3", "2021-13", "2021-00", "0000-01", "2021-03-01", "²021-03", ""])
def test_what_is_no_name_of_a_month_is_none(name: str) -> None:
    assert Month.named(name) is None


@given(months, whens)
def test_reports_are_due_on_their_day_of_the_next_month_at_their_hour(month: Month, when: MonthlyReports) -> None:
    moment = due_at(month, LEUVEN.model_copy(update={"monthly_reports": when}))
    assert moment is not None
    local = moment.astimezone(LEUVEN.zone)
    following = month.later(1)
    assert local.date() == date(following.year, following.number, when.day)
    # An hour that summer time leaves out is the one after it.
    assert local.hour in (when.hour, when.hour + 1)


@pytest.mark.parametrize(
    ("month", "day", "hour", "moment"),
    [
        (Month(2021, 2), 1, 0, "2021-02-28T23:00:00+00:00"),
        (Month(2021, 3), 1, 0, "2021-03-31T22:00:00+00:00"),
        # Summer time begins in the night to 28 March 2021: there is no half past two.
        (Month(2021, 2), 28, 2, "2021-03-28T01:00:00+00:00"),
        (Month(2021, 2), 28, 3, "2021-03-28T01:00:00+00:00"),
        # It ends in the night to 25 October 2020: two o'clock comes twice.
        (Month(2020, 9), 25, 2, "2020-10-25T00:00:00+00:00"),
        (Month(2020, 9), 25, 3, "2020-10-25T02:00:00+00:00"),
        (Month(2020, 12), 2, 6, "2021-01-02T05:00:00+00:00"),
    ],
)
def test_clocks_that_change_move_no_report(month: Month, day: int, hour: int, moment: str) -> None:
    when = MonthlyReports(day=day, hour=hour)
    due = due_at(month, LEUVEN.model_copy(update={"monthly_reports": when}))
    assert due == datetime.fromisoformat(moment)


def test_who_wants_none_has_none_due() -> None:
    profile = LEUVEN.model_copy(update={"monthly_reports": None})
    assert due_at(Month(2021, 3), profile) is None
    assert months_due(profile, datetime(2022, 1, 1, tzinfo=UTC), 12) == []


@given(instants, whens, st.integers(0, 40))
def test_what_is_due_is_the_latest_months_in_order(now: datetime, when: MonthlyReports, most: int) -> None:
    profile = LEUVEN.model_copy(update={"monthly_reports": when})
    due = months_due(profile, now, most)
    assert len(due) == most
    assert due == [due[0].later(place) for place in range(most)]
    if due:
        moments = [due_at(month, profile) for month in (due[-1], due[-1].later(1))]
        assert moments[0] is not None
        assert moments[1] is not None
        assert moments[0] <= now < moments[1]
        assert all(is_over(month, profile, now) for month in due)


@given(instants)
def test_a_month_is_over_from_its_last_local_midnight_on(now: datetime) -> None:
    month = Month.of(LEUVEN.local_date(now))
    assert not is_over(month, LEUVEN, now)
    assert is_over(month.before, LEUVEN, now)
    ends = datetime(month.later(1).year, month.later(1).number, 1, tzinfo=LEUVEN.zone).astimezone(UTC)
    assert is_over(month, LEUVEN, ends)
    assert not is_over(month, LEUVEN, ends - timedelta(seconds=1))
