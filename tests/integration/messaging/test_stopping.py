"""A service that is told to stop finishes what it has in hand and leaves the rest to others."""

import asyncio

from shared.errors import InfrastructureError
from shared.messaging import IncomingMessage, Messaging, topology
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import Client, Recorder, eventually

QUEUE = topology.INTAKE_LIVE


async def _publish(client: Client, count: int) -> None:
    for n in range(count):
        await client.publish("contacts.inbound", "submission.leuven.email", b"%d" % n)


async def test_stopping_finishes_and_settles_what_is_in_hand(
    make_messaging: MakeMessaging, messaging: Messaging, client: Client
) -> None:
    busy, go_on = asyncio.Event(), asyncio.Event()

    async def behave(batch: list[IncomingMessage]) -> None:
        if b"100" in [message.body for message in batch]:
            busy.set()
            await go_on.wait()

    handler = Recorder(behave)
    await _publish(client, 600)
    messaging.batch_subscriber(QUEUE, handler, prefetch=100)
    await messaging.consume()
    await busy.wait()
    stopping = asyncio.ensure_future(messaging.stop(grace=60))
    go_on.set()
    await stopping

    handled = len(handler.bodies)
    assert 100 < handled < 600
    assert await client.consumers(QUEUE) == 0
    assert await client.depth(QUEUE) == 600 - handled

    # Nothing was left unacknowledged, so nothing comes a second time.
    successor, rest = make_messaging(), Recorder()
    await successor.start()
    successor.batch_subscriber(QUEUE, rest)
    await successor.consume()
    await eventually(lambda: len(rest.bodies) == 600 - handled)
    assert {message.redelivered for message in rest.messages} == {False}
    assert sorted(handler.bodies + rest.bodies) == sorted(b"%d" % n for n in range(600))


async def test_what_does_not_end_in_time_is_taken_back_by_the_broker(messaging: Messaging, client: Client) -> None:
    begun = asyncio.Event()

    async def behave(_: list[IncomingMessage]) -> None:
        begun.set()
        await asyncio.Event().wait()

    await _publish(client, 3)
    messaging.batch_subscriber(QUEUE, Recorder(behave))
    await messaging.consume()
    await begun.wait()
    await messaging.stop(grace=0.05)

    await eventually(lambda: _depth(client, 3))


async def test_stopping_does_not_wait_for_a_database_that_is_away(messaging: Messaging, client: Client) -> None:
    def behave(_: list[IncomingMessage]) -> None:
        raise InfrastructureError("database away")

    handler = Recorder(behave)
    await _publish(client, 3)
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await eventually(lambda: len(handler.batches) > 2)
    await messaging.stop(grace=3600)

    await eventually(lambda: _depth(client, 3))


async def test_stopping_before_or_without_starting_is_fine(make_messaging: MakeMessaging) -> None:
    never_started = make_messaging()
    never_started.batch_subscriber(QUEUE, Recorder())
    await never_started.stop()

    idle = make_messaging()
    idle.batch_subscriber(QUEUE, Recorder())
    await idle.start()
    await idle.consume()
    await idle.stop()
    await idle.stop()


async def _depth(client: Client, depth: int) -> bool:
    return await client.depth(QUEUE) == depth
