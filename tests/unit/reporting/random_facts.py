"""Facts and questions of any kind, for laws that have to hold for all of them."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary, period
from services.reporting.domain.fact import DeadlineFact, Fact
from services.reporting.domain.figures import MEASURES
from services.reporting.domain.question import Question
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from tests.unit.reporting.made_up import LEUVEN

WORDS = Vocabulary(LEUVEN)
CODED = tuple(name for name in WORDS.dimensions if name not in PERIODS)
FIRST, LAST = date(2019, 1, 1), date(2021, 12, 31)
DAYS = st.integers(0, (LAST - FIRST).days).map(lambda days: FIRST + timedelta(days=days))
NUMBERS = st.none() | st.integers(0, 90)
DEADLINES = st.dictionaries(
    st.sampled_from(DeadlineKind), st.builds(DeadlineFact, st.sampled_from(DeadlineState), NUMBERS)
)


def _few(name: str) -> st.SearchStrategy[str]:
    # A handful of values each, so that facts meet in a cell.
    values = WORDS.values(name)
    return st.sampled_from([*values[:3], values[-1]])


def _codes(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    if name in SEVERAL:
        return st.sets(_few(name), min_size=1, max_size=3).map(lambda values: tuple(sorted(values)))
    return st.tuples(_few(name))


FACT_PARTS = st.fixed_dictionaries(
    {
        "received_on": DAYS,
        "codes": st.fixed_dictionaries({name: _codes(name) for name in CODED}),
        "days": NUMBERS,
        "score": st.none() | st.integers(1, 10),
        "deadlines": DEADLINES,
        "events": st.integers(1, 9),
    }
)


def fact(number: int, parts: dict[str, Any]) -> Fact:
    return Fact(reference=f"LEU-2021-{number:06d}", organisation=LEUVEN.id, **parts)


def facts(most: int = 12) -> st.SearchStrategy[list[Fact]]:
    return st.lists(FACT_PARTS, max_size=most).map(lambda all_: [fact(*each) for each in enumerate(all_)])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    group_by = draw(st.lists(st.sampled_from(WORDS.dimensions), max_size=3, unique=True))
    names = draw(st.lists(st.sampled_from(WORDS.dimensions), max_size=2, unique=True))
    filters = {name: draw(st.frozensets(_filter_value(name), min_size=1, max_size=3)) for name in names}
    measures = draw(st.lists(st.sampled_from(MEASURES), unique=True))
    return Question(LEUVEN.id, first, last, tuple(group_by), filters, tuple(measures))


def _filter_value(name: str) -> st.SearchStrategy[str]:
    return DAYS.map(lambda day: period(name, day)) if name in PERIODS else _few(name)


def passing(question: Question, among: list[Fact]) -> list[Fact]:
    """The facts that pass, looked at one by one."""
    return [
        each
        for each in among
        if question.first <= each.received_on <= question.last
        and all(values.intersection(each.values(name)) for name, values in question.filters.items())
    ]


def groups_of(each: Fact, question: Question) -> list[tuple[str, ...]]:
    return list(product(*(each.values(name) for name in question.group_by)))
