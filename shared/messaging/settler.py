"""Carries out what ``settlement`` decides, and waits out what is away."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from shared.clock import Clock, system_clock
from shared.errors import DeadLetter
from shared.messaging import settlement
from shared.messaging.group_publish import Publication
from shared.messaging.log_fields import own_id, place
from shared.messaging.message import Delivery
from shared.messaging.metrics import MessagingMetrics
from shared.messaging.publisher import Publisher
from shared.messaging.session import Session, SessionLostError
from shared.messaging.settlement import Settlement
from shared.messaging.topology import has_retry_queue
from shared.messaging.waiting import until_available

HOLD_SECONDS: Final = 20 * 60.0
"""The broker takes a message back after 30 minutes and counts a delivery; before that it goes and waits in the
retry queue."""

_log = structlog.get_logger("messaging")


class HandlerCancelledError(Exception):
    """A handler was cancelled by something within itself, not because the service stops."""


class Settler:
    """Settles the messages of one queue."""

    def __init__(
        self,
        queue: str,
        publisher: Publisher,
        metrics: MessagingMetrics,
        hold_seconds: float = HOLD_SECONDS,
        clock: Clock = system_clock,
    ) -> None:
        self._queue = queue
        self._publisher = publisher
        self._metrics = metrics
        self._has_retry = has_retry_queue(queue)
        # A counter has to be there before it moves, or its first step is not seen.
        for outcome in Settlement:
            metrics.handled.labels(queue, outcome.value)
        self._clock = clock
        self._hold_seconds = hold_seconds if self._has_retry else None

    async def verdict(self, session: Session, handle: Callable[[], Awaitable[None]]) -> Exception | None:
        """What handling comes to: None for success, else the error, after waiting out what was away.

        An infrastructure error is only returned when the messages have been held as long as may be. Raises
        ``SessionLostError`` when the messages were lost while waiting.
        """

        async def handled() -> None:  # tenacity awaits only what is declared async
            await handle()

        retrying = until_available(session.pause, give_up_seconds=self._hold_seconds, tell=self._tell_waiting)
        try:
            await retrying(handled)
        except SessionLostError:
            raise
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return HandlerCancelledError()
        except Exception as error:  # noqa: BLE001  whatever a handler raises, the message must be settled
            return error
        return None

    async def succeeded(self, session: Session, deliveries: Sequence[Delivery]) -> None:
        """Acknowledges what was handled."""
        await session.ack(deliveries)
        self._count(Settlement.ACK, len(deliveries))

    async def failed(self, session: Session, delivery: Delivery, error: Exception) -> None:
        """Settles a message whose handling came to ``error``."""
        message = delivery.message
        settled = settlement.decide(error, message.attempt, has_retry=self._has_retry)
        why = settlement.reason(error)
        match settled:
            case Settlement.RETRY:
                copy = settlement.retry_copy(delivery, message.attempt + 1)
            case Settlement.DEAD_LETTER:
                copy = settlement.dead_copy(delivery, why, self._clock())
            case _:
                copy = settlement.held_copy(delivery)
        await self._replace(session, delivery, copy)
        self._count(settled, 1)
        _log.warning(
            "message not handled",
            queue=self._queue,
            outcome=settled.value,
            reason=why,
            at=place(error),
            attempt=message.attempt,
            delivery_count=message.delivery_count,
            correlation_id=own_id(message.correlation_id),
        )

    async def parted(self, session: Session, delivery: Delivery, error: Exception | None = None) -> None:
        """Puts the messages of a bundle back into their queue one by one, each to be judged by itself.

        ``error`` is what handling them together came to, None where they came back too often to be handled so.
        """
        try:
            copies = settlement.member_copies(delivery)
        except DeadLetter as unreadable:
            await self.failed(session, delivery, unreadable)
            return
        await self._replace(session, delivery, *copies)
        self._count(Settlement.PART, 1)
        _log.warning(
            "messages of a bundle come again one by one",
            queue=self._queue,
            messages=len(copies),
            reason=settlement.reason(error) if error else "came_back",
            at=place(error) if error else None,
        )

    async def _replace(self, session: Session, delivery: Delivery, *copies: Publication) -> None:
        retrying = until_available(session.pause, tell=self._tell_waiting)
        try:
            await retrying(self._publisher.publish_copies, copies)
        except SessionLostError:
            raise
        except Exception as error:  # noqa: BLE001  a copy that cannot be made must not keep the original
            _log.error("message cannot be copied", queue=self._queue, reason=type(error).__name__, at=place(error))
            await session.reject(delivery)
        else:
            await session.ack((delivery,))

    def _tell_waiting(self, error: BaseException) -> None:
        self._count(Settlement.WAIT, 1)
        _log.warning("waiting with messages in hand", queue=self._queue, reason=type(error).__name__)

    def _count(self, settled: Settlement, messages: int) -> None:
        self._metrics.handled.labels(self._queue, settled.value).inc(messages)
