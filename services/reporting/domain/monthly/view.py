"""A monthly report as something to be read."""

from collections.abc import Mapping
from typing import Any

from services.reporting.domain.monthly.month import Month
from services.reporting.domain.monthly.words import LANGUAGES, TITLE, remarks
from services.reporting.domain.report_view import Report, what_is_told


def read_monthly(report: Mapping[str, Any]) -> Report:
    """The report that ``/reports/monthly`` answers with, ready to be shown; without ``since`` as it is made."""
    month = Month.named(report["month"])
    assert month is not None  # noqa: S101  it was spelled by a month itself
    edition: int = report["edition"]
    months = (month, month.before, month.a_year_before)
    file_name = f"{report['organisation']}-{month.name}-{report['directorate']}"
    return Report(
        kind="monthly",
        organisation=report["organisation"],
        name=report["name"],
        title={
            each: f"{TITLE[each]} {month.called[each]}: {report['directorate_name'][each]}" for each in LANGUAGES
        },
        stem={each: f"{TITLE[each].lower().replace(' ', '-')}-{file_name}-{edition}" for each in LANGUAGES},
        key=month.name,
        before=month.before.name,
        names={each.name: each.called for each in months},
        running=False,
        public=False,
        first=report["from"],
        last=report["to"],
        remarks=remarks(report),
        query={"edition": str(edition)},
        **what_is_told(report),
    )
