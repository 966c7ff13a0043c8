"""Contacts made up for the tests of reporting: their events, as the other services send them."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.contracts.events import EVENT_TYPES, Envelope, Event, event_id
from shared.contracts.identifiers import Channel, Nature
from shared.profiles import Profile
from shared.profiles.model import Item
from tests import organisations

ORGANISATION = "leuven"
LEUVEN: Profile = organisations.PROFILES[ORGANISATION]
LATE_ON_31_MARCH = datetime(2021, 3, 31, 21, 30, tzinfo=UTC)
"""23:30 in Leuven, where summer time has begun."""


def event(type_: str, reference: str, of: object, time: datetime, **data: Any) -> Event:
    """An event; ``of`` tells it from others of its type."""
    envelope = Envelope(
        id=event_id(type_, reference, str(of)),
        type=type_,
        source="contactpunt/test",
        subject=reference,
        time=time,
        organisation=ORGANISATION,
        correlation_id=event_id("correlation", reference),
        causation_id="cause",
    )
    return Event.model_construct(envelope=envelope, data=EVENT_TYPES[type_].model_validate(data))


def registered(reference: str = "LEU-2021-000001", received_at: datetime = LATE_ON_31_MARCH, **data: Any) -> Event:
    return event(
        "contact.registered.v1", reference, "", received_at, **_registration(reference, received_at, data)
    )


def _registration(reference: str, received_at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    told = {
        "submission_id": f"s:{reference}",
        "channel": Channel.EMAIL,
        "received_at": received_at,
        "registered_at": received_at + timedelta(minutes=1),
        "district": "unknown",
    }
    return told | data


def routed(
    reference: str = "LEU-2021-000001",
    received_at: datetime = LATE_ON_31_MARCH,
    *,
    revision: int = 1,
    **data: Any,
) -> Event:
    decided = {
        "nature": "complaint",
        "line": "second",
        "handled_by": "ombuds_service",
        "directorate": "politie",
        "confidence": 1.0,
        "needs_review": False,
        "profile_version": "v",
        "profile_revision": revision,
        "profile_hash": "h",
        "model_version": 1,
    }
    told = _registration(reference, received_at, decided | data)
    return event("contact.routed.v1", reference, revision, received_at, **told)


def happened(
    kind: str,
    day: float,
    reference: str = "LEU-2021-000001",
    received_at: datetime = LATE_ON_31_MARCH,
    *,
    name: str = "",
    **data: Any,
) -> Event:
    """A follow-up so many days after receipt."""
    at = received_at + timedelta(days=day)
    identity = f"{kind}:{day}:{name}"
    told = {"follow_up_id": identity, "occurred_at": at, **data}
    return event(f"contact.{kind}.v1", reference, identity, at, **told)


def deadline(kind: str, state: str, due_on: date, **data: Any) -> dict[str, Any]:
    due_at = datetime(due_on.year, due_on.month, due_on.day, 22, tzinfo=UTC)
    return {"kind": kind, "state": state, "due_on": due_on, "due_at": due_at, "policy": "answer", **data}


def scheduled(revision: int, *deadlines: dict[str, Any], reference: str = "LEU-2021-000001") -> Event:
    return event(
        "deadline.scheduled.v1",
        reference,
        revision,
        LATE_ON_31_MARCH,
        deadlines=list(deadlines),
        revision=revision,
    )


def turned(turn: str, revision: int, deadline_: dict[str, Any], **data: Any) -> Event:
    told = {name: deadline_[name] for name in ("kind", "due_on", "due_at")}
    return event(
        f"deadline.{turn}.v1",
        str(data.pop("reference", "LEU-2021-000001")),
        revision,
        LATE_ON_31_MARCH,
        **told,
        **({"days_over": 0} | data),
        revision=revision,
    )


def life(number: int, chance: random.Random, profile: Profile = LEUVEN) -> list[Event]:
    """All events of one contact, in the order in which they would happen; whatever the profile allows."""
    return _Life(number, chance, profile).events()


class _Life:
    def __init__(self, number: int, chance: random.Random, profile: Profile) -> None:
        self._chance = chance
        self._version = profile.versions[-1]
        self._reference = f"LEU-2021-{number:06d}"
        day = datetime(2019 + chance.randrange(3), 1, 1, tzinfo=UTC)
        self._received = day + timedelta(minutes=chance.randrange(525_000))

    def events(self) -> list[Event]:
        chance = self._chance
        external = chance.random() < 0.25
        registration: dict[str, Any] = {
            "channel": chance.choice(sorted(self._version.channels)),
            "district": chance.choice([*_ids(self._version.districts), "elsewhere", "unknown"]),
            "about": {"topic": self._one(self._version.topics)},
            "repeat_of": chance.choice([None, None, "LEU-2020-000009"]),
        }
        nature = chance.choice([None, *Nature])
        decision = self._decision(external) | {"nature": nature or "complaint", "declared_nature": nature}
        events = [
            registered(self._reference, self._received, nature=nature, **registration),
            routed(self._reference, self._received, **(registration | decision)),
        ]
        if not external:
            events.append(scheduled(1, self._due("acknowledgement", 10), self._due("answer", 45), **self._whose()))
        return [*events, *self._on_the_way(), *self._end()]

    def _whose(self) -> dict[str, str]:
        return {"reference": self._reference}

    def _due(self, kind: str, days: int) -> dict[str, Any]:
        return deadline(kind, "open", (self._received + timedelta(days=days)).date())

    def _decision(self, external: bool) -> dict[str, Any]:
        chance, version = self._chance, self._version
        directorate = chance.choice(version.directorates)
        decision = {
            "exclusion_grounds": self._some(version.exclusion_grounds, 2),
            "needs_review": chance.random() < 0.1,
        }
        if external:
            body = self._one(version.external_bodies)
            return decision | {"line": "external", "directorate": None, "external_body": body}
        return decision | {
            "line": chance.choice(["first", "second", "second"]),
            "directorate": directorate.id,
            "service": self._one(directorate.services),
            "other_directorates": self._some(version.directorates, 2),
        }

    def _on_the_way(self) -> list[Event]:
        chance = self._chance
        events: list[Event] = []
        if chance.random() < 0.5:
            events += [self._follow_up("paused", 3), self._follow_up("resumed", 3 + chance.randrange(10))]
        if chance.random() < 0.3:
            events.append(self._follow_up("extended", chance.choice([4, 60]), days=10))
        if chance.random() < 0.2:
            unit = chance.choice(self._version.directorates).id
            events.append(self._follow_up("transferred", 5, directorate=unit, decided=["directorate"]))
        return events

    def _end(self) -> list[Event]:
        chance, due = self._chance, self._due("answer", 45)
        if chance.random() < 0.2:
            missed = turned("missed", 2, due, days_over=1, **self._whose())
            return [missed] if chance.random() < 0.5 else []
        day = chance.randrange(1, 90)
        met_at = self._received + timedelta(days=day)
        met = due | {"state": "met_late" if day > 45 else "met", "met_at": met_at, "days_taken": day}
        events = [
            self._follow_up("answered", day),
            scheduled(3, met, **self._whose()),
            turned("met", 3, due, met_at=met_at, days_over=max(0, day - 45), **self._whose()),
            self._closing(day + 1),
        ]
        if chance.random() < 0.3:
            events.append(self._follow_up("surveyed", day + 5, score=chance.randrange(1, 11)))
        if chance.random() < 0.2:
            events += [self._follow_up("reopened", day + 6), self._follow_up("closed", day + 20, name="again")]
        return events

    def _closing(self, day: int) -> Event:
        version = self._version
        return self._follow_up(
            "closed",
            day,
            qualification=self._one(version.qualifications),
            intervention=self._one(version.interventions),
            outcome=self._one(version.outcomes),
            norms_violated=self._some(version.norms, 3),
            topics=self._some(version.topics, 2),
            directorates=self._some(version.directorates, 2),
        )

    def _follow_up(self, kind: str, day: float, **data: Any) -> Event:
        return happened(kind, day, self._reference, self._received, **data)

    def _one(self, items: Sequence[Item]) -> str | None:
        return self._chance.choice([None, *_ids(items)])

    def _some(self, items: Sequence[Item], most: int) -> list[str]:
        return self._chance.sample(_ids(items), min(len(items), self._chance.randrange(most + 1)))


def _ids(items: Sequence[Item]) -> list[str]:
    return [item.id for item in items]
