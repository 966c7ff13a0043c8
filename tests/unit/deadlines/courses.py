"""Contacts' courses in few words, for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.deadlines.domain.calculator import Matter, explain, reckon
from services.deadlines.domain.running import Running
from shared.contracts.deadline import ExplainedDeadline
from shared.contracts.events import EVENT_TYPES, FOLLOW_UP_EVENT_TYPES, Envelope, Event, event_id
from shared.contracts.identifiers import DeadlineKind, FollowUpKind, Line, Nature
from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Profile, Term
from tests import organisations

LEUVEN = organisations.PROFILES["leuven"]
BRUSSELS = ZoneInfo("Europe/Brussels")
REFERENCE = "LEU-2026-000001"


def local(text: str, zone: ZoneInfo = BRUSSELS) -> datetime:
    """A moment by the local clock: ``2026-01-07 11:20``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def fact(kind: str, at: datetime, number: int = 0, **data: Any) -> FollowUpFact:
    name = FollowUpKind(kind)
    model = EVENT_TYPES[FOLLOW_UP_EVENT_TYPES[name]]
    told = model.model_validate({**data, "follow_up_id": f"{kind}-{number}", "occurred_at": at})
    return FollowUpFact(at, name, f"{kind}-{number}", told)


def facts(*happenings: tuple[str, str] | tuple[str, str, Mapping[str, Any]]) -> list[FollowUpFact]:
    """Follow-ups in order, each as kind, local time and perhaps data."""
    made = [fact(each[0], local(each[1]), number, **(dict(*each[2:]))) for number, each in enumerate(happenings)]
    return sorted(made, key=lambda each: each.place)


def with_terms(*terms: Term, zone: str = "Europe/Brussels") -> Profile:
    """Leuven with other terms, all year round."""
    version = LEUVEN.versions[-1].model_copy(update={"terms": terms})
    return Profile.model_validate(LEUVEN.model_dump() | {"versions": [version.model_dump()], "time_zone": zone})


def term(kind: str = "answer", days: int = 45, **more: Any) -> Term:
    length = {"value": days, "unit": "calendar_days"}
    given = {"id": kind, "kind": kind, "natures": ["complaint"], "source": "a test", "length": length}
    return Term.model_validate(given | more)


def complaint(received: str, zone: ZoneInfo = BRUSSELS, line: Line | None = Line.FIRST) -> Matter:
    return Matter(local(received, zone), Nature.COMPLAINT, line)


def answers(
    received: str, follow_ups: Sequence[FollowUpFact], as_of: str, profile: Profile = LEUVEN
) -> list[Running]:
    """The answer terms of a complaint."""
    reckoned = reckon(profile, complaint(received, profile.zone), follow_ups, local(as_of, profile.zone))
    return [each for each in reckoned if each.term.kind is DeadlineKind.ANSWER]


def answer(
    received: str, follow_ups: Sequence[FollowUpFact], as_of: str, profile: Profile = LEUVEN
) -> ExplainedDeadline:
    """The first answer term of a complaint, explained."""
    first = answers(received, follow_ups, as_of, profile)[0]
    return explain(profile, complaint(received, profile.zone), first)


def acknowledgement(received: str, follow_ups: Sequence[FollowUpFact], as_of: str) -> ExplainedDeadline:
    matter = complaint(received)
    return explain(LEUVEN, matter, reckon(LEUVEN, matter, follow_ups, local(as_of))[0])


def event(type_: str, time: datetime, data: Mapping[str, Any], reference: str = REFERENCE) -> Event:
    """An event of a contact as it comes off the wire."""
    key = data.get("follow_up_id", data.get("model_version", ""))
    envelope = Envelope(
        id=event_id(type_, reference, str(key)),
        type=type_,
        source="contactpunt/test",
        subject=reference,
        time=time,
        organisation="leuven",
        correlation_id=event_id("correlation", reference),
        causation_id=event_id("cause", reference),
    )
    return Event(envelope=envelope, data=EVENT_TYPES[type_].model_validate(dict(data)))


def registration(received_at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "submission_id": "s-1",
        "channel": "email",
        "received_at": received_at,
        "registered_at": received_at,
        "district": "unknown",
    } | more


def registered(received_at: datetime, reference: str = REFERENCE, **more: Any) -> Event:
    data = registration(received_at, nature="complaint") | more
    return event("contact.registered.v1", received_at, data, reference)


def routed(received_at: datetime, reference: str = REFERENCE, **more: Any) -> Event:
    data = registration(
        received_at,
        declared_nature="complaint",
        nature="complaint",
        line="first",
        handled_by="service",
        directorate="openbaar_domein",
        service="groen",
        confidence=1.0,
        needs_review=False,
        profile_version="2026/r1",
        profile_revision=1,
        profile_hash="0" * 64,
        model_version=0,
    )
    return event("contact.routed.v1", received_at, data | more, reference)


def happened(kind: str, at: datetime, number: int = 0, reference: str = REFERENCE, **data: Any) -> Event:
    told = {"follow_up_id": f"{reference}-{kind}-{number}", "occurred_at": at} | data
    return event(FOLLOW_UP_EVENT_TYPES[FollowUpKind(kind)], at, told, reference)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
