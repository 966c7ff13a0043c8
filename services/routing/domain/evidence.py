"""What a rule rested on, in codes, dates and words that name nobody."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.routing.domain.conditions import FACTS, grounds_of_text
from services.routing.domain.draft import Case, Draft
from shared.profiles.rules import AS_DECLARED, AS_PROFILE_SAYS, NONE, OTHER, RoutingRule

WORDS = "words: "
"""Before the words of a text that weighed."""
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
OTHERS = "other_directorates"
_AS_THEY_ARE = ("historical", "repeated", "legal_proceedings")
_ABSENCE_TELLS = ("anonymous", "earlier_contact", "nature", "line")


def evidence_of(rule: RoutingRule, answers: Mapping[str, object], case: Case) -> str:
    """Each condition with the fact that met it, and what was taken over from the submission. What must be absent
    is told where its absence tells something.
    """
    parts = [part for name in _telling(rule) for part in _parts(name, rule, case)]
    parts += [
        _said(field, answers[field])
        for field, way in rule.then.answers.items()
        if way == AS_DECLARED or field == OTHERS
    ]
    if rule.then.handled_by == AS_PROFILE_SAYS:
        parts.append(f"profile valid from {case.version.valid_from}")
    return "; ".join(dict.fromkeys(part for part in parts if part)) or NOTHING_ABOVE


def words_told(evidence: str) -> list[str]:
    """The words in a piece of evidence; none where it tells of none."""
    return evidence.partition(WORDS)[2].split(", ") if WORDS in evidence else []


def _telling(rule: RoutingRule) -> list[str]:
    absent = (False, (NONE,))
    return [
        name for name, wanted in rule.when.conditions.items() if wanted not in absent or name in _ABSENCE_TELLS
    ]


def _parts(name: str, rule: RoutingRule, case: Case) -> list[str]:
    if name in _QUESTION:
        return _of_text(name, rule, case)
    if name in _IN_WORDS:
        return _IN_WORDS[name](rule, case)
    fact = FACTS[name](case)
    if name in _AS_THEY_ARE:
        return [f"{name}={str(fact).lower()}"]
    if fact is None:
        return [f"{name} is open" if name in Draft._fields else f"{name.removeprefix('declared_')}=not declared"]
    return [_said(name.removeprefix("declared_"), fact)]


def _place(_: RoutingRule, case: Case) -> list[str]:
    about = case.facts.about
    return [_said("directorate", about.directorate), _said("service", about.service)]


def _service_elsewhere(_: RoutingRule, case: Case) -> list[str]:
    about = case.facts.about
    owner = case.version.directorate_of(about.service or "")
    return [_said("directorate", about.directorate), f"service={about.service} belongs to {owner}"]


def _earlier(_: RoutingRule, case: Case) -> list[str]:
    earlier = case.facts.earlier_contact
    return [f"earlier_contact={earlier.result} on {earlier.on}" if earlier else "no earlier_contact"]


def _anonymous(_: RoutingRule, case: Case) -> list[str]:
    return ["citizen=null" if case.facts.anonymous else "citizen known"]


def _towards_service(_: RoutingRule, case: Case) -> list[str]:
    return ["anonymous_towards_service" if case.facts.anonymous_towards_service else ""]


def _facts_on(_: RoutingRule, case: Case) -> list[str]:
    return [f"facts_on={case.facts.facts_on}; received on {case.received_on}"]


def _text_facts_on(_: RoutingRule, case: Case) -> list[str]:
    return [f"text tells of {case.signs.happened_by}; received on {case.received_on}"]


def _heard(rule: RoutingRule, case: Case) -> list[str]:
    return [f"{WORDS}{', '.join(each for each in rule.when.text_has or () if each in case.signs.heard)}"]


_IN_WORDS: Mapping[str, Callable[[RoutingRule, Case], list[str]]] = MappingProxyType(
    {
        "own_place_declared": _place,
        "declared_service_elsewhere": _service_elsewhere,
        "earlier_contact": _earlier,
        "anonymous": _anonymous,
        "anonymous_towards_service": _towards_service,
        "facts_older_than_years": _facts_on,
        "text_facts_older_than_years": _text_facts_on,
        "text_has": _heard,
    }
)


def _said(name: str, fact: object) -> str:
    if isinstance(fact, tuple):
        return f"{name}={', '.join(fact)}"
    return f"{name}={fact}" if fact else ""


def _of_text(name: str, rule: RoutingRule, case: Case) -> list[str]:
    if case.weighed is None:
        return ["no text was read"]
    words = case.weighed.alone.words.get(_QUESTION[name], ())
    told = [f"{WORDS}{', '.join(words)}" if words else "the text as a whole"]
    if OTHER in (getattr(rule.when, name) if name in ("text_nature", "text_directorate") else ()):
        declared = case.facts.nature if name == "text_nature" else case.declared_directorate
        told.insert(0, _said(name.removeprefix("text_"), declared))
    if name == "text_grounds_above":
        return [", ".join(grounds_of_text(case, rule.when.text_grounds_above or 0)), *told]
    return told
