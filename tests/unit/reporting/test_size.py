"""What an answer can grow to, told beforehand."""

from collections import Counter

import pytest
from hypothesis import given

from services.reporting.domain.dimensions import period
from services.reporting.domain.fact import Fact
from services.reporting.domain.question import Question
from services.reporting.domain.size import Extent, most_rows, too_big
from tests.unit.reporting.random_facts import FIRST, LAST, WORDS, facts, groups_of, passing, questions


@given(facts(), questions())
def test_no_answer_has_more_rows_than_were_told(among: list[Fact], question: Question) -> None:
    days = [fact.received_on for fact in among if question.first <= fact.received_on <= question.last]
    extent = Extent(len(days), {period("month", day) for day in days})
    rows = Counter(group for each in passing(question, among) for group in groups_of(each, question))
    assert len(rows) <= most_rows(question, WORDS, extent) <= max(1, most_rows(question, WORDS))


@pytest.mark.parametrize(
    ("group_by", "filters", "rows"),
    [
        ((), {}, 1),
        (("line",), {}, 4),
        (("month",), {}, 37),
        (("year", "quarter", "month"), {}, 37),
        (("year", "line"), {}, 16),
        (("line", "nature"), {}, 24),
        (("line", "nature"), {"line": frozenset({"second"})}, 6),
        (("month", "line"), {"month": frozenset({"2021-03"})}, 4),
        (("norm",), {"norm": frozenset({"none"})}, len(WORDS.values("norm"))),
    ],
)
def test_rows_are_values_times_values(
    group_by: tuple[str, ...], filters: dict[str, frozenset[str]], rows: int
) -> None:
    assert most_rows(Question("leuven", FIRST, LAST, group_by, filters), WORDS) == rows


def test_the_refusal_says_what_was_asked_and_what_is_allowed() -> None:
    question = Question("leuven", FIRST, LAST, ("month", "service"))
    (error,) = too_big(question, WORDS, 123_456, 50_000).errors
    assert error["code"] == "too_big"
    for part in ("123,456", "50,000", "service", "month", "shorten the period"):
        assert part in error["message"]
