"""The service with a clock of the test's own, and somebody who listens to what it tells."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.deadlines.main import store_for
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.runtime import DeadlinesRuntime
from services.deadlines.settings import DeadlinesSettings
from services.deadlines.store import TimelineStore
from services.deadlines.sweep import Sweep
from services.deadlines.telling import Publishing, Teller
from shared.contracts.events import DeadlineMet, DeadlineMissed, DeadlineScheduled, Event, parse_event
from shared.messaging import Messaging, OutgoingMessage
from shared.messaging.topology import CONTACTS_EVENTS
from shared.profiles import Profiles
from tests.unit.deadlines.courses import LEUVEN

PROFILES = Profiles({"leuven": LEUVEN})
_Data = TypeVar("_Data", bound=DeadlineScheduled | DeadlineMissed | DeadlineMet)


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Recorder:
    """A publisher that keeps what it was given, and fails when told to after it has sent half."""

    def __init__(self, *, failures: int = 0) -> None:
        self.sent: list[OutgoingMessage] = []
        self.failures = failures

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        # Other replicas get their turn while the broker would be confirming.
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            self.sent += messages[: len(messages) // 2]
            raise ConnectionError("the broker went away")
        self.sent += messages


class Listener:
    """Keeps every deadline event in the order of arrival."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def take(self, message: AbstractIncomingMessage) -> None:
        self.events.append(parse_event(dict(message.headers), message.body))

    def of(self, data: type[_Data]) -> list[_Data]:
        return [event.data for event in self.events if isinstance(event.data, data)]


def settings_for(amqp_url: str, mongo_url: str, prefix: str) -> DeadlinesSettings:
    return DeadlinesSettings(
        amqp_url=SecretStr(amqp_url),
        mongo_url=SecretStr(mongo_url),
        mongo_prefix=prefix,
        sweep_seconds=0.05,
        sweep_group=100,
    )


@asynccontextmanager
async def running(
    settings: DeadlinesSettings,
    clock: MovedClock,
    profiles: Profiles = PROFILES,
    registry: CollectorRegistry | None = None,
) -> AsyncIterator[DeadlinesRuntime]:
    """One replica, ready."""
    runtime = DeadlinesRuntime(settings, profiles, store_for(settings), registry or CollectorRegistry(), clock)
    await runtime.start()
    try:
        while await runtime.missing():  # noqa: ASYNC110  the broker tells when it is asked
            await asyncio.sleep(0.05)
        yield runtime
    finally:
        await runtime.stop()


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    """A queue of its own on the deadline events; the topology must be there."""
    listener = Listener()
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(CONTACTS_EVENTS, "deadline.#")
        await queue.consume(listener.take, no_ack=True)
        yield listener


@asynccontextmanager
async def publishing(url: str) -> AsyncIterator[Callable[[Sequence[Event]], Awaitable[None]]]:
    """Publishes events of contacts as intake and routing do."""
    messaging = Messaging(url, "test", CollectorRegistry())
    await messaging.start()

    async def publish(events: Sequence[Event]) -> None:
        await messaging.publisher.publish_all([outgoing(event) for event in events])

    try:
        yield publish
    finally:
        await messaging.stop()


def outgoing(event: Event) -> OutgoingMessage:
    return OutgoingMessage(CONTACTS_EVENTS, event.type, event.body(), event.headers(), event.envelope.id)


async def eventually(true: Callable[[], bool]) -> None:
    """Waits for something that has to come about; the test's own time limit ends the wait."""
    while not true():  # noqa: ASYNC110  what is waited for comes from outside
        await asyncio.sleep(0.02)


@asynccontextmanager
async def own_store(mongo_url: str, prefix: str) -> AsyncIterator[TimelineStore]:
    store = store_for(settings_for("amqp://unused", mongo_url, prefix))
    await store.prepare()
    try:
        yield store
    finally:
        store.close()


def sweeping(
    store: TimelineStore,
    publisher: Publishing,
    clock: MovedClock,
    *,
    group: int = 100,
    registry: CollectorRegistry | None = None,
) -> Sweep:
    metrics = DeadlinesMetrics(registry or CollectorRegistry())
    teller = Teller(publisher, metrics)
    return Sweep(store, teller, PROFILES, metrics, clock, lease=timedelta(seconds=30), group=group)
