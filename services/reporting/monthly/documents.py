"""How monthly reports describe themselves in the OpenAPI document."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from services.reporting.annual_documents import AnnualRow, Change, Column, EarlierYear, Text

MonthName = Annotated[str, Field(description="By the organisation's own calendar", examples=["2021-03"])]
DueAt = Annotated[datetime | None, Field(description="From when on its reports are made; null where only by hand")]


class MonthOfReports(BaseModel):
    """A month that reports were made of."""

    month: MonthName
    label: Text
    made_at: datetime
    reports: Annotated[int, Field(description="Directorates that there is a report of")]
    contacts: Annotated[int, Field(description="All contacts of the month, as it was when reports were made")]


class NextMonth(BaseModel):
    """The month that it is now, and when its reports are made."""

    month: MonthName
    due_at: DueAt


class MonthsOfReports(BaseModel):
    """The months that there are reports of, the latest first."""

    organisation: str
    name: Text
    months: list[MonthOfReports]
    next: NextMonth


class MadeReport(BaseModel):
    """A report as it was made."""

    edition: int
    made_at: datetime
    announced_at: Annotated[
        datetime | None, Field(description="When the event that tells of it was confirmed; null until then")
    ]
    contacts: int
    events: int
    profile_version: str
    path: Annotated[str, Field(description="Where it is served")]


class ReportOfDirectorate(BaseModel):
    """A directorate's last edition; made is null where contacts came after the reports were made."""

    directorate: str
    label: Text
    contacts_now: int
    made: MadeReport | None


class MonthReconciliation(BaseModel):
    """All contacts of the month, and those of them that no directorate has, now and when reports were made."""

    contacts: int
    without_directorate: int
    contacts_when_made: int | None
    without_directorate_when_made: int | None


class MonthOfDirectorates(BaseModel):
    """The reports of a month."""

    organisation: str
    name: Text
    month: MonthName
    label: Text
    due_at: DueAt
    made_at: Annotated[datetime | None, Field(description="When its reports were first made; null until then")]
    state: Annotated[
        Literal["running", "not_due", "due", "made", "by_hand"],
        Field(description="due: made as soon as its contacts have settled; by_hand: not made unasked"),
    ]
    reports: list[ReportOfDirectorate]
    reconciliation: MonthReconciliation


class MonthsMade(MonthOfDirectorates):
    """The reports of a month after some were made by hand."""

    reports_made: Annotated[int, Field(description="How many were made by this request")]


class MonthlyTableReconciliation(BaseModel):
    """Contacts of the table, of all of the report, and the sum of its rows; null where they are no part of it."""

    contacts: int | None
    of: int | None
    rows: int | None


class MonthlyTable(BaseModel):
    """A table of a monthly report: the month with the month before and the same month of the year before."""

    id: str
    title: Text
    section: str
    definition: Annotated[Text, Field(description="What is counted, in one sentence")]
    dimensions: Annotated[
        list[str], Field(description="Of the keys of rows; beside those of questions `kind` and `received_in`")
    ]
    where: Annotated[dict[str, list[str]], Field(description="Conditions beside those of the whole report")]
    columns: Annotated[list[Column], Field(description="The figures of each row, in order")]
    rows: list[AnnualRow]
    total: int | None
    totals: dict[str, float | int | None]
    several: Annotated[bool, Field(description="Rows may add up to more than the contacts")]
    previous: Annotated[dict[str, EarlierYear], Field(description="Month -> the same over all rows")]
    change: dict[str, Change | None]
    reconciliation: MonthlyTableReconciliation


class FindingText(BaseModel):
    """A sentence that was computed of a table."""

    table: Annotated[str, Field(description="Id of the table")]
    text: Text


class ReportReconciliation(BaseModel):
    """What the figures were made of."""

    contacts: int
    events: int


class SinceMade(BaseModel):
    """What has become of the figures since the report was made; the report itself is never changed."""

    moved: Annotated[list[str], Field(description="Tables in which a figure is another one by now")]
    contacts: Annotated[int, Field(description="Contacts that the report would count now")]
    events: Annotated[int, Field(description="Events that they are made of now")]
    editions: Annotated[list[int], Field(description="All editions of this report")]


class MonthlyReport(BaseModel):
    """A directorate's month as it was when the report was made."""

    report: Literal["monthly"]
    organisation: str
    name: Text
    directorate: str
    directorate_name: Text
    month: MonthName
    from_: Annotated[date, Field(alias="from", description="First local day of receipt")]
    to: Annotated[date, Field(description="Last local day of receipt, itself included")]
    edition: int
    generated_at: Annotated[datetime, Field(description="When it was made")]
    profile_version: Annotated[str, Field(description="Of the month's last day: date, revision, content")]
    where: Annotated[dict[str, list[str]], Field(description="Conditions of all tables")]
    tables: list[MonthlyTable]
    reconciliation: ReportReconciliation
    findings: list[FindingText]
    since: SinceMade


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "No valid token"},
    403: {"description": "A token of another role"},
    404: {"description": "No such organisation, month or report"},
    422: {"description": "A parameter that is not known or not valid, or a month that is not over"},
    503: {"description": "The database does not answer, or a PDF cannot be made here or now"},
}
