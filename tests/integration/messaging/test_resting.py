"""Messages that are left alone for a while, since what comes meanwhile may make them superfluous."""

import asyncio
import time

from shared.messaging import IncomingMessage, Messaging, topology
from tests.integration.messaging.support import Client, Recorder, eventually

QUEUE = topology.REPORTING_REGISTERED
REST = 1.0


async def _publish(client: Client, first: int, count: int) -> None:
    for n in range(first, first + count):
        await client.publish("contacts.events", "contact.registered.v1", b"%d" % n)


async def test_every_message_rests_unless_no_more_can_come(messaging: Messaging, client: Client) -> None:
    came: list[tuple[float, int]] = []

    async def behave(batch: list[IncomingMessage]) -> None:
        came.append((time.monotonic(), len(batch)))

    handler = Recorder(behave)
    messaging.batch_subscriber(QUEUE, handler, prefetch=2_000, rest=REST)
    await messaging.consume()
    # Slow start: as long as all that may be in hand is there, waiting would be in vain. After the first, the
    # broker may send for the old and for the wider prefetch at once.
    await _publish(client, 0, 7)
    await eventually(lambda: len(handler.bodies) == 7)
    slow_start = [length for _, length in came]
    assert slow_start[0] == 1
    assert len(slow_start) > 1
    begun = time.monotonic()
    await _publish(client, 7, 3)
    await eventually(lambda: len(handler.bodies) == 10)
    rested, length = came[len(slow_start)]
    assert rested - begun >= REST
    assert length == 3
    assert sorted(handler.bodies) == [b"%d" % n for n in range(10)]


async def test_stopping_does_not_wait_for_the_rest(messaging: Messaging, client: Client) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler, prefetch=2_000, rest=3600.0)
    await messaging.consume()
    await _publish(client, 0, 1)
    await eventually(lambda: len(handler.bodies) == 1)
    await _publish(client, 1, 1)
    await asyncio.sleep(0.5)
    assert handler.bodies == [b"0"]
    await messaging.stop(grace=30)
    assert handler.bodies == [b"0", b"1"]
    assert await client.depth(QUEUE) == 0
