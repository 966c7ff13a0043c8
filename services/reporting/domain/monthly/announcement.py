"""The event that tells of a report: the same to the last byte however often it is made."""

import hashlib
from datetime import datetime
from typing import Final

from services.reporting.domain.monthly.month import Month
from shared.contracts.events import Envelope, Event, event_id
from shared.contracts.report import REPORT_MADE, ReportMade

SOURCE: Final = "contactpunt/reporting"
_LONGEST_SUBJECT: Final = 64
_TAIL: Final = 8


def announcement(
    organisation: str,
    month: Month,
    directorate: str,
    edition: int,
    *,
    made_at: datetime,
    contacts: int,
    events: int,
    profile_version: str,
) -> Event:
    """What is told of a report that is kept, out of what is kept of it and nothing else."""
    # All reports of a month follow from the same: the month is over.
    run = event_id("monthly_reports", organisation, month.name)
    envelope = Envelope(
        id=event_id(REPORT_MADE, organisation, "monthly", month.name, directorate, edition),
        type=REPORT_MADE,
        source=SOURCE,
        subject=subject(month, directorate),
        time=made_at,
        organisation=organisation,
        correlation_id=run,
        causation_id=run,
    )
    data = ReportMade(
        report="monthly",
        period=month.name,
        directorate=directorate,
        edition=edition,
        made_at=made_at,
        contacts=contacts,
        events=events,
        profile_version=profile_version,
        path=path(organisation, month, directorate, edition),
    )
    return Event(envelope=envelope, data=data)


def path(organisation: str, month: Month, directorate: str, edition: int | None = None) -> str:
    """Where the report is served; without an edition the last one."""
    place = f"/reports/monthly/{organisation}/{month.name}/{directorate}"
    return place if edition is None else f"{place}?edition={edition}"


def subject(month: Month, directorate: str) -> str:
    """What the report is called within its organisation; what is too long for a subject keeps its beginning."""
    name = f"monthly.{month.name}.{directorate}"
    if len(name) <= _LONGEST_SUBJECT:
        return name
    tail = hashlib.sha256(name.encode()).hexdigest()[:_TAIL]
    return f"{name[: _LONGEST_SUBJECT - _TAIL - 1]}-{tail}"
