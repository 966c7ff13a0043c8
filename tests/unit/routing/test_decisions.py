"""The rules, one contact at a time."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.routing.domain import decide
from shared.contracts.decision import Decision
from tests.unit.routing.cases import LEUVEN, WENT_IN_VAIN, facts, leuven_but

GREEN = {"directorate": "openbaar_domein", "service": "groen"}


def _decision(nature: str | None = None, **told: Any) -> Decision:
    return decide(facts(nature, **told), LEUVEN).decision


def _rules(decision: Decision) -> list[str]:
    return [reason.rule for reason in decision.reasons]


@pytest.mark.parametrize("nature", ["question", "report", "suggestion", "compliment"])
def test_what_is_no_complaint_is_the_services_own(nature: str) -> None:
    decision = _decision(nature, about=GREEN)
    assert (decision.nature, decision.line, decision.handled_by) == (nature, "first", "service")
    assert (decision.directorate, decision.service) == ("openbaar_domein", "groen")
    assert (decision.confidence, decision.needs_review) == (1.0, False)


@pytest.mark.parametrize(
    ("received_at", "handled_by", "valid_from"),
    [
        (datetime(2021, 9, 30, 21, 59, 59, tzinfo=UTC), "service", "1995-11-13"),
        (datetime(2021, 9, 30, 22, 0, tzinfo=UTC), "complaints_coordination", "2021-10-01"),
    ],
)
def test_first_line_complaints_by_the_local_day_of_receipt(
    received_at: datetime, handled_by: str, valid_from: str
) -> None:
    decision = _decision("complaint", about=GREEN, received_at=received_at)
    assert (decision.line, decision.handled_by) == ("first", handled_by)
    assert decision.directorate == "openbaar_domein"
    assert decision.profile_version.startswith(f"{valid_from}/r{LEUVEN.revision}#")
    question = _decision("question", about=GREEN, received_at=received_at)
    assert (question.line, question.handled_by) == ("first", "service")


@pytest.mark.parametrize("nature", ["complaint", None])
def test_a_complaint_that_was_put_to_the_service_first_is_second_line(nature: str | None) -> None:
    decision = _decision(nature, about=GREEN, earlier_contact=WENT_IN_VAIN)
    assert (decision.nature, decision.line, decision.handled_by) == ("complaint", "second", "ombuds_service")
    assert decision.needs_review is False
    assert "earlier_contact_is_second_line" in _rules(decision)


@pytest.mark.parametrize("nature", ["question", "report", "suggestion"])
def test_another_nature_with_an_approach_in_vain_stands_until_a_person_has_looked(nature: str) -> None:
    outcome = decide(facts(nature, about=GREEN, earlier_contact=WENT_IN_VAIN), LEUVEN)
    assert (outcome.decision.nature, outcome.decision.line) == (nature, "first")
    assert outcome.decision.needs_review is True
    assert outcome.decision.confidence == 0.67
    assert outcome.undecided == ("nature", "line")
    assert ("line", "second") in {(each.field, each.value) for each in outcome.guesses}


def test_a_compliment_stays_one_whatever_came_before() -> None:
    decision = _decision("compliment", about=GREEN, earlier_contact=WENT_IN_VAIN, anonymous_towards_service=True)
    assert (decision.nature, decision.line, decision.needs_review) == ("compliment", "first", False)


@pytest.mark.parametrize("nature", ["question", "report", "suggestion", "complaint", None])
def test_who_stays_anonymous_towards_the_service_is_second_line(nature: str | None) -> None:
    decision = _decision(nature, about=GREEN, anonymous_towards_service=True)
    assert (decision.nature, decision.line, decision.handled_by) == ("complaint", "second", "ombuds_service")
    assert decision.needs_review is False
    assert "anonymous_towards_service_is_second_line" in _rules(decision)


def test_nobody_is_not_anonymous_towards_the_service_alone() -> None:
    decision = _decision("complaint", about=GREEN, anonymous=True, anonymous_towards_service=True)
    assert (decision.line, decision.exclusion_grounds) == ("first", ("anonymous",))


def test_an_external_body_takes_it_from_us() -> None:
    decision = _decision("report", about={"external_body": "fluvius", "other_directorates": ["politie"]})
    assert (decision.nature, decision.line, decision.handled_by) == ("report", "external", "external_body")
    assert decision.external_body == "fluvius"
    assert (decision.directorate, decision.service, decision.other_directorates) == (None, None, ())
    assert (decision.confidence, decision.needs_review) == (1.0, False)


def test_an_external_contact_of_unknown_nature_needs_review() -> None:
    outcome = decide(facts(about={"external_body": "fluvius"}), LEUVEN)
    assert (outcome.decision.nature, outcome.decision.line) == (None, "external")
    assert outcome.undecided == ("nature",)


@pytest.mark.parametrize("told", [{"anonymous": True}, {"legal_proceedings": True}])
def test_another_bodys_complaint_is_not_ours_to_exclude(told: dict[str, bool]) -> None:
    decision = _decision("complaint", about={"external_body": "fluvius"}, **told)
    assert (decision.line, decision.exclusion_grounds) == ("external", ())


@pytest.mark.parametrize("ours", [{"directorate": "openbaar_domein"}, {"service": "groen"}])
def test_an_external_body_and_a_directorate_contradict_each_other(ours: dict[str, str]) -> None:
    outcome = decide(facts("report", about={"external_body": "fluvius"} | ours), LEUVEN)
    assert (outcome.decision.line, outcome.decision.directorate) == ("external", None)
    assert outcome.decision.needs_review is True
    assert [(each.field, each.value) for each in outcome.guesses] == [
        ("external_body", "fluvius"),
        ("directorate", "openbaar_domein"),
    ]


def test_a_service_tells_its_directorate() -> None:
    decision = _decision("question", about={"service": "debiteurenbeheer"})
    assert (decision.directorate, decision.service) == ("financien", "debiteurenbeheer")
    assert (decision.confidence, decision.needs_review) == (1.0, False)


def test_a_directorate_without_a_service_is_enough() -> None:
    decision = _decision("question", about={"directorate": "personeel"})
    assert (decision.directorate, decision.service, decision.needs_review) == ("personeel", None, False)


def test_a_service_of_another_directorate_gives_way() -> None:
    outcome = decide(facts("question", about={"directorate": "politie", "service": "groen"}), LEUVEN)
    assert (outcome.decision.directorate, outcome.decision.service) == ("politie", None)
    assert outcome.decision.needs_review is True
    assert outcome.undecided == ("directorate", "service")
    assert [(each.field, each.value) for each in outcome.guesses] == [
        ("service", "groen"),
        ("directorate", "politie"),
        ("directorate", "openbaar_domein"),
    ]


def test_other_directorates_are_kept_once_and_without_the_leading_one() -> None:
    about = GREEN | {"other_directorates": ["politie", "openbaar_domein", "politie", "financien"]}
    assert _decision("question", about=about).other_directorates == ("politie", "financien")


def test_without_a_directorate_the_others_are_guesses_and_nothing_more() -> None:
    outcome = decide(facts("question", about={"other_directorates": ["politie", "financien"]}), LEUVEN)
    assert outcome.decision.directorate is None
    assert (outcome.decision.line, outcome.decision.confidence) == ("first", 0.67)
    assert [each.model_dump() for each in outcome.guesses] == [
        {"field": "directorate", "value": "politie", "confidence": 0.25},
        {"field": "directorate", "value": "financien", "confidence": 0.25},
    ]


def test_nothing_stated_is_nothing_decided() -> None:
    outcome = decide(facts(), LEUVEN)
    decision = outcome.decision
    assert (decision.nature, decision.line, decision.handled_by, decision.directorate) == (None,) * 4
    assert (decision.confidence, decision.needs_review) == (0.0, True)
    assert _rules(decision) == ["nature_not_told", "line_follows_from_nature", "directorate_not_told"]
    assert (outcome.undecided, outcome.guesses) == (("nature", "line", "directorate"), ())


def test_a_directorate_without_a_nature_is_kept_for_the_review() -> None:
    decision = _decision(about=GREEN)
    assert (decision.directorate, decision.line, decision.confidence) == ("openbaar_domein", None, 0.33)


@pytest.mark.parametrize(
    ("earlier", "line", "handled_by"),
    [(None, "first", "complaints_coordination"), (WENT_IN_VAIN, "second", "ombuds_service")],
)
def test_anonymity_is_a_ground_and_makes_no_line(earlier: Any, line: str, handled_by: str) -> None:
    decision = _decision("complaint", about=GREEN, anonymous=True, earlier_contact=earlier)
    assert (decision.line, decision.handled_by) == (line, handled_by)
    assert decision.exclusion_grounds == ("anonymous",)


def test_an_anonymous_report_is_a_report() -> None:
    decision = _decision("report", about=GREEN, anonymous=True)
    assert (decision.line, decision.exclusion_grounds) == ("first", ())


def test_legal_proceedings_are_told_and_change_no_line() -> None:
    told = {"about": GREEN, "earlier_contact": WENT_IN_VAIN, "legal_proceedings": True}
    decision = _decision("complaint", **told)
    assert (decision.line, decision.exclusion_grounds) == ("second", ("legal_proceedings",))
    assert decision.needs_review is False


@pytest.mark.parametrize(
    ("facts_on", "received_on", "excluded"),
    [
        (date(2021, 3, 1), date(2022, 3, 1), False),
        (date(2021, 2, 28), date(2022, 3, 1), True),
        (date(2020, 2, 29), date(2021, 2, 28), False),
        (date(2020, 2, 29), date(2021, 3, 1), True),
        (date(2023, 2, 28), date(2024, 2, 29), True),
        (date(2023, 3, 1), date(2024, 2, 29), False),
        (date(2022, 3, 2), date(2022, 3, 1), False),
        (date(9999, 12, 31), date(2022, 3, 1), False),
    ],
)
def test_facts_of_more_than_a_year_ago(facts_on: date, received_on: date, excluded: bool) -> None:
    received_at = datetime(received_on.year, received_on.month, received_on.day, 12, tzinfo=UTC)
    decision = _decision("complaint", about=GREEN, facts_on=facts_on, received_at=received_at)
    assert decision.exclusion_grounds == (("older_than_one_year",) if excluded else ())
    assert decision.line == "first"


def test_the_year_is_counted_from_the_local_day_of_receipt() -> None:
    just_before_midnight = datetime(2022, 2, 28, 22, 59, tzinfo=UTC)
    just_after_midnight = datetime(2022, 2, 28, 23, 0, tzinfo=UTC)
    told: dict[str, Any] = {"about": GREEN, "facts_on": date(2021, 2, 28)}
    assert _decision("complaint", received_at=just_before_midnight, **told).exclusion_grounds == ()
    later = _decision("complaint", received_at=just_after_midnight, **told)
    assert later.exclusion_grounds == ("older_than_one_year",)


def test_several_grounds_stand_together() -> None:
    told: dict[str, Any] = {"anonymous": True, "legal_proceedings": True, "facts_on": date(2020, 1, 1)}
    decision = _decision("complaint", about=GREEN, **told)
    assert decision.exclusion_grounds == ("anonymous", "older_than_one_year", "legal_proceedings")


def test_an_organisation_without_grounds_excludes_nothing() -> None:
    profile = leuven_but(exclusion_grounds=(), facts_excluded_after_years=None)
    told: dict[str, Any] = {
        "about": GREEN,
        "anonymous": True,
        "legal_proceedings": True,
        "facts_on": date(2020, 1, 1),
        "earlier_contact": WENT_IN_VAIN,
    }
    decision = decide(facts("complaint", **told), profile).decision
    assert (decision.line, decision.exclusion_grounds) == ("second", ())


@pytest.mark.parametrize(
    ("about", "undecided"),
    [
        ({"directorate": "gone"}, ("directorate",)),
        ({"directorate": "politie", "service": "gone"}, ("service",)),
        ({"directorate": "politie", "external_body": "gone"}, ("external_body",)),
        ({"directorate": "politie", "other_directorates": ["gone", "financien"]}, ("other_directorates",)),
    ],
)
def test_a_code_that_the_profile_no_longer_has_is_for_a_person(
    about: dict[str, Any], undecided: tuple[str, ...]
) -> None:
    outcome = decide(facts("question", about=about), LEUVEN)
    assert outcome.decision.needs_review is True
    assert outcome.undecided == undecided
    assert outcome.decision.reasons[0].rule == "code_not_in_profile"
    assert outcome.decision.directorate in (None, "politie")
