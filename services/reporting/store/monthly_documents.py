"""How monthly reports are spelled in MongoDB."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.reporting.domain.monthly.month import Month
from shared.mongo import Document


class Made(NamedTuple):
    """A report that is kept, without what stands in it; not announced until the broker has confirmed that."""

    organisation: str
    month: Month
    directorate: str
    edition: int
    made_at: datetime
    announced_at: datetime | None
    contacts: int
    events: int
    profile_version: str


class MadeMonth(NamedTuple):
    """A month whose reports were made: of how many contacts in all, and how many of them had no directorate."""

    month: Month
    made_at: datetime
    contacts: int
    without_directorate: int
    directorates: tuple[str, ...]


def month_id(organisation: str, month: Month) -> str:
    return f"{organisation}|{month.name}"


def report_id(made: Made) -> str:
    return f"{month_id(made.organisation, made.month)}|{made.directorate}|{made.edition}"


def month_document(organisation: str, month: MadeMonth) -> Document:
    return {
        "organisation": organisation,
        "month": month.month.name,
        "made_at": month.made_at,
        "contacts": month.contacts,
        "without_directorate": month.without_directorate,
        "directorates": list(month.directorates),
    }


def made_month_of(document: Document) -> MadeMonth:
    return MadeMonth(
        _month(document),
        document["made_at"],
        document["contacts"],
        document["without_directorate"],
        tuple(document["directorates"]),
    )


def report_document(report: Mapping[str, Any]) -> Document:
    """``to_announce`` sorts as reports are told: by when they were made, those of one moment by month and name."""
    made_at = datetime.fromisoformat(report["generated_at"])
    organisation, month, directorate = report["organisation"], report["month"], report["directorate"]
    edition = report["edition"]
    return {
        "_id": f"{organisation}|{month}|{directorate}|{edition}",
        "organisation": organisation,
        "month": month,
        "directorate": directorate,
        "edition": edition,
        "made_at": made_at,
        "contacts": report["reconciliation"]["contacts"],
        "events": report["reconciliation"]["events"],
        "profile_version": report["profile_version"],
        "to_announce": f"{made_at.isoformat()}|{month}|{directorate}",
        "content": dict(report),
    }


def made_of(document: Document) -> Made:
    """A kept report's document, told without what stands in it."""
    return Made(
        document["organisation"],
        _month(document),
        document["directorate"],
        document["edition"],
        document["made_at"],
        document.get("announced_at"),
        document["contacts"],
        document["events"],
        document["profile_version"],
    )


def _month(document: Document) -> Month:
    month = Month.named(document["month"])
    assert month is not None  # noqa: S101  it was spelled by a month itself
    return month
