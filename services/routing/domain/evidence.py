"""What a rule rested on, in codes, dates and words that name nobody."""

from collections.abc import Mapping

from services.routing.domain.conditions import FACTS, grounds_of_text
from services.routing.domain.draft import Case, Draft
from shared.profiles.rules import AS_DECLARED, AS_PROFILE_SAYS, NONE, OTHER, RoutingRule

NOTHING_ABOVE = "no rule above tells it"
_QUESTION = {
    "text_nature": "nature",
    "text_nature_above": "nature",
    "text_directorate": "place",
    "text_directorate_above": "place",
    "text_service": "place",
    "text_external_body": "place",
    "text_earlier_contact_above": "line",
    "text_grounds_above": "exclusion_grounds",
}
_AS_THEY_ARE = ("historical", "repeated", "legal_proceedings")
_ABSENCE_TELLS = ("anonymous", "earlier_contact", "nature", "line")


def evidence_of(rule: RoutingRule, answers: Mapping[str, object], case: Case) -> str:
    """Each condition with the fact that met it, and what was taken over from the submission. What must be absent is
    told where its absence tells something.
    """
    parts = [part for name in _telling(rule) for part in _parts(name, rule, case)]
    parts += [_said(field, answers[field]) for field, way in rule.then.answers.items() if way == AS_DECLARED]
    if rule.then.handled_by == AS_PROFILE_SAYS:
        parts.append(f"profile valid from {case.version.valid_from}")
    return "; ".join(dict.fromkeys(part for part in parts if part)) or NOTHING_ABOVE


def _telling(rule: RoutingRule) -> list[str]:
    absent = (False, (NONE,))
    return [
        name for name, wanted in rule.when.conditions.items() if wanted not in absent or name in _ABSENCE_TELLS
    ]


def _parts(name: str, rule: RoutingRule, case: Case) -> list[str]:
    if name in _QUESTION:
        return _of_text(name, rule, case)
    facts, fact = case.facts, FACTS[name](case)
    if name == "own_place_declared":
        return [_said("directorate", facts.about.directorate), _said("service", facts.about.service)]
    if name == "declared_service_elsewhere":
        owner = case.version.directorate_of(facts.about.service or "")
        return [_said("directorate", facts.about.directorate), f"service={facts.about.service} belongs to {owner}"]
    if name == "earlier_contact":
        earlier = facts.earlier_contact
        return [f"earlier_contact={earlier.result} on {earlier.on}" if earlier else "no earlier_contact"]
    if name == "anonymous":
        return ["citizen=null" if fact else "citizen known"]
    if name == "anonymous_towards_service":
        return [name if fact else f"not {name}"]
    if name == "facts_older_than_years":
        return [f"facts_on={fact}; received on {case.received_on}"]
    if name == "text_has":
        return [f"words: {', '.join(each for each in rule.when.text_has or () if each in case.signs.heard)}"]
    if name in _AS_THEY_ARE:
        return [f"{name}={str(fact).lower()}"]
    if fact is None:
        return [f"{name} is open" if name in Draft._fields else f"{name.removeprefix('declared_')}=not declared"]
    return [_said(name.removeprefix("declared_"), fact)]


def _said(name: str, fact: object) -> str:
    if isinstance(fact, tuple):
        return f"{name}={', '.join(fact)}"
    return f"{name}={fact}" if fact else ""


def _of_text(name: str, rule: RoutingRule, case: Case) -> list[str]:
    if case.weighed is None:
        return ["no text was read"]
    words = case.weighed.alone.words.get(_QUESTION[name], ())
    told = [f"words: {', '.join(words)}" if words else "the text as a whole"]
    if OTHER in (getattr(rule.when, name) if name in ("text_nature", "text_directorate") else ()):
        declared = case.facts.nature if name == "text_nature" else case.declared_directorate
        told.insert(0, _said(name.removeprefix("text_"), declared))
    if name == "text_grounds_above":
        return [", ".join(grounds_of_text(case, rule.when.text_grounds_above or 0)), *told]
    return told
