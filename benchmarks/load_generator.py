"""``python -m benchmarks.load_generator``: publishes messages, persistent, confirmed and mandatory.

A process of its own, so that measuring does not share an event loop with what is measured. As fast as the broker
confirms, or at a steady rate whatever becomes of them (an open loop: one that waits for answers asks less where it
matters most). Ends with the last message of its file, or when its standard input is closed.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import aio_pika
import orjson

from benchmarks.contacts import Message, read

_AT_ONCE = 200


@dataclass(frozen=True)
class Load:
    """What is to be published. ``rate`` is messages a second, 0 as fast as can be; ``queue`` is where all of them
    go, by the default exchange, where they do not go by their own routing keys.
    """

    file: str
    exchange: str
    queue: str = ""
    rate: float = 0.0
    times: str = ""
    """File for the moments of each message: id, when it was due, when it was confirmed."""


@dataclass
class Told:
    """What became of it: how many were confirmed, and by the machine's monotonic clock, in seconds, when the first
    was due and the last was confirmed. ``latest`` is how many seconds after it was due a message was sent at most:
    the generator's own fault, if it is one.
    """

    published: int = 0
    started: float = 0.0
    finished: float = 0.0
    latest: float = 0.0


class _Publisher:
    def __init__(self, exchange: aio_pika.abc.AbstractExchange, load: Load, stopping: asyncio.Event) -> None:
        self._exchange = exchange
        self._load = load
        self._stopping = stopping
        self._messages: Iterator[Message] = read(Path(load.file))
        self._times: list[tuple[bytes, float, float]] = []
        self.told = Told(started=time.monotonic())

    async def flood(self) -> None:
        """As fast as the broker confirms, at most ``_AT_ONCE`` unconfirmed."""
        await asyncio.gather(*(self._one_after_another() for _ in range(_AT_ONCE)))

    async def _one_after_another(self) -> None:
        for message in self._messages:
            if self._stopping.is_set():
                return
            await self._publish(message, time.monotonic())

    async def stream(self) -> None:
        """At the rate, each at its moment."""
        async with asyncio.TaskGroup() as group:
            for number, message in enumerate(self._messages):
                due = self.told.started + number / self._load.rate
                if await self._stops_before(due):
                    return
                self.told.latest = max(self.told.latest, time.monotonic() - due)
                group.create_task(self._publish(message, due))

    async def _stops_before(self, moment: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, moment - time.monotonic())):
                return await self._stopping.wait()
        except TimeoutError:
            return False

    async def _publish(self, message: Message, due: float) -> None:
        key, body = message
        properties = aio_pika.Message(
            body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await self._exchange.publish(properties, self._load.queue or key, mandatory=True)
        self.told.finished = time.monotonic()
        self.told.published += 1
        if self._load.times:
            self._times.append((_id(body), due, self.told.finished))

    def write_times(self) -> None:
        if self._load.times:
            lines = (orjson.dumps([name.decode(), due, confirmed]) for name, due, confirmed in self._times)
            Path(self._load.times).write_bytes(b"\n".join(lines))


def _id(body: bytes) -> bytes:
    read = orjson.loads(body)
    name: str = read.get("follow_up_id") or read["submission_id"]
    return name.encode()


async def _run(amqp_url: str, load: Load) -> Told:
    stopping = asyncio.Event()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def until_closed() -> None:
        await reader.read()
        stopping.set()

    watching = asyncio.create_task(until_closed())
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(load.exchange) if load.exchange else channel.default_exchange
        publisher = _Publisher(exchange, load, stopping)
        await (publisher.stream() if load.rate else publisher.flood())
        publisher.write_times()
    watching.cancel()
    return publisher.told


def main() -> None:
    """One argument: the load as JSON. The broker's address is the first line of standard input, since arguments
    can be read by everybody. Prints what became of it, as JSON.
    """
    load = Load(**orjson.loads(sys.argv[1]))
    # Unbuffered: what follows the first line, its end, is for the event loop to see.
    with open(0, "rb", buffering=0, closefd=False) as given:
        amqp_url = given.readline().decode().strip()
    print(orjson.dumps(asdict(asyncio.run(_run(amqp_url, load)))).decode())


if __name__ == "__main__":
    main()
