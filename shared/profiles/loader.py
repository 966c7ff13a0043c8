"""Reads the organisations' profiles from YAML, or says in which file and where they are wrong."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.contracts.rejection import field_error
from shared.profiles.calendar import DaySet
from shared.profiles.consistency import Finding, findings
from shared.profiles.documents import bytes_of, parsed
from shared.profiles.faults import BrokenProfile, Fault
from shared.profiles.including import Inclusion
from shared.profiles.model import Profile
from shared.profiles.positions import Positions

__all__ = [
    "PROFILES",
    "BrokenProfile",
    "Fault",
    "Profiles",
    "load_profile",
    "load_profiles",
    "profile_files",
    "read_day_set",
    "shared_prefixes",
]

PROFILES = Path(__file__).parent / "organisations"
CALENDARS = Path(__file__).parent / "calendars"


class Profiles(Mapping[str, Profile]):
    """All organisations by id."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = dict(profiles)

    def __getitem__(self, organisation: str) -> Profile:
        return self._profiles[organisation]

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)


def load_profiles(directory: Path | None = None) -> Profiles:
    """All profiles of a directory (default: the ones that come with the product).

    Raises ``BrokenProfile`` for the first one that cannot be used, where two of them number their contacts alike,
    and where there is none at all.
    """
    files = profile_files(directory)
    profiles = [load_profile(file) for file in files]
    faults = shared_prefixes(zip(files, profiles, strict=True))
    if faults:
        raise BrokenProfile(faults)
    return Profiles({profile.id: profile for profile in profiles})


def profile_files(directory: Path | None = None) -> list[Path]:
    """The profiles of a directory. Raises ``BrokenProfile`` where there is none."""
    where = directory or PROFILES
    files = sorted(where.glob("*.yaml"))
    if not files:
        message = "no profile (*.yaml) here; set PROFILES_DIR to where they are"
        raise BrokenProfile([Fault(where, 1, "", "no_profiles", message)])
    return files


def shared_prefixes(profiles: Iterable[tuple[Path, Profile]]) -> list[Fault]:
    """Organisations whose contacts would get the numbers of another's."""
    taken: dict[str, str] = {}
    faults = []
    for file, profile in profiles:
        owner = taken.setdefault(profile.reference_prefix, profile.id)
        if owner != profile.id:
            message = f"{profile.reference_prefix} is the prefix of {owner} already; choose another"
            line = parsed(file, file.read_bytes())[1].line(["reference_prefix"])
            faults.append(Fault(file, line, "reference_prefix", "prefix_taken", message))
    return faults


def load_profile(file: Path) -> Profile:
    """One profile. Each version states only what differs from the one before it.

    Raises ``BrokenProfile`` with everything that is wrong with it.
    """
    text = bytes_of(file)
    document, positions = parsed(file, text)
    rules = Inclusion(file, positions)
    whole = rules.completed(_with_day_sets(_completed(document), file, positions))
    try:
        profile = Profile.model_validate(whole)
    except ValidationError as error:
        raise BrokenProfile(list(_malformed(rules, error))) from None
    faults = list(_not_fitting(rules, findings(profile)))
    if profile.id != file.stem:
        message = f"is {profile.id}; a profile's file is named after it, {profile.id}.yaml"
        faults.append(Fault(file, positions.line(["id"]), "id", "wrong_file_name", message))
    if faults:
        raise BrokenProfile(faults)
    return profile.model_copy(update={"content_hash": hashlib.sha256(text + rules.content).hexdigest()})


def _with_day_sets(document: Any, file: Path, positions: Positions) -> Any:
    """The document with each set of days that it names by its file read from there."""
    calendar = document.get("calendar") if isinstance(document, dict) else None
    if not isinstance(calendar, dict) or not isinstance(named := calendar.get("day_sets"), dict):
        return document
    read: dict[Any, Any] = {}
    for name, where in named.items():
        places = [folder / f"{where}.yaml" for folder in (file.parent / "calendars", CALENDARS)]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            line = positions.line(["calendar", "day_sets", name])
            message = f"{where} is no calendar; put {where}.yaml into {places[0].parent}"
            raise BrokenProfile([Fault(file, line, f"calendar.day_sets.{name}", "no_calendar", message)])
        read[name] = read_day_set(found)
    return document | {"calendar": calendar | {"day_sets": read}}


def read_day_set(file: Path) -> DaySet:
    """One set of days. Raises ``BrokenProfile``."""
    document, positions = parsed(file, bytes_of(file))
    try:
        return DaySet.model_validate(document)
    except ValidationError as error:
        raise BrokenProfile(list(_malformed(Inclusion(file, positions), error))) from None


def _malformed(rules: Inclusion, error: ValidationError) -> Iterator[Fault]:
    details = error.errors(include_url=False)
    around = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    # What holds the part that is wrong is wrong only because of it.
    paths = [(detail["loc"], field_error(detail)) for detail in details if detail["loc"] not in around]
    return _once((path, _fault(rules, path, each["code"], each["message"])) for path, each in paths)


def _not_fitting(rules: Inclusion, found: Iterable[Finding]) -> Iterator[Fault]:
    return _once((path, _fault(rules, path, code, message)) for path, code, message in found)


def _fault(rules: Inclusion, path: tuple[str | int, ...], code: str, message: str) -> Fault:
    origin, below = rules.origin(path)
    fault = origin.fault(below, code, message)
    return fault if fault.field else fault._replace(field="profile")


def _once(faults: Iterable[tuple[tuple[str | int, ...], Fault]]) -> Iterator[Fault]:
    """Each fault once: a version has inherited those of the one before it."""
    told = set()
    for path, fault in faults:
        place = path[2:] if path[:1] == ("versions",) and fault.code not in _OF_THE_VERSION_ITSELF else path
        if (place, fault.message) not in told:
            told.add((place, fault.message))
            yield fault


_OF_THE_VERSION_ITSELF = ("versions_overlap", "versions_out_of_order")


def _completed(document: Any) -> Any:
    versions = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(versions, list) or not all(isinstance(version, dict) for version in versions):
        return document
    whole: dict[str, Any] = {}
    completed = []
    for version in versions:
        whole = whole | version
        completed.append(whole)
    return document | {"versions": completed}
