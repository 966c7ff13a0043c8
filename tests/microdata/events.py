"""From a case to the events of a contact, as the other services send them, and to its fact."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import fold
from shared.contracts.events import EVENT_TYPES, Envelope, Event, event_id
from shared.contracts.identifiers import Channel
from shared.profiles import Profile
from tests.microdata.cases import Case, Cases

_FIRST_MONTH = {"Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10, "H1": 1, "H2": 7}
_ROUTED = ("line", "handled_by", "directorate", "service", "external_body")
_CLOSED = ("qualification", "intervention", "outcome")
_ORDINARY_DAYS = 7


def received_on(case: Case, year: int, number: int) -> date:
    """The day of receipt: the case's own, or one of its month, quarter or half year."""
    if "day" in case:
        return date.fromisoformat(str(case["day"]))
    season = str(case.get("season", "H1"))
    month = int(season) if season.isdigit() else _FIRST_MONTH[season]
    return date(year, month, 1 + number % 28)


def contact(case: Case, profile: Profile, year: int, number: int) -> list[Event]:
    """All events of one contact, in the order in which they would happen."""
    return _Contact(case, profile, received_on(case, year, number), number).events()


def contacts(cases: Cases, profile: Profile, year: int) -> Iterator[list[Event]]:
    """The events of every contact, one by one."""
    number = 0
    for case in cases:
        for _ in range(case["times"]):
            number += 1
            yield contact(case, profile, year, number)


def facts(cases: Cases, profile: Profile, year: int) -> Iterator[tuple[Fact, int]]:
    """The fact of one contact of each case, and how many there are like it."""
    number = 1
    for case in cases:
        fact = fold(contact(case, profile, year, number), profile)
        number += case["times"]
        if fact is None:
            raise AssertionError("a contact that was routed counts")
        yield fact, case["times"]


class _Contact:
    def __init__(self, case: Case, profile: Profile, day: date, number: int) -> None:
        self._case = case
        self._profile = profile
        self._version = profile.version_on(day)
        self._received = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        self._reference = f"{profile.reference_prefix}-{day.year}-{number:06d}"

    def events(self) -> list[Event]:
        events = [self._routed(), *self._answer()]
        if self._is_closed:
            events.append(self._closed())
        if "score" in self._case:
            events.append(self._happened("surveyed", self._days + 3, score=self._case["score"]))
        return events

    @property
    def _is_closed(self) -> bool:
        case = self._case
        return "days" in case or "answered_in_term" in case or any(name in case for name in _CLOSED)

    @property
    def _days(self) -> int:
        return int(self._case.get("days", _ORDINARY_DAYS))

    def _event(self, type_: str, of: object, at: datetime, data: dict[str, Any]) -> Event:
        envelope = Envelope(
            id=event_id(type_, self._reference, str(of)),
            type=type_,
            source="contactpunt/test",
            subject=self._reference,
            time=at,
            organisation=self._profile.id,
            correlation_id=event_id("correlation", self._reference),
            causation_id="cause",
        )
        return Event.model_construct(envelope=envelope, data=EVENT_TYPES[type_].model_validate(data))

    def _routed(self) -> Event:
        case = self._case
        attributes = {each.id: case[each.id] for each in self._version.attributes if each.id in case}
        grounds = [ground] if (ground := case.get("exclusion_ground", "none")) != "none" else []
        told = {name: case[name] for name in _ROUTED if name in case}
        if "service" in case:
            told.setdefault("directorate", self._version.directorate_of(case["service"]))
        others = [case["other_directorate"]] if "other_directorate" in case else []
        return self._event(
            "contact.routed.v1",
            "",
            self._received,
            {
                "submission_id": f"s:{self._reference}",
                "channel": self._channel(),
                "access_channel": case.get("access_channel"),
                "entity": case.get("entity"),
                "attributes": attributes,
                "received_at": self._received,
                "registered_at": self._received + timedelta(minutes=1),
                "district": case.get("district", "unknown"),
                "about": {"topic": case.get("topic"), "subtopic": case.get("subtopic")},
                "repeat_of": "earlier" if case.get("repeated") == "true" else None,
                "line": "first",
                "handled_by": "service",
                "exclusion_grounds": grounds,
                "other_directorates": others,
                "confidence": 1.0,
                "needs_review": False,
                "profile_version": "v",
                "profile_revision": 1,
                "profile_hash": "h",
                "model_version": 1,
                "nature": case["nature"],
                **told,
            },
        )

    def _channel(self) -> Channel:
        for way_in in self._version.access_channels:
            if way_in.id == self._case.get("access_channel"):
                return way_in.channel
        return Channel(self._case.get("channel", "email"))

    def _answer(self) -> list[Event]:
        """How the answer's deadline ended, where the case tells."""
        if "answered_in_term" not in self._case:
            return []
        in_term = self._case["answered_in_term"] == "true"
        due_at = self._received + timedelta(days=self._days + (1 if in_term else -1))
        deadline = {
            "kind": "answer",
            "due_on": due_at.date(),
            "due_at": due_at,
            "policy": "answer",
            "state": "met" if in_term else "met_late",
            "met_at": self._received + timedelta(days=self._days),
            "days_taken": self._days,
        }
        told = {"deadlines": [deadline], "revision": 3}
        return [self._event("deadline.scheduled.v1", 3, self._received, told)]

    def _closed(self) -> Event:
        return self._happened("closed", self._days, **{name: self._case.get(name) for name in _CLOSED})

    def _happened(self, kind: str, days: int, **data: Any) -> Event:
        at = self._received + timedelta(days=days)
        told = {"follow_up_id": f"{self._reference}:{kind}", "occurred_at": at, **data}
        return self._event(f"contact.{kind}.v1", kind, at, told)
