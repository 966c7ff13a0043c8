"""What reporting tells of reports that it has made."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.base import EventData
from shared.contracts.identifiers import Id

REPORT_MADE = "report.made.v1"


class ReportMade(EventData):
    """A report was made and is kept as it is. Its envelope's subject names the report, not a contact.

    A later ``edition`` of the same report stands beside the earlier ones. ``contacts`` are those that the report
    counts, ``events`` those that they were made of.
    """

    report: Literal["monthly"]
    period: Annotated[str, Field(description="The month by the organisation's own calendar: 2021-03")]
    directorate: Id
    edition: int
    made_at: AwareDatetime
    contacts: int
    events: int
    profile_version: str
    path: Annotated[str, Field(description="Where reporting serves it")]
