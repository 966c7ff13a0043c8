"""A plain client beside the code under test, and waiting for what becomes true in a while."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiormq
from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel
from pamqp.commands import Basic

from shared.errors import InfrastructureError
from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.messaging.messaging import Messaging
from shared.messaging.topology import CONTACTS_EVENTS

PATIENCE = 120.0
KILLER = b"killer"
"""The body of a message that brings its consumer down."""


async def eventually(holds: Callable[[], Awaitable[bool] | bool]) -> None:
    """Returns once it holds; fails where it never does."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.02)


class Client:
    """An adapter or an administrator: publishes, looks into queues, takes messages out."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    async def publish(
        self, exchange: str, key: str, body: bytes = b"{}", properties: Basic.Properties | None = None
    ) -> None:
        """Publishes and waits for the broker's confirmation; fails where no queue takes it."""
        answer = await self.channel.basic_publish(
            body,
            exchange=exchange,
            routing_key=key,
            properties=properties or Basic.Properties(delivery_mode=2),
            mandatory=True,
        )
        assert isinstance(answer, Basic.Ack), answer

    async def depth(self, queue: str) -> int:
        answer = await self.channel.queue_declare(queue, passive=True)
        return answer.message_count or 0

    async def consumers(self, queue: str) -> int:
        answer = await self.channel.queue_declare(queue, passive=True)
        return answer.consumer_count or 0

    async def take(self, queue: str, *, no_ack: bool = True) -> DeliveredMessage:
        """The next message of a queue, as soon as there is one; with ``no_ack=False`` still to be settled."""
        found: list[DeliveredMessage] = []

        async def is_there() -> bool:
            message = await self.channel.basic_get(queue, no_ack=no_ack)
            if isinstance(message.delivery, Basic.GetOk):
                found.append(message)
            return bool(found)

        await eventually(is_there)
        return found[0]


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Client]:
    """A client with a connection of its own."""
    connection = await aiormq.connect(url)
    try:
        yield Client(await open_raw_channel(connection))
    finally:
        await connection.close()


async def open_raw_channel(connection: Any) -> Channel:
    channel = await connection.channel(on_return_raises=False)
    assert isinstance(channel, Channel)
    return channel


class Recorder:
    """A handler that remembers the batches it was given and does as it is told with each."""

    def __init__(self, behave: Callable[[list[IncomingMessage]], Awaitable[None] | None] = lambda _: None) -> None:
        self.behave = behave
        self.batches: list[list[IncomingMessage]] = []

    async def __call__(self, batch: Any) -> None:
        messages = list(batch)
        self.batches.append(messages)
        answer = self.behave(messages)
        if answer is not None:
            await answer

    @property
    def messages(self) -> list[IncomingMessage]:
        return [message for batch in self.batches for message in batch]

    @property
    def bodies(self) -> list[bytes]:
        return [message.body for message in self.messages]


class Crash:
    """Stands for a process that dies with messages in hand: to the broker, its channel closes without a word.

    It dies of a message with the body ``of``, ``mortal`` times at most.
    """

    def __init__(self, messaging: Messaging, of: bytes = KILLER, mortal: int = sys.maxsize) -> None:
        self._messaging = messaging
        self._of = of
        self._mortal = mortal
        self.deaths = 0
        self.in_hand_at_most = 0

    async def __call__(self, batch: list[IncomingMessage]) -> None:
        if self.deaths >= self._mortal or self._of not in [message.body for message in batch]:
            return
        self.deaths += 1
        (consumer,) = self._messaging._consumers
        session = consumer._session
        assert session is not None
        self.in_hand_at_most = max(self.in_hand_at_most, len(batch) + len(session._waiting))
        await session.close()
        raise InfrastructureError("dead")


def event(number: int, key: str = "contact.answered.v1", body: bytes | None = None) -> OutgoingMessage:
    """The ``number``-th event that a handler tells, with its envelope."""
    headers = {"id": f"id-{number}", "type": key, "correlation_id": f"contact-{number}"}
    told = b"%d" % number if body is None else body
    return OutgoingMessage(CONTACTS_EVENTS, key, told, headers, f"id-{number}", f"contact-{number}")
