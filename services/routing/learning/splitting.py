"""Which contacts are learnt from and which are held back: told by the contact itself, so that none moves sides."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from services.routing.learning.labels import Lesson, Useless, lesson_of
from shared.contracts.past_contact import PastContact
from shared.profiles.model import ProfileVersion


class Division(NamedTuple):
    """How sides are told: ``share`` of the contacts is held back, ``seed`` says which."""

    share: float
    seed: int

    def holds_back(self, key: str) -> bool:
        """Always the same for the same key; a smaller share holds back some of those that a larger one does."""
        return _place(key, self.seed) < self.share


class Sides(NamedTuple):
    """Each contact is on one of them."""

    learnt: list[Lesson]
    held_back: list[Lesson]


@dataclass
class Lessons:
    """Lessons out of any number of contacts, at most so many; which ones is told by the contacts themselves."""

    most: int
    seed: int
    useless: Counter[Useless] = field(default_factory=Counter)
    _held: dict[str, Lesson] = field(default_factory=dict)

    def add(self, contacts: Iterable[PastContact], version: ProfileVersion) -> None:
        """A contact that comes twice counts as it came last."""
        for contact in contacts:
            lesson = lesson_of(contact, version)
            if isinstance(lesson, Useless):
                self.useless[lesson] += 1
            else:
                self._held[contact.reference] = lesson
                if len(self._held) > 2 * self.most:
                    self._thin_out()

    def sides(self, division: Division) -> Sides:
        """All lessons, in order of their references."""
        self._thin_out()
        lessons = [self._held[reference] for reference in sorted(self._held)]
        return Sides(
            [each for each in lessons if not division.holds_back(each.side_key)],
            [each for each in lessons if division.holds_back(each.side_key)],
        )

    def _thin_out(self) -> None:
        # Another seed than the sides': else those that are left out would all come from one of them.
        kept = sorted(self._held, key=lambda reference: _place(reference, ~self.seed))[: self.most]
        self._held = {reference: self._held[reference] for reference in kept}


def _place(key: str, seed: int) -> float:
    """Where a key falls between 0 (included) and 1."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
