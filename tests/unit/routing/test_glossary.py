"""What dialects, English and French say for a Dutch word."""

from pathlib import Path

import pytest

from services.routing.text.glossary import BrokenGlossary, load_glossary
from services.routing.text.lexicon import Matcher
from services.routing.text.words import fold, in_dutch, stems_of, tokens_of


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Kheb da nie gezeid", "heb dat niet gezegd"),
        ("I never received an answer", "ik nooit gekregen een antwoord"),
        ("ma voisine a déjà appelé trois fois", "ma buur a al gebeld drie keer"),
        ("veur mien deur", "voor mijn deur"),
    ],
)
def test_a_message_comes_out_in_dutch(said: str, meant: str) -> None:
    assert tokens_of(fold(said)) == meant.split()
    assert stems_of(said) == stems_of(meant)


@pytest.mark.parametrize(
    "word", ["door", "pas", "kind", "were", "bad", "moe", "mes", "hem", "na", "dit", "stuk", "been"]
)
def test_a_word_that_means_something_in_dutch_stays(word: str) -> None:
    assert in_dutch(word) == word


def test_entries_of_word_lists_are_read_alike() -> None:
    matcher = Matcher({"approach": ("i called",), "silence": ("geen antwoord",)})
    assert set(matcher.count(tokens_of("kheb drie kier gebeld ik gebeld"))) == {"approach"}
    assert set(matcher.count(tokens_of("no reply"))) == {"silence"}


def test_every_form_is_one_folded_word_and_comes_out_once() -> None:
    words = load_glossary()
    assert len(words) > 500
    assert [form for form in words if not (form.isascii() and form.isalpha() and form.islower())] == []
    assert [form for form, word in words.items() if in_dutch(in_dutch(form)) != word] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("niet: [nie]\nniets: [nie]", "nie stands for niet and for niets"),
        ("niet: [nie]\nnie: [neet]", "nie stands for niet and is a word itself"),
        ("geen: [no]", "False of geen is no word; put it between quotes"),
    ],
)
def test_a_broken_glossary_is_named(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "glossary.yaml"
    file.write_text(content)
    with pytest.raises(BrokenGlossary, match=rf"^glossary\.yaml: {told}"):
        load_glossary(file)
