"""Looks into dead-letter queues without taking anything away, and settles single letters.

A look holds the messages unacknowledged for a moment and gives them back as they were; their queues have no
delivery limit worth the name, so looking never uses one up. Whoever settles publishes first, confirmed, and takes
the letter away after that: a crash in between leaves a letter too many, never one too few.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import orjson
import structlog
from aiormq.channel import Channel
from pamqp.commands import Basic

from shared.clock import Clock, system_clock
from shared.errors import InfrastructureError
from shared.messaging.connection import RPC_TIMEOUT_SECONDS, Link, broker_errors
from shared.messaging.dead_letters.letter import Letter, letter_of
from shared.messaging.group_publish import Publication
from shared.messaging.message import JSON, Delivery, received
from shared.messaging.metrics import MessagingMetrics
from shared.messaging.publisher import Publisher
from shared.messaging.settlement import replayed_copy
from shared.messaging.topology import CONTACTS_DEAD, DISCARDED_KEY, dead_queue

MOST: Final = 500
"""Letters of one queue that are looked at together; the oldest. More are there once these are settled."""

_log = structlog.get_logger("dead_letters")
_Held = list[tuple[Letter, Delivery]]


class NoSuchLetter(Exception):  # noqa: N818  it is told to the asker as a fact
    """None of the queues has it: it was settled already, has expired, or is behind the oldest that are shown."""


class DeadLetterBox:
    """The dead letters of a service's own queues."""

    def __init__(
        self,
        link: Link,
        publisher: Publisher,
        queues: Sequence[str],
        metrics: MessagingMetrics,
        clock: Clock = system_clock,
    ) -> None:
        self.queues = tuple(queues)
        self._link = link
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock
        # Two looks at once would hide letters from each other.
        self._looking = asyncio.Lock()

    async def counts(self) -> dict[str, int]:
        """How many dead letters each queue has. Raises ``InfrastructureError`` where the broker is away."""
        return {queue: (await self._link.inspect(dead_queue(queue)))[0] for queue in self.queues}

    async def look(self, queue: str) -> list[Letter]:
        """The oldest letters of a queue, at most ``MOST``. Raises ``InfrastructureError``."""
        async with self._held(queue) as (_, held):
            return [letter for letter, _ in held]

    async def find(self, letter_id: str) -> tuple[Letter, bytes]:
        """A letter and what is in it. Raises ``NoSuchLetter`` and ``InfrastructureError``."""
        for queue in self.queues:
            async with self._held(queue) as (_, held):
                for letter, delivery in held:
                    if letter.id == letter_id:
                        return letter, delivery.message.body
        raise NoSuchLetter(letter_id)

    async def replay(self, letter_id: str, by: str) -> Letter:
        """Puts a letter back into the queue that gave it up. ``by`` is the name of the administrator's token.

        Raises ``NoSuchLetter`` and ``InfrastructureError``; then it is still where it was.
        """
        return await self._settle(letter_id, by, None)

    async def discard(self, letter_id: str, by: str, reason: str) -> Letter:
        """Lets go of a letter; who, when and why stay on record, what was in it does not. Raises as ``replay``."""
        return await self._settle(letter_id, by, reason)

    async def _settle(self, letter_id: str, by: str, reason: str | None) -> Letter:
        for queue in self.queues:
            async with self._held(queue) as (channel, held):
                for letter, delivery in held:
                    if letter.id == letter_id:
                        copy = _back(letter, delivery) if reason is None else self._record(letter, by, reason)
                        await self._publisher.publish_copies((copy,))
                        with broker_errors("the dead letter could not be taken away"):
                            await channel.basic_ack(delivery.tag)
                        self._tell(letter, by, "replayed" if reason is None else "discarded")
                        return letter
        raise NoSuchLetter(letter_id)

    def _tell(self, letter: Letter, by: str, outcome: str) -> None:
        self._metrics.dead_letters_settled.labels(letter.queue, outcome).inc()
        _log.warning(
            f"dead letter {outcome}",
            queue=letter.queue,
            letter=letter.id,
            reason=letter.reason,
            type=letter.type,
            reference=letter.reference,
            correlation_id=letter.correlation_id,
            by=by,
        )

    def _record(self, letter: Letter, by: str, reason: str) -> Publication:
        told = {
            **{name: getattr(letter, name) for name in ("id", "queue", "type", "reference", "organisation")},
            **{name: getattr(letter, name) for name in ("correlation_id", "size", "sha256", "given_up_at")},
            "dead_reason": letter.reason,
            "discarded_at": self._clock(),
            "discarded_by": by,
            "reason": reason,
        }
        properties = Basic.Properties(delivery_mode=2, content_type=JSON, message_id=letter.id)
        return Publication(CONTACTS_DEAD, DISCARDED_KEY, orjson.dumps(told), properties)

    @contextlib.asynccontextmanager
    async def _held(self, queue: str) -> AsyncIterator[tuple[Channel, _Held]]:
        """The letters of a queue, in hand for as long as the context lasts; those not acknowledged go back."""
        async with self._looking:
            channel = await self._link.open_channel(confirms=False)
            try:
                with broker_errors(f"the dead letters of {queue} could not be looked at"):
                    held = await _all(channel, queue)
                yield channel, held
            finally:
                with contextlib.suppress(InfrastructureError), broker_errors("the channel could not be closed"):
                    await channel.close(timeout=RPC_TIMEOUT_SECONDS)


async def _all(channel: Channel, queue: str) -> _Held:
    held: _Held = []
    while len(held) < MOST:
        raw = await channel.basic_get(dead_queue(queue), timeout=RPC_TIMEOUT_SECONDS)
        if not isinstance(raw.delivery, Basic.GetOk):
            break
        delivery = received(raw, queue)
        held.append((letter_of(delivery, queue), delivery))
    return held


def _back(letter: Letter, delivery: Delivery) -> Publication:
    return replayed_copy(delivery, letter.queue, letter.exchange, letter.routing_key)
