"""What is wrong with a profile: in which file, where, and what would be right."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong with a profile: where, what its name is, and what would be right.

    ``field`` is a dotted path, or empty where there is none to name; ``code`` names the kind of fault and stays.
    """

    file: Path
    line: int
    field: str
    code: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.field, self.message) if part)


class BrokenProfile(Exception):  # noqa: N818  it is the profile that is broken
    """A profile cannot be used; the service must not start.

    The message has a line for each thing that is wrong: ``file:line: field: what is wrong; what would be right``.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
