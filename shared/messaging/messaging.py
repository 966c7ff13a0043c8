"""Everything that a service needs to talk to the message broker, in one piece."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from faststream import AckPolicy
from faststream.rabbit import RabbitQueue
from faststream.rabbit.subscriber import RabbitSubscriber
from prometheus_client import CollectorRegistry

from shared.messaging.batch_subscriber import BatchHandler, BatchSubscriber
from shared.messaging.connection import Link, make_broker
from shared.messaging.consumer import Consumer, Pace, Work
from shared.messaging.dead_letters.box import DeadLetterBox
from shared.messaging.fast_stream_subscriber import FastStreamSubscriber
from shared.messaging.metrics import MessagingMetrics
from shared.messaging.publisher import Publisher
from shared.messaging.queue_watch import QueueWatch
from shared.messaging.settler import HOLD_SECONDS, Settler
from shared.messaging.topology import Presence, declare, expect
from shared.messaging.tracing import MessageTracing, TracedPublisher, TracedSettler, traced_work

MAX_BATCH: Final = 100
LINGER_SECONDS: Final = 0.005
BUSY_LINGER_SECONDS: Final = 0.25
PREFETCH: Final = 300
EVENTS_PREFETCH: Final = 20
"""Of a queue of events: each may be a bundle of fifty."""
REST_SECONDS: Final = 2.0
"""How long registrations are left alone: the decision that repeats them is rarely later."""
RESTING_PREFETCH: Final = 200
"""As many as may come while the first of them rests; where more come one by one, they rest less."""
CONCURRENT: Final = 50
GRACE_SECONDS: Final = 25.0
"""Longer than the slowest handler; the service's own grace, the container's, must be longer still."""


class Messaging:
    """A service's connection, publisher and subscribers.

    Subscribers are made before ``consume``. In ``start`` it waits for a broker that is away, so a service that has
    to answer for its health meanwhile calls it in the background. Without ``tracing`` nothing is traced.
    """

    def __init__(
        self,
        url: str,
        service: str,
        registry: CollectorRegistry,
        topology: Presence = "declare",
        tracing: MessageTracing | None = None,
    ) -> None:
        self.broker = make_broker(url, service)
        self._link = Link(self.broker, expect if topology == "expect" else declare)
        self.registry = registry
        self._metrics = MessagingMetrics(registry)
        self._tracing = tracing
        self.publisher = (
            Publisher(self._link, self._metrics)
            if tracing is None
            else TracedPublisher(tracing, self._link, self._metrics)
        )
        self._consumers: list[Consumer] = []
        self._preparations: list[Callable[[], Awaitable[None]]] = []
        self._consuming = False
        self._watch = QueueWatch(self._link, self._metrics)

    async def start(self) -> None:
        """Connects, waiting for the broker, and sees to the whole topology. Nothing is consumed yet."""
        await self._link.connect()

    async def consume(self) -> None:
        """Starts all subscribers."""
        for prepare in self._preparations:
            await prepare()
        for consumer in self._consumers:
            consumer.start()
        self._watch.start([consumer.queue for consumer in self._consumers])
        self._consuming = True

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Stops consuming, finishes and settles what is in hand for at most ``grace`` seconds, and disconnects."""
        await self._watch.stop()
        await asyncio.gather(*(consumer.stop(grace) for consumer in self._consumers))
        self._consuming = False
        await self.publisher.close()
        await self._link.close()

    def batch_subscriber(
        self,
        queue: str,
        handler: BatchHandler,
        *,
        max_batch: int = MAX_BATCH,
        linger: float = LINGER_SECONDS,
        busy_linger: float = LINGER_SECONDS,
        prefetch: int = PREFETCH,
        hold: float = HOLD_SECONDS,
        rest: float = 0.0,
        behind: str | None = None,
    ) -> BatchSubscriber:
        """Has ``handler`` called with up to ``max_batch`` messages of a queue at a time.

        ``linger`` is how many seconds a batch that is not full waits for more, ``busy_linger`` the same while much
        comes; ``prefetch`` how many messages are in hand at most, a bundle counting as one; ``hold`` after how
        many seconds without broker or database they go and wait in the retry queue; ``rest`` about how many
        seconds a message is left alone after it came, since what comes meanwhile by the queue ``behind`` may make
        it superfluous; longer while the subscriber of that one is busy.
        """
        subscriber = BatchSubscriber(handler, self._settler(queue, hold))
        pace = Pace(max_batch, prefetch, linger, busy_linger, rest)
        self._add(queue, subscriber.work, pace, behind)
        return subscriber

    def fast_stream_subscriber(
        self, queue: str, *, concurrent: int = CONCURRENT, prefetch: int = 2 * CONCURRENT
    ) -> RabbitSubscriber:
        """FastStream's subscriber for a queue, to decorate a handler with; ``concurrent`` calls at a time."""
        subscriber = self.broker.subscriber(
            RabbitQueue(queue, durable=True, declare=False), ack_policy=AckPolicy.MANUAL, no_reply=True
        )
        settled = FastStreamSubscriber(subscriber, self._settler(queue))
        self._preparations.append(settled.prepare)
        self._add(queue, settled.work, Pace(max_batch=concurrent, prefetch=prefetch))
        return subscriber

    async def ready(self) -> list[str]:
        """What is missing for the service to publish and consume, for an operator; empty when nothing is."""
        if (missing := self._link.missing()) is not None:
            return [missing]
        if await self._link.is_blocked():
            return ["the message broker takes no messages: it is short of memory or disk"]
        if self._consumers and not self._consuming:
            return ["consuming has not begun"]
        found = await asyncio.gather(*(consumer.missing() for consumer in self._consumers))
        return [each for each in found if each]

    def dead_letters(self) -> DeadLetterBox:
        """What the subscribers' queues gave up."""
        queues = [consumer.queue for consumer in self._consumers]
        return DeadLetterBox(self._link, self.publisher, queues, self._metrics)

    async def queue_depth(self, queue: str) -> int:
        """How many messages of a queue are ready, without those in a consumer's hands.

        Raises ``InfrastructureError`` where the broker or the queue is away.
        """
        messages, _ = await self._link.inspect(queue)
        return messages

    def last_depth(self, queue: str) -> int | None:
        """What ``queue_depth`` was at the last look, a few seconds ago; None where that is not known."""
        return self._watch.depth(queue)

    async def is_blocked(self) -> bool:
        """Whether the broker has stopped taking messages from us, being short of memory or disk. Asks nobody."""
        return await self._link.is_blocked()

    def _settler(self, queue: str, hold: float = HOLD_SECONDS) -> Settler:
        if self._tracing is None:
            return Settler(queue, self.publisher, self._metrics, hold)
        return TracedSettler(self._tracing, queue, self.publisher, self._metrics, hold)

    def _add(self, queue: str, work: Work, pace: Pace, behind: str | None = None) -> None:
        consumer = Consumer(
            queue,
            work if self._tracing is None else traced_work(queue, work, self._tracing),
            pace,
            link=self._link,
            metrics=self._metrics,
            behind=None if behind is None else self._consumer_of(behind),
        )
        self._consumers.append(consumer)

    def _consumer_of(self, queue: str) -> Consumer:
        for consumer in self._consumers:
            if consumer.queue == queue:
                return consumer
        raise ValueError(f"queue {queue} has no subscriber yet")
