"""What a reading of the database may take from memory, all of it as of the reading's own moment."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from services.reporting.columns.answers import Answers
from shared.mongo import Session


class Stamps(NamedTuple):
    """When the facts of each organisation and year were last seen to change, as numbers that only grow.

    ``all_years`` is when everything of an organisation was last invalid, by a rebuild or because track was lost.
    """

    all_years: Mapping[str, int]
    years: Mapping[str, Mapping[str, int]]

    def of(self, organisation: str, year: int) -> int:
        """When a fact of the year last changed."""
        of_years = self.years.get(organisation, {})
        return max(self.all_years.get(organisation, 0), of_years.get(f"{year:04d}", 0))

    def until(self, organisation: str, year: int) -> int:
        """When any fact of a year or of one before it last changed."""
        of_years = self.years.get(organisation, {})
        changed = (stamp for of_year, stamp in of_years.items() if of_year <= f"{year:04d}")
        return max(self.all_years.get(organisation, 0), max(changed, default=0))


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
