"""Tells of reports that are kept: published, confirmed, and only then marked."""

from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from services.reporting.domain.monthly.announcement import announcement
from services.reporting.metrics import MonthlyMetrics
from services.reporting.store import Made, MonthlyStore
from shared.clock import Clock
from shared.contracts.events import Event
from shared.messaging import OutgoingMessage
from shared.messaging.topology import CONTACTS_EVENTS

_AT_A_TIME: Final = 100
_log = structlog.get_logger("reporting")


class Publishing(Protocol):
    """What is needed of a publisher."""

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        """Returns when the broker has confirmed every message."""


class ReportTeller:
    """Publishes what is to be announced. Who dies before marking, or does it twice, tells the same again."""

    def __init__(self, store: MonthlyStore, publisher: Publishing, metrics: MonthlyMetrics, clock: Clock) -> None:
        self._store = store
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock

    async def tell(self) -> int:
        """Tells of all reports that nobody has been told of for certain, in the order in which they were made.

        Raises ``InfrastructureError`` where the broker is away; what is left is told the next time.
        """
        told = 0
        while made := await self._store.to_announce(_AT_A_TIME):
            await self._publisher.publish_all([_outgoing(_event(each)) for each in made])
            await self._store.announced(made, self._clock())
            told += len(made)
            for each in made:
                self._metrics.announced.labels(each.organisation).inc()
                _log.info(
                    "monthly report announced",
                    organisation=each.organisation,
                    month=each.month.name,
                    directorate=each.directorate,
                    edition=each.edition,
                )
        return told


def _event(made: Made) -> Event:
    return announcement(
        made.organisation,
        made.month,
        made.directorate,
        made.edition,
        made_at=made.made_at,
        contacts=made.contacts,
        events=made.events,
        profile_version=made.profile_version,
    )


def _outgoing(event: Event) -> OutgoingMessage:
    return OutgoingMessage(
        exchange=CONTACTS_EVENTS,
        routing_key=event.type,
        body=event.body(),
        headers=event.headers(),
        message_id=event.envelope.id,
        correlation_id=event.envelope.correlation_id,
        # Nobody has to receive it: the report is kept, and whoever wants to hear of it binds a queue of their own.
        mandatory=False,
    )
