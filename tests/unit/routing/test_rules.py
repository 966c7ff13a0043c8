"""Rules of a profile at work."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import Facts, Outcome, Reading, Signs, decide
from services.routing.domain.conditions import FACTS as LOOKED_AT
from services.routing.text.listening import Listener
from services.routing.text.words import writing_of
from shared.contracts.identifiers import Line
from shared.profiles.rules import WHEN, RoutingRule
from tests.unit.routing.cases import IN_MARCH, LEUVEN, PROFILES, WENT_IN_VAIN, facts
from tests.unit.routing.test_laws import FACTS
from tests.unit.routing.test_text_decisions import POLICE, READINGS, reading

ANTWERP = PROFILES["antwerpen_stad"]
GREEN = {"directorate": "openbaar_domein", "service": "groen"}


def _rule(when: dict[str, Any], then: dict[str, Any]) -> RoutingRule:
    name = {"nl": "Eigen regel", "en": "A rule of our own"}
    return RoutingRule.model_validate({"id": "own", "name": name, "when": when, "then": then, "source": "A test"})


def _with(
    when: dict[str, Any],
    then: dict[str, Any],
    *,
    told: Reading | None = None,
    signs: Signs | None = None,
    **stated: Any,
) -> Outcome:
    """Leuven's decision with one more rule above its own."""
    version = LEUVEN.versions[-1]
    rules = (_rule(when, then), *version.routing_rules)
    profile = LEUVEN.model_copy(update={"versions": (version.model_copy(update={"routing_rules": rules}),)})
    return decide(facts(stated.pop("nature", None), **stated), profile, told, signs or Signs())


def _spoke(outcome: Outcome) -> bool:
    return "own" in {reason.rule for reason in outcome.decision.reasons}


def test_every_condition_looks_at_something() -> None:
    assert set(LOOKED_AT) == set(WHEN)


@pytest.mark.parametrize(
    ("when", "stated", "other"),
    [
        ({"channel": ["phone", "visit"]}, {"channel": "phone"}, {"channel": "email"}),
        ({"access_channel": "desk"}, {"access_channel": "desk"}, {}),
        ({"entity": "home"}, {"entity": "home"}, {"entity": "care"}),
        ({"topic": "any"}, {"about": {"topic": "sewers_waste_green"}}, {}),
        ({"subtopic": "none"}, {}, {"about": {"subtopic": "x"}}),
        ({"declared_nature": "none"}, {}, {"nature": "report"}),
        (
            {"declared_directorate": "politie"},
            {"about": {"directorate": "politie"}},
            {"about": {"service": "groen"}},
        ),
        ({"declared_service": "groen"}, {"about": {"service": "groen"}}, {"about": {"service": "sport"}}),
        ({"declared_external_body": "fluvius"}, {"about": {"external_body": "fluvius"}}, {}),
        ({"declared_other_directorates": "politie"}, {"about": {"other_directorates": ["sport", "politie"]}}, {}),
        ({"own_place_declared": True}, {"about": {"service": "groen"}}, {}),
        (
            {"declared_service_elsewhere": True},
            {"about": {"directorate": "politie", "service": "groen"}},
            {"about": GREEN},
        ),
        ({"earlier_contact": "no_answer"}, {"earlier_contact": WENT_IN_VAIN}, {}),
        ({"anonymous": True}, {"anonymous": True}, {}),
        ({"anonymous_towards_service": False}, {}, {"anonymous_towards_service": True}),
        ({"legal_proceedings": True}, {"legal_proceedings": True}, {}),
        ({"facts_older_than_years": 3}, {"facts_on": date(2019, 2, 28)}, {"facts_on": date(2019, 3, 1)}),
        (
            {"facts_older_than_years": "as_profile_says"},
            {"facts_on": date(2021, 2, 28)},
            {"facts_on": date(2021, 3, 1)},
        ),
        ({"repeated": True}, {"repeat_of": "LEU-2022-000009"}, {}),
        ({"historical": True}, {"historical": True}, {}),
    ],
)
def test_what_is_stated_meets_a_condition_or_does_not(
    when: dict[str, Any], stated: dict[str, Any], other: dict[str, Any]
) -> None:
    assert _spoke(_with(when, {"review": ["line"]}, **stated))
    assert not _spoke(_with(when, {"review": ["line"]}, **other))


@pytest.mark.parametrize(
    ("when", "holds", "not_holds"),
    [
        ({"text_nature": "complaint"}, reading(), reading("report")),
        ({"text_nature_above": 0.9}, reading(), reading(sure=0.8)),
        ({"text_directorate": "politie"}, reading(place=POLICE), reading()),
        ({"text_directorate_above": 0.9}, reading(), reading(sure=0.5)),
        ({"text_service": "groen"}, reading(), reading(place=POLICE)),
        ({"text_earlier_contact_above": 0.5}, reading(second=0.6), reading(second=0.5)),
        (
            {"text_grounds_above": 0.3},
            reading(grounds={"general_policy": 0.4}),
            reading(grounds={"not_ours": 0.9}),
        ),
    ],
)
def test_what_the_text_tells_meets_a_condition_or_does_not(
    when: dict[str, Any], holds: Reading, not_holds: Reading
) -> None:
    assert _spoke(_with(when, {"review": ["line"]}, told=holds))
    assert not _spoke(_with(when, {"review": ["line"]}, told=not_holds))
    assert not _spoke(_with(when, {"review": ["line"]}))


def test_words_are_heard_without_a_model() -> None:
    when, then = {"text_has": ["ligt ~ nog", "beu"]}, {"nature": "complaint"}
    heard = _with(when, then, signs=Signs(frozenset({"beu"})))
    assert heard.decision.nature == "complaint"
    assert ("own", "words: beu") in {(each.rule, each.evidence) for each in heard.decision.reasons}
    assert not _spoke(_with(when, then))


def test_the_first_rule_that_answers_stands() -> None:
    assert _with({}, {"line": "second"}, nature="report", about=GREEN).decision.line is Line.SECOND


def test_all_conditions_must_hold() -> None:
    when = {"anonymous": True, "channel": "phone"}
    assert _spoke(_with(when, {"review": ["line"]}, anonymous=True, channel="phone"))
    assert not _spoke(_with(when, {"review": ["line"]}, anonymous=True, channel="email"))


def test_a_rule_may_ask_for_a_person() -> None:
    outcome = _with(
        {"legal_proceedings": True},
        {"review": ["line"], "guesses": {"line": ["external", "first"]}},
        nature="complaint",
        about=GREEN,
        legal_proceedings=True,
    )
    assert (outcome.decision.needs_review, outcome.undecided) == (True, ("line",))
    assert [(each.value, each.confidence) for each in outcome.guesses] == [("external", 0.25), ("first", 0.25)]


@pytest.mark.parametrize("certain", [True, False])
def test_a_rule_may_outweigh_the_text(certain: bool) -> None:
    then = {"directorate": "sport", "service": "sport", "outweighs_text": certain}
    decision = _with({"topic": "any"}, then, told=reading(), about={"topic": "sewers_waste_green"}).decision
    assert (decision.directorate, decision.service) == ("sport", "sport")
    assert decision.needs_review is not certain


def test_an_answer_that_cannot_be_found_leaves_the_question_to_the_rules_below() -> None:
    outcome = _with({}, {"directorate": "as_declared"}, nature="report", told=reading())
    assert not _spoke(outcome)
    assert outcome.decision.directorate == "openbaar_domein"


@given(FACTS, st.none() | READINGS, st.sampled_from(sorted(PROFILES)), st.floats(0, 1))
def test_nobody_is_left_without_a_place_in_silence(
    stated: Facts, told: Reading | None, organisation: str, review_below: float
) -> None:
    profile = PROFILES[organisation]
    versions = tuple(each.model_copy(update={"review_below": review_below}) for each in profile.versions)
    outcome = decide(stated, profile.model_copy(update={"versions": versions}), told)
    decision = outcome.decision
    if decision.directorate is None and decision.external_body is None:
        assert decision.needs_review is True
    if None in (decision.nature, decision.line, decision.handled_by):
        assert decision.needs_review is True
    assert bool(outcome.undecided) == decision.needs_review


@given(FACTS, st.booleans())
def test_without_rules_everything_is_for_a_person(stated: Facts, anonymous: bool) -> None:
    empty = LEUVEN.versions[-1].model_copy(update={"routing_rules": (), "review_below": 0.0})
    profile = LEUVEN.model_copy(update={"versions": (empty,)})
    assert decide(stated._replace(anonymous=anonymous), profile, reading()).decision.needs_review is True


class TestRepeatedReportsInAntwerp:
    """A first report is no complaint; the same one again, saying that it was not solved, is one."""

    ABOUT = {"service": "sb_ophaaldiensten"}

    def _decided(self, text: str, **stated: Any) -> Outcome:
        told = {"about": self.ABOUT, "repeat_of": "ANT-2022-000001"} | stated
        signs = Listener(ANTWERP.versions[-1]).hear(writing_of(None, text), IN_MARCH.date())
        return decide(facts("report", **told), ANTWERP, None, signs)

    def test_again_and_not_solved(self) -> None:
        outcome = self._decided("De zetel ligt er nog.")
        assert (outcome.decision.nature, outcome.decision.line) == ("complaint", "first")
        assert outcome.decision.needs_review is False
        assert outcome.decision.reasons[0].rule == "repeated_report_with_dissatisfaction_is_complaint"
        assert (
            outcome.decision.reasons[0].evidence == "nature=report; repeated=true; words: ligt er nog, ligt ~ nog"
        )

    def test_again_after_the_service_did_not_help(self) -> None:
        decision = self._decided("Hallo.", earlier_contact=WENT_IN_VAIN).decision
        assert (decision.nature, decision.line, decision.needs_review) == ("complaint", "first", False)

    @pytest.mark.parametrize(
        ("text", "stated"),
        [
            ("Er is een zetel gedumpt op de hoek.", {}),
            ("De zetel ligt er nog.", {"repeat_of": None}),
            ("De zetel ligt er nog.", {"historical": True}),
            ("Er is een zetel gedumpt.\n> De zetel ligt er nog.", {}),
        ],
    )
    def test_else_it_stays_a_report(self, text: str, stated: dict[str, Any]) -> None:
        assert self._decided(text, **stated).decision.nature == "report"

    def test_nobody_else_has_this_rule(self) -> None:
        told = Facts(received_at=IN_MARCH, nature=facts("report").nature, repeat_of="LEU-2022-000001")
        assert decide(told, LEUVEN, None, Signs(frozenset({"ligt er nog"}))).decision.nature == "report"
