"""Looks at a service's queues every few seconds, for the metrics: what waits, what is dead, who consumes."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from shared.errors import InfrastructureError
from shared.messaging.connection import Link
from shared.messaging.metrics import MessagingMetrics
from shared.messaging.topology import dead_queue, has_retry_queue, retry_queue

INTERVAL_SECONDS: Final = 5.0
_FIRST_LOOK_SECONDS: Final = 1.0
_GRACE_SECONDS: Final = 3.0


class QueueWatch:
    """Keeps the gauges of the queues true; where the broker does not answer it takes them away."""

    def __init__(self, link: Link, metrics: MessagingMetrics, interval: float = INTERVAL_SECONDS) -> None:
        self._link = link
        self._metrics = metrics
        self._interval = interval
        self._depths: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def start(self, queues: Sequence[str]) -> None:
        """Begins to look, in the background."""
        if self._task is None and queues:
            self._stopping.clear()
            self._task = asyncio.create_task(self._run(queues), name="watch queues")

    async def stop(self) -> None:
        """Looks no more."""
        task, self._task = self._task, None
        if task is None:
            return
        # Told, not cancelled: a question to the broker may lose a cancellation, and the look would go on for ever.
        self._stopping.set()
        _, unfinished = await asyncio.wait((task,), timeout=_GRACE_SECONDS)
        if unfinished:
            task.cancel()
            await asyncio.wait((task,), timeout=_GRACE_SECONDS)

    def depth(self, queue: str) -> int | None:
        """How many messages were ready in a queue at the last look; None where that is not known."""
        return self._depths.get(queue)

    async def look(self, queues: Sequence[str]) -> None:
        """Sets the gauges of the queues and of those beside them. Raises ``InfrastructureError``."""
        for queue in queues:
            messages, consumers = await self._link.inspect(queue)
            self._depths[queue] = messages
            self._metrics.queue_messages.labels(queue).set(messages)
            self._metrics.queue_consumers.labels(queue).set(consumers)
            if not messages:
                self._metrics.oldest_seconds.labels(queue).set(0)
            for beside in _beside(queue):
                self._metrics.queue_messages.labels(beside).set((await self._link.inspect(beside))[0])

    async def _run(self, queues: Sequence[str]) -> None:
        # Consumers that have just been started are not there yet, and nobody should read that they are missing.
        await self._pause(min(_FIRST_LOOK_SECONDS, self._interval))
        while not self._stopping.is_set():
            blocked = await self._link.is_blocked()
            self._metrics.blocked.set(blocked)
            # A broker that reads nothing from us would not read the question either.
            if blocked or not await self._looked(queues):
                # A number of a while ago would pass for the present one.
                self._depths.clear()
                self._metrics.queue_messages.clear()
                self._metrics.queue_consumers.clear()
            await self._pause(self._interval)

    async def _looked(self, queues: Sequence[str]) -> bool:
        try:
            await self.look(queues)
        except InfrastructureError:
            return False
        return True

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def _beside(queue: str) -> list[str]:
    return [dead_queue(queue), *([retry_queue(queue)] if has_retry_queue(queue) else [])]
