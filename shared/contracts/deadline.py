"""A deadline: the end of one term of one contact."""

from datetime import date

from pydantic import AwareDatetime

from shared.contracts.base import EventData
from shared.contracts.identifiers import DeadlineKind, DeadlineState


class Deadline(EventData):
    """``due_on`` is the last local day that is still in time; ``due_at`` the start of the local day after it.

    ``days_taken`` are local days from receipt to the answer, less pauses. ``policy`` names the term of the
    profile that it follows from.
    """

    kind: DeadlineKind
    due_on: date
    due_at: AwareDatetime
    state: DeadlineState
    met_at: AwareDatetime | None = None
    days_taken: int | None = None
    policy: str


class ExplainedDeadline(Deadline):
    """A deadline with the way its date came about, in steps that a person can follow."""

    steps: tuple[str, ...] = ()
