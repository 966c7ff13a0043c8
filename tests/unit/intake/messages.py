"""Submissions, follow-ups and events that are right, to be changed in one place at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from shared.contracts.base import EventData
from shared.contracts.decision import Reason
from shared.contracts.events import (
    ContactRouted,
    DeadlineMet,
    DeadlineMissed,
    DeadlineScheduled,
    Envelope,
    Event,
    event_id,
)
from shared.profiles import Profile
from tests import organisations

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROFILES = organisations.PROFILES
LEUVEN = PROFILES["leuven"]
KEYS = (bytes(range(32)),)
CITIZEN: dict[str, Any] = {
    "name": "Wannes Vercruysse",
    "email": "wannes.vercruysse@example.org",
    "phone": "+32 16 11 22 33",
    "address": {"street": "Tiensevest 170", "postal_code": "3010", "municipality": "Leuven"},
}
TEXT = "De zwarte zak staat al drie weken voor de deur."


def submission(**changes: Any) -> dict[str, Any]:
    """A submission as JSON; ``None`` is sent as null."""
    return {
        "submission_id": "form-1",
        "organisation": "leuven",
        "channel": "web_form",
        "received_at": "2021-03-04T09:30:00+01:00",
        "text": TEXT,
        "citizen": CITIZEN,
        "nature": "complaint",
    } | changes


def follow_up(kind: str = "answered", data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A follow-up as JSON, about the contact of ``submission()`` unless it says otherwise."""
    message: dict[str, Any] = {
        "follow_up_id": "fu-1",
        "organisation": "leuven",
        "submission_id": "form-1",
        "kind": kind,
        "occurred_at": "2021-03-11T14:05:00+01:00",
        "data": data or {},
    }
    return {name: value for name, value in (message | changes).items() if value is not ...}


def spelled(message: object) -> bytes:
    return orjson.dumps(message)


def extendable(max_days: int) -> Profile:
    """Leuven, if its terms could be extended by so many days."""
    document = LEUVEN.model_dump(mode="json")
    for version in document["versions"]:
        for term in version["terms"]:
            term["extension"] = {"max_days": max_days}
    return Profile.model_validate(document)


def an_event(
    event_type: str, data: EventData, discriminator: str = "", reference: str = "LEU-2021-000001"
) -> Event:
    """An event of another service."""
    return Event(
        envelope=Envelope(
            id=event_id(event_type, reference, discriminator),
            type=event_type,
            source="contactpunt/other",
            subject=reference,
            time=NOW,
            organisation="leuven",
            correlation_id="c",
            causation_id="x",
        ),
        data=data,
    )


def routed(revision: int = 1, **changes: Any) -> Event:
    """A decision of routing by a profile of that revision."""
    data: dict[str, Any] = {
        "submission_id": "form-1",
        "channel": "web_form",
        "received_at": "2021-03-04T09:30:00+01:00",
        "registered_at": "2021-03-04T09:31:00+01:00",
        "district": "unknown",
        "nature": "complaint",
        "line": "first",
        "handled_by": "service",
        "directorate": "openbaar_domein",
        "service": "afvalbeheer",
        "confidence": 1.0,
        "needs_review": False,
        "reasons": (Reason(rule="declared", evidence="about"),),
        "profile_version": "v",
        "profile_revision": revision,
        "profile_hash": f"h{revision}",
        "model_version": 0,
    }
    return an_event("contact.routed.v1", ContactRouted.model_validate(data | changes), str(revision))


def scheduled(revision: int, *deadlines: dict[str, Any]) -> Event:
    """All deadlines as they stand at a revision."""
    data = DeadlineScheduled.model_validate(
        {"deadlines": [deadline(**each) for each in deadlines], "revision": revision}
    )
    return an_event("deadline.scheduled.v1", data, str(revision))


def deadline(kind: str = "answer", state: str = "open", **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "due_on": "2021-04-18",
        "due_at": "2021-04-19T00:00:00+02:00",
        "state": state,
        "policy": "leuven_answer",
    } | changes


def missed(revision: int, kind: str = "answer") -> Event:
    data = {name: value for name, value in deadline(kind).items() if name not in {"state", "policy"}}
    turn = DeadlineMissed.model_validate(data | {"days_over": 1, "revision": revision})
    return an_event("deadline.missed.v1", turn, f"{kind}{revision}")


def met(revision: int, days_over: int, kind: str = "answer") -> Event:
    data = {name: value for name, value in deadline(kind).items() if name not in {"state", "policy"}}
    met_at = NOW - timedelta(days=days_over)
    turn = DeadlineMet.model_validate(data | {"days_over": days_over, "revision": revision, "met_at": met_at})
    return an_event("deadline.met.v1", turn, f"{kind}{revision}")
