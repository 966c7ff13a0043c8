"""Organisations without a corpus of their own: nature and line are understood, no place is guessed."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given

from services.routing.domain import Facts, Place, decide
from services.routing.domain.reading import NOWHERE
from services.routing.learning.weights import read_model, written
from services.routing.text.corpus import Label, Message
from services.routing.text.matter import Matter, matter_of
from services.routing.text.measuring import accuracy, judge
from services.routing.text.model import TextModel
from services.routing.text.readers import Readers, decide_with
from services.routing.text.training import train
from shared.contracts.identifiers import Line, Nature
from tests.unit.routing.cases import PROFILES, facts
from tests.unit.routing.test_held_back import OF_OTHERS
from tests.unit.routing.test_laws import FACTS
from tests.unit.routing.test_text_decisions import reading

OTHERS = sorted(set(PROFILES) - {"leuven"})
LEIDEN = PROFILES["leiden"]
IN_VAIN = (
    "De lantaarnpaal is al drie keer gemeld, er zou iemand komen en ik heb nooit antwoord gekregen. Schandalig."
)


@pytest.fixture(scope="session")
def shared() -> Matter:
    return matter_of(PROFILES)["leiden"]


@pytest.fixture(scope="session")
def common(shared: Matter) -> TextModel:
    return train(*shared)


def test_all_of_them_learn_the_same(shared: Matter) -> None:
    matters = matter_of(PROFILES)
    assert {matters[each].content for each in OTHERS} == {shared.content}
    assert matters["leuven"].content != shared.content
    assert matters["leuven"].lexicon.cues == shared.lexicon.cues


def test_what_they_learn_names_no_place(shared: Matter, common: TextModel) -> None:
    assert {Place(*_where(each.expected)) for each in shared.corpus.messages} == {NOWHERE}
    assert shared.lexicon.places == {}
    assert common.read(None, IN_VAIN).places == {NOWHERE: 1.0}
    assert common.grounds == {}


def _where(label: Label) -> Iterable[str | None]:
    return label.directorate, label.service, label.external_body


async def test_one_model_is_trained_for_all_of_them(small: Matter) -> None:
    readers = Readers({"leiden": small, "antwerpen_stad": Matter(*small)})
    await readers.learn()
    assert readers.models["leiden"] is readers.models["antwerpen_stad"]


def test_nature_and_line_are_mostly_right_on_messages_that_nobody_learnt_from(common: TextModel) -> None:
    judged = [one for each in OF_OTHERS for one in judge(common, PROFILES[each.submission.organisation], [each])]
    shares = accuracy(judged)
    assert shares["nature"] > 0.85
    assert shares["line"] > 0.93


def test_without_a_directorate_a_person_is_asked_and_told_what_was_understood(common: TextModel) -> None:
    outcome = decide_with(common, facts(), LEIDEN, None, IN_VAIN)
    decision = outcome.decision
    assert (decision.nature, decision.line, decision.directorate) == (Nature.COMPLAINT, Line.SECOND, None)
    assert decision.needs_review
    assert "directorate" in outcome.undecided
    assert {"nature", "line"} <= {each.field for each in outcome.guesses}


@pytest.mark.parametrize("organisation", OTHERS)
def test_with_a_directorate_it_is_decided(common: TextModel, organisation: str) -> None:
    profile = PROFILES[organisation]
    named = min(profile.versions[-1].codes["directorate"])
    stated = facts(about={"directorate": named})
    decision = decide_with(common, stated, profile, None, IN_VAIN).decision
    assert (decision.nature, decision.line, decision.directorate) == (Nature.COMPLAINT, Line.SECOND, named)
    assert not decision.needs_review


@given(FACTS)
def test_a_reading_without_places_never_makes_one(told: Facts) -> None:
    for profile in PROFILES.values():
        decision = decide(told, profile, reading()._replace(places={NOWHERE: 1.0})).decision
        about = told.about
        assert decision.directorate is None or about.directorate or about.service
        assert decision.external_body in (None, about.external_body)


def test_a_model_without_places_can_be_written_and_read(shared: Matter, common: TextModel) -> None:
    content = written(common, "leiden", shared.lexicon)
    again = read_model(content, "leiden", shared.lexicon, LEIDEN.versions[-1])
    assert again.read(None, IN_VAIN)._replace(model="") == common.read(None, IN_VAIN)._replace(model="")


@pytest.mark.parametrize(("places", "learnt"), [(2, False), (4, True)])
def test_places_are_learnt_from_corrections_where_there_are_some(
    shared: Matter, places: int, learnt: bool
) -> None:
    few = shared.corpus.with_messages(shared.corpus.messages[::8])
    matters = ["de haag is te hoog", "de stoep is kapot", "mijn paspoort is niet klaar", "het zwembad is vuil"]
    corrected = [
        _corrected(f"{number}-{time}", f"{matter} en dat al de hele week {'nu ' * time}", f"place_{number}")
        for number, matter in enumerate(matters[:places])
        for time in range(6)
    ]
    model = train(few, shared.lexicon, corrected)
    assert (model.place.answers != (NOWHERE,)) is learnt
    if learnt:
        told = model.read(None, matters[1]).places
        assert max(told, key=lambda place: told[place]).directorate == "place_1"


def _corrected(number: str, text: str, directorate: str) -> Message:
    told: dict[str, Any] = {"nature": "complaint", "line": "first", "directorate": directorate}
    label = Label.model_validate(told | {"service": None, "external_body": None})
    return Message(id=number, channel="email", language="nl", text=text, expected=label)
