"""What a text adds to what is stated, with readings made by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import NO_TEXT, TEXT_MODEL_VERSION, Facts, Outcome, Place, Reading, decide, wants_text
from services.routing.domain.deciding import FEWEST_WORDS
from shared.contracts.identifiers import Line, Nature
from tests.unit.routing.cases import IN_MARCH, LEUVEN, WENT_IN_VAIN, facts
from tests.unit.routing.test_laws import FACTS

GREEN = Place("openbaar_domein", "groen")
ROADS = Place("openbaar_domein", "wegbeheer")
POLICE = Place("politie", "wijkpolitie")
FLUVIUS = Place(external_body="fluvius")
PLACES = (GREEN, ROADS, POLICE, FLUVIUS)


def reading(nature: str = "complaint", place: Place = GREEN, second: float = 0.1, **told: Any) -> Reading:
    """Quite sure of these."""
    sure = told.pop("sure", 0.97)
    natures = {each: (sure if each == nature else (1 - sure) / 4) for each in Nature}
    places = {each: (sure if each == place else (1 - sure) / 3) for each in PLACES}
    words = {"nature": ("schand",), "place": ("haag", "snoei"), "line": (), "exclusion_grounds": ()}
    return Reading(natures, places, second, told.pop("grounds", {}), words, "text/1#test")


def _outcome(told: Reading, nature: str | None = None, **stated: Any) -> Outcome:
    return decide(facts(nature, **stated), LEUVEN, told)


def _rules(outcome: Outcome) -> list[str]:
    return [reason.rule for reason in outcome.decision.reasons]


def test_a_person_says_whether_it_is_a_complaint_where_the_text_leaves_that_open() -> None:
    natures = reading("report").natures | {Nature.REPORT: 0.55, Nature.COMPLAINT: 0.42}
    open_text = reading()._replace(natures=natures)
    outcome = _outcome(open_text)
    assert outcome.decision.confidence > 0.9
    assert outcome.decision.needs_review
    assert "nature" in outcome.undecided
    assert [guess.value for guess in outcome.guesses if guess.field == "nature"][:2] == ["report", "complaint"]
    assert not _outcome(open_text, nature="report").decision.needs_review


def test_which_nature_it_is_besides_a_complaint_needs_no_person() -> None:
    natures = reading("report").natures | {Nature.REPORT: 0.55, Nature.QUESTION: 0.42, Nature.COMPLAINT: 0.01}
    assert not _outcome(reading()._replace(natures=natures)).decision.needs_review


def test_a_clear_text_decides_what_nobody_stated() -> None:
    outcome = _outcome(reading())
    decision = outcome.decision
    assert (decision.nature, decision.line, decision.directorate, decision.service) == (
        "complaint",
        "first",
        "openbaar_domein",
        "groen",
    )
    assert (decision.needs_review, outcome.model_version) == (False, TEXT_MODEL_VERSION)
    assert ("text_tells_directorate", "words: haag, snoei") in {
        (each.rule, each.evidence) for each in decision.reasons
    }
    assert ("text_was_read", "model=text/1#test") in {(each.rule, each.evidence) for each in decision.reasons}


def test_without_a_reading_only_statements_count() -> None:
    outcome = decide(facts("complaint"), LEUVEN)
    assert (outcome.decision.directorate, outcome.model_version) == (None, NO_TEXT)


def test_a_text_that_tells_little_is_for_a_person_with_the_best_guesses() -> None:
    outcome = _outcome(reading(sure=0.4))
    assert outcome.decision.needs_review is True
    assert outcome.decision.directorate == "openbaar_domein"
    assert "directorate" in outcome.undecided
    assert {each.value for each in outcome.guesses if each.field == "directorate"} == {
        "openbaar_domein",
        "politie",
    }


def test_earlier_contact_is_heard_in_the_text() -> None:
    outcome = _outcome(reading(second=0.95), "complaint")
    assert (outcome.decision.line, outcome.decision.handled_by) == ("second", "ombuds_service")
    assert "text_tells_earlier_contact" in _rules(outcome)


def test_only_a_complaint_is_of_the_second_line() -> None:
    assert _outcome(reading("question", second=0.95)).decision.line == "first"


def test_whether_it_is_the_second_line_may_be_open() -> None:
    outcome = _outcome(reading(second=0.55))
    assert outcome.decision.needs_review is True
    assert [(each.value, each.confidence) for each in outcome.guesses if each.field == "line"] == [
        ("second", 0.55),
        ("first", 0.45),
    ]


def test_a_text_about_another_body_is_referred() -> None:
    decision = _outcome(reading(place=FLUVIUS)).decision
    assert (decision.line, decision.external_body, decision.directorate) == ("external", "fluvius", None)
    assert decision.needs_review is False


def test_a_body_that_was_named_stands() -> None:
    decision = _outcome(reading(place=GREEN), "complaint", about={"external_body": "de_lijn"}).decision
    assert (decision.line, decision.external_body) == ("external", "de_lijn")


def test_a_declared_directorate_is_confirmed_and_its_service_found() -> None:
    decision = _outcome(reading(), "complaint", about={"directorate": "openbaar_domein"}).decision
    assert (decision.directorate, decision.service, decision.needs_review) == ("openbaar_domein", "groen", False)


def test_a_declared_directorate_stands_where_the_text_tells_nothing() -> None:
    decision = _outcome(reading(place=FLUVIUS, sure=0.3), "complaint", about={"directorate": "politie"}).decision
    assert (decision.directorate, decision.needs_review) == ("politie", False)


def test_a_declared_directorate_gives_way_to_a_clear_text() -> None:
    outcome = _outcome(
        reading(sure=0.999), "complaint", about={"directorate": "politie", "service": "wijkpolitie"}
    )
    assert (outcome.decision.directorate, outcome.decision.service) == ("openbaar_domein", "groen")
    assert "text_against_declared_place" in _rules(outcome)


def test_text_and_statement_that_weigh_alike_are_for_a_person() -> None:
    outcome = _outcome(reading(sure=0.85), "complaint", about={"directorate": "politie"})
    assert outcome.decision.needs_review is True
    guesses = {each.value for each in outcome.guesses if each.field == "directorate"}
    assert guesses == {"politie", "openbaar_domein"}


@pytest.mark.parametrize(("declared", "told"), [("complaint", "report"), ("question", "complaint")])
def test_a_declared_nature_gives_way_to_a_clear_text(declared: str, told: str) -> None:
    outcome = _outcome(reading(told, sure=0.995), declared)
    assert outcome.decision.nature == told
    assert "text_against_declared_nature" in _rules(outcome)


def test_a_declared_nature_stands_against_a_doubtful_text() -> None:
    assert _outcome(reading("complaint", sure=0.6), "report").decision.nature == "report"


def test_an_earlier_contact_makes_a_report_a_complaint_once_the_text_has_been_read() -> None:
    decision = _outcome(reading("complaint"), "report", earlier_contact=WENT_IN_VAIN).decision
    assert (decision.nature, decision.line) == ("complaint", "second")


@pytest.mark.parametrize("nature", list(Nature))
def test_the_past_stands_as_it_was_told(nature: Nature) -> None:
    stated: dict[str, Any] = {"about": {"service": "wijkpolitie"}, "historical": True}
    outcome = _outcome(reading(place=FLUVIUS, second=0.99, sure=0.999), nature, **stated)
    assert outcome == decide(facts(nature, **stated), LEUVEN)
    assert (outcome.decision.directorate, outcome.decision.line) == ("politie", "first")
    assert outcome.model_version == NO_TEXT


def test_what_the_past_left_open_the_text_may_fill() -> None:
    decision = _outcome(reading(), None, about={"directorate": "politie"}, historical=True).decision
    assert (decision.nature, decision.directorate) == ("complaint", "politie")


def test_grounds_are_told_of_our_complaints_alone() -> None:
    grounds = {"general_policy": 0.9, "general_regulation": 0.2, "not_of_the_profile": 0.9}
    assert _outcome(reading(grounds=grounds)).decision.exclusion_grounds == ("general_policy",)
    assert _outcome(reading("suggestion", grounds=grounds)).decision.exclusion_grounds == ()
    assert _outcome(reading(place=FLUVIUS, grounds=grounds)).decision.exclusion_grounds == ()


def test_a_stated_ground_is_not_told_twice() -> None:
    told = reading(grounds={"legal_proceedings": 0.9})
    assert _outcome(told, legal_proceedings=True).decision.exclusion_grounds == ("legal_proceedings",)


READINGS = st.builds(
    reading,
    nature=st.sampled_from(Nature),
    place=st.sampled_from(PLACES),
    second=st.floats(0, 1),
    sure=st.floats(0.3, 0.999),
    grounds=st.dictionaries(st.sampled_from(["general_policy", "legal_proceedings"]), st.floats(0, 1)),
)


@given(FACTS, READINGS)
def test_every_decision_with_a_text_holds_together(stated: Facts, told: Reading) -> None:
    outcome = decide(stated, LEUVEN, told)
    decision = outcome.decision
    assert outcome == decide(stated, LEUVEN, told)
    assert None not in (decision.nature, decision.line, decision.handled_by)
    assert (decision.line is Line.EXTERNAL) == (decision.external_body is not None)
    assert (decision.line is Line.EXTERNAL) == (decision.directorate is None)
    if decision.service is not None:
        version = LEUVEN.version_at(stated.received_at)
        assert version.directorate_of(decision.service) == decision.directorate
    if decision.line is Line.SECOND or decision.exclusion_grounds:
        assert decision.nature is Nature.COMPLAINT
    assert bool(outcome.undecided) == decision.needs_review
    assert 0 <= decision.confidence <= 1
    ranked = [each.confidence for each in outcome.guesses]
    assert ranked == sorted(ranked, reverse=True)


def test_a_moment_is_all_that_a_text_needs() -> None:
    assert decide(Facts(received_at=IN_MARCH), LEUVEN, reading()).decision.directorate == "openbaar_domein"


@pytest.mark.parametrize(
    ("told", "words", "wanted"),
    [
        ({"about": {"service": "groen"}}, FEWEST_WORDS - 1, False),
        ({"about": {"service": "groen"}}, FEWEST_WORDS, True),
        ({"about": {"service": "groen"}, "historical": True}, 500, False),
        ({}, 1, True),
    ],
)
def test_a_few_words_do_not_outweigh_what_is_stated(told: dict[str, Any], words: int, wanted: bool) -> None:
    assert wants_text(facts("complaint", **told), words) is wanted
