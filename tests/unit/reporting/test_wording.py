"""Figures as people read them."""

import pytest

from services.reporting.domain.report_view import Format, Language
from services.reporting.domain.wording import day, figure, joined, number, percent, period, short_month, signed


@pytest.mark.parametrize(
    ("value", "places", "dutch", "english"),
    [
        (0, 0, "0", "0"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (-1234.5, 1, "\u22121.234,5", "\u22121,234.5"),
        (2.345, 2, "2,35", "2.35"),
        (-0.04, 1, "0,0", "0.0"),
    ],
)
def test_numbers(value: float, places: int, dutch: str, english: str) -> None:
    assert number(value, "nl", places) == dutch
    assert number(value, "en", places) == english


def test_a_percentage_stays_on_one_line_in_dutch() -> None:
    assert percent(0.1485, "nl") == "14,9\u00a0%"
    assert percent(0.1485, "en") == "14.9%"


def test_a_sign_is_for_what_is_more_or_less_than_nothing_and_given_once() -> None:
    assert [signed(each) for each in ("5", "0,0", "\u22123", "+4")] == ["+5", "0,0", "\u22123", "+4"]


@pytest.mark.parametrize(
    ("value", "as_", "read"),
    [
        (605267, "count", "605.267"),
        (2.5, "count", "2,5"),
        (0.0052, "percent", "0,5\u00a0%"),
        (0.081, "points", "+8,1"),
        (23.0, "days", "23,0"),
        (8.6, "decimal", "8,60"),
        (None, "count", ""),
        ("text", "text", "text"),
        (True, "count", "True"),
    ],
)
def test_figures_by_their_columns(value: object, as_: Format, read: str) -> None:
    assert figure(value, as_, "nl") == read


@pytest.mark.parametrize(
    ("value", "language", "read"),
    [
        ("2021-03", "nl", "maart"),
        ("2021-03", "en", "March"),
        ("2021-Q4", "nl", "vierde kwartaal"),
        ("2021-H1", "en", "first half-year"),
        ("2021", "nl", "2021"),
        ("Kessel-Lo", "nl", "Kessel-Lo"),
        ("A-13", "nl", "A-13"),
        ("x-Q9", "nl", "x-Q9"),
    ],
)
def test_periods_without_their_year(value: str, language: Language, read: str) -> None:
    assert period(value, language) == read


def test_days_months_and_lists() -> None:
    assert day("2021-03-01", "nl") == "1 maart 2021"
    assert [short_month(each, "nl") for each in ("maart", "juni")] == ["mrt", "jun"]
    assert short_month("March", "en") == "Mar"
    assert [joined(each, "nl") for each in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a en b", "a, b en c"]
