"""The one connection of a service, opened through FastStream's broker; waits for RabbitMQ as long as it takes."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, cast

import structlog
from aio_pika import RobustConnection
from aio_pika.abc import AbstractRobustConnection
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.channel import Channel
from faststream.rabbit import RabbitBroker
from faststream.rabbit.utils import RabbitClientProperties
from yarl import URL

from shared.errors import InfrastructureError, is_infrastructure
from shared.messaging import tolerant_decoding, topology
from shared.messaging.log_fields import keep_messages_out_of_logs
from shared.messaging.waiting import until_available

HEARTBEAT_SECONDS: Final = 15
"""A peer that is silent for about two of these is taken for dead."""
CONNECT_TIMEOUT_SECONDS: Final = 10.0
RPC_TIMEOUT_SECONDS: Final = 10.0
DECLARE_TIMEOUT_SECONDS: Final = 60.0
CLOSE_TIMEOUT_SECONDS: Final = 5.0
RECONNECT_SECONDS: Final = 1.0

_log = structlog.get_logger("messaging")


class _Broker(RabbitBroker):
    """Closes the connection that it had begun to open when it is told to give up, or cannot have a channel on it.

    FastStream knows of a connection only once it is open; one that is left half open goes on trying for ever,
    and so keeps a process from ending.
    """

    async def _connect(self) -> RobustConnection:
        begun: list[RobustConnection] = []

        def begin(*args: Any, **options: Any) -> RobustConnection:
            begun.append(RobustConnection(*args, **options))
            return begun[-1]

        self._connection_kwargs["connection_class"] = begin
        connecting = asyncio.ensure_future(super()._connect())
        try:
            return await asyncio.shield(connecting)
        except BaseException:
            try:
                # aiormq forgets a socket when it is told to give up just before the connection is open.
                await asyncio.wait([connecting], timeout=CLOSE_TIMEOUT_SECONDS)
            finally:
                connecting.cancel()
                closing = (connection.close() for connection in begun)
                await asyncio.gather(connecting, *closing, return_exceptions=True)
                self._channel = None
                self.config.disconnect()
            raise


def make_broker(url: str, service_name: str) -> RabbitBroker:
    """FastStream's broker for a service; connects when told to and reconnects by itself.

    ``url`` may carry its own ``heartbeat`` (seconds) and ``name`` (as the broker's administrator sees it).
    """
    tolerant_decoding.install()
    keep_messages_out_of_logs()
    given = URL(url)
    named = given if "name" in given.query else given.update_query(name=service_name)
    heartbeat = int(given.query.get("heartbeat", HEARTBEAT_SECONDS))
    return _Broker(
        str(named),
        client_properties=RabbitClientProperties(heartbeat=heartbeat),
        timeout=CONNECT_TIMEOUT_SECONDS,
        reconnect_interval=RECONNECT_SECONDS,
        app_id=service_name,
        # FastStream logs the text of errors, and an error's text may quote what a citizen wrote.
        logger=None,
    )


class Link:
    """Hands out channels of the present connection, on which the whole topology has been declared before.

    The channels are aiormq's own: they do not come back by themselves after a lost connection, since a consumer
    must come back with nothing in hand and a small prefetch, and a publisher must not believe in confirms of old.
    """

    def __init__(
        self,
        broker: RabbitBroker,
        declare: Callable[[AbstractChannel], Awaitable[None]] = topology.declare,
    ) -> None:
        self._broker = broker
        self._declare = declare
        self._robust: AbstractRobustConnection | None = None
        self._trouble = "not started"
        self._connecting = asyncio.Lock()
        self._declared_on: AbstractConnection | None = None
        self._declaring = asyncio.Lock()
        self._inspector: Channel | None = None
        self._inspecting = asyncio.Lock()

    async def connect(self) -> None:
        """Connects and declares the topology; waits while the broker is away, refuses us or is not ready."""
        retrying = until_available(asyncio.sleep, tell=self._tell_waiting)
        await retrying(self._connect_once)
        self._trouble = ""

    async def _connect_once(self) -> None:
        async with self._connecting:
            self._robust = await self._broker.connect()
        await self._declare_once(self._connection())

    def missing(self) -> str | None:
        """What keeps messages from being published at this moment, for an operator; None when nothing does."""
        transport = self._robust.transport if self._robust else None
        if transport is None or transport.connection.is_closed:
            return "there is no connection to the message broker"
        return f"exchanges and queues are not declared yet: {self._trouble}" if self._trouble else None

    async def is_blocked(self) -> bool:
        """Whether the broker has told us that it reads nothing more from us, being short of memory or disk.

        Asks nobody. RabbitMQ tells those who publish; it tells them too when it is over.
        """
        transport = self._robust.transport if self._robust else None
        if transport is None or transport.connection.is_closed:
            return False
        try:
            # ready() waits for as long as it is so; with no time to wait it only tells.
            async with asyncio.timeout(0):
                await transport.connection.ready()
        except TimeoutError:
            return True
        return False

    async def open_channel(self, *, confirms: bool) -> Channel:
        """A fresh channel. Raises ``InfrastructureError`` while there is no connection."""
        with broker_errors("no channel could be opened"):
            connection = self._connection()
            await self._declare_once(connection)
            channel = await connection.channel(
                publisher_confirms=confirms, on_return_raises=False, timeout=RPC_TIMEOUT_SECONDS
            )
            return cast("Channel", channel)

    async def declare_again(self) -> None:
        """Declares the topology once more: something of it turned out to be missing.

        Raises ``InfrastructureError`` while there is no connection.
        """
        with broker_errors("exchanges and queues could not be declared"):
            self._declared_on = None
            await self._declare_once(self._connection())

    async def inspect(self, queue: str) -> tuple[int, int]:
        """How many messages are ready in a queue, and how many consumers it has, in the broker's own words.

        Raises ``InfrastructureError`` where the broker does not answer or the queue is missing.
        """
        async with self._inspecting:
            with broker_errors(f"queue {queue} could not be looked at"):
                if self._inspector is None or self._inspector.is_closed:
                    self._inspector = await self.open_channel(confirms=False)
                answer = await self._inspector.queue_declare(queue, passive=True, timeout=RPC_TIMEOUT_SECONDS)
                return answer.message_count or 0, answer.consumer_count or 0

    async def close(self) -> None:
        """Closes the connection and with it every channel; a broker that does not answer is not waited for."""
        self._robust = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await self._broker.stop()

    def _tell_waiting(self, error: BaseException) -> None:
        # The broker's own words name hosts and queues, never what is in a message.
        self._trouble = f"{type(error).__name__}: {error}"
        _log.warning("waiting for the message broker", reason=self._trouble)

    def _connection(self) -> AbstractConnection:
        transport = self._robust.transport if self._robust else None
        if transport is None or transport.connection.is_closed:
            raise InfrastructureError("there is no connection to the message broker")
        return transport.connection

    async def _declare_once(self, connection: AbstractConnection) -> None:
        async with self._declaring:
            if self._declared_on is connection:
                return
            channel = await connection.channel(publisher_confirms=False, timeout=RPC_TIMEOUT_SECONDS)
            try:
                async with asyncio.timeout(DECLARE_TIMEOUT_SECONDS):
                    await self._declare(channel)
            finally:
                await channel.close()
            self._declared_on = connection


@contextlib.contextmanager
def broker_errors(what: str) -> Iterator[None]:
    """Makes every failure to reach the broker an ``InfrastructureError`` that says what was not possible.

    aiormq answers callers whose connection goes away with a cancellation that nobody asked for, or a RuntimeError.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise InfrastructureError(f"{what}: the connection went away") from error
    except InfrastructureError:
        raise
    except Exception as error:
        if is_infrastructure(error) or isinstance(error, RuntimeError):
            raise InfrastructureError(f"{what}: {type(error).__name__}") from error
        raise
