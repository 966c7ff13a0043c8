"""The profile's rules in their order, and the decision that they come to."""

from typing import NamedTuple

from services.routing.domain.answering import after, finding_of
from services.routing.domain.draft import Case, Draft, Finding
from services.routing.domain.facts import Facts
from services.routing.domain.reading import NO_SIGNS, Reading, Signs
from services.routing.domain.statements import without_unknown_codes
from services.routing.domain.sureness import Sureness, sureness_of
from services.routing.domain.weighing import weigh
from shared.contracts.decision import Decision, Guess, Reason
from shared.contracts.identifiers import Line
from shared.profiles.model import Profile

NO_TEXT = 0
"""The model version of a decision for which no text was read: only what is stated counts."""
TEXT_MODEL_VERSION = 3
"""The version of the text model; raise it with every change of corpus, lexicon or learning."""


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


def decide(facts: Facts, profile: Profile, reading: Reading | None = None, signs: Signs = NO_SIGNS) -> Outcome:
    """The decision on a contact by the profile's version at its receipt.

    Depends on the arguments alone; ``reading`` is what the text tells, ``None`` where it was not read, and
    ``signs`` which of the words that the profile's rules listen for are in it. For ``confidence`` see
    ``sureness``; below 1, or with a reading below the profile's ``review_below``, the decision needs review, and
    so it does where it is open what it is or whose.
    """
    received_on = profile.local_date(facts.received_at)
    version = profile.version_on(received_on)
    facts, unknown = without_unknown_codes(facts, version)
    directorate = facts.about.directorate or version.directorate_of(facts.about.service or "")
    weighed = weigh(facts, directorate, reading) if reading and wants_text(facts) else None
    case = Case(facts, version, received_on, Draft(), weighed, signs)
    findings = [("code_not_in_profile", finding) for finding in unknown]
    if weighed is not None:
        findings.append(("text_was_read", Finding(f"model={weighed.alone.model}")))
    for rule in version.routing_rules:
        finding = finding_of(rule, case)
        if finding is not None:
            findings.append((rule.id, finding))
            case = after(rule, finding, case)
    return _outcome(case, findings, profile.version_name(version))


def _outcome(case: Case, findings: list[tuple[str, Finding]], version_name: str) -> Outcome:
    doubts = {doubt for _, finding in findings for doubt in finding.doubts}
    sureness = sureness_of(case, doubts)
    decision = Decision(
        **case.draft._asdict(),
        confidence=sureness.confidence,
        needs_review=not sureness.is_enough or bool(doubts) or _is_open(case.draft),
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


def _is_open(draft: Draft) -> bool:
    """Nobody could act on it. Holds whatever a profile's rules and ``review_below`` say."""
    place = draft.external_body if draft.line is Line.EXTERNAL else draft.directorate
    return None in (draft.nature, draft.line, draft.handled_by, place)


def _undecided(sureness: Sureness, doubts: set[str]) -> tuple[str, ...]:
    unsure = [field for field, sure in sureness.of.items() if sure < sureness.needed]
    least = min(sureness.of, key=lambda field: sureness.of[field])
    return tuple(dict.fromkeys([*(unsure or ([] if doubts else [least])), *sorted(doubts)]))
