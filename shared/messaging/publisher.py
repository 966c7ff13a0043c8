"""Publishing: persistent, confirmed by the broker, and refused where nobody would receive it."""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Basic

from shared.errors import InfrastructureError, UnroutableError
from shared.messaging.bundle import bundled
from shared.messaging.connection import Link, broker_errors
from shared.messaging.group_publish import Publication, publish_group
from shared.messaging.message import OutgoingMessage
from shared.messaging.metrics import MessagingMetrics

CONFIRM_TIMEOUT_SECONDS: Final = 30.0
"""A broker that is short of memory or disk takes messages and confirms nothing; do not wait for ever."""
CLOSE_TIMEOUT_SECONDS: Final = 3.0
MOST_IN_FLIGHT: Final = 500


class Publisher:
    """Publishes on one channel with confirms; many callers at a time."""

    def __init__(
        self, link: Link, metrics: MessagingMetrics, confirm_timeout: float = CONFIRM_TIMEOUT_SECONDS
    ) -> None:
        self._link = link
        self._metrics = metrics
        self._confirm_timeout = confirm_timeout
        self._channel: Channel | None = None
        self._opening = asyncio.Lock()
        self._in_flight: list[_Group] = []

    async def publish(self, message: OutgoingMessage) -> None:
        """Publishes one message; see ``publish_all``."""
        await self.publish_all((message,))

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        """Publishes them all at once and returns when the broker has confirmed each of them.

        Events and requests to routing go to the services' own queues in bundles (``bundle``). Raises
        ``InfrastructureError`` where the broker is away or does not confirm, ``UnroutableError`` where a mandatory
        message reached no queue. Some may have been published then: publish all of them again.
        """
        await self.publish_copies([_publication(message) for message in bundled(messages)])

    async def publish_copies(self, publications: Sequence[Publication]) -> None:
        """Like ``publish_all``, for messages with properties of their own."""
        for start in range(0, len(publications), MOST_IN_FLIGHT):
            await self._publish_group(publications[start : start + MOST_IN_FLIGHT])

    async def close(self) -> None:
        """Closes the channel; the connection stays."""
        if self._channel is not None:
            await self._drop(self._channel)

    async def _publish_group(self, publications: Sequence[Publication]) -> None:
        started = time.perf_counter()
        channel = await self._open_channel()
        group = _Group(publications)
        self._in_flight.append(group)
        try:
            await self._confirmed(channel, publications)
        finally:
            self._in_flight.remove(group)
        if group.returned:
            await self._link.declare_again()
            raise UnroutableError(f"no queue takes {_addresses(group.returned)}")
        self._metrics.publish_seconds.observe(time.perf_counter() - started)
        for publication in publications:
            self._metrics.published.labels(publication.exchange).inc()

    async def _confirmed(self, channel: Channel, publications: Sequence[Publication]) -> None:
        with _publishing():
            confirmations = await publish_group(channel, publications)
        _, late = await asyncio.wait(confirmations, timeout=self._confirm_timeout)
        if late:
            # What comes late must not be taken for the confirmation of something else.
            await self._drop(channel)
            raise InfrastructureError(f"the broker did not confirm within {self._confirm_timeout} s")
        failed = [each for each in confirmations if each.cancelled() or each.exception() is not None]
        if any(not each.cancelled() and isinstance(each.exception(), ChannelNotFoundEntity) for each in failed):
            await self._link.declare_again()
        for each in failed:
            with _publishing():
                each.result()

    async def _open_channel(self) -> Channel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._link.open_channel(confirms=True)
                self._channel.on_return_callbacks.add(self._returned)
            return self._channel

    async def _drop(self, channel: Channel) -> None:
        if self._channel is channel:
            self._channel = None
        with contextlib.suppress(InfrastructureError), broker_errors("the channel could not be closed"):
            await channel.close(timeout=CLOSE_TIMEOUT_SECONDS)

    def _returned(self, message: DeliveredMessage) -> None:
        # A return names no delivery tag. Of two groups that hold the same message id, both are told: publishing
        # once too often is harmless, believing in a message that nobody has is not.
        message_id = message.header.properties.message_id
        for group in self._in_flight:
            if any(each.properties.message_id == message_id for each in group.publications):
                group.returned.append((message.exchange or "", message.routing_key or ""))


@dataclass(slots=True, eq=False)
class _Group:
    publications: Sequence[Publication]
    returned: list[tuple[str, str]] = field(default_factory=list)


def _publishing() -> AbstractContextManager[None]:
    return broker_errors("a message could not be published")


def _publication(message: OutgoingMessage) -> Publication:
    properties = Basic.Properties(
        headers=dict(message.headers),
        delivery_mode=2,
        content_type=message.content_type,
        correlation_id=message.correlation_id,
        message_id=message.message_id,
        # When it was handed to the broker: consumers tell by it how long messages wait.
        timestamp=datetime.now(UTC),
    )
    return Publication(message.exchange, message.routing_key, message.body, properties, message.mandatory)


def _addresses(returned: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{exchange}/{key}" for exchange, key in sorted(set(returned)))
