"""Keeps a consumer on a queue: session after session, until it is told to stop."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from shared.errors import InfrastructureError
from shared.messaging.connection import Link
from shared.messaging.log_fields import place
from shared.messaging.message import Delivery, messages_in
from shared.messaging.metrics import MessagingMetrics
from shared.messaging.session import Session, SessionLostError, open_session
from shared.messaging.waiting import until_available

Work = Callable[[Session, list[Delivery]], Awaitable[None]]
"""Handles a batch and settles every message of it, in order."""

BUSY_FROM: Final = 50
"""So many messages at once are many."""
BUSY_SECONDS: Final = 1.0
"""How long a consumer is taken for busy after them."""
BUSY_REST: Final = 5
"""How many times as long messages rest while what they wait for comes in as fast as it can be handled."""
RESUME_SECONDS: Final = 0.2
"""About how long to wait before beginning again after a lost channel."""

_log = structlog.get_logger("messaging")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages at a time, and for how many seconds they are waited for or left alone.

    Up to ``max_batch`` messages are handled together, up to ``prefetch`` are in hand, a bundle counting as one
    there. A batch that is not full waits ``linger`` for more, ``busy_linger`` while much comes. With ``rest`` a
    message is left alone about so long after it came.
    """

    max_batch: int
    prefetch: int
    linger: float = 0.0
    busy_linger: float = 0.0
    rest: float = 0.0


class Consumer:
    """Consumes one queue and hands batches to ``work``; comes back by itself after whatever takes its channel."""

    def __init__(
        self,
        queue: str,
        work: Work,
        pace: Pace,
        *,
        link: Link,
        metrics: MessagingMetrics,
        behind: "Consumer | None" = None,
    ) -> None:
        self.queue = queue
        self._work = work
        self._pace = pace
        self._link = link
        self._metrics = metrics
        self._behind = behind
        self._busy_until = 0.0
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Begins to consume, in the background."""
        self._stopping.clear()
        self._task = asyncio.create_task(self._run(), name=f"consume {self.queue}")

    async def stop(self, grace: float) -> None:
        """Finishes what is in hand, for at most ``grace`` seconds; the broker takes back what is left."""
        task, self._task = self._task, None
        if task is None:
            return
        self._stopping.set()
        if self._session is not None:
            self._session.finish()
        _, unfinished = await asyncio.wait((task,), timeout=grace)
        if unfinished:
            _log.warning("messages in hand not finished in time", queue=self.queue, grace_seconds=grace)
            task.cancel()
            await asyncio.wait((task,))

    def is_busy(self) -> bool:
        """Whether much came a moment ago."""
        return time.monotonic() < self._busy_until

    def _note_busy(self, batch: Sequence[Delivery]) -> None:
        if messages_in(batch) >= BUSY_FROM:
            self._busy_until = time.monotonic() + BUSY_SECONDS

    def _resting(self) -> float:
        is_behind = self._behind is not None and self._behind.is_busy()
        return self._pace.rest * BUSY_REST if is_behind else self._pace.rest

    async def missing(self) -> str | None:
        """What keeps this consumer from working, for an operator; None when it works."""
        if self._session is None or not self._session.is_consuming:
            return f"queue {self.queue}: this service has no consumer on it"
        try:
            _, consumers = await self._link.inspect(self.queue)
        except InfrastructureError as error:
            return str(error)
        return None if consumers else f"queue {self.queue}: the broker knows no consumer of it"

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._one_session()
            except (SessionLostError, InfrastructureError) as error:
                _log.warning("consumer begins again", queue=self.queue, reason=str(error))
            except asyncio.CancelledError as error:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                _log.warning("consumer begins again", queue=self.queue, reason=type(error).__name__)
            except Exception as error:  # noqa: BLE001  a consumer that ends is worse than one that begins again
                _log.error("consumer begins again", queue=self.queue, reason=type(error).__name__, at=place(error))
            self._metrics.prefetch.labels(self.queue).set(0)
            if not self._stopping.is_set():
                self._metrics.sessions_lost.labels(self.queue).inc()
                with contextlib.suppress(SessionLostError):
                    await self._sleep(RESUME_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311  replicas out of step

    async def _one_session(self) -> None:
        retrying = until_available(self._sleep, tell=self._tell_waiting)
        session: Session = await retrying(open_session, self._link, self.queue, self._pace.prefetch)
        self._session = session
        try:
            await self._work_off(session)
        finally:
            self._session = None
            await session.close()

    async def _work_off(self, session: Session) -> None:
        self._metrics.prefetch.labels(self.queue).set(session.prefetch)
        while not self._stopping.is_set():
            # Where much comes, more is on its way: it is waited for a little, since together it costs less.
            linger = self._pace.busy_linger if self.is_busy() else self._pace.linger
            batch = await session.next_batch(self._pace.max_batch, linger, self._resting())
            if batch:
                self._note_busy(batch)
                await self._handle(session, batch)
                # From the end again, since handling many may take longer than that.
                self._note_busy(batch)
                await session.widen(batch)
                self._metrics.prefetch.labels(self.queue).set(session.prefetch)
        await session.stop_consuming()
        while batch := session.take(self._pace.max_batch):
            await self._handle(session, batch)

    async def _handle(self, session: Session, batch: list[Delivery]) -> None:
        started = time.perf_counter()
        self._observe_waiting(batch)
        self._metrics.batch_size.labels(self.queue).observe(messages_in(batch))
        await self._work(session, batch)
        self._metrics.handling_seconds.labels(self.queue).observe(time.perf_counter() - started)

    def _observe_waiting(self, batch: Sequence[Delivery]) -> None:
        now = time.time()
        ages = [
            max(0.0, now - each.properties.timestamp.timestamp()) for each in batch if each.properties.timestamp
        ]
        for age in ages:
            self._metrics.wait_seconds.labels(self.queue).observe(age)
        if ages:
            self._metrics.oldest_seconds.labels(self.queue).set(max(ages))

    async def _sleep(self, seconds: float) -> None:
        """Pauses; raises ``SessionLostError`` when the consumer is to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        raise SessionLostError("stopping")

    def _tell_waiting(self, error: BaseException) -> None:
        _log.warning("waiting for the message broker", queue=self.queue, reason=str(error))
