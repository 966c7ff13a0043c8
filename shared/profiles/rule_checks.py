"""Whether every rule of a profile can be meant: known ids, and a chance to speak."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from shared.profiles.model import ProfileVersion
from shared.profiles.rules import (
    ANY,
    AS_DECLARED,
    AS_TEXT_TELLS,
    NONE,
    OF_DECLARED_SERVICE,
    OTHER,
    OTHERS_DECLARED,
    RESERVED,
    RoutingRule,
)

RuleFault = Literal["unknown_id", "reserved_id", "contradicts", "unreachable_rule"]
Found = tuple[tuple[str | int, ...], RuleFault, str]
"""Path, name of the fault, and message."""

_LIST_OF: Final = {
    "access_channel": "access_channel",
    "entity": "entity",
    "topic": "topic",
    "subtopic": "subtopic",
    "declared_directorate": "directorate",
    "declared_service": "service",
    "declared_external_body": "external_body",
    "declared_other_directorates": "directorate",
    "directorate": "directorate",
    "service": "service",
    "external_body": "external_body",
    "text_directorate": "directorate",
    "text_service": "service",
    "text_external_body": "external_body",
}
_DECIDED: Final = ("nature", "line", "handled_by", "directorate", "service", "external_body")
_COMPARED_WITH_DECLARED: Final = ("text_nature", "text_directorate")
_NATURES: Final = frozenset({"question", "report", "complaint", "suggestion", "compliment"})
_CLOSED: Final[Mapping[str, frozenset[str]]] = {
    "declared_nature": _NATURES,
    "nature": _NATURES,
    "text_nature": _NATURES,
    "line": frozenset({"external", "first", "second"}),
    "handled_by": frozenset({"service", "complaints_coordination", "ombuds_service", "external_body"}),
    "earlier_contact": frozenset({"no_answer", "late_answer", "dissatisfied"}),
}


def rule_faults(version: ProfileVersion) -> Iterator[Found]:
    """Everything in the rules that cannot be meant, in their order."""
    answered: set[str] = set()
    for place, rule in enumerate(version.routing_rules):
        path = ("routing_rules", place)
        yield from _unknown_ids(path, rule, version)
        yield from _too_early(path, rule, answered)
        yield from _never_speaks(path, rule, version.routing_rules[:place])
        answered |= rule.then.settles


def _unknown_ids(path: tuple[str | int, ...], rule: RoutingRule, version: ProfileVersion) -> Iterator[Found]:
    for name, list_name in _LIST_OF.items():
        words = {ANY, NONE, OTHER} if name in _COMPARED_WITH_DECLARED else {ANY, NONE}
        for at, value in enumerate(getattr(rule.when, name) or ()):
            if value in version.codes[list_name] & RESERVED:
                message = f"{value} is on the list of {list_name} and a word of rules; give the entry another id"
                yield (*path, "when", name, at), "reserved_id", message
            elif value not in version.codes[list_name] | words:
                yield (*path, "when", name, at), "unknown_id", _no_such(value, list_name, version)
    for name in ("directorate", "service", "external_body", "exclusion_ground"):
        value = getattr(rule.then, name)
        words = {AS_TEXT_TELLS} if name == "exclusion_ground" else {AS_DECLARED, AS_TEXT_TELLS}
        if value in version.codes[name] & RESERVED:
            message = f"{value} is on the list of {name} and a word of rules; give the entry another id"
            yield (*path, "then", name), "reserved_id", message
        elif value is not None and value not in version.codes[name] | words:
            yield (*path, "then", name), "unknown_id", _no_such(value, name, version)
    yield from _unknown_guesses(path, rule, version)
    if OTHER in (rule.when.nature or ()) + (rule.when.declared_nature or ()):
        yield (*path, "when"), "unknown_id", f"{OTHER} compares text_nature with what was declared; use it there"
    service, directorate = rule.then.service, rule.then.directorate
    owner = version.directorate_of(service or "")
    if owner is not None and directorate != owner:
        message = f"{service} belongs to {owner}, not to {directorate or 'nobody'}; give directorate: {owner}"
        yield (*path, "then", "directorate"), "contradicts", message


def _unknown_guesses(path: tuple[str | int, ...], rule: RoutingRule, version: ProfileVersion) -> Iterator[Found]:
    for name, words in rule.then.guesses.items():
        allowed = _CLOSED.get(name) or version.codes["directorate" if name.startswith("other") else name]
        for at, value in enumerate(words):
            if value not in allowed | {AS_DECLARED, OF_DECLARED_SERVICE, OTHERS_DECLARED}:
                message = f"{value} is no {name.replace('_', ' ')}; {_choice(allowed)}"
                yield (*path, "then", "guesses", name, at), "unknown_id", message


def _too_early(path: tuple[str | int, ...], rule: RoutingRule, answered: set[str]) -> Iterator[Found]:
    for name in _DECIDED:
        wanted = getattr(rule.when, name)
        if wanted is not None and NONE not in wanted and name not in answered:
            message = f"no rule further up answers {name}, so this one never speaks; move it below those that do"
            yield (*path, "when", name), "unreachable_rule", message


def _never_speaks(
    path: tuple[str | int, ...], rule: RoutingRule, above: tuple[RoutingRule, ...]
) -> Iterator[Found]:
    for earlier in above:
        if earlier.then.settles & rule.then.settles and _covers(earlier, rule):
            message = f"{earlier.id} further up always speaks first; narrow that one, or move this one above it"
            yield (*path, "when"), "unreachable_rule", message
            return


def _covers(earlier: RoutingRule, later: RoutingRule) -> bool:
    """Whenever the later one could speak, the earlier one has spoken: it asks for no more, and its answers are
    always there to be found.
    """
    if AS_TEXT_TELLS in {*earlier.then.answers.values(), earlier.then.exclusion_ground}:
        return False
    asked = later.when.conditions
    return all(
        name in asked and _implied(name, wanted, asked[name]) for name, wanted in earlier.when.conditions.items()
    )


def _implied(name: str, wanted: object, given: object) -> bool:
    if name.endswith("_above") or (name.endswith("facts_older_than_years") and type(wanted) is type(given) is int):
        return bool(given >= wanted)  # type: ignore[operator]
    if not (isinstance(wanted, tuple) and isinstance(given, tuple)):
        return wanted == given
    values = _CLOSED.get(name, frozenset())
    within = set(wanted) | (values if ANY in wanted else set())
    narrow = (set(given) - {ANY}) | ({ANY} | values if ANY in given else set())
    if ANY in within:
        return NONE in within or NONE not in narrow
    return narrow - ({ANY} if values and values <= within else set()) <= within


def _no_such(value: str, list_name: str, version: ProfileVersion) -> str:
    return f"{value} is no {list_name.replace('_', ' ')}; {_choice(version.codes[list_name])}"


def _choice(allowed: frozenset[str]) -> str:
    return f"give one of {', '.join(sorted(allowed))}" if allowed else "there are none to choose from"
