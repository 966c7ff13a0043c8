"""One life of a consumer: a channel, its prefetch, and the messages in hand, until the channel is gone."""

import asyncio
import contextlib
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Basic

from shared.errors import InfrastructureError
from shared.messaging.connection import RPC_TIMEOUT_SECONDS, Link, broker_errors
from shared.messaging.message import Delivery, messages_in, received
from shared.messaging.slow_start import FIRST_PREFETCH, batch_length, widened

CLOSE_TIMEOUT_SECONDS: Final = 3.0
_ALL: Final = sys.maxsize


class SessionLostError(Exception):
    """The channel is gone or is to be given up: what was in hand comes again, and nothing of it may be settled."""


class Session:
    """Made by ``open_session``. Hands out messages oldest first; they must be settled in that order."""

    def __init__(self, channel: Channel, queue: str, most_in_hand: int) -> None:
        self._channel = channel
        self._queue = queue
        self._most_in_hand = most_in_hand
        self._waiting: deque[Delivery] = deque()
        self._messages_waiting = 0
        self._changed = asyncio.Event()
        self._wanted = 1
        self._settled_up_to = 0
        self._lost = False
        self._finishing = False
        self._consumer_tag: str | None = None
        self._now = asyncio.get_running_loop().time
        self.prefetch = 0

    @property
    def is_consuming(self) -> bool:
        """Whether the broker has a consumer of this session, as far as can be known from here."""
        return not self._lost and self._consumer_tag is not None

    async def begin(self) -> None:
        """Starts consuming, with the smallest prefetch."""
        self._channel.on_consumer_cancel_callbacks.add(self._cancelled_by_broker)
        self._channel.closing.add_done_callback(lambda _: self._lose())
        await self._consume(FIRST_PREFETCH)

    async def next_batch(self, limit: int, linger: float, rest: float = 0.0) -> list[Delivery]:
        """The next messages, up to ``limit``; waits for the first, and ``linger`` seconds for more.

        With ``rest`` the first is handed out so many seconds after it came, with all that came in half that time
        after it. Sooner where all of the prefetch is in hand, since no more can come. Empty when the session is to
        finish. Raises ``SessionLostError`` when it is lost. Those in a bundle count one by one and stay together:
        a bundle of more than ``limit`` comes alone.
        """
        await self._until_waiting(1)
        if rest and self._waiting:
            await self._linger(_ALL, self._waiting[0].arrived + rest - self._now())
            return self.take(min(limit, self._rested(rest / 2)))
        if self._waiting and linger:
            await self._linger(limit, linger)
        return self.take(limit)

    async def _linger(self, wanted: int, seconds: float) -> None:
        if seconds > 0 and not self._is_enough(wanted):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._until_waiting(wanted)

    def _is_enough(self, wanted: int) -> bool:
        # With all of the prefetch in hand no more can come.
        return self._messages_waiting >= wanted or len(self._waiting) >= self.prefetch

    def _rested(self, seconds: float) -> int:
        """How many of those in hand came so long ago; all of them where nothing is to be waited for any more."""
        if self._finishing or len(self._waiting) >= self.prefetch:
            return self._messages_waiting
        until = self._now() - seconds
        return messages_in(each for each in self._waiting if each.arrived <= until)

    def take(self, limit: int) -> list[Delivery]:
        """The messages that have come already, up to ``limit``; see ``next_batch``."""
        self._raise_if_lost()
        length = batch_length(((each.message.delivery_count, each.size) for each in self._waiting), limit)
        taken = [self._waiting.popleft() for _ in range(length)]
        self._messages_waiting -= messages_in(taken)
        return taken

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledges them, with one frame where they are the oldest in hand without a gap."""
        first, last = deliveries[0].tag, deliveries[-1].tag
        together = first == self._settled_up_to + 1 and last - first + 1 == len(deliveries)
        with self._lost_if_broker_fails():
            if together:
                await self._channel.basic_ack(last, multiple=len(deliveries) > 1, wait=False)
            else:
                for delivery in deliveries:
                    await self._channel.basic_ack(delivery.tag, wait=False)
        self._settled_up_to = last

    async def reject(self, delivery: Delivery) -> None:
        """Has the broker dead-letter the message."""
        with self._lost_if_broker_fails():
            # Reject, not nack: from RabbitMQ 4.3 on the two are counted differently.
            await self._channel.basic_reject(delivery.tag, requeue=False, wait=False)
        self._settled_up_to = delivery.tag

    async def widen(self, settled: Sequence[Delivery]) -> None:
        """Has more sent at a time from now on, as far as the batch that was settled gives confidence."""
        counts = (each.message.delivery_count for each in settled)
        prefetch = widened(self.prefetch, counts, self._most_in_hand)
        if prefetch > self.prefetch and not self._finishing:
            with self._lost_if_broker_fails():
                await self._consume(prefetch)

    async def pause(self, seconds: float) -> None:
        """Waits with the messages in hand. Raises ``SessionLostError`` as soon as waiting has become pointless."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (self._lost or self._finishing):
                    self._changed.clear()
                    await self._changed.wait()
        self._raise_if_lost()
        if self._finishing:
            raise SessionLostError("stopping")

    def finish(self) -> None:
        """Asks for the end: what is in hand may be finished, nothing is waited for."""
        self._finishing = True
        self._changed.set()

    async def stop_consuming(self) -> None:
        """Has the broker send no more. What came before can still be taken and settled."""
        tag, self._consumer_tag = self._consumer_tag, None
        if tag is not None:
            with self._lost_if_broker_fails():
                await self._channel.basic_cancel(tag, timeout=RPC_TIMEOUT_SECONDS)
            # Messages that came just before the answer are handed over by tasks of their own.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Closes the channel; the broker takes back what was not settled."""
        self._lost = True
        with contextlib.suppress(InfrastructureError), broker_errors("the channel could not be closed"):
            await self._channel.close(timeout=CLOSE_TIMEOUT_SECONDS)

    async def _consume(self, prefetch: int) -> None:
        # A prefetch holds for consumers that come after it, so there has to be a new one; it comes before the old
        # one goes, so that the queue is never without.
        await self._channel.basic_qos(prefetch_count=prefetch, timeout=RPC_TIMEOUT_SECONDS)
        answer = await self._channel.basic_consume(self._queue, self._arrived, timeout=RPC_TIMEOUT_SECONDS)
        before, self._consumer_tag, self.prefetch = self._consumer_tag, answer.consumer_tag, prefetch
        if before is not None:
            await self._channel.basic_cancel(before, timeout=RPC_TIMEOUT_SECONDS)

    async def _arrived(self, raw: DeliveredMessage) -> None:
        delivery = received(raw, self._queue, self._now())
        self._waiting.append(delivery)
        self._messages_waiting += delivery.size
        if self._is_enough(self._wanted):
            self._changed.set()

    async def _until_waiting(self, wanted: int) -> None:
        self._wanted = wanted
        while not (self._is_enough(wanted) or self._lost or self._finishing):
            self._changed.clear()
            await self._changed.wait()

    def _cancelled_by_broker(self, frame: Basic.Cancel) -> None:
        # The queue was deleted, or moved to another node.
        if frame.consumer_tag == self._consumer_tag:
            self._lose()

    def _lose(self) -> None:
        self._lost = True
        self._changed.set()

    def _raise_if_lost(self) -> None:
        if self._lost:
            raise SessionLostError("the channel is gone")

    @contextlib.contextmanager
    def _lost_if_broker_fails(self) -> Iterator[None]:
        self._raise_if_lost()
        try:
            with broker_errors("the consumer lost its channel"):
                yield
        except InfrastructureError as error:
            self._lose()
            raise SessionLostError(str(error)) from error


async def open_session(link: Link, queue: str, most_in_hand: int) -> Session:
    """A new session, consuming. Raises ``InfrastructureError`` while broker or queue are missing."""
    channel = await link.open_channel(confirms=False)
    session = Session(channel, queue, most_in_hand)
    try:
        with broker_errors(f"queue {queue} could not be consumed"):
            try:
                await session.begin()
            except ChannelNotFoundEntity:
                await link.declare_again()
                raise
    except BaseException:
        await session.close()
        raise
    return session
