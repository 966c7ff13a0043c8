"""A report that comes once more: what it was for everybody, and a complaint where the house says so."""

from typing import Any

import pytest

from services.routing.domain import Outcome, decide, events_of, facts_of_request
from shared.contracts.events import ContactRouted
from tests.unit.routing.cases import IN_MARCH, PROFILES, WENT_IN_VAIN, envelope, facts, leuven_but, request

ANTWERP = PROFILES["antwerpen_stad"]
FIRST = "ANT-2022-000001"
DIRECTORATE = min(ANTWERP.versions[-1].codes["directorate"])


def _outcome(nature: str, **told: Any) -> Outcome:
    return decide(facts(nature, about={"directorate": DIRECTORATE}, **told), ANTWERP)


def _says_so(outcome: Outcome) -> bool:
    return any(reason.rule.startswith("repeated_report") for reason in outcome.decision.reasons)


def test_in_antwerp_a_repeated_report_in_vain_is_a_first_line_complaint() -> None:
    outcome = _outcome("report", repeat_of=FIRST, earlier_contact=WENT_IN_VAIN)
    decision = outcome.decision
    assert (decision.nature, decision.line, decision.handled_by) == ("complaint", "first", "service")
    assert (decision.directorate, decision.needs_review, decision.confidence) == (DIRECTORATE, False, 1.0)
    assert _says_so(outcome)


def test_the_reason_names_the_approach_in_vain() -> None:
    outcome = _outcome("report", repeat_of=FIRST, earlier_contact=WENT_IN_VAIN)
    told = [reason.evidence for reason in outcome.decision.reasons if reason.rule.startswith("repeated_report")]
    assert "earlier_contact=no_answer" in told[0]


@pytest.mark.parametrize(
    ("nature", "told"),
    [
        ("report", {"repeat_of": FIRST}),
        ("question", {"repeat_of": FIRST, "earlier_contact": WENT_IN_VAIN}),
        ("suggestion", {"repeat_of": FIRST, "earlier_contact": WENT_IN_VAIN}),
        ("report", {"earlier_contact": WENT_IN_VAIN}),
        ("report", {}),
    ],
)
def test_a_first_report_and_one_without_dissatisfaction_stay_what_they_are(
    nature: str, told: dict[str, Any]
) -> None:
    outcome = _outcome(nature, **told)
    assert outcome.decision.nature == nature
    assert not _says_so(outcome)


def test_a_complaint_that_was_put_to_the_service_stays_second_line() -> None:
    outcome = _outcome("complaint", repeat_of=FIRST, earlier_contact=WENT_IN_VAIN)
    assert (outcome.decision.nature, outcome.decision.line) == ("complaint", "second")


def test_elsewhere_a_repeated_report_in_vain_waits_for_a_person() -> None:
    told = facts("report", about={"service": "groen"}, repeat_of=FIRST, earlier_contact=WENT_IN_VAIN)
    assert decide(told, leuven_but()).decision.needs_review is True


def test_what_is_repeated_and_doubled_goes_on_with_the_decision() -> None:
    asked = request(repeat_of=FIRST, possible_duplicate_of="LEU-2022-000002", received_at=IN_MARCH)
    told = facts_of_request(asked)
    assert told.repeat_of == FIRST
    routed = events_of(envelope(), asked, decide(told, leuven_but()), leuven_but())[0].data
    assert isinstance(routed, ContactRouted)
    assert (routed.repeat_of, routed.possible_duplicate_of) == (FIRST, "LEU-2022-000002")
