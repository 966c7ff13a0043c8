"""Slips in profiles that are sound otherwise, and the faults that are found in them."""

from pathlib import Path
from typing import NamedTuple

import pytest

from shared.profiles import BrokenProfile, load_profile
from shared.profiles.loader import PROFILES, Fault

SOUND = {file.stem: file.read_text(encoding="utf-8") for file in PROFILES.glob("*.yaml")}
LEUVEN = SOUND["leuven"]


def faults_of(directory: Path, name: str, text: str) -> list[Fault]:
    file = directory / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenProfile) as raised:
        load_profile(file)
    return list(raised.value.faults)


def changed(text: str, before: str, after: str) -> str:
    assert text.count(before) >= 1, before
    return text.replace(before, after, 1)


class Slip(NamedTuple):
    """A slip in one of the profiles, and what is to be said of it."""

    before: str
    after: str
    code: str
    field: str
    says: str
