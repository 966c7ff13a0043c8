"""Reporting on the real database and broker, fed with contacts that are made up."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.reporting.domain.counting import Cell, contributions, tables_of
from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import REGISTERED, ROUTED, fold
from services.reporting.main import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, Committer, ReadingRoom, Slot, prepare
from services.reporting.store.recount import Comparison, Recount
from shared.access import Tokens
from shared.clock import system_clock
from shared.contracts.events import Event
from shared.errors import InfrastructureError
from shared.messaging.message import OutgoingMessage
from shared.messaging.messaging import Messaging
from shared.messaging.topology import CONTACTS_EVENTS
from shared.mongo import open_client, open_database
from shared.profiles import Profiles
from tests import organisations
from tests.unit.reporting.made_up import LEUVEN, life

TOKEN = "of-the-council"
CONTACTS = 150
NOW = datetime(2022, 2, 1, tzinfo=UTC)


def made_up_events(contacts: int = CONTACTS, seed: int = 7) -> list[Event]:
    chance = random.Random(seed)
    return [event for number in range(contacts) for event in life(number, chance)]


def facts_of(events: Sequence[Event]) -> list[Fact]:
    """What the events come to, counted the slow way."""
    by_contact: dict[str, list[Event]] = {}
    for event in events:
        by_contact.setdefault(event.envelope.subject, []).append(event)
    return [fact for known in by_contact.values() if (fact := fold(known, LEUVEN)) is not None]


def counters_of(events: Sequence[Event]) -> Counter[Cell]:
    summed: Counter[Cell] = Counter()
    for fact in facts_of(events):
        summed.update(contributions(fact, tables_of(LEUVEN)))
    return summed


@dataclass
class Database:
    """Reporting's database of one test."""

    url: str
    prefix: str
    collections: Collections
    profiles: Profiles

    def committer(self) -> Committer:
        return Committer(self.collections, Slot(self.collections, system_clock), self.profiles, system_clock)

    def recount(self) -> Recount:
        return Recount(self.collections, LEUVEN, system_clock)

    async def comparison(self) -> Comparison:
        return await self.recount().compare(fold_anew=True)

    async def until_it_knows(self, events: Sequence[Event]) -> None:
        """Waits until every one of the events is written, but for registrations of what has been decided: those
        may be written or not.
        """
        decided = {event.envelope.subject for event in events if event.type == ROUTED}
        expected = {
            event.envelope.id
            for event in events
            if not (event.type == REGISTERED and event.envelope.subject in decided)
        }

        async def all_written() -> bool:
            found = self.collections.histories.find({}, {"events.id": 1})
            return expected <= {event["id"] async for history in found for event in history["events"]}

        await until(all_written)

    @property
    def room(self) -> ReadingRoom:
        return ReadingRoom(self.collections)


@pytest.fixture
async def database(mongo_url: str, mongo_prefix: str) -> AsyncIterator[Database]:
    client = open_client(mongo_url, "test")
    collections = Collections(open_database(client, mongo_prefix, "reporting"))
    profiles = organisations.PROFILES
    await prepare(collections, {name: tables_of(profile) for name, profile in profiles.items()})
    yield Database(mongo_url, mongo_prefix, collections, profiles)
    client.close()


@pytest.fixture
async def filled(database: Database) -> Database:
    """A database with the facts of ``made_up_events``."""
    await commit_all(database.committer(), made_up_events())
    return database


async def commit_all(committer: Committer, events: Sequence[Event], size: int = 100) -> None:
    for start in range(0, len(events), size):
        await commit(committer, events[start : start + size])


async def commit(committer: Committer, events: Sequence[Event]) -> None:
    """Writes them as the consumer does: what has to wait is tried again."""
    while True:
        try:
            await committer.commit(events)
        except InfrastructureError:
            await asyncio.sleep(0.01)
        else:
            return


def message(event: Event) -> OutgoingMessage:
    return OutgoingMessage(CONTACTS_EVENTS, event.type, event.body(), event.headers(), event.envelope.id)


@asynccontextmanager
async def publishing(broker_url: str) -> AsyncIterator[Callable[[Sequence[Event]], Awaitable[None]]]:
    messaging = Messaging(broker_url, "test", CollectorRegistry())
    await messaging.start()

    async def publish(events: Sequence[Event]) -> None:
        await messaging.publisher.publish_all([message(event) for event in events])

    yield publish
    await messaging.stop()


@asynccontextmanager
async def replicas(
    broker_url: str, database: Database, number: int = 1, **more: object
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """So many whole services, as they run, each with a client for its HTTP side; ``more`` are settings."""
    tokens = Tokens.model_validate(
        {
            "tokens": [
                {"role": "reporting", "name": "t", "sha256": hashlib.sha256(TOKEN.encode()).hexdigest()},
                {"role": "handler", "name": "h", "sha256": hashlib.sha256(b"of-a-handler").hexdigest()},
                {"role": "admin", "name": "m", "sha256": hashlib.sha256(b"of-an-admin").hexdigest()},
                {"role": "adapter", "name": "a", "sha256": hashlib.sha256(b"of-a-form").hexdigest()},
            ]
        }
    )
    settings = ReportingSettings.model_validate(
        {"amqp_url": broker_url, "mongo_url": database.url, "mongo_prefix": database.prefix} | more
    )
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(number):
            app = build_app(settings, database.profiles, tokens, lambda: datetime.now(UTC))
            await stack.enter_async_context(app.router.lifespan_context(app))
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://reporting",
                headers={"Authorization": f"Bearer {TOKEN}"},
            )
            clients.append(await stack.enter_async_context(client))
        for client in clients:
            await until(lambda client=client: _is_ready(client))  # type: ignore[misc]
        yield clients


async def _is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).status_code == 200


async def until(holds: Callable[[], Awaitable[bool]], patience: float = 150) -> None:
    """Waits until something holds; fails when it does not come to it."""
    async with asyncio.timeout(patience):
        while not await holds():  # noqa: ASYNC110  what is waited for is in another process
            await asyncio.sleep(0.05)
