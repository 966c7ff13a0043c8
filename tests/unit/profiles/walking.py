"""Walks what an organisation's sources print, kept in ``facts``, and looks for each of it in the profile."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.reporting.domain.counting import covering_table, tables_of
from shared.profiles import Profile, ProfileVersion
from shared.profiles.label import Label
from shared.profiles.model import Item, ReportTable
from shared.profiles.terms import Term
from tests import organisations

FACTS = Path(__file__).parent / "facts"
PROFILES = organisations.PROFILES
Rows = dict[str, int]
Figures = dict[int, Rows]


def facts(organisation: str) -> Any:
    return json.loads((FACTS / f"{organisation}.json").read_text(encoding="utf-8"))


def newest(organisation: str) -> ProfileVersion:
    return PROFILES[organisation].versions[-1]


def codes_of(version: ProfileVersion) -> dict[str, frozenset[str]]:
    return version.codes | version.attribute_codes | {"nature": frozenset(version.natures)}


def missing_codes(organisation: str, called: Mapping[str, str], elsewhere: set[str]) -> list[str]:
    """Ids of the printed lists that the profile lacks. ``called`` says under which name it keeps a list."""
    codes = codes_of(newest(organisation))
    return [
        f"{name}: {each}"
        for name, entries in facts(organisation)["lists"].items()
        for each in entries
        if each not in elsewhere and each not in codes[called.get(name, name)]
    ]


def missing_rules(organisation: str) -> set[str]:
    """Printed rules that are neither a house rule nor the meaning of the entry that they are about."""
    version = newest(organisation)
    held = {rule.id for rule in version.house_rules}
    explained = {item.id for item in items_of(version) if item.meaning is not None}
    printed = facts(organisation)["rules"]
    return {rule for rule in printed if rule not in held and rule.partition("_")[2] not in explained}


def items_of(version: ProfileVersion) -> Iterator[Item]:
    """Every entry of every list."""
    for unit in version.directorates:
        yield unit
        yield from unit.services
    for topic in version.topics:
        yield topic
        yield from topic.subtopics
    for attribute in version.attributes:
        yield attribute
        yield from attribute.values
    yield from (
        *version.access_channels,
        *version.entities,
        *version.external_bodies,
        *version.competence.answers_for,
        *version.districts,
        *version.exclusion_grounds,
        *version.qualifications,
        *version.interventions,
        *version.outcomes,
        *version.norms,
        *version.escalation_targets,
    )


def labels_of(version: ProfileVersion) -> list[Label]:
    items = list(items_of(version))
    return [
        *(item.name for item in items),
        *(item.meaning for item in items if item.meaning is not None),
        *version.channels.values(),
        *version.natures.values(),
        *(rule.text for rule in version.house_rules),
        *(table.title for table in version.annual_report),
    ]


def figures(organisation: str, table: str, row: Callable[[str], str] = lambda key: key) -> Figures:
    """What the sources print in counts, year -> row -> count."""
    printed = facts(organisation)["tables"][table]["counts"]
    return {int(year): {row(key): count for key, count in rows.items()} for year, rows in printed.items()}


def published(organisation: str, table: str) -> Figures:
    return tables(organisation)[table].published


def tables(organisation: str) -> dict[str, ReportTable]:
    return {table.id: table for table in newest(organisation).annual_report}


def terms(organisation: str) -> dict[str, Term]:
    return {term.id: term for term in newest(organisation).terms}


def uncounted(organisation: str) -> list[str]:
    """Tables of the report that no counters answer, so that asking would read every contact."""
    counted = tables_of(PROFILES[organisation])
    found = []
    for name, table in tables(organisation).items():
        for by, where in table.asked():
            filters = frozenset((dimension, len(values) > 1) for dimension, values in where.items())
            if covering_table(counted, by, filters) is None:
                found.append(name)
    return found


def misfits(organisation: str) -> dict[str, tuple[int, int]]:
    """Totals as printed against the profile's own: (printed, in the profile) for tables where they differ."""
    own = tables(organisation)
    found = {}
    for name, printed in facts(organisation)["tables"].items():
        if name not in own or printed["total"] is None:
            continue
        table = own[name]
        year = max(table.published, default=0)
        total = table.published_totals.get(year, sum(table.published.get(year, {}).values()))
        if total != printed["total"]:
            found[name] = (printed["total"], total)
    return found


def basics(profile: Profile) -> tuple[str, str, str]:
    return profile.reference_prefix, profile.country, profile.time_zone
