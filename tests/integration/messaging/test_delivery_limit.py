"""A message that brings its consumers down is given up by the broker, and takes nobody with it."""

import pytest

from shared.messaging import topology
from shared.messaging.messaging import Messaging
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import KILLER, Client, Crash, Recorder, eventually

QUEUE = topology.INTAKE_LIVE


@pytest.mark.usefixtures("brief_pauses")
@pytest.mark.parametrize("replicas", [1, 2])
async def test_the_killer_is_dead_lettered_and_all_innocents_are_handled(
    make_messaging: MakeMessaging, messaging: Messaging, client: Client, replicas: int
) -> None:
    innocents = [b"%d" % n for n in range(400)]
    for n, body in enumerate(innocents):
        if n == 350:
            await client.publish("contacts.inbound", "submission.leuven.email", KILLER)
        await client.publish("contacts.inbound", "submission.leuven.email", body)
    services = [messaging, *(make_messaging() for _ in range(replicas - 1))]
    handlers, crashes = [], []
    for service in services:
        crash = Crash(service)
        handler = Recorder(crash)
        service.batch_subscriber(QUEUE, handler, prefetch=300)
        crashes.append(crash)
        handlers.append(handler)
        await service.start()
    for service in services:
        await service.consume()

    dead = await client.take(topology.dead_queue(QUEUE))
    assert dead.body == KILLER
    deaths = sum(crash.deaths for crash in crashes)
    # A replica that dies with the killer in hand but not yet handled counts for the broker all the same.
    assert topology.DELIVERY_LIMIT + 2 - replicas <= deaths <= topology.DELIVERY_LIMIT + 1
    assert max(crash.in_hand_at_most for crash in crashes) > 1
    handled = {body for handler in handlers for body in handler.bodies}
    await eventually(lambda: handled | {b for h in handlers for b in h.bodies} == {*innocents, KILLER})
    for service in services:
        await service.stop()
    assert await client.depth(topology.dead_queue(QUEUE)) == 0
    assert await client.depth(QUEUE) == 0
    counts = [m.delivery_count for handler in handlers for m in handler.messages if m.body != KILLER]
    assert max(counts) < topology.DELIVERY_LIMIT // 2


@pytest.mark.usefixtures("brief_pauses")
async def test_a_message_that_came_back_twice_is_handled_alone(messaging: Messaging, client: Client) -> None:
    handler = Recorder(Crash(messaging))
    await client.publish("contacts.inbound", "submission.leuven.email", KILLER)
    for n in range(50):
        await client.publish("contacts.inbound", "submission.leuven.email", b"%d" % n)
    messaging.batch_subscriber(QUEUE, handler, prefetch=300)
    await messaging.consume()

    await client.take(topology.dead_queue(QUEUE))
    await eventually(lambda: len(set(handler.bodies)) == 51)
    suspects = [batch for batch in handler.batches if any(message.delivery_count >= 2 for message in batch)]
    assert len(suspects) >= 19
    assert {len(batch) for batch in suspects} == {1}
