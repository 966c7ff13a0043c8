"""What is counted of one year before a table is made of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.reporting.domain.figures import Group, Tally


class Counted(NamedTuple):
    """Contacts by group, and how many passed in all."""

    groups: Counter[Group]
    total: int


class LineCounts(NamedTuple):
    """The contacts of a line, and those that its share is of."""

    contacts: int
    of: int


@dataclass(frozen=True)
class YearCounts:
    """Everything that a table asks of one year; what it does not ask for stays empty.

    ``months`` are the months of the year that have begun. ``unanswered`` is days -> contacts by group that were
    received more than so many days ago, have no answer and were not withdrawn.
    """

    counted: Counted
    all_contacts: int = 0
    months: int = 12
    share_of: int | None = None
    rate_of: Counted | None = None
    parts: Mapping[str, Counted] = field(default_factory=dict)
    lines: Mapping[str, LineCounts] = field(default_factory=dict)
    outcomes: Tally | None = None
    unanswered: Mapping[int, Counter[Group]] = field(default_factory=dict)
    closed: Counter[Group] = field(default_factory=Counter)
    open_before: int = 0
    """Contacts that were received before the year and not closed by then."""
    made: dict[str, Any] = field(default_factory=dict, compare=False)
    """What was made of these counts, for as long as they are kept."""

    def part(self, name: str) -> Counted:
        return self.parts.get(name, Counted(Counter(), 0))
