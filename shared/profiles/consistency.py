"""Whether what a profile says in one place fits what it says in another."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, Final

from shared.profiles.dimensions import DIMENSIONS
from shared.profiles.finding import Finding, Misfit, Path, choice
from shared.profiles.model import Profile, ProfileVersion
from shared.profiles.report_consistency import tables_count_what_there_is, tables_fit_the_reporting_year

__all__ = ["Finding", "Misfit", "findings"]


_LISTS: Final = (
    "access_channels",
    "entities",
    "attributes",
    "directorates",
    "external_bodies",
    "topics",
    "districts",
    "exclusion_grounds",
    "qualifications",
    "interventions",
    "outcomes",
    "norms",
    "escalation_targets",
    "house_rules",
    "terms",
    "annual_report",
    "context",
)


def findings(profile: Profile) -> Iterator[Finding]:
    """Everything in a well-formed profile that cannot be meant, in the order of the file."""
    yield from _versions_in_order(profile)
    yield from tables_fit_the_reporting_year(profile)
    for place, version in enumerate(profile.versions):
        for check in _CHECKS:
            for found in check(version):
                yield found._replace(path=("versions", place, *found.path))


def _versions_in_order(profile: Profile) -> Iterator[Finding]:
    for place, (earlier, later) in enumerate(pairwise(profile.versions), start=1):
        path = ("versions", place, "valid_from")
        if later.valid_from == earlier.valid_from:
            message = f"the version before begins on {later.valid_from} too; let each day have one version"
            yield Finding(path, "versions_overlap", message)
        elif later.valid_from < earlier.valid_from:
            message = f"{later.valid_from} comes after {earlier.valid_from}; order them by date"
            yield Finding(path, "versions_out_of_order", message)


def _doubled_ids(version: ProfileVersion) -> Iterator[Finding]:
    for name in _LISTS:
        yield from _doubles(name, (((name, place), each) for place, each in enumerate(getattr(version, name))))
    services = [
        (("directorates", place, "services", below), service)
        for place, unit in enumerate(version.directorates)
        for below, service in enumerate(unit.services)
    ]
    yield from _doubles("services", services)
    within = [
        ("topics", "subtopics"),
        ("attributes", "values"),
        ("annual_report", "groups"),
        ("annual_report", "lines"),
        ("annual_report", "parts"),
    ]
    for name, below in within:
        for place, whole in enumerate(getattr(version, name)):
            parts = enumerate(getattr(whole, below))
            yield from _doubles(f"{name}.{whole.id}", (((name, place, below, at), part) for at, part in parts))


def _doubles(name: str, entries: Iterable[tuple[Path, Any]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, entry in entries:
        if entry.id in seen:
            message = f"{name}: {entry.id} is there twice; give each its own id"
            yield Finding((*path, "id"), "doubled_id", message)
        seen.add(entry.id)


def _one_name_for_a_subtopic(version: ProfileVersion) -> Iterator[Finding]:
    names: dict[str, Any] = {}
    for place, topic in enumerate(version.topics):
        for at, subtopic in enumerate(topic.subtopics):
            if names.setdefault(subtopic.id, subtopic.name) != subtopic.name:
                path = ("topics", place, "subtopics", at, "name")
                message = f"{subtopic.id} has another name under another topic; give it one name or another id"
                yield Finding(path, "two_names", message)


def _topics_without_cycle(version: ProfileVersion) -> Iterator[Finding]:
    below = {topic.id: {each.id for each in topic.subtopics} for topic in version.topics}
    cycle = _cycle(below)
    if cycle:
        places = [topic.id for topic in version.topics]
        way = " > ".join(cycle)
        message = f"{way} goes round in a circle; a topic must not stand below itself"
        yield Finding(("topics", places.index(cycle[0]), "subtopics"), "topic_cycle", message)


def _topics_are_taken_by_known_parts(version: ProfileVersion) -> Iterator[Finding]:
    for place, topic in enumerate(version.topics):
        path = ("topics", place)
        if topic.directorate is not None and topic.directorate not in version.codes["directorate"]:
            message = f"{topic.directorate} is no directorate; {choice(version.codes['directorate'])}"
            yield Finding((*path, "directorate"), "unknown_id", message)
        if topic.service is None:
            continue
        owner = version.directorate_of(topic.service)
        if owner is None:
            message = f"{topic.service} is under no directorate; list it under one, or correct it here"
            yield Finding((*path, "service"), "unknown_id", message)
        elif topic.directorate not in (None, owner):
            message = (
                f"{topic.service} belongs to {owner}, not to {topic.directorate}; name {owner} or leave it out"
            )
            yield Finding((*path, "directorate"), "contradicts", message)


def _ways_in_are_open(version: ProfileVersion) -> Iterator[Finding]:
    for place, way_in in enumerate(version.access_channels):
        if way_in.channel not in version.channels:
            message = f"{way_in.id} comes by {way_in.channel}, which is not among channels; add it there"
            yield Finding(("access_channels", place, "channel"), "unknown_channel", message)


def _attributes_have_names_of_their_own(version: ProfileVersion) -> Iterator[Finding]:
    for place, attribute in enumerate(version.attributes):
        if attribute.id in DIMENSIONS:
            message = f"{attribute.id} is a dimension of every organisation; give the attribute another id"
            yield Finding(("attributes", place, "id"), "reserved_id", message)


def _next_stages_lead_somewhere(version: ProfileVersion) -> Iterator[Finding]:
    targets = version.codes["escalation_target"]
    for stage, names in version.next_stages.items():
        for place, name in enumerate(names):
            if name not in targets:
                message = f"{name} is no escalation target; {choice(targets)}"
                yield Finding(("next_stages", stage, place), "unknown_id", message)
    dealt_with = {each.id: each.handled_by for each in version.escalation_targets}
    onward = {
        str(stage): {str(next_one) for name in names if (next_one := dealt_with.get(name)) is not None}
        for stage, names in version.next_stages.items()
    }
    cycle = _cycle(onward)
    if cycle:
        message = f"{' > '.join(cycle)} sends the citizen round in a circle; let each stage lead to a later one"
        yield Finding(("next_stages", cycle[0]), "stage_cycle", message)


def _cycle(onward: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(onward).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        # The sorter walks against the arrows.
        return found[::-1]
    return []


_CHECKS: Final = (
    _doubled_ids,
    _one_name_for_a_subtopic,
    _topics_without_cycle,
    _topics_are_taken_by_known_parts,
    _ways_in_are_open,
    _attributes_have_names_of_their_own,
    _next_stages_lead_somewhere,
    tables_count_what_there_is,
)
