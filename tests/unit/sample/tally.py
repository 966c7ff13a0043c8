"""Counts the sample year from its messages alone, as somebody who knows nothing of how they were made."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.sample.leuven_2021 import follow_ups, submissions

BRUSSELS = ZoneInfo("Europe/Brussels")
POSTAL_CODES = {"3000": "leuven", "3001": "heverlee", "3010": "kessel_lo", "3012": "wilsele", "3018": "wijgmaal"}
IMMEDIATE_KINDS = ("acknowledged", "information_requested", "information_received", "answered", "surveyed")


@dataclass(frozen=True)
class Counted:
    """One contact as its messages tell it."""

    line: str
    nature: str
    channel: str
    received: datetime
    district: str
    directorate: str | None
    service: str | None
    external_body: str | None
    crosses: bool
    qualification: str | None
    intervention: str | None
    outcome: str | None
    topics: tuple[str, ...]


def counted() -> list[Counted]:
    """The year's contacts as their messages tell them."""
    histories: dict[str, list[dict[str, Any]]] = {}
    for each in sorted(follow_ups(), key=lambda told: datetime.fromisoformat(told["occurred_at"])):
        histories.setdefault(each["submission_id"], []).append(each)
    return [_counted(each, histories[each["submission_id"]]) for each in submissions()]


def _counted(submission: dict[str, Any], history: list[dict[str, Any]]) -> Counted:
    about = dict(submission["about"])
    closing: dict[str, Any] = {}
    for step in history:
        if step["kind"] == "transferred":
            about |= {name: step["data"][name] for name in ("directorate", "service")}
        if step["kind"] == "closed":
            closing = step["data"]
    return Counted(
        line=_line(submission),
        nature=submission["nature"],
        channel=submission["channel"],
        received=datetime.fromisoformat(submission["received_at"]).astimezone(BRUSSELS),
        district=_district(submission["citizen"]),
        directorate=about.get("directorate"),
        service=about.get("service"),
        external_body=about.get("external_body"),
        crosses=bool(about.get("other_directorates")),
        qualification=closing.get("qualification"),
        intervention=closing.get("intervention"),
        outcome=closing.get("outcome"),
        topics=tuple(closing.get("topics", ())),
    )


def _line(submission: dict[str, Any]) -> str:
    if "external_body" in submission["about"]:
        return "external"
    second = "earlier_contact" in submission or submission.get("anonymous_towards_service", False)
    return "second" if second else "first"


def _district(citizen: dict[str, Any] | None) -> str:
    address = (citizen or {}).get("address")
    return POSTAL_CODES.get(address["postal_code"], "elsewhere") if address else "unknown"


def by(contacts: list[Counted], *names: str) -> Counter[Any]:
    """Contacts per value of a characteristic, or per tuple of values of several."""
    if len(names) == 1:
        return Counter(getattr(each, names[0]) for each in contacts)
    return Counter(tuple(getattr(each, name) for name in names) for each in contacts)
