"""Which words of citizens a model keeps."""

from typing import Any

from services.routing.learning.labels import Lesson, lesson_of
from services.routing.learning.weights import written
from services.routing.text.corpus import Message
from services.routing.text.matter import Matter
from services.routing.text.training import train
from services.routing.text.vocabulary import Vocabulary
from services.routing.text.widening import FEWEST_CONTACTS, widened
from tests.unit.routing.cases import LEUVEN
from tests.unit.routing.learning.past import about_posts, past

OWN = Vocabulary(["haag", "weg"], ["haa"])


def messages(*texts: str, **asked: Any) -> list[Message]:
    found = []
    for number, text in enumerate(texts):
        lesson = lesson_of(past(number, asked={"text": text, **asked}), LEUVEN.versions[-1])
        assert isinstance(lesson, Lesson)
        found.append(lesson.as_message())
    return found


def test_a_word_of_several_contacts_is_kept_with_what_stands_beside_it() -> None:
    found = widened(OWN, messages(*["de laadpaal is stuk"] * FEWEST_CONTACTS)).phrases
    assert {"laadpal", "laadpaal"} & {*found}
    assert any("_stuk" in phrase for phrase in found)
    assert {*OWN.phrases} <= {*found}
    assert found == sorted(found)


def test_a_word_of_a_few_contacts_is_not() -> None:
    assert widened(OWN, messages(*["de laadpaal is stuk"] * (FEWEST_CONTACTS - 1))) == OWN


def test_often_in_one_contact_is_once() -> None:
    assert widened(OWN, messages("laadpaal " * 100)) == OWN


def test_a_name_is_not_kept_however_often_it_stands_there() -> None:
    found = widened(OWN, messages(*["beste Quirinus, de laadpaal van Quirinus is stuk"] * 20)).phrases
    assert not [phrase for phrase in found if "quirin" in phrase]
    assert [phrase for phrase in found if phrase.startswith("laadpa")]


def test_what_somebody_else_wrote_below_is_not_kept() -> None:
    text = "dag,\n\nOp 3 maart schreef de dienst het volgende:\n> de laadpaal is stuk"
    assert not [each for each in widened(OWN, messages(*[text] * 10)).phrases if "laadpa" in each]


def test_pieces_of_words_stay_those_of_the_corpus() -> None:
    assert widened(OWN, messages(*["xylofoonpaal"] * 20)).pieces == OWN.pieces


def test_no_name_and_no_sentence_is_in_the_file_of_a_model(small: Matter) -> None:
    texts = [f"{about_posts(number)} Groeten, Quirinus Vanhaverbeke, 0478 {number:06}" for number in range(30)]
    model = train(*small, messages(*texts, subject="Van Quirinus"))
    vocabulary = model.features.vocabulary
    kept = " ".join(vocabulary.phrases + vocabulary.pieces)
    assert "laadpal" in kept or "laadpaal" in kept
    assert "quirin" not in kept
    assert "vanhav" not in kept
    content = written(model, "leuven", small.lexicon)
    assert b"quirin" not in content.lower()
    assert not [word for word in model.speakable.values() if word.startswith("laadpa")]
