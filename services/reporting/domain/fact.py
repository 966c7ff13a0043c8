"""A fact: what one contact is worth in a report, codes and numbers only."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from services.reporting.domain.dimensions import PERIODS, UNKNOWN, period
from shared.contracts.identifiers import DeadlineKind, DeadlineState


class DeadlineFact(NamedTuple):
    """How a deadline of a contact stands. ``days`` are local days from receipt to the act, less pauses."""

    state: DeadlineState
    days: int | None = None


class Fact(NamedTuple):
    """One contact. ``received_on`` is its local day of receipt in the organisation's zone.

    ``codes`` holds every dimension but the periods; a contact has at least one value in each. ``days`` are local
    days from receipt to the first answer, less pauses; ``score`` is what the last survey gave. ``events`` is the
    number of events that it was made of. ``closed_on`` is the local day on which it was last closed or withdrawn,
    None where it was not or has been reopened since.
    """

    reference: str
    organisation: str
    received_on: date
    codes: Mapping[str, tuple[str, ...]]
    days: int | None
    score: int | None
    deadlines: Mapping[DeadlineKind, DeadlineFact]
    events: int
    closed_on: date | None = None

    @property
    def month(self) -> str:
        return period("month", self.received_on)

    def values(self, dimension: str) -> tuple[str, ...]:
        """The contact's values in a dimension, periods included."""
        if dimension in PERIODS:
            return (period(dimension, self.received_on),)
        return self.codes.get(dimension, (UNKNOWN,))
