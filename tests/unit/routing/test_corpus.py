"""The messages that the model learns from."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.routing.text.corpus import BrokenCorpus, load_corpus
from services.routing.text.matter import Matter, matter_of
from tests.unit.routing.cases import LEUVEN, PROFILES

VERSION = LEUVEN.versions[-1]
LABEL: dict[str, Any] = {
    "nature": "complaint",
    "line": "first",
    "directorate": "openbaar_domein",
    "service": "groen",
    "external_body": None,
    "exclusion_grounds": [],
}
FLUVIUS: dict[str, Any] = LABEL | {
    "line": "external",
    "directorate": None,
    "service": None,
    "external_body": "fluvius",
}


def _folder(folder: Path, **label: Any) -> Path:
    told = {"id": "m-1", "channel": "email", "language": "nl", "text": "De haag.", "expected": LABEL | label}
    (folder / "one.jsonl").write_text(json.dumps(told) + "\n")
    return folder


def test_the_corpus_is_varied_and_covers_every_service_and_body(matter: Matter) -> None:
    messages = matter.corpus.messages
    assert len(messages) >= 2000
    assert len({message.id for message in messages}) == len(messages)
    assert len({message.text for message in messages}) == len(messages)
    places = Counter(each.expected.service or each.expected.external_body for each in messages)
    assert min(places[code] for name in ("service", "external_body") for code in VERSION.codes[name]) >= 10
    assert {each.language for each in messages} == {"nl", "en", "fr"}


@pytest.mark.parametrize("label", [{}, FLUVIUS, {"service": None}, {"exclusion_grounds": ["general_policy"]}])
def test_a_sound_message_is_read(tmp_path: Path, label: dict[str, Any]) -> None:
    (message,) = load_corpus(_folder(tmp_path, **label), VERSION).messages
    assert message.expected.model_dump(mode="json") == LABEL | label


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ({"external_body": "fluvius"}, "external_body goes with"),
        (FLUVIUS | {"external_body": None}, "external_body goes with"),
        (FLUVIUS | {"directorate": "politie"}, "a directorate goes with"),
        ({"directorate": "nowhere", "service": None}, "directorate nowhere"),
        (FLUVIUS | {"external_body": "nobody"}, "external_body nobody"),
        ({"directorate": "politie"}, "service groen"),
        ({"exclusion_grounds": ["too_long"]}, "exclusion_grounds"),
        ({"nature": "anger"}, "nature"),
    ],
)
def test_a_broken_message_is_named(tmp_path: Path, label: dict[str, Any], told: str) -> None:
    with pytest.raises(BrokenCorpus, match=r"^one\.jsonl:1: ") as raised:
        load_corpus(_folder(tmp_path, **label), VERSION)
    assert told in str(raised.value)


def test_an_organisation_without_corpus_has_nothing_to_learn(tmp_path: Path) -> None:
    assert matter_of(PROFILES, tmp_path) == {}
