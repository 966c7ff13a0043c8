"""Contacts for routing's tests."""

from datetime import UTC, datetime
from typing import Any

from services.routing.domain import Facts
from shared.contracts.events import EarlierApproach, Envelope, KnownMatter, event_id
from shared.contracts.identifiers import EarlierResult, Nature
from shared.contracts.routing_request import RoutingRequested
from shared.profiles import Profile, ProfileVersion
from tests import organisations

PROFILES = organisations.PROFILES
LEUVEN = PROFILES["leuven"]
IN_MARCH = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
WENT_IN_VAIN = EarlierApproach(on=IN_MARCH.date(), result=EarlierResult.NO_ANSWER)
TEXT = "Mijn naam is Jan en ik wacht al maanden."
REFERENCE = "LEU-2022-000001"


def facts(nature: str | None = None, **told: Any) -> Facts:
    about = KnownMatter(**told.pop("about", {}))
    return Facts(
        received_at=told.pop("received_at", IN_MARCH),
        nature=Nature(nature) if nature else None,
        about=about,
        **told,
    )


def leuven_but(**fields: Any) -> Profile:
    """Leuven with one version, which differs in these fields."""
    version = ProfileVersion.model_validate(LEUVEN.versions[-1].model_dump() | fields)
    return LEUVEN.model_copy(update={"versions": (version,)})


def request(**fields: Any) -> RoutingRequested:
    told: dict[str, Any] = {
        "submission_id": "form-1",
        "channel": "web_form",
        "received_at": IN_MARCH,
        "registered_at": datetime(2022, 3, 1, 9, 0, 5, tzinfo=UTC),
        "district": "leuven",
        "nature": "complaint",
        "about": {"directorate": "openbaar_domein", "service": "groen", "topic": "sewers_waste_green"},
        "subject": "Haag",
        "text": TEXT,
        "language": "nl",
    }
    return RoutingRequested.model_validate(told | fields)


def envelope(organisation: str = "leuven", event_type: str = "routing.requested.v1") -> Envelope:
    return Envelope(
        id=event_id(event_type, organisation, "form-1"),
        type=event_type,
        source="contactpunt/intake",
        subject=REFERENCE,
        time=IN_MARCH,
        organisation=organisation,
        correlation_id=event_id("correlation", organisation, "form-1"),
        causation_id=event_id("contact.registered.v1", organisation, "form-1"),
    )


def headers(**fields: Any) -> dict[str, Any]:
    return envelope().model_dump(mode="json", by_alias=True) | fields
