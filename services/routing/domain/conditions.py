"""Whether what a rule asks for holds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from services.routing.domain.draft import Case
from shared.profiles.rules import ANY, AS_PROFILE_SAYS, NONE, OTHER, When

_WORDS = frozenset({ANY, NONE, OTHER})
Fact = str | bool | float | date | tuple[str, ...] | None


def holds(when: When, case: Case) -> bool:
    """All conditions together."""
    for name, wanted in when.conditions.items():  # noqa: SIM110  a generator takes twice as long, rule after rule
        if not _one_holds(name, wanted, case):
            return False
    return True


def _one_holds(name: str, wanted: object, case: Case) -> bool:
    fact = FACTS[name](case)
    if isinstance(wanted, bool):
        return fact is wanted
    if isinstance(wanted, tuple):
        return _is_among(wanted, fact, name, case)
    if name.endswith("_above"):
        return isinstance(fact, float) and isinstance(wanted, float) and fact > wanted
    if name.endswith("facts_older_than_years"):
        years = case.version.facts_excluded_after_years if wanted == AS_PROFILE_SAYS else wanted
        return isinstance(fact, date) and isinstance(years, int) and _older(fact, years, case.received_on)
    return False


def _is_among(wanted: tuple[str, ...], fact: Fact, name: str, case: Case) -> bool:
    # Most rules ask for codes, and most facts are one: that is answered first.
    if isinstance(fact, str) and fact in wanted:
        return True
    if _WORDS.isdisjoint(wanted) and not isinstance(fact, tuple):
        return False
    several = fact if isinstance(fact, tuple) else () if fact is None else (fact,)
    return any([_is(each, several, name, case) for each in wanted])  # noqa: C419  a list is quicker here


def _is(wanted: str, several: Sequence[object], name: str, case: Case) -> bool:
    if wanted == ANY:
        return bool(several)
    if wanted == NONE:
        return not several
    if wanted == OTHER:
        declared = case.facts.nature if name == "text_nature" else case.declared_directorate
        return bool(several) and declared is not None and declared not in several
    return wanted in several


def _older(facts_on: date, years: int, received_on: date) -> bool:
    """The years are calendar years from the day of the facts; what happened on 29 February is a year old on the
    28th.
    """
    return facts_on < received_on and received_on > _years_after(facts_on, years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # No such day in that year, or no such year at all.
        return day.replace(year=day.year + years, day=28) if day.year + years <= date.max.year else date.max


def grounds_of_text(case: Case, above: float) -> tuple[str, ...]:
    """Grounds of the organisation's list that only the text tells, each likelier than ``above``."""
    if case.weighed is None:
        return ()
    known = case.version.codes["exclusion_ground"] - {*case.draft.exclusion_grounds}
    return tuple(each for each, held in case.weighed.alone.grounds.items() if held > above and each in known)


def service_of_text(case: Case) -> str | None:
    if case.weighed is None:
        return None
    return case.weighed.service_within(case.facts.about.directorate or directorate_of_text(case))


def directorate_of_text(case: Case) -> str | None:
    """The likeliest directorate of ours, even where another body is likelier still."""
    held = case.weighed.directorates if case.weighed else {}
    return max(held, key=lambda each: held[each], default=None)


def _service_elsewhere(case: Case) -> bool:
    about = case.facts.about
    owner = case.version.directorate_of(about.service) if about.service else None
    return about.directorate is not None and owner not in (None, about.directorate)


def _likeliest_ground(case: Case) -> float | None:
    known = grounds_of_text(case, 0)
    held = case.weighed.alone.grounds if case.weighed else {}
    return max((float(held[each]) for each in known), default=None)


def _directorate_held(case: Case) -> float | None:
    held = case.weighed.directorates if case.weighed else {}
    return float(max(held.values())) if held else None


FACTS: Mapping[str, Callable[[Case], Fact]] = MappingProxyType(
    {
        "channel": lambda case: case.facts.channel,
        "access_channel": lambda case: case.facts.access_channel,
        "entity": lambda case: case.facts.entity,
        "topic": lambda case: case.facts.about.topic,
        "subtopic": lambda case: case.facts.about.subtopic,
        "declared_nature": lambda case: case.facts.nature,
        "declared_directorate": lambda case: case.facts.about.directorate,
        "declared_service": lambda case: case.facts.about.service,
        "declared_external_body": lambda case: case.facts.about.external_body,
        "declared_other_directorates": lambda case: case.other_directorates,
        "own_place_declared": lambda case: bool(case.facts.about.directorate or case.facts.about.service),
        "declared_service_elsewhere": _service_elsewhere,
        "earlier_contact": lambda case: case.facts.earlier_contact.result if case.facts.earlier_contact else None,
        "anonymous": lambda case: case.facts.anonymous,
        "anonymous_towards_service": lambda case: case.facts.anonymous_towards_service,
        "legal_proceedings": lambda case: case.facts.legal_proceedings,
        "facts_older_than_years": lambda case: case.facts.facts_on,
        "repeated": lambda case: case.facts.repeat_of is not None,
        "historical": lambda case: case.facts.historical,
        "nature": lambda case: case.draft.nature,
        "line": lambda case: case.draft.line,
        "handled_by": lambda case: case.draft.handled_by,
        "directorate": lambda case: case.draft.directorate,
        "service": lambda case: case.draft.service,
        "external_body": lambda case: case.draft.external_body,
        "text_nature": lambda case: case.weighed.nature if case.weighed else None,
        "text_nature_above": lambda case: float(max(case.weighed.natures.values())) if case.weighed else None,
        "text_directorate": directorate_of_text,
        "text_directorate_above": _directorate_held,
        "text_service": service_of_text,
        "text_external_body": lambda case: case.weighed.place.external_body if case.weighed else None,
        "text_earlier_contact_above": lambda case: float(case.weighed.alone.second_line) if case.weighed else None,
        "text_grounds_above": _likeliest_ground,
        "text_facts_older_than_years": lambda case: None if case.facts.facts_on else case.signs.happened_by,
        "text_has": lambda case: tuple(sorted(case.signs.heard)),
    }
)
"""What every condition looks at; a test holds the names against those that a profile may use."""
