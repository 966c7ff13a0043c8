"""What intake does with messages: groups of them, each step for all at once, and told only when stored."""

from collections.abc import Sequence

from pydantic import ValidationError

from services.intake.domain.claims import Source
from services.intake.domain.inbound import ReadFollowUp, ReadSubmission, read_message
from services.intake.domain.refusal import Refused
from services.intake.domain.registration import Contact
from services.intake.following_up import FollowUps, PendingFollowUp, names_of
from services.intake.metrics import IntakeMetrics
from services.intake.parking import pending
from services.intake.registering import Registrar
from services.intake.rejecting import Refusals
from services.intake.store import Store
from services.intake.store.contacts import StoredEvent
from services.intake.telling import Publishes, each_once, event_message, registration_messages
from shared.contracts.canonical import NotJson, parse_json
from shared.contracts.events import parse_event
from shared.errors import DeadLetter
from shared.messaging.message import IncomingMessage


class InboundHandler:
    """Submissions and follow-ups, live and imported."""

    def __init__(
        self,
        store: Store,
        registrar: Registrar,
        follow_ups: FollowUps,
        refusals: Refusals,
        publisher: Publishes,
    ) -> None:
        self._store = store
        self._registrar = registrar
        self._follow_ups = follow_ups
        self._refusals = refusals
        self._publisher = publisher

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Submissions first, so that a follow-up in the same group finds its contact."""
        group = _Group(batch)
        contacts = await self._take_in(group)
        waiting = await self._store.parked.waiting_for(
            name
            for contact in contacts
            for name in names_of(contact.reference, contact.organisation, contact.submission_id)
        )
        outcome = await self._follow_ups.take_in([*map(pending, waiting), *group.follow_ups])
        answers = await self._refusals.keep([*group.refused, *outcome.refused])
        told = [message for contact in contacts for message in registration_messages(contact)]
        told += map(event_message, outcome.events)
        await self._publisher.publish_all([*each_once(told), *answers])
        await self._store.parked.remove(outcome.no_longer_parked)

    async def _take_in(self, group: "_Group") -> list[Contact]:
        verdicts = await self._registrar.claim([read for _, read in group.submissions], Source.AMQP)
        accepted = []
        for (message, read), verdict in zip(group.submissions, verdicts, strict=True):
            if isinstance(verdict, Refused):
                group.refused.append((message, verdict))
            else:
                accepted.append((read, verdict))
        return await self._registrar.register(accepted)


class _Group:
    """A group of messages, read: submissions, follow-ups, and what is neither."""

    def __init__(self, batch: Sequence[IncomingMessage]) -> None:
        self.submissions: list[tuple[IncomingMessage, ReadSubmission]] = []
        self.follow_ups: list[PendingFollowUp] = []
        self.refused: list[tuple[IncomingMessage | PendingFollowUp, Refused]] = []
        for message in batch:
            try:
                read = read_message(message.body, message.routing_key)
            except Refused as refusal:
                self.refused.append((message, refusal))
                continue
            if isinstance(read, ReadSubmission):
                self.submissions.append((message, read))
            else:
                self.follow_ups.append(_pending(message, read))


def _pending(message: IncomingMessage, read: ReadFollowUp) -> PendingFollowUp:
    return PendingFollowUp(
        read=read,
        body=message.body,
        routing_key=message.routing_key,
        content_type=message.content_type,
        correlation_id=message.correlation_id,
    )


class HistoryHandler:
    """Other services' events, into the history of their contact."""

    def __init__(self, store: Store, metrics: IntakeMetrics) -> None:
        self._store = store
        self._metrics = metrics

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Keeps them as they are. A contact that is not there yet does no harm: history is a set of events."""
        events = {event.headers["id"]: event for event in map(_event, batch)}
        for event in await self._store.events.add(list(events.values())):
            self._metrics.history_events.labels(event.headers["type"]).inc()


def _event(message: IncomingMessage) -> StoredEvent:
    try:
        parse_json(message.body)
        event = parse_event(dict(message.headers), message.body)
    except (ValidationError, NotJson, KeyError):
        raise DeadLetter("not_an_event") from None
    return StoredEvent(dict(event.headers()), message.body)
