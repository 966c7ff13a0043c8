"""How it is told that what a profile says in one place does not fit what it says in another."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Step = str | int
Path = tuple[Step, ...]


Misfit = Literal[
    "doubled_id",
    "two_names",
    "unknown_id",
    "unknown_dimension",
    "unknown_code",
    "unknown_row",
    "unknown_column",
    "unknown_channel",
    "reserved_id",
    "contradicts",
    "topic_cycle",
    "stage_cycle",
    "versions_overlap",
    "versions_out_of_order",
]
"""The names of what can be found; people and programs go by them, so they stay."""


class Finding(NamedTuple):
    """One thing that does not fit. ``path`` is the field, ``code`` the name of the fault."""

    path: Path
    code: Misfit
    message: str


def choice(allowed: Iterable[str]) -> str:
    """What would be right, where that is one of a list."""
    names = sorted(allowed)
    return "give one of " + ", ".join(names) if names else "there are none to choose from"
