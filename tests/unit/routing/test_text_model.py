"""The trained model: what it reads, always the same, and nobody's name in it."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from services.routing.domain import TEXT_MODEL_VERSION, Place
from services.routing.text.corpus import Message
from services.routing.text.features import Features, Prepared
from services.routing.text.lexicon import NO_WORDS
from services.routing.text.matter import Matter
from services.routing.text.model import MOST_WORDS, TextModel
from services.routing.text.training import train
from services.routing.text.training_apart import TrainingFailed, model_in, train_apart
from services.routing.text.vocabulary import pieces_of
from services.routing.text.words import fold, phrases, writing_of
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
    model = train(small.corpus.with_messages((*small.corpus.messages, *planted)), small.lexicon)
    assert any("vanhaverbek" in phrase for phrase in model.features.vocabulary.phrases)
    reading = model.read(None, f"{complaint.text} {NAME}. {NAME}! {NAME}? {NAME}")
    for words in reading.words.values():
        assert len(words) <= MOST_WORDS
        assert not {"quirinus", "vanhaverbek", "vanhaverbeke"} & set(words)
    assert any(reading.words.values())
    assert not {"quirinus", "vanhaverbek"} & set(model.speakable.values())


def test_several_are_read_together_exactly_as_each_alone(model: TextModel, small: Matter) -> None:
    texts = [(each.subject, each.text) for each in small.corpus.messages[:120]]
    together = model.read_all([writing_of(*each) for each in texts])
    assert together == [model.read(*each) for each in texts]
    assert model.read_all([]) == []


@given(st.text(max_size=300))
def test_pieces_of_words_are_those_that_the_library_would_take(text: str) -> None:
    folded = fold(text)
    library = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False).build_analyzer()
    assert Counter(pieces_of(folded.split())) == Counter(library(folded))


@given(st.lists(st.text("ab ", max_size=30), min_size=1, max_size=8))
def test_a_row_is_what_the_library_would_make_of_the_text(texts: list[str]) -> None:
    prepared = [Prepared(text.split(), text.split(), []) for text in texts]
    features = Features(NO_WORDS).having_learnt(prepared)
    blocks = [
        _of_library(features.vocabulary.phrases, lambda text: phrases(text.split()), texts),
        _of_library(features.vocabulary.pieces, lambda text: pieces_of(text.split()), texts),
    ]
    for at, text in enumerate(prepared):
        row = features.row(text)
        dense = np.zeros(sum(block.shape[1] for block in blocks), dtype=np.float32)
        dense[row.features] = row.values
        assert dense == pytest.approx(np.concatenate([block[at] for block in blocks]), abs=1e-6)


def _of_library(vocabulary: list[str], terms: Callable[[str], Iterable[str]], texts: list[str]) -> Any:
    if not vocabulary:
        return np.zeros((len(texts), 0))
    library = TfidfVectorizer(analyzer=terms, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32)
    return library.fit_transform(texts).toarray()


def test_training_in_a_process_of_its_own_makes_the_same_model(small: Matter) -> None:
    here, apart = train(*small), model_in(train_apart(small), small)
    assert (apart.name, apart.read(None, HEDGE)) == (here.name, here.read(None, HEDGE))


def test_a_training_that_fails_says_why(small: Matter) -> None:
    nothing = small.corpus.with_messages(())
    with pytest.raises(TrainingFailed, match=r"training ended with 1: .*Error"):
        train_apart(Matter(nothing, small.lexicon))


def test_the_service_does_not_load_what_only_training_needs() -> None:
    told = "import sys, services.routing.main; print(sorted({'scipy', 'sklearn', 'joblib'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
