"""Events of contacts as they come from the broker: fold, store, tell."""

from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from services.deadlines.domain.announcements import announcements
from services.deadlines.domain.known import WITHOUT_EFFECT
from services.deadlines.domain.timeline import Timeline, follow
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.reservation import overtaken, policy_of
from services.deadlines.store import Stored, TimelineStore
from services.deadlines.telling import Teller
from shared.clock import Clock
from shared.contracts.events import Event, parse_event
from shared.errors import DeadLetter
from shared.messaging import IncomingMessage
from shared.profiles import Profile, Profiles

_log = structlog.get_logger("deadlines")


class EventHandler:
    """Takes in what happened to contacts and tells what becomes of their deadlines.

    What was stored before is told again: a message that comes twice may be one whose consequences nobody heard.
    """

    def __init__(
        self, store: TimelineStore, teller: Teller, profiles: Profiles, metrics: DeadlinesMetrics, clock: Clock
    ) -> None:
        self._store = store
        self._teller = teller
        self._profiles = profiles
        self._metrics = metrics
        self._clock = clock
        self._policy = policy_of(profiles)

    async def __call__(self, batch: Sequence[IncomingMessage]) -> None:
        """Raises ``DeadLetter`` for what is no event of an organisation known here."""
        open_contacts = self._by_contact(batch)
        to_tell: list[Event] = []
        while open_contacts:
            told, beaten = await self._take_in(open_contacts)
            to_tell += told
            # Another replica was faster with these contacts: again, on top of what it has written.
            open_contacts = {reference: open_contacts[reference] for reference in beaten}
        await self._teller.tell(to_tell)

    async def registrations(self, batch: Sequence[IncomingMessage]) -> None:
        """The same for registrations, which have waited a while: of a contact that has been decided meanwhile
        there is nothing left to take in.
        """
        about = {str(message.headers.get("subject")) for message in batch}
        decided = await self._store.decided_before(sorted(about))
        await self([message for message in batch if message.headers.get("subject") not in decided])

    async def _take_in(self, contacts: dict[str, list[Event]]) -> tuple[list[Event], set[str]]:
        stored = await self._store.read(list(contacts))
        changes: list[Stored] = []
        told: dict[str, list[Event]] = {}
        for reference, events in contacts.items():
            before = stored.get(reference)
            profile = self._profiles[events[0].envelope.organisation]
            begun, told[reference] = self._begun(before, profile)
            timeline, what = follow(begun, reference, events, profile, self._clock())
            told[reference] += announcements(timeline, what, profile)
            if before is None or before.timeline != timeline:
                changes.append(Stored(timeline, before.version if before else None))
        beaten = await self._store.write(changes)
        return [event for reference, events in told.items() if reference not in beaten for event in events], beaten

    def _begun(self, before: Stored | None, profile: Profile) -> tuple[Timeline | None, list[Event]]:
        """What a sweep has set out to tell comes first, as the sweep tells it; the rest goes on top of it."""
        if before is None:
            return None, []
        return overtaken(before.timeline, before.reserved, profile, self._policy)

    def _by_contact(self, batch: Sequence[IncomingMessage]) -> dict[str, list[Event]]:
        contacts: dict[str, list[Event]] = {}
        for message in batch:
            event = self._read(message)
            if event.type not in WITHOUT_EFFECT:
                contacts.setdefault(event.envelope.subject, []).append(event)
        return contacts

    def _read(self, message: IncomingMessage) -> Event:
        try:
            event = parse_event(dict(message.headers), message.body)
        except (ValidationError, KeyError):
            raise self._refusal("not_an_event") from None
        if not event.type.startswith("contact."):
            raise self._refusal("other_type")
        if event.envelope.organisation not in self._profiles:
            raise self._refusal("unknown_organisation")
        return event

    def _refusal(self, reason: str) -> DeadLetter:
        self._metrics.refused.labels(reason).inc()
        _log.error("message cannot be handled; it goes to the dead letters", reason=reason)
        return DeadLetter(reason)
