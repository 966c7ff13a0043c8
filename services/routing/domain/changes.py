"""What another profile or another model would have decided otherwise, counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.contracts.decision import Decision

FIELDS = (
    "nature",
    "line",
    "handled_by",
    "directorate",
    "service",
    "other_directorates",
    "external_body",
    "exclusion_grounds",
)
NOTHING = "none"


class Change(NamedTuple):
    """One field of a decision, as it was and as it would be."""

    field: str
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.now}"


class Example(NamedTuple):
    reference: str
    before: Decision
    now: Decision


@dataclass
class Changes:
    """Counts of any number of contacts; of each change it keeps the first ``most_examples``."""

    most_examples: int
    contacts: int = 0
    otherwise: int = 0
    newly_to_review: int = 0
    no_longer_to_review: int = 0
    counts: Counter[Change] = field(default_factory=Counter)
    examples: defaultdict[Change, list[Example]] = field(default_factory=lambda: defaultdict(list))
    newly: list[Example] = field(default_factory=list)
    """Examples of those that are newly to review."""

    def add(self, reference: str, before: Decision, now: Decision) -> None:
        """A contact as both decide it."""
        self.contacts += 1
        example = Example(reference, before, now)
        changed = changes(before, now)
        self.otherwise += bool(changed)
        for change in changed:
            self.counts[change] += 1
            self._keep(self.examples[change], example)
        if now.needs_review and not before.needs_review:
            self.newly_to_review += 1
            self._keep(self.newly, example)
        self.no_longer_to_review += before.needs_review and not now.needs_review

    @property
    def any(self) -> bool:
        return bool(self.otherwise or self.newly_to_review or self.no_longer_to_review)

    def _keep(self, kept: list[Example], example: Example) -> None:
        if len(kept) < self.most_examples:
            kept.append(example)


def changes(before: Decision, now: Decision) -> tuple[Change, ...]:
    """The fields that differ, in the order of the decision; order and repetition within a list make none."""
    told = ((name, _told(before, name), _told(now, name)) for name in FIELDS)
    return tuple(Change(*each) for each in told if each[1] != each[2])


def by_count(counts: Mapping[Change, int]) -> list[tuple[Change, int]]:
    """The most frequent first."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _told(decision: Decision, name: str) -> str:
    value = getattr(decision, name)
    if isinstance(value, tuple):
        return ", ".join(sorted({*value})) or NOTHING
    return str(value) if value is not None else NOTHING
