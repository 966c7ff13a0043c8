"""FastStream's handlers on our consumer: FastStream's parsing and injection, our settlement."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from shared.errors import DeadLetter, InfrastructureError, RetryLater
from shared.messaging import Messaging, OutgoingMessage, topology
from tests.integration.messaging.support import Client, eventually

QUEUE = topology.ROUTING_REQUESTED


class Request(BaseModel):
    number: int


async def _publish(client: Client, *bodies: bytes) -> None:
    for body in bodies:
        await client.publish("contacts.routing", "routing.requested.v1", body)


async def test_handlers_get_models_and_may_publish(messaging: Messaging, client: Client) -> None:
    numbers: list[int] = []

    @messaging.fast_stream_subscriber(QUEUE)
    async def handle(request: Request) -> None:
        numbers.append(request.number)
        event = OutgoingMessage(
            "contacts.events", "contact.routed.v1", b"%d" % request.number, {}, message_id=str(request.number)
        )
        await messaging.publisher.publish(event)

    await _publish(client, *(b'{"number": %d}' % n for n in range(200)))
    await messaging.consume()

    await eventually(lambda: len(numbers) == 200)
    await messaging.stop()
    assert sorted(numbers) == list(range(200))
    assert await client.depth(topology.INTAKE_HISTORY) == 200
    assert await client.depth(QUEUE) == 0


async def test_each_message_is_settled_for_itself(messaging: Messaging, client: Client) -> None:
    handled: list[int] = []
    away = {3}

    @messaging.fast_stream_subscriber(QUEUE)
    async def handle(request: Request) -> None:
        if request.number in away:
            away.clear()
            raise InfrastructureError("database away")
        if request.number == 5:
            raise DeadLetter("five")
        if request.number == 6:
            raise RetryLater("no_retry_queue_here")
        handled.append(request.number)

    await _publish(client, *(b'{"number": %d}' % n for n in range(10)), b"no json", b'{"number": "many"}', b"")
    await messaging.consume()

    reasons: dict[bytes, Any] = {}
    for _ in range(5):
        dead = await client.take(topology.dead_queue(QUEUE))
        assert dead.header.properties.headers is not None
        reasons[dead.body] = dead.header.properties.headers["x-dead-reason"]
    assert reasons == {
        b'{"number": 5}': "five",
        b'{"number": 6}': "no_retry_queue_here",
        b"no json": "ValidationError",
        b'{"number": "many"}': "ValidationError",
        b"": "ValidationError",
    }
    await eventually(lambda: sorted(handled) == [0, 1, 2, 3, 4, 7, 8, 9])
    await messaging.stop()
    assert await client.depth(QUEUE) == 0


async def test_calls_run_side_by_side(messaging: Messaging, client: Client) -> None:
    running = peak = 0
    done: list[int] = []

    @messaging.fast_stream_subscriber(QUEUE, concurrent=8)
    async def handle(request: Request) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0)
        running -= 1
        done.append(request.number)

    await _publish(client, *(b'{"number": %d}' % n for n in range(200)))
    await messaging.consume()
    await eventually(lambda: len(done) == 200)
    assert 1 < peak <= 8


async def test_a_text_is_never_logged(
    messaging: Messaging, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    @messaging.fast_stream_subscriber(QUEUE)
    async def handle(request: Request) -> None:
        raise ValueError(f"my neighbour Jan {request}")

    await _publish(client, b'{"number": 1}', b'{"number": "my neighbour Jan"}')
    await messaging.consume()
    for _ in range(2):
        await client.take(topology.dead_queue(QUEUE))
    await messaging.stop()

    told = capfd.readouterr()
    assert "message not handled" in told.out + told.err
    assert "Jan" not in told.out + told.err
