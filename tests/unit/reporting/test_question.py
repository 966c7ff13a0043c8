"""A question is read exactly, or refused with everything that is wrong with it and what would be right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.dimensions import DIMENSIONS, Vocabulary
from services.reporting.domain.question import BadQuestion, Question, read_question
from shared.contracts.identifiers import DeadlineKind
from shared.contracts.rejection import FieldError
from tests.unit.reporting.made_up import LEUVEN

WORDS = {"leuven": Vocabulary(LEUVEN)}
YEAR = [("organisation", "leuven"), ("from", "2021-01-01"), ("to", "2021-12-31")]


def ask(*pairs: tuple[str, str], timeliness: bool = False) -> Question:
    return read_question([*YEAR, *pairs], WORDS, timeliness=timeliness)


def refused(*pairs: tuple[str, str], timeliness: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(BadQuestion) as bad:
        read_question(pairs, WORDS, timeliness=timeliness)
    assert all(each["message"] for each in bad.value.errors)
    return [(each["field"], each["code"]) for each in bad.value.errors]


def test_a_whole_question() -> None:
    question = ask(
        ("group_by", "month,line"),
        ("line", "first"),
        ("line", "second"),
        ("norm", "none"),
        ("measures", "p90_days,score"),
    )
    assert question == Question(
        "leuven",
        date(2021, 1, 1),
        date(2021, 12, 31),
        ("month", "line"),
        {"line": frozenset({"first", "second"}), "norm": frozenset({"none"})},
        ("p90_days", "score"),
    )
    assert question.months == ("2021-01", "2021-12")


def test_days_that_are_no_whole_months_are_told_apart() -> None:
    days = [("organisation", "leuven"), ("from", "2021-01-01"), ("to", "2021-02-27")]
    assert read_question(days, WORDS).months is None
    leap = [("organisation", "leuven"), ("from", "2020-02-01"), ("to", "2020-02-29")]
    assert read_question(leap, WORDS).months == ("2020-02", "2020-02")


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_can_be_grouped_by(dimension: str) -> None:
    assert ask(("group_by", dimension)).group_by == (dimension,)


@pytest.mark.parametrize("dimension", [each for each in DIMENSIONS if WORDS["leuven"].values(each)])
def test_every_value_of_every_dimension_can_be_filtered_on(dimension: str) -> None:
    values = WORDS["leuven"].values(dimension)
    assert ask(*((dimension, value) for value in values)).filters == {dimension: frozenset(values)}


@pytest.mark.parametrize(
    ("dimension", "period"),
    [("year", "2021"), ("half_year", "2021-H2"), ("quarter", "2021-Q4"), ("month", "2021-12")],
)
def test_periods_read_as_they_are_written(dimension: str, period: str) -> None:
    assert ask((dimension, period)).filters == {dimension: frozenset({period})}
    assert refused(*YEAR, (dimension, "2021-13")) == [(dimension, "wrong_form")]


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        (("group_by", "line,month,nature,channel"), ("group_by", "too_many")),
        (("group_by", "line,line"), ("group_by", "given_twice")),
        (("group_by", "shoe_size"), ("group_by", "not_on_list")),
        (("group_by", "line,"), ("group_by", "not_on_list")),
        (("shoe_size", "43"), ("shoe_size", "unknown_field")),
        (("$where", "1"), ("query", "unknown_field")),
        (("line", "third"), ("line", "not_on_list")),
        (("line", '{"$gt": ""}'), ("line", "not_on_list")),
        (("norm", "equality|privacy"), ("norm", "not_on_list")),
        (("norm", "a\x00b"), ("norm", "not_on_list")),
        (("measures", "mode_days"), ("measures", "not_on_list")),
        (("kind", "answer"), ("kind", "unknown_field")),
        (("from", "2021-02-01"), ("from", "given_twice")),
    ],
)
def test_what_is_wrong_is_told_by_field(pair: tuple[str, str], error: tuple[str, str]) -> None:
    assert refused(*YEAR, pair) == [error]


@pytest.mark.parametrize(
    ("first", "last", "errors"),
    [
        ("2021-02-30", "2021-12-31", [("from", "wrong_form")]),
        ("20210101", "2021-W01-1", [("from", "wrong_form"), ("to", "wrong_form")]),
        ("", "2021-12-31", [("from", "wrong_form")]),
        ("2021-12-31", "2021-01-01", [("from", "out_of_range")]),
        ("２０２１-01-01", "2021-12-31", [("from", "wrong_form")]),  # noqa: RUF001  that is the test
    ],
)
def test_days_that_cannot_be(first: str, last: str, errors: list[tuple[str, str]]) -> None:
    assert refused(("organisation", "leuven"), ("from", first), ("to", last)) == errors


def test_all_that_is_missing_is_told_at_once_with_what_is_allowed() -> None:
    with pytest.raises(BadQuestion) as bad:
        read_question([("organisation", "atlantis")], WORDS)
    assert {each["field"] for each in bad.value.errors} == {"organisation", "from", "to"}
    assert "leuven" in bad.value.errors[0]["message"]
    assert "atlantis" not in str(bad.value)


def test_timeliness_asks_for_a_kind_and_not_for_measures() -> None:
    assert ask(timeliness=True).kind is DeadlineKind.ANSWER
    assert ask(("kind", "acknowledgement"), timeliness=True).kind is DeadlineKind.ACKNOWLEDGEMENT
    assert refused(*YEAR, ("kind", "coffee"), timeliness=True) == [("kind", "not_on_list")]
    assert refused(*YEAR, ("measures", "score"), timeliness=True) == [("measures", "unknown_field")]


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=8))
def test_whatever_is_asked_is_answered_or_refused_with_reasons(pairs: list[tuple[str, str]]) -> None:
    errors, question = outcome([*YEAR, *pairs])
    assert (question is None) == bool(errors)
    assert question is None or set(question.filters) <= set(WORDS["leuven"].dimensions)


def outcome(pairs: list[tuple[str, str]]) -> tuple[list[FieldError], Question | None]:
    try:
        return [], read_question(pairs, WORDS)
    except BadQuestion as bad:
        return bad.errors, None
