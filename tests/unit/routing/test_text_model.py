"""The trained model: what it reads, always the same, and nobody's name in it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from services.routing.domain import TEXT_MODEL_VERSION, Place
from services.routing.text.corpus import Message
from services.routing.text.features import Prepared, _pieces
from services.routing.text.model import MOST_WORDS, TextModel
from services.routing.text.readers import Matter
from services.routing.text.training import train
from services.routing.text.words import fold
from shared.contracts.identifiers import Nature

NAME = "Quirinus Vanhaverbeke"
HEDGE = "De haag van het plantsoen is al een jaar niet gesnoeid."
RELEASED = {1: "text/1#30b2903c", 2: "text/2#30b2903c", 3: "text/3#6c18142b"}
"""The content of each version. A change of corpus, lexicon or learning needs a version of its own: with the same
number two decisions of different content would pass for the same event."""


def test_the_version_goes_with_the_content(model: TextModel) -> None:
    assert RELEASED[TEXT_MODEL_VERSION] == model.name


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (HEDGE, "groen"),
        ("Wanneer kan ik mijn nieuwe identiteitskaart afhalen?", "bevolking"),
        ("Mijn fiets is door jullie weggehaald aan het station, waar is het fietsdepot?", "fietscentrale"),
        ("There is a huge hole in the pavement, I tripped over a loose tile.", "wegbeheer"),
    ],
)
def test_it_knows_whose_a_plain_matter_is(model: TextModel, text: str, service: str) -> None:
    places = model.read(None, text).places
    assert max(places, key=lambda place: places[place]).service == service


def test_it_hears_whether_somebody_went_to_the_service_before(model: TextModel) -> None:
    again = model.read(None, f"{HEDGE} Ik heb al drie keer gemaild en nooit antwoord gekregen van de groendienst!")
    first = model.read(None, f"{HEDGE} Ik heb nog niemand gecontacteerd, u bent de eerste.")
    assert again.second_line > 0.5 > first.second_line


def test_probabilities_are_such(model: TextModel) -> None:
    reading = model.read("Haag", HEDGE)
    assert sum(reading.natures.values()) == pytest.approx(1)
    assert sum(reading.places.values()) == pytest.approx(1)
    assert set(reading.natures) == set(Nature)
    assert all(isinstance(place, Place) for place in reading.places)
    assert all(0 <= held <= 1 for held in (*reading.grounds.values(), reading.second_line))


@pytest.mark.parametrize("text", ["x", "?", "…", "日本語", "> > >", "\n", "0" * 20_000, "haag " * 4_000])
def test_odd_texts_are_read(model: TextModel, text: str) -> None:
    assert sum(model.read(text[:200], text).places.values()) == pytest.approx(1)


def test_reading_changes_nothing(model: TextModel) -> None:
    before = model.read(None, HEDGE)
    model.read("iets anders", NAME)
    assert model.read(None, HEDGE) == before


def test_the_same_matter_makes_the_same_model(small: Matter) -> None:
    one, other = (train(*small) for _ in range(2))
    assert (one.name, one.read(None, HEDGE)) == (other.name, other.read(None, HEDGE))


def test_words_that_are_in_every_letter_are_no_evidence(model: TextModel) -> None:
    said = set(model.speakable.values())
    assert not {"de", "het", "een", "is", "er", "in", "ik"} & said
    assert {"haag", "geen", "keer"} <= said


def test_evidence_is_a_few_words_of_the_text_and_never_a_name(small: Matter) -> None:
    complaint = small.corpus.messages[0]
    planted = tuple(
        Message.model_validate(
            complaint.model_dump() | {"id": f"p-{number}", "text": f"{complaint.text} Groeten, {NAME} {number}"}
        )
        for number in range(20)
    )
    model = train(small.corpus.model_copy(update={"messages": (*small.corpus.messages, *planted)}), small.lexicon)
    assert any("vanhaverbek" in phrase for phrase in model.features.phrases)
    reading = model.read(None, f"{complaint.text} {NAME}. {NAME}! {NAME}? {NAME}")
    for words in reading.words.values():
        assert len(words) <= MOST_WORDS
        assert not {"quirinus", "vanhaverbek", "vanhaverbeke"} & set(words)
    assert any(reading.words.values())
    assert not {"quirinus", "vanhaverbek"} & set(model.speakable.values())


def test_several_are_read_together_exactly_as_each_alone(model: TextModel, small: Matter) -> None:
    texts = [(each.subject, each.text) for each in small.corpus.messages[:120]]
    together = model.read_all(texts)
    assert together == [model.read(*each) for each in texts]
    assert model.read_all([]) == []


@given(st.text(max_size=300))
def test_pieces_of_words_are_those_that_the_library_would_take(text: str) -> None:
    folded = fold(text)
    library = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False).build_analyzer()
    assert Counter(_pieces(Prepared(folded, [], []))) == Counter(library(folded))
