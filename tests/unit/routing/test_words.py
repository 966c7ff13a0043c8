"""Texts as stems, and the lists that are looked for in them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.text.lexicon import BrokenLexicon, Matcher, load_lexicon
from services.routing.text.words import fold, parts_of, phrases, stems_of, tokens_of
from tests.unit.routing.cases import LEUVEN

VERSION = LEUVEN.versions[-1]


@pytest.mark.parametrize(
    "below",
    [
        "> De haag staat scheef.",
        "Van: dienst groen\nDe haag staat scheef.",
        "-----Oorspronkelijk bericht-----\nDe haag staat scheef.",
        "Op 3 mei 2021 om 10:12 schreef dienst groen:\nDe haag staat scheef.",
        "On Monday 3 May 2021 the city wrote:\nDe haag staat scheef.",
    ],
)
def test_what_is_quoted_is_not_the_citizens_own(below: str) -> None:
    parts = parts_of(f"Ik wacht nog.\n{below}")
    assert parts.own.strip() == "Ik wacht nog."
    assert "haag" in parts.quoted


def test_a_text_that_is_all_quotation_is_read() -> None:
    assert parts_of("> De haag staat scheef.").own == "> De haag staat scheef."


def test_words_of_the_citizen_that_look_like_a_head_stay() -> None:
    assert parts_of("Van: mij, aan: jullie. De haag staat scheef.").quoted == ""


def test_stems_know_no_accents_no_capitals_and_no_numbers() -> None:
    assert stems_of("CAFÉ 016 272222!") == ["cafe", "0", "0", "!"]
    assert stems_of("bomen") == stems_of("Bomen")


def test_a_negation_stays_with_what_it_negates() -> None:
    assert "nog_niemand_gecontacteerd" in set(phrases(["nog", "niemand", "gecontacteerd"]))


def _found(entry: str, text: str) -> bool:
    return Matcher({"list": (entry,)}).count(tokens_of(fold(text)))["list"] == 1


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("boom", "De boomwortels komen boven", True),
        ("boom", "Onze kastanjeboom is dood", False),
        ("dop", "Ik ben op den dop", True),
        ("dop", "Een dopje op de fles", False),
        ("geen antwoord", "Ik kreeg GEEN antwoord.", True),
        ("geen antwoord", "Geen enkel antwoord", False),
        ("al ~ gebeld", "ik heb al drie keer gebeld", True),
        ("al ~ gebeld", "ik heb al gebeld", True),
        ("al ~ gebeld", "ik ben al te lang moe en heb vandaag gebeld", False),
        ("0 keer", "al 17 keer gevraagd", True),
        ("0 keer", "al vaak, keer op keer", False),
        ("geen antwoord", "geen", False),
    ],
)
def test_an_entry_is_found_or_not(entry: str, text: str, found: bool) -> None:
    assert _found(entry, text) is found


def test_an_entry_counts_once_however_often_it_is_there() -> None:
    counts = Matcher({"green": ("boom", "haag"), "dirt": ("afval",)}).count(["boom", "boom", "haag"])
    assert (counts["green"], counts["dirt"]) == (2, 0)


@given(st.text(max_size=2000))
def test_whatever_somebody_types_can_be_read(text: str) -> None:
    parts = parts_of(text)
    assert parts.own or not text
    assert all(stem == stem.lower() for stem in stems_of(text))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("places: [", "lexicon.yaml"),
        ("places: {groen: haag}\ncues: {}", "places.groen"),
        ("places: {dienst_groen: [haag]}\ncues: {}", "places.dienst_groen"),
        ("places: {'x:groen': [haag]}\ncues: {}", "places.x:groen"),
        ("places: {}\ncues: {}\nmore: {}", "more"),
    ],
)
def test_a_broken_lexicon_says_where(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(content)
    with pytest.raises(BrokenLexicon) as raised:
        load_lexicon(path, VERSION)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)
