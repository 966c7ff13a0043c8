"""What a rule of the profile answers in a case."""

from typing import Any

from services.routing.domain.conditions import directorate_of_text, grounds_of_text, holds
from services.routing.domain.draft import Case, Finding
from services.routing.domain.evidence import evidence_of
from services.routing.domain.weighing import Weighed
from shared.contracts.decision import Guess
from shared.contracts.identifiers import HandledBy, Line, Nature
from shared.profiles.rules import (
    AS_DECLARED,
    AS_PROFILE_SAYS,
    AS_TEXT_TELLS,
    OF_DECLARED_SERVICE,
    OTHERS_DECLARED,
    RoutingRule,
)

MOST_GUESSES = 3
WORTH_TELLING = 0.01
_MAY_BE_MISSING = ("service",)
"""Of a directorate that is told, the service may be open."""


def finding_of(rule: RoutingRule, case: Case) -> Finding | None:
    """What the rule makes of the case; ``None`` where it has nothing to say, or others have said it."""
    if rule.then.settles & case.settled or not holds(rule.when, case):
        return None
    answers = _answers(rule, case)
    if answers is None:
        return None
    guesses = (*_guesses(rule, case), *_ranks(rule, case))
    return Finding(evidence_of(rule, answers, case), answers, rule.then.review, guesses)


def after(rule: RoutingRule, finding: Finding, case: Case) -> Case:
    """The case with what the rule has answered."""
    return case._replace(
        draft=case.draft._replace(**finding.answers),
        settled=case.settled | rule.then.settles,
        certain=case.certain | (frozenset(rule.then.answers) if rule.then.outweighs_text else frozenset()),
    )


def _answers(rule: RoutingRule, case: Case) -> dict[str, Any] | None:
    """``None`` where an answer cannot be found, so that rules further down may speak."""
    found: dict[str, Any] = {}
    for field, wanted in rule.then.answers.items():
        found[field] = _answer(field, wanted, case, found.get("directorate"))
        if found[field] in (None, ()) and field not in _MAY_BE_MISSING:
            return None
    ground = rule.then.exclusion_ground
    if ground is None:
        return found
    told = grounds_of_text(case, rule.when.text_grounds_above or 0) if ground == AS_TEXT_TELLS else (ground,)
    new = [each for each in told if each in case.version.codes["exclusion_ground"]]
    new = [each for each in new if each not in case.draft.exclusion_grounds]
    return found | {"exclusion_grounds": (*case.draft.exclusion_grounds, *new)} if new else None


def _answer(field: str, wanted: str, case: Case, directorate: str | None) -> Any:
    if wanted == AS_DECLARED:
        return _declared(field, case)
    if wanted == AS_TEXT_TELLS:
        return _told(field, case, directorate)
    if wanted == AS_PROFILE_SAYS:
        return case.version.first_line_complaints_by
    closed = {"nature": Nature, "line": Line, "handled_by": HandledBy}
    return closed[field](wanted) if field in closed else wanted


def _declared(field: str, case: Case) -> Any:
    if field == "nature":
        return case.facts.nature
    if field == "directorate":
        return case.declared_directorate
    if field == "other_directorates":
        return case.other_directorates
    return getattr(case.facts.about, field)


def _told(field: str, case: Case, directorate: str | None) -> Any:
    weighed = case.weighed
    if weighed is None:
        return None
    if field == "nature":
        return weighed.nature
    if field == "other_directorates":
        return _others_told(case, weighed)
    told = {
        "directorate": lambda: directorate_of_text(case),
        "service": lambda: weighed.service_within(directorate),
        "external_body": lambda: weighed.place.external_body,
    }[field]()
    return told if told in case.version.codes[field] else None


def _others_told(case: Case, weighed: Weighed) -> tuple[str, ...] | None:
    """Those that were named and those that the text weighs strongly; None where it adds none."""
    leading, named = case.draft.directorate, case.other_directorates
    told = [each for each in weighed.also_likely(leading) if each in case.version.codes["directorate"]]
    if leading is None or not set(told) - set(named):
        return None
    return tuple(dict.fromkeys([*named, *told]))


def _guesses(rule: RoutingRule, case: Case) -> tuple[Guess, ...]:
    """The values that the rule names, each as likely as the others and together half: a person may know better."""
    found: list[Guess] = []
    for field, words in rule.then.guesses.items():
        given = [value for word in words for value in _meant(field, word, case)]
        found += [Guess(field=field, value=value, confidence=round(0.5 / len(given), 2)) for value in given]
    return tuple(found)


def _meant(field: str, word: str, case: Case) -> list[str]:
    if word == OTHERS_DECLARED:
        return list(case.other_directorates)
    value = word
    if word == AS_DECLARED:
        value = _declared(field, case)
    elif word == OF_DECLARED_SERVICE:
        value = case.version.directorate_of(case.facts.about.service or "") or ""
    return [value] if value else []


def _ranks(rule: RoutingRule, case: Case) -> tuple[Guess, ...]:
    """For what the text told, the likeliest answers with their probabilities."""
    weighed, answers = case.weighed, rule.then.answers
    if weighed is None:
        return ()
    from_text = {field for field, wanted in answers.items() if wanted == AS_TEXT_TELLS}
    found: list[Guess] = []
    if "nature" in from_text:
        found += _ranked("nature", weighed.natures)
    if "line" in answers and rule.when.text_earlier_contact_above is not None:
        second = weighed.alone.second_line
        found += _ranked("line", {Line.SECOND: second, Line.FIRST: 1 - second}, least=-1.0)
    if "external_body" in from_text:
        found += _ranked("external_body", weighed.external_bodies)
    if from_text & {"external_body", "directorate", "service"}:
        found += _ranked("directorate", weighed.directorates)
    return tuple(found)


def _ranked(field: str, held: dict[Any, float], least: float = WORTH_TELLING) -> list[Guess]:
    likeliest = sorted(held.items(), key=lambda each: (-each[1], each[0]))[:MOST_GUESSES]
    return [Guess(field=field, value=value, confidence=round(one, 2)) for value, one in likeliest if one >= least]
