"""The look at the queues: what it tells, and that it ends when it is told to, whatever it is doing."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from shared.messaging import topology
from shared.messaging.messaging import Messaging
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import Client, Recorder, eventually

QUEUE = topology.INTAKE_LIVE


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.queue_watch._FIRST_LOOK_SECONDS", 0.0)


def told(registry: CollectorRegistry, name: str, queue: str) -> float | None:
    return registry.get_sample_value(name, {"queue": queue})


async def test_it_tells_who_consumes_and_what_is_dead(messaging: Messaging, client: Client) -> None:
    dead = topology.dead_queue(QUEUE)
    await client.publish(topology.CONTACTS_DEAD, QUEUE)
    messaging.batch_subscriber(QUEUE, Recorder())
    await messaging.consume()

    await eventually(lambda: told(messaging.registry, "contactpunt_queue_messages", dead) == 1)
    await eventually(lambda: told(messaging.registry, "contactpunt_queue_consumers", QUEUE) is not None)


async def test_whenever_it_is_told_to_stop_it_stops(make_messaging: MakeMessaging) -> None:
    for turn in range(25):
        service = make_messaging()
        service._watch._interval = 0.001
        service.batch_subscriber(QUEUE, Recorder())
        await service.start()
        await service.consume()
        await asyncio.sleep(turn * 0.003)
        async with asyncio.timeout(30):
            await service.stop(1.0)
        assert service._watch._task is None
