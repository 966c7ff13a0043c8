"""A term as data: what is owed to whom, within how long, and what moves its end."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.identifiers import DeadlineKind, Id, Line, Nature
from shared.profiles.label import Part

Unit = Literal["calendar_days", "working_days", "weeks"]
_DAYS_OF_A_WEEK = 7
# Half the days of any stretch count at the least, besides one summer.
_AT_MOST_SLOWER = 2
_LONGEST_HOLIDAYS = 70
Start = Literal["received", "registered", "routed", "transferred"]


class Length(Part):
    """Days of the local calendar, seven to the week, or working days: Monday to Friday without public holidays and
    closing days.
    """

    value: Annotated[int, Field(gt=0, le=10_000)]
    unit: Unit


class Extension(Part):
    """``max_days`` are days as the term counts them, calendar days where it counts weeks."""

    times: Annotated[int, Field(gt=0)] = 1
    max_days: Annotated[int, Field(gt=0, le=10_000)]


class Term(Part):
    """A period within which something is owed, and for whom. ``source`` names law, regulation or report."""

    id: Id
    kind: DeadlineKind
    natures: tuple[Nature, ...]
    lines: tuple[Line, ...] = (Line.FIRST, Line.SECOND)
    start: Start = "received"
    """What day 0 is the local day of. A term that starts with a transfer does not run before there was one."""
    length: Length
    not_counted: tuple[Id, ...] = ()
    """Sets of days in the organisation's calendar that the term does not count, such as school holidays."""
    rolls_to_working_day: bool = False
    """Whether an end on a Saturday, Sunday, public holiday or closing day moves to the next working day."""
    pauses: bool = False
    """Whether the clock stands still while information is awaited from the citizen."""
    extension: Extension | None = None
    met_by_registration: bool = False
    """Whether the automatic receipt that the citizen gets at registration meets the acknowledgement."""
    warn_days: Annotated[int, Field(ge=0)] = 3
    """Local days before ``due_on`` from which the deadline is approaching."""
    report_thresholds_days: tuple[int, ...] = ()
    assumption: bool = False
    """True where no source tells the term and one was assumed."""
    source: str

    @property
    def needs_working_days(self) -> bool:
        return self.rolls_to_working_day or self.length.unit == "working_days"

    @property
    def reach_days(self) -> int:
        """Local days after which the term has certainly ended, extended to the longest and without pauses.

        Generous where a calendar has a say: for telling what is too long in any case, not for counting.
        """
        days = self.length.value * (_DAYS_OF_A_WEEK if self.length.unit == "weeks" else 1)
        days += self.extension.max_days if self.extension else 0
        if self.length.unit == "working_days" or self.not_counted:
            days = _AT_MOST_SLOWER * days + _LONGEST_HOLIDAYS
        return days + (_DAYS_OF_A_WEEK if self.rolls_to_working_day else 0)
