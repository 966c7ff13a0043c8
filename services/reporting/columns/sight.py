"""What a reading of the database may take from memory, all of it as of the reading's own moment."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from services.reporting.columns.answers import Answers
from shared.mongo import Session


class Stamps(NamedTuple):
    """When the facts of each organisation and month were last seen to change, as numbers that only grow.

    ``everything`` is when all of an organisation was last invalid, by a rebuild or because track was lost.
    """

    everything: Mapping[str, int]
    months: Mapping[str, Mapping[str, int]]

    def of(self, organisation: str, month: str) -> int:
        """When a fact of the month, ``2021-03``, last changed."""
        of_months = self.months.get(organisation, {})
        return max(self.everything.get(organisation, 0), of_months.get(month, 0))

    def until(self, organisation: str, year: int) -> int:
        """When any fact of a year or of one before it last changed."""
        of_months = self.months.get(organisation, {})
        changed = (stamp for month, stamp in of_months.items() if month[:4] <= f"{year:04d}")
        return max(self.everything.get(organisation, 0), max(changed, default=0))


class Sight(NamedTuple):
    """``answers`` are of the organisations whose facts are all in memory. Without ``stamps`` nothing may be kept
    for later.
    """

    answers: Mapping[str, Answers]
    stamps: Stamps | None


class Follower(Protocol):
    """Goes with the database from moment to moment."""

    async def advance(self, session: Session) -> Sight:
        """What can be seen at the session's moment; has to be the first that the session reads."""
