"""The messages that only measure: none is ever learnt from, so what is measured on them holds for new ones."""

from pathlib import Path

import pytest

from services.routing.text.corpus import faults
from services.routing.text.matter import Matter
from services.routing.text.measuring import Example
from services.routing.text.words import stems_of
from tests.unit.routing.cases import LEUVEN, PROFILES

FOLDER = Path("tests/data/routing")
LONGEST_IN_COMMON = 7
"""Stems in a row that two messages may share by chance: salutations, and what everybody says."""


def _held_back(name: str) -> list[Example]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Example.model_validate_json(line) for line in lines]


OF_LEUVEN = [*_held_back("leuven.jsonl"), *_held_back("leuven_again.jsonl")]
OF_OTHERS = _held_back("other_organisations.jsonl")


def _runs(text: str) -> set[tuple[str, ...]]:
    stems = stems_of(text)
    size = min(LONGEST_IN_COMMON + 1, len(stems))
    return {tuple(stems[at : at + size]) for at in range(len(stems) - size + 1)}


def test_they_are_many_and_of_every_kind() -> None:
    assert len(OF_LEUVEN) >= 150
    version = LEUVEN.versions[-1]
    told = [each.expected for each in OF_LEUVEN]
    assert {each.service for each in told} >= version.codes["service"]
    assert {each.external_body for each in told} >= version.codes["external_body"]
    assert {each.submission.organisation for each in OF_OTHERS} == set(PROFILES) - {"leuven"}


@pytest.mark.parametrize("example", OF_LEUVEN, ids=lambda each: each.id)
def test_each_has_a_sound_label(example: Example) -> None:
    assert list(faults(example.expected, LEUVEN.versions[-1])) == []


def test_none_is_learnt_from(matter: Matter) -> None:
    learnt = set().union(*(_runs(each.text) for each in matter.corpus.messages))
    assert [each.id for each in [*OF_LEUVEN, *OF_OTHERS] if _runs(each.submission.text) & learnt] == []
