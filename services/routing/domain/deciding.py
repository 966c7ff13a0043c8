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
from services.routing.domain.others import text_tells_other_directorates
from services.routing.domain.place import (
    declared_directorate,
    directorate_not_told,
    external_has_no_directorate,
    other_directorates_declared,
    service_outside_its_directorate,
    service_tells_directorate,
)
from services.routing.domain.reading import Reading
from services.routing.domain.repeats import repeated_report_in_vain, repeated_report_is_first_line
from services.routing.domain.statements import without_unknown_codes
from services.routing.domain.sureness import Sureness, sureness_of
from services.routing.domain.text import (
    text_against_declared_nature,
    text_against_declared_place,
    text_tells_directorate,
    text_tells_earlier_contact,
    text_tells_external_body,
    text_tells_grounds,
    text_tells_nature,
    text_tells_service_of_declared_directorate,
)
from services.routing.domain.weighing import weigh
from shared.contracts.decision import Decision, Guess, Reason
from shared.profiles.model import Profile

NO_TEXT = 0
"""The model version of a decision for which no text was read: only what is stated counts."""
TEXT_MODEL_VERSION = 1
"""The version of the text model; raise it with every change of corpus, lexicon or learning."""

RULES: tuple[tuple[Rule, ...], ...] = (
    # What is it?
    (
        anonymous_towards_service_is_complaint,
        repeated_report_in_vain,
        text_against_declared_nature,
        declared_nature_against_earlier_contact,
        declared_nature,
        earlier_contact_is_complaint,
        text_tells_nature,
        nature_not_told,
    ),
    # In which line?
    (
        external_body_is_named,
        text_tells_external_body,
        anonymous_towards_service_is_second_line,
        repeated_report_is_first_line,
        earlier_contact_is_second_line,
        text_tells_earlier_contact,
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
        text_against_declared_place,
        service_outside_its_directorate,
        text_tells_service_of_declared_directorate,
        declared_directorate,
        service_tells_directorate,
        text_tells_directorate,
        directorate_not_told,
    ),
    (text_tells_other_directorates, other_directorates_declared),
    # Is it excluded? Each ground by itself.
    (anonymous,),
    (older_than_one_year,),
    (legal_proceedings,),
    (text_tells_grounds,),
)
"""Questions in the order in which they build on each other; the first rule of each that applies answers it."""


class Outcome(NamedTuple):
    """A decision, and what a person who reviews it is told: what is open, and what it might be."""

    decision: Decision
    undecided: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()
    model_version: int = NO_TEXT


FEWEST_WORDS = 15
"""A text of fewer words says too little to outweigh what was stated."""


def wants_text(facts: Facts, words: int = FEWEST_WORDS) -> bool:
    """Whether there is something to read for. Where nature and place are stated they stand as they were told, when
    the contact was imported from the past, and when its text has only a few ``words``.
    """
    return not (facts.stated_in_full and (facts.historical or words < FEWEST_WORDS))


def decide(facts: Facts, profile: Profile, reading: Reading | None = None) -> Outcome:
    """The decision on a contact by the profile's version at its receipt.

    Depends on the arguments alone; ``reading`` is what the text tells, ``None`` where it was not read. For
    ``confidence`` see ``sureness``; below 1, or with a reading below the profile's ``review_below``, the decision
    needs review.
    """
    received_on = profile.local_date(facts.received_at)
    version = profile.version_on(received_on)
    facts, unknown = without_unknown_codes(facts, version)
    directorate = facts.about.directorate or version.directorate_of(facts.about.service or "")
    weighed = weigh(facts, directorate, reading) if reading and wants_text(facts) else None
    case = Case(facts, version, received_on, Draft(), weighed)
    findings = [("code_not_in_profile", finding) for finding in unknown]
    if weighed is not None:
        findings.append(("text_was_read", Finding(f"model={weighed.alone.model}")))
    for question in RULES:
        name, finding = _first_that_applies(question, case)
        if finding is not None:
            findings.append((name, finding))
            case = case._replace(draft=case.draft._replace(**finding.answers))
    return _outcome(case, findings, profile.version_name(version))


def _first_that_applies(question: tuple[Rule, ...], case: Case) -> tuple[str, Finding | None]:
    for rule in question:
        finding = rule(case)
        if finding is not None:
            return rule.__name__, finding
    return "", None


def _outcome(case: Case, findings: list[tuple[str, Finding]], version_name: str) -> Outcome:
    doubts = {doubt for _, finding in findings for doubt in finding.doubts}
    sureness = sureness_of(case, doubts)
    decision = Decision(
        **case.draft._asdict(),
        confidence=sureness.confidence,
        needs_review=sureness.confidence < sureness.needed or bool(doubts),
        reasons=tuple(Reason(rule=rule, evidence=finding.evidence) for rule, finding in findings),
        profile_version=version_name,
    )
    model_version = TEXT_MODEL_VERSION if case.weighed else NO_TEXT
    if not decision.needs_review:
        return Outcome(decision, model_version=model_version)
    guesses = [each for _, finding in findings for each in finding.guesses]
    return Outcome(
        decision,
        undecided=_undecided(sureness, doubts),
        guesses=tuple(sorted(guesses, key=lambda each: -each.confidence)),
        model_version=model_version,
    )


def _undecided(sureness: Sureness, doubts: set[str]) -> tuple[str, ...]:
    unsure = [field for field, sure in sureness.of.items() if sure < sureness.needed]
    least = min(sureness.of, key=lambda field: sureness.of[field])
    return tuple(dict.fromkeys([*(unsure or ([] if doubts else [least])), *sorted(doubts)]))
