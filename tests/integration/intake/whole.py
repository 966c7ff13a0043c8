"""Intake whole: as it runs, on the real broker and database, HTTP included, with ears on what it says."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import httpx
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from prometheus_client import CollectorRegistry

from services.intake.main import intake_app
from services.intake.runtime import IntakeRuntime
from services.intake.settings import IntakeSettings
from shared.access import Role, TokenHash, Tokens
from shared.messaging.message import MEMBERS
from shared.messaging.topology import CONTACTS_EVENTS, CONTACTS_INBOUND, CONTACTS_REJECTED, CONTACTS_ROUTING
from shared.tracing import Tracing
from tests.integration.intake.bench import inbound
from tests.unit.intake.messages import KEYS, PROFILES
from tests.unit.shared.apps import client_of

PATIENCE_SECONDS = 30
TOKENS = Tokens(
    tokens=tuple(
        TokenHash(role=role, name="test", sha256=hashlib.sha256(role.value.encode()).hexdigest()) for role in Role
    )
)


@dataclass
class Heard:
    """What was said on an exchange."""

    messages: list[AbstractIncomingMessage] = field(default_factory=list)

    def codes(self) -> list[str]:
        """The first code of each rejection."""
        return [orjson.loads(str(message.headers["errors"]))[0]["code"] for message in self.messages]

    def count(self) -> int:
        """How many messages, those in bundles one by one."""
        return sum(int(str(message.headers.get(MEMBERS, 1))) for message in self.messages)

    def keys(self) -> list[str]:
        return sorted(message.routing_key or "" for message in self.messages)


@dataclass
class Whole:
    """The running service: ``send`` speaks to it over AMQP, ``http`` over HTTP."""

    runtime: IntakeRuntime
    http: httpx.AsyncClient
    channel: AbstractChannel
    events: Heard
    routing: Heard
    rejected: Heard

    async def send(self, message: object, routing_key: str | None = None, **headers: str) -> None:
        """Publishes as an adapter does, under the key that fits the message unless another is given."""
        sent = inbound(message, routing_key)
        exchange = await self.channel.get_exchange(CONTACTS_INBOUND, ensure=False)
        await exchange.publish(
            aio_pika.Message(sent.body, content_type=sent.content_type, delivery_mode=2, headers={**headers}),
            sent.routing_key,
        )

    async def say(self, body: bytes, headers: dict[str, Any], routing_key: str) -> None:
        """Publishes an event as another service does."""
        exchange = await self.channel.get_exchange(CONTACTS_EVENTS, ensure=False)
        await exchange.publish(aio_pika.Message(body, headers=headers, delivery_mode=2), routing_key)

    async def readiness(self) -> int:
        return (await self.http.get("/health/ready")).status_code

    async def until_it_is(self, value: object, ask: Callable[[], Awaitable[object]]) -> None:
        """Asks until that is the answer; fails when it is not within the time."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await ask() != value:  # noqa: ASYNC110  it happens in another process
                await asyncio.sleep(0.05)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until it holds; fails when it does not within the time."""

        async def ask() -> bool:
            return holds()

        await self.until_it_is(value=True, ask=ask)

    async def call(
        self, method: str, path: str, role: Role | None, content: bytes = b"", **headers: str
    ) -> httpx.Response:
        """A request with that role's token; underscores in header names are hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role is not None:
            sent["Authorization"] = f"Bearer {role.value}"
        return await self.http.request(method, path, content=content, headers=sent)


@asynccontextmanager
async def running(
    broker_url: str, mongo_url: str, mongo_prefix: str, tracing: Tracing | None = None, **given: object
) -> AsyncIterator[Whole]:
    """The service for as long as the block lasts; ``given`` are settings of its own."""
    settings = IntakeSettings.model_validate(
        {"amqp_url": broker_url, "mongo_url": mongo_url, "mongo_prefix": mongo_prefix, "sweep_seconds": 0.05}
        # Nobody works behind intake here: what it says stays in the queues.
        | {"parking_seconds": 0, "import_yields_at": 100}
        | given
    )
    registry = CollectorRegistry()
    runtime = IntakeRuntime(settings, PROFILES, registry, keys=KEYS, tracing=tracing)
    app = intake_app(runtime, TOKENS, registry, tracing)
    async with client_of(app, started=True) as http, await aio_pika.connect(broker_url) as connection:
        await _topology(runtime)
        channel = await connection.channel()
        events, routing, rejected = [
            await _listen(channel, exchange) for exchange in (CONTACTS_EVENTS, CONTACTS_ROUTING, CONTACTS_REJECTED)
        ]
        whole = Whole(runtime, http, channel, events, routing, rejected)
        await whole.until_it_is(200, whole.readiness)
        yield whole


async def _topology(runtime: IntakeRuntime) -> None:
    """There are no exchanges to listen to before."""
    await runtime.messaging.start()


async def _listen(channel: AbstractChannel, exchange: str) -> Heard:
    heard = Heard()
    queue = await channel.declare_queue(exclusive=True)
    await queue.bind(exchange, "#")

    async def hear(message: AbstractIncomingMessage) -> None:
        heard.messages.append(message)

    await queue.consume(hear, no_ack=True)
    return heard
