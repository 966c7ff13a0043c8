"""Texts of one matter share words; texts of two do not, even where the service is the same."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.likeness import MOST_STEMS, likeness, stems_of
from services.intake.domain.links import ALIKE

PAIRS: list[list[str]] = json.loads((Path(__file__).parent / "same_matter.json").read_text(encoding="utf-8"))
TEXTS = st.text(max_size=200)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0][:30])
def test_a_message_and_a_note_of_it_are_alike(pair: list[str]) -> None:
    assert likeness(stems_of(pair[0]), stems_of(pair[1])) >= ALIKE


def test_messages_of_different_matters_are_not() -> None:
    firsts = [stems_of(first) for first, _ in PAIRS]
    seconds = [stems_of(second) for _, second in PAIRS]
    crossed = [
        likeness(first, second)
        for place, first in enumerate(firsts)
        for other, second in enumerate(seconds)
        if place != other
    ]
    assert max(crossed) < ALIKE


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_between_nothing_and_all(one: str, other: str) -> None:
    first, second = stems_of(one), stems_of(other)
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == (1 if first else 0)


@given(st.lists(st.text(min_size=1, max_size=12), max_size=20))
def test_the_order_of_words_makes_no_difference(words: list[str]) -> None:
    assert stems_of(" ".join(words)) == stems_of(" ".join(reversed(words)))


def test_accents_and_capitals_do_not_count_and_endings_hardly() -> None:
    assert stems_of("Vuilniszakken CAFÉ") == stems_of("vuilniszak café")


def test_of_a_long_text_a_part_is_kept_that_is_the_same_of_the_same_text() -> None:
    text = " ".join(f"woord{number}" for number in range(10, 3000))
    assert len(stems_of(text)) <= MOST_STEMS
    assert likeness(stems_of(text), stems_of(text)) == 1


def test_nothing_is_like_nothing() -> None:
    assert likeness(stems_of("de en het"), stems_of("de en het")) == 0
    assert likeness((), ()) == 0


def test_one_word_in_common_does_not_make_short_remarks_alike() -> None:
    assert likeness(stems_of("Sluikstort Vaartstraat"), stems_of("Sluikstort Dorpsstraat")) < ALIKE
