"""Reads the organisations' profiles from YAML, or says in which file and where they are wrong."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.contracts.rejection import field_error
from shared.profiles.calendar import DaySet
from shared.profiles.model import Profile
from shared.profiles.positions import Positions

PROFILES = Path(__file__).parent / "organisations"
CALENDARS = Path(__file__).parent / "calendars"


class BrokenProfile(Exception):  # noqa: N818  it is the profile that is broken
    """A profile cannot be used; the service must not start.

    The message has a line for each thing that is wrong: ``file:line: field: what is wrong; what would be right``.
    """


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

    Raises ``BrokenProfile`` for the first one that cannot be used, and where there is none at all.
    """
    files = sorted((directory or PROFILES).glob("*.yaml"))
    if not files:
        raise BrokenProfile(
            f"{directory or PROFILES}: no profile (*.yaml) here; set PROFILES_DIR to where they are"
        )
    return Profiles({profile.id: profile for profile in map(load_profile, files)})


def load_profile(file: Path) -> Profile:
    """One profile. Each version states only what differs from the one before it.

    Raises ``BrokenProfile``.
    """
    text = file.read_bytes()
    document, positions = _read(file, text)
    try:
        profile = Profile.model_validate(_with_day_sets(_completed(document), file, positions))
    except ValidationError as error:
        raise BrokenProfile("\n".join(_told(file, positions, error))) from None
    if profile.id != file.stem:
        raise BrokenProfile(
            f"{file}:{positions.line(['id'])}: id: is {profile.id}; a profile's file is named after it, "
            f"{profile.id}.yaml"
        )
    return profile.model_copy(update={"content_hash": hashlib.sha256(text).hexdigest()})


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
            raise BrokenProfile(
                f"{file}:{line}: calendar.day_sets.{name}: {where} is no calendar; "
                f"put {where}.yaml into {places[0].parent}"
            )
        read[name] = read_day_set(found)
    return document | {"calendar": calendar | {"day_sets": read}}


def read_day_set(file: Path) -> DaySet:
    """One set of days. Raises ``BrokenProfile``."""
    document, positions = _read(file, file.read_bytes())
    try:
        return DaySet.model_validate(document)
    except ValidationError as error:
        raise BrokenProfile("\n".join(_told(file, positions, error))) from None


def _read(file: Path, text: bytes) -> tuple[Any, Positions]:
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        positions = Positions(root)
        for key, line in positions.doubled_keys():
            raise BrokenProfile(f"{file}:{line}: {key}: is there twice; keep one of them")
        return (None if root is None else loader.construct_document(root)), positions
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenProfile(f"{file}:{line}: not YAML: {error.problem}; correct it there") from None
    except (yaml.YAMLError, ValueError) as error:
        raise BrokenProfile(f"{file}:1: not YAML: {error}; save it as UTF-8 YAML") from None


def _told(file: Path, positions: Positions, error: ValidationError) -> Iterator[str]:
    details = error.errors(include_url=False)
    around = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    told = set()
    for detail in details:
        each = field_error(detail)
        # A version has inherited the faults of the one before it.
        fault = (detail["loc"][2:] if detail["loc"][:1] == ("versions",) else detail["loc"], each["message"])
        # What holds the part that is wrong is wrong only because of it.
        if detail["loc"] not in around and fault not in told:
            told.add(fault)
            yield f"{file}:{positions.line(detail['loc'])}: {each['field'] or 'profile'}: {each['message']}"


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
