"""Which model is better: pair by pair, and never on too little."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.learning.comparing import (
    FEWEST_CONTACTS,
    PLACE,
    SAFE,
    Comparison,
    Pair,
    Verdict,
    compare,
    verdict,
)
from services.routing.learning.shown import table
from services.routing.text.corpus import Label
from services.routing.text.measuring import Judged
from shared.contracts.decision import Decision

RIGHT: dict[str, Any] = {
    "nature": "complaint",
    "line": "first",
    "directorate": "politie",
    "service": "wijkpolitie",
    "external_body": None,
    "exclusion_grounds": (),
}
ELSEWHERE = {"directorate": "openbaar_domein", "service": "groen"}


def judged(*, right: bool = True, **fields: Any) -> Judged:
    told = RIGHT | ({} if right else ELSEWHERE) | fields
    decision = {"confidence": 0.9, "needs_review": False, "profile_version": "v"} | told
    return Judged(Decision.model_validate(decision), Label.model_validate(RIGHT))


def pairs(*counted: tuple[bool, bool, int]) -> list[Pair]:
    return [Pair(judged(right=old), judged(right=new)) for old, new, count in counted for _ in range(count)]


def decided(held_back: list[Pair], own: list[Pair] | None = None) -> Verdict:
    return verdict(compare(held_back), compare(own if own is not None else pairs((True, True, 100))))


OUTCOMES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=80)


@given(OUTCOMES)
def test_counts_add_up_and_the_other_way_about_is_the_mirror(outcomes: list[tuple[bool, bool]]) -> None:
    one = compare(pairs(*((old, new, 1) for old, new in outcomes)))
    other = compare(pairs(*((new, old, 1) for old, new in outcomes)))
    for name, each in one.questions.items():
        assert each.new - each.old == each.only_new - each.only_old
        assert 0 <= each.chance <= 1
        mirror = other.questions[name]
        assert (mirror.old, mirror.new, mirror.only_old, mirror.only_new) == (
            each.new, each.old, each.only_new, each.only_old,
        )  # fmt: skip
        assert mirror.chance == pytest.approx(each.chance)
    assert one.questions[PLACE].contacts == len(outcomes)
    assert (one.old, one.new) == (other.new, other.old)


@given(st.integers(0, FEWEST_CONTACTS - 1))
def test_with_few_contacts_nothing_is_said(contacts: int) -> None:
    found = decided(pairs((False, True, contacts)))
    assert not found.better
    assert "not enough contacts to say" in found.sentence


def test_more_often_right_than_chance_would_make_it_is_better() -> None:
    found = decided(pairs((True, True, 80), (False, True, 12), (True, False, 1)))
    assert found.better
    assert "The new model is better" in found.sentence
    assert "line and directorate of 12 right" in found.sentence


@pytest.mark.parametrize("only_new", [0, 3, 5])
def test_what_chance_may_make_is_no_difference(only_new: int) -> None:
    found = decided(pairs((True, True, 90), (False, True, only_new)))
    assert not found.better
    assert "no difference to be shown" in found.sentence


def test_worse_is_said_to_be_worse() -> None:
    found = decided(pairs((True, True, 80), (True, False, 12)))
    assert not found.better
    assert "present model is better" in found.sentence


def test_forgetting_the_corpus_outweighs_the_gain() -> None:
    found = decided(pairs((False, True, 60)), pairs((True, True, 90), (True, False, 10)))
    assert not found.better
    assert "forgets directorate" in found.sentence


def test_deciding_more_and_wrongly_outweighs_the_gain() -> None:
    reviewed = Pair(judged(right=False, needs_review=True), judged(right=False))
    found = decided([*pairs((True, True, 70), (False, True, 8)), *[reviewed] * 30])
    assert not found.better
    assert f"worse at {SAFE}" in found.sentence


def test_a_small_loss_that_chance_may_have_made_is_none() -> None:
    assert decided(pairs((False, True, 60)), pairs((True, True, 97), (True, False, 3))).better


def test_who_decides_more_may_be_wrong_more_often_if_no_less_sure() -> None:
    reviewed = Pair(judged(right=False, needs_review=True), judged(right=False))
    gained = Pair(judged(right=False, needs_review=True), judged())
    assert decided([*pairs((True, True, 60), (False, False, 20)), *[gained] * 60, *[reviewed] * 15]).better


def test_a_loss_elsewhere_outweighs_the_gain() -> None:
    loses = Pair(judged(right=False), judged(nature="question"))
    found = decided(pairs((True, True, 40)) + [loses] * 20)
    assert not found.better
    assert "worse at nature" in found.sentence


def test_each_question_is_asked_where_it_makes_sense() -> None:
    found = compare([Pair(judged(), judged(), service_known=False), *pairs((True, False, 1))])
    contacts = {name: each.contacts for name, each in found.questions.items()}
    assert (contacts["nature"], contacts["service"], contacts["external_body"]) == (2, 1, 0)
    assert contacts["exclusion_grounds"] == 2


def test_grounds_are_right_in_any_order() -> None:
    label = Label.model_validate(RIGHT | {"exclusion_grounds": ("anonymous", "legal_proceedings")})
    turned = judged(exclusion_grounds=("legal_proceedings", "anonymous"))._replace(expected=label)
    assert compare([Pair(turned, turned)]).questions["exclusion_grounds"].new == 1


def test_the_table_has_a_line_for_each_question_and_counts() -> None:
    found: Comparison = compare(pairs((True, True, 7), (False, True, 3)))
    lines = table(found).splitlines()
    assert [line.split("  ")[0] for line in lines[1:9]] == [*RIGHT, PLACE, SAFE]
    assert lines[3].split()[1:] == ["10", "7", "(70%)", "10", "(100%)", "0", "3", "0.250"]
    assert lines[-1] == (
        "now: 10 of 10 decided without review (100%), of these line and directorate right 10 (100%)"
    )
