"""The rules in their order, and the decision that they come to."""

from typing import NamedTuple

from services.routing.domain.draft import Case, Draft, Finding, Rule
from services.routing.domain.exclusion import anonymous, legal_proceedings, older_than_one_year
from services.routing.domain.facts import Facts
from services.routing.domain.nature_and_line import (
    anonymous_towards_service_is_complaint,
    anonymous_towards_service_is_second_line,
    complaint_not_put_to_service_is_first_line,
    declared_nature,
    declared_nature_against_earlier_contact,
    earlier_contact_is_complaint,
    earlier_contact_is_second_line,
    external_body_deals_with_it,
    external_body_is_named,
    first_line_complaints_by_profile,
    line_follows_from_nature,
    nature_not_told,
    no_complaint_is_first_line,
    ombuds_service_deals_with_second_line,
    service_deals_with_first_line,
)
from services.routing.domain.place import (
    declared_directorate,
    directorate_not_told,
    external_has_no_directorate,
    other_directorates_declared,
    service_outside_its_directorate,
    service_tells_directorate,
)
from services.routing.domain.statements import without_unknown_codes
from shared.contracts.decision import Decision, Guess, Reason
from shared.contracts.identifiers import Line
from shared.profiles.model import Profile

MODEL_VERSION = 0
"""The version of the text model that decisions rest on; 0 is none: only what is stated counts."""

RULES: tuple[tuple[Rule, ...], ...] = (
    # What is it?
    (
        anonymous_towards_service_is_complaint,
        declared_nature_against_earlier_contact,
        declared_nature,
        earlier_contact_is_complaint,
        nature_not_told,
    ),
    # In which line?
    (
        external_body_is_named,
        anonymous_towards_service_is_second_line,
        earlier_contact_is_second_line,
        complaint_not_put_to_service_is_first_line,
        no_complaint_is_first_line,
        line_follows_from_nature,
    ),
    # By whom?
    (
        external_body_deals_with_it,
        ombuds_service_deals_with_second_line,
        first_line_complaints_by_profile,
        service_deals_with_first_line,
    ),
    # Whose is it?
    (
        external_has_no_directorate,
        service_outside_its_directorate,
        declared_directorate,
        service_tells_directorate,
        directorate_not_told,
    ),
    (other_directorates_declared,),
    # Is it excluded? Each ground by itself.
    (anonymous,),
    (older_than_one_year,),
    (legal_proceedings,),
)
"""Questions in the order in which they build on each other; the first rule of each that applies answers it."""


class Outcome(NamedTuple):
    """A decision, and what a person who reviews it is told: what is open, and what it might be."""

    decision: Decision
    undecided: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def decide(facts: Facts, profile: Profile) -> Outcome:
    """The decision on a contact by the profile's version at its receipt.

    Depends on the arguments alone. ``confidence`` is the mean over nature, line and directorate (for an external
    contact: its body) of 1 where it is stated or follows from a rule, one half where statements contradict each
    other, and 0 where it is not decided; below 1 the decision needs review.
    """
    received_on = profile.local_date(facts.received_at)
    version = profile.version_on(received_on)
    facts, unknown = without_unknown_codes(facts, version)
    case = Case(facts, version, received_on, Draft())
    findings = [("code_not_in_profile", finding) for finding in unknown]
    for question in RULES:
        name, finding = _first_that_applies(question, case)
        if finding is not None:
            findings.append((name, finding))
            case = case._replace(draft=case.draft._replace(**finding.answers))
    return _outcome(case.draft, findings, profile.version_name(version))


def _first_that_applies(question: tuple[Rule, ...], case: Case) -> tuple[str, Finding | None]:
    for rule in question:
        finding = rule(case)
        if finding is not None:
            return rule.__name__, finding
    return "", None


def _outcome(draft: Draft, findings: list[tuple[str, Finding]], version_name: str) -> Outcome:
    doubts = {doubt for _, finding in findings for doubt in finding.doubts}
    place = "external_body" if draft.line is Line.EXTERNAL else "directorate"
    sureness = {field: _sureness(draft, field, doubts) for field in ("nature", "line", place)}
    decision = Decision(
        **draft._asdict(),
        confidence=round(sum(sureness.values()) / len(sureness), 2),
        needs_review=min(sureness.values()) < 1 or bool(doubts),
        reasons=tuple(Reason(rule=rule, evidence=finding.evidence) for rule, finding in findings),
        profile_version=version_name,
    )
    if not decision.needs_review:
        return Outcome(decision)
    unsure = [field for field, sure in sureness.items() if sure < 1]
    guesses = [each for _, finding in findings for each in finding.guesses]
    return Outcome(
        decision,
        undecided=tuple(dict.fromkeys([*unsure, *sorted(doubts)])),
        guesses=tuple(sorted(guesses, key=lambda each: -each.confidence)),
    )


def _sureness(draft: Draft, field: str, doubts: set[str]) -> float:
    if getattr(draft, field) is None:
        return 0
    return 0.5 if field in doubts else 1
