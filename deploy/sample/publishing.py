"""Hands the year in as a channel adapter would: persistent, confirmed, and again whatever was not confirmed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import aio_pika
import orjson
from aio_pika.abc import AbstractExchange
from aio_pika.exceptions import AMQPError, DeliveryError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from deploy.sample.leuven_2021 import follow_ups, submissions
from deploy.sample.settings import SampleError

EXCHANGE = "contacts.inbound"
_AT_ONCE = 50
_PATIENCE_SECONDS = 120.0
_AWAY = (AMQPError, DeliveryError, OSError, RuntimeError, TimeoutError)
"""What aio-pika raises while a broker is away, restarts, or has no queue yet for what is published."""


@dataclass(frozen=True)
class Handover:
    """A body with the key that it is published under."""

    routing_key: str
    body: bytes


def handovers(shuffle: int | None = None, repeat: int = 1) -> list[Handover]:
    """All messages of the year: as they happened, or shuffled, each ``repeat`` times."""
    made = [_handover(each, each["channel"]) for each in submissions()]
    made += [_handover(each, "follow_up") for each in follow_ups()]
    made *= repeat
    if shuffle is not None:
        Random(shuffle).shuffle(made)  # noqa: S311  any order will do, the same one each time
    return made


def _handover(body: dict[str, Any], kind: str) -> Handover:
    return Handover(f"import.{body['organisation']}.{kind}", orjson.dumps(body))


async def publish(amqp_url: str, messages: Sequence[Handover], advance: Callable[[int], None]) -> None:
    """Publishes all messages; ``advance`` is told how many the broker has confirmed.

    Survives a broker that restarts: what was not confirmed is published again, which intake recognises. Raises
    ``SampleError`` where the broker stays away.
    """
    remaining = list(messages)
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_AWAY),
        wait=wait_exponential(multiplier=0.2, max=2),
        stop=stop_after_delay(_PATIENCE_SECONDS),
        reraise=True,
    )
    try:
        while remaining:
            async for attempt in retrying:
                with attempt:
                    await _publish_some(amqp_url, remaining, advance)
    except _AWAY as error:
        raise SampleError(
            f"The message broker took {len(messages) - len(remaining)} of {len(messages)} messages and then no "
            f"more ({type(error).__name__}). Is it there, and have the services declared their queues?"
        ) from error


async def _publish_some(amqp_url: str, remaining: list[Handover], advance: Callable[[int], None]) -> None:
    """Takes away from ``remaining`` what is confirmed, until nothing is left or the broker goes away.

    Raises what aio-pika raises only where nothing at all went through.
    """
    before = len(remaining)
    try:
        async with await aio_pika.connect(amqp_url, timeout=10) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
            while remaining:
                batch = remaining[:_AT_ONCE]
                await asyncio.gather(*(_publish_one(exchange, each) for each in batch))
                del remaining[: len(batch)]
                advance(len(batch))
    except _AWAY:
        if len(remaining) == before:
            raise


async def _publish_one(exchange: AbstractExchange, message: Handover) -> None:
    await exchange.publish(
        aio_pika.Message(
            message.body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        ),
        message.routing_key,
        mandatory=True,
        timeout=20,
    )
