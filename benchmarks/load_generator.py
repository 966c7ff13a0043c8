"""``python -m benchmarks.load_generator``: publishes bodies as fast as the broker confirms them.

A process of its own, so that measuring does not share an event loop with what is measured. Prints one JSON object:
``started`` and ``finished`` by the machine's monotonic clock, in seconds.
"""

import asyncio
import sys
import time
from pathlib import Path

import aio_pika
import orjson

_AT_ONCE = 200


async def publish(amqp_url: str, exchange_name: str, routing_key: str, bodies: list[bytes]) -> dict[str, float]:
    """Publishes all bodies, persistent, confirmed and mandatory, at most ``_AT_ONCE`` unconfirmed."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(exchange_name) if exchange_name else channel.default_exchange
        room = asyncio.Semaphore(_AT_ONCE)

        async def publish_one(body: bytes) -> None:
            async with room:
                message = aio_pika.Message(
                    body, content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT
                )
                await exchange.publish(message, routing_key, mandatory=True)

        started = time.monotonic()
        await asyncio.gather(*(publish_one(body) for body in bodies))
        return {"started": started, "finished": time.monotonic()}


def main() -> None:
    """Arguments: exchange (empty for the default one), routing key, file of bodies; the address on stdin."""
    exchange_name, routing_key, file = sys.argv[1:]
    amqp_url = sys.stdin.readline().strip()
    bodies = Path(file).read_bytes().splitlines()
    print(orjson.dumps(asyncio.run(publish(amqp_url, exchange_name, routing_key, bodies))).decode())


if __name__ == "__main__":
    main()
