"""Reads the organisations' profiles from YAML, or says in which file and where they are wrong."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.contracts.rejection import field_errors
from shared.profiles.model import Profile

PROFILES = Path(__file__).parent / "organisations"


class BrokenProfile(Exception):  # noqa: N818  it is the profile that is broken
    """A profile cannot be used. The message names file, field and cure; the service must not start."""


class Profiles(Mapping[str, Profile]):
    """All organisations by id."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = dict(profiles)

    def __getitem__(self, organisation: str) -> Profile:
        return self._profiles[organisation]

    def __iter__(self) -> Any:
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
    try:
        document = yaml.safe_load(text)
        document["versions"] = _complete(document["versions"])
        profile = Profile.model_validate(document)
    except yaml.YAMLError as error:
        raise BrokenProfile(f"{file}: not YAML: {error}") from None
    except (KeyError, TypeError) as error:
        raise BrokenProfile(f"{file}: not a profile: {error}; it needs id, name, revision and versions") from None
    except ValidationError as error:
        told = "; ".join(f"{each['field']}: {each['message']}" for each in field_errors(error))
        raise BrokenProfile(f"{file}: {told}") from None
    if profile.id != file.stem:
        raise BrokenProfile(f"{file}: id is {profile.id}; a profile's file is named after it, {profile.id}.yaml")
    return profile.model_copy(update={"content_hash": hashlib.sha256(text).hexdigest()})


def _complete(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    whole: dict[str, Any] = {}
    completed = []
    for version in versions:
        whole = whole | version
        completed.append(whole)
    return completed
