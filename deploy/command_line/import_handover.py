"""Hands rows to the broker, confirmed, and hears which of them intake refuses."""

import asyncio
import contextlib
import hashlib
import json
import math
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, NamedTuple

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, DeliveryError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from deploy.command_line.failure import CommandError
from shared.contracts.rejection import FieldError
from shared.messaging.topology import CONTACTS_INBOUND, CONTACTS_REJECTED, INTAKE_IMPORT

_AWAY: Final = (AMQPError, DeliveryError, OSError, RuntimeError, TimeoutError)
_PATIENCE_SECONDS: Final = 60.0
_QUIET_SECONDS: Final = 1.0


class Message(NamedTuple):
    """A row on its way. ``line`` is its place in the file."""

    line: int
    key: str
    body: bytes


class Refusal(NamedTuple):
    """What intake answered: the row's line and body, and what is wrong with it."""

    line: int
    body: bytes
    errors: Sequence[FieldError]


class Handover:
    """Publishes to the broker at ``amqp_url``."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        # The line alone: a file may have millions of rows, and a refusal brings its message back.
        self._sent: dict[bytes, int] = {}
        self._refusals: list[Refusal] = []

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connected, listening for refusals. Raises ``CommandError`` where the broker does not answer."""
        try:
            connection = await aio_pika.connect_robust(self._url, timeout=10)
        except _AWAY as error:
            raise CommandError(
                f"The message broker does not answer ({type(error).__name__}).", "Look at ./contactpunt status."
            ) from None
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            self._exchange = await channel.get_exchange(CONTACTS_INBOUND)
            listening = await connection.channel()
            answers = await listening.declare_queue(exclusive=True)
            await answers.bind(CONTACTS_REJECTED, "#")
            await answers.consume(self._heard, no_ack=True)
            self._imports = await listening.declare_queue(INTAKE_IMPORT, passive=True)
            yield

    async def hand_in(self, messages: Sequence[Message]) -> None:
        """Returns when the broker has confirmed all of them; publishes again what it did not.

        Raises ``CommandError`` where it stays away.
        """
        for message in messages:
            self._sent[hashlib.sha256(message.body).digest()] = message.line
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_AWAY),
            wait=wait_exponential(multiplier=0.2, max=5),
            stop=stop_after_delay(_PATIENCE_SECONDS),
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    await asyncio.gather(*(self._publish(message) for message in messages))
        except _AWAY as error:
            raise CommandError(
                f"The message broker has been away for a minute ({type(error).__name__}).",
                "Give the same command again later: it goes on where it was.",
            ) from None

    async def settle(self) -> bool:
        """Waits until intake has taken in what was handed in, as far as its queue tells.

        False where the queue has not become shorter for a minute: nobody works it off, and nothing is lost.
        """
        quiet, least, give_up = 0, math.inf, time.monotonic() + _PATIENCE_SECONDS
        while quiet < 2:  # noqa: PLR2004  twice, since messages may be in its hands when the queue is empty
            await asyncio.sleep(_QUIET_SECONDS)
            depth = await self._depth()
            quiet = 0 if depth else quiet + 1
            if depth < least:
                least, give_up = depth, time.monotonic() + _PATIENCE_SECONDS
            elif depth and time.monotonic() > give_up:
                return False
        return True

    async def _depth(self) -> float:
        try:
            return (await self._imports.declare()).message_count or 0
        except _AWAY:
            return math.inf

    def refusals(self) -> list[Refusal]:
        """What intake has refused since this was asked last."""
        heard, self._refusals = self._refusals, []
        return heard

    async def _publish(self, message: Message) -> None:
        body = aio_pika.Message(
            message.body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await self._exchange.publish(body, message.key, mandatory=True, timeout=20)

    async def _heard(self, answer: AbstractIncomingMessage) -> None:
        headers: dict[str, Any] = dict(answer.headers)
        line = self._sent.get(hashlib.sha256(answer.body).digest())
        if line is not None:
            self._refusals.append(Refusal(line, answer.body, json.loads(str(headers["errors"]))))
