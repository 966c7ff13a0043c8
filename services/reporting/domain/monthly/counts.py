"""What is counted of a directorate's month before a report is made of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.reporting.domain.figures import Group, Outcomes
from shared.contracts.identifiers import DeadlineKind

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "nature_and_line": ("nature", "line"),
    "channel": ("channel",),
    "service": ("service",),
    "topic": ("topic",),
}
"""Tables of counted contacts, by what they are counted."""


@dataclass(frozen=True)
class MonthCounts:
    """The contacts of one directorate that were received in a month.

    ``groups`` holds one count for each of ``GROUPS``; ``answers`` are by nature, ``ended`` by kind of deadline.
    """

    groups: Mapping[str, Counter[Group]]
    answers: Mapping[Group, Outcomes] = field(default_factory=dict)
    ended: Mapping[DeadlineKind, Outcomes] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The contacts, each once: in nature and line each has one value."""
        return self.groups["nature_and_line"].total()


@dataclass(frozen=True)
class DirectorateMonth:
    """All that a monthly report is made of.

    ``before`` and ``a_year_before`` are None where the organisation has no contact of that month at all;
    ``overdue`` are contacts that are due and not answered, by month of receipt, whenever that was up to the end of
    the month. ``contacts`` and ``events`` are read from the facts, apart from all else.
    """

    now: MonthCounts
    before: MonthCounts | None
    a_year_before: MonthCounts | None
    overdue: Counter[Group]
    contacts: int
    events: int
