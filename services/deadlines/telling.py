"""Publishing what becomes of deadlines."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from services.deadlines.metrics import DeadlinesMetrics
from shared.contracts.events import Event
from shared.messaging import OutgoingMessage
from shared.messaging.topology import CONTACTS_EVENTS

_log = structlog.get_logger("deadlines")


class Publishing(Protocol):
    """What is needed of a publisher."""

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        """Returns when the broker has confirmed every message."""


class Teller:
    """Publishes events with confirms and counts them."""

    def __init__(self, publisher: Publishing, metrics: DeadlinesMetrics) -> None:
        self._publisher = publisher
        self._metrics = metrics

    async def tell(self, events: Sequence[Event]) -> None:
        """Raises ``InfrastructureError`` where not all of them were confirmed; then all are to be told again."""
        if events:
            await self._publisher.publish_all([_outgoing(event) for event in events])
            self._metrics.count_told(events)
            for event in events:
                _tell_log(event)


def _tell_log(event: Event) -> None:
    _log.info(
        "deadlines told",
        type=event.type,
        reference=event.envelope.subject,
        correlation_id=event.envelope.correlation_id,
        organisation=event.envelope.organisation,
    )


def _outgoing(event: Event) -> OutgoingMessage:
    return OutgoingMessage(
        exchange=CONTACTS_EVENTS,
        routing_key=event.type,
        body=event.body(),
        headers=event.headers(),
        message_id=event.envelope.id,
        correlation_id=event.envelope.correlation_id,
    )
