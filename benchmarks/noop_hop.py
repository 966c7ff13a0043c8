"""``python -m benchmarks.noop_hop``: one hop of a FastStream pipeline that does nothing but pass messages on.

What the product's four services are measured against: the same broker, quorum queues, persistence, confirms and
prefetch, one process a hop, and no work. Says ``ready`` when it consumes; the last hop prints ``finished`` by the
machine's monotonic clock each time that it has seen so many different messages more. Runs until it is killed.
"""

import asyncio
import sys
import time
from typing import Any

import orjson
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

PREFETCH = 300


async def run(amqp_url: str, source: str, destination: str | None, count: int) -> None:
    """Passes messages on from ``source`` to ``destination``, or counts them, ``count`` at a time."""
    channel = Channel(prefetch_count=PREFETCH, publisher_confirms=True, on_return_raises=True)
    broker = RabbitBroker(amqp_url, default_channel=channel, logger=None)
    seen: set[str] = set()

    @broker.subscriber(_queue(source))
    async def _hop(body: dict[str, Any]) -> None:
        if destination:
            await broker.publish(body, queue=destination, persist=True, mandatory=True)
            return
        seen.add(body["submission_id"])
        if len(seen) == count:
            print(orjson.dumps({"finished": time.monotonic()}).decode(), flush=True)
            seen.clear()

    async with broker:
        if destination:
            await broker.declare_queue(_queue(destination))
        await broker.start()
        print("ready", flush=True)
        await asyncio.Event().wait()


def _queue(name: str) -> RabbitQueue:
    return RabbitQueue(name, queue_type=QueueType.QUORUM, durable=True)


def main() -> None:
    """Arguments: source, destination (empty for the last hop), number of messages; the address on stdin."""
    source, destination, count = sys.argv[1:]
    asyncio.run(run(sys.stdin.readline().strip(), source, destination or None, int(count)))


if __name__ == "__main__":
    main()
