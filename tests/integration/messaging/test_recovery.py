"""Consumers and publishers come back by themselves, whatever takes their channel away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry

from shared.errors import InfrastructureError
from shared.messaging import IncomingMessage, Messaging, OutgoingMessage, topology
from tests.integration.messaging.conftest import MakeMessaging, MortalBroker
from tests.integration.messaging.support import Client, Recorder, client_of, eventually

QUEUE = topology.INTAKE_LIVE


def _submission(name: str) -> OutgoingMessage:
    return OutgoingMessage("contacts.inbound", "submission.leuven.email", name.encode(), {}, message_id=name)


@pytest.fixture
async def mortal(mortal_broker: MortalBroker) -> AsyncIterator[Messaging]:
    messaging = Messaging(url=mortal_broker.url, service="test", registry=CollectorRegistry())
    yield messaging
    await messaging.stop(5.0)


async def test_nothing_is_lost_when_the_broker_dies_with_a_batch_in_hand(
    mortal: Messaging, mortal_broker: MortalBroker
) -> None:
    names = {b"%d" % n for n in range(500)}
    dying, go_on = asyncio.Event(), asyncio.Event()

    async def behave(batch: list[IncomingMessage]) -> None:
        if b"250" in [message.body for message in batch]:
            dying.set()
            await go_on.wait()

    handler = Recorder(behave)
    await mortal.start()
    await mortal.publisher.publish_all([_submission(name.decode()) for name in sorted(names)])
    mortal.batch_subscriber(QUEUE, handler)
    await mortal.consume()
    await dying.wait()
    before = list(handler.bodies)

    mortal_broker.kill()
    await eventually(lambda: _missing(mortal, "no connection"))
    with pytest.raises(InfrastructureError):
        await mortal.publisher.publish(_submission("during"))
    go_on.set()

    await eventually(lambda: set(handler.bodies) >= names)
    await eventually(lambda: _ready(mortal))
    # What was in hand came again, on a fresh channel.
    assert b"250" in handler.bodies[len(before) :]
    await mortal.publisher.publish(_submission("after"))
    await eventually(lambda: b"after" in handler.bodies)
    await mortal.stop()
    async with client_of(mortal_broker.url) as client:
        assert await client.depth(QUEUE) == 0
        assert await client.depth(topology.dead_queue(QUEUE)) == 0


async def test_a_batch_that_waits_for_the_database_is_dropped_when_the_broker_dies_too(
    mortal: Messaging, mortal_broker: MortalBroker
) -> None:
    away = True

    def behave(_: list[IncomingMessage]) -> None:
        if away:
            raise InfrastructureError("database away")

    handler = Recorder(behave)
    await mortal.start()
    await mortal.publisher.publish_all([_submission(f"{n}") for n in range(20)])
    mortal.batch_subscriber(QUEUE, handler)
    await mortal.consume()
    await eventually(lambda: len(handler.batches) >= 2)

    mortal_broker.kill()
    await eventually(lambda: _missing(mortal, "no connection"))
    await eventually(lambda: any(message.redelivered for message in handler.messages))
    away = False

    await eventually(lambda: set(handler.bodies) == {b"%d" % n for n in range(20)})
    await eventually(lambda: _depth(mortal_broker, 0))


async def test_a_service_that_starts_before_its_broker_waits(
    mortal: Messaging, mortal_broker: MortalBroker
) -> None:
    mortal_broker.kill()
    starting = asyncio.ensure_future(mortal.start())
    handler = Recorder()
    mortal.batch_subscriber(QUEUE, handler)
    await starting
    await mortal.consume()
    await mortal.publisher.publish(_submission("first"))

    await eventually(lambda: handler.bodies == [b"first"])
    assert await mortal.ready() == []


async def test_a_channel_that_the_broker_closes_is_replaced(messaging: Messaging, client: Client) -> None:
    closed = False

    async def behave(_: list[IncomingMessage]) -> None:
        nonlocal closed
        if not closed:
            closed = True
            (consumer,) = messaging._consumers
            session = consumer._session
            assert session is not None
            # A second acknowledgement of the same message: 406, as after a consumer timeout.
            await session._channel.basic_ack(1)
            await session._channel.basic_ack(1)
            await eventually(lambda: session._lost)

    handler = Recorder(behave)
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    for name in (b"one", b"two", b"three"):
        await client.publish("contacts.inbound", "submission.leuven.email", name)

    await eventually(lambda: set(handler.bodies) == {b"one", b"two", b"three"})
    await eventually(lambda: _ready(messaging))


async def test_a_queue_that_is_deleted_is_declared_and_consumed_again(
    messaging: Messaging, client: Client
) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await client.publish("contacts.inbound", "submission.leuven.email", b"before")
    await eventually(lambda: handler.bodies == [b"before"])

    await client.channel.queue_delete(QUEUE)
    await eventually(lambda: _ready(messaging, consumers=True))
    await client.publish("contacts.inbound", "submission.leuven.email", b"after")
    await eventually(lambda: handler.bodies == [b"before", b"after"])


async def test_readiness_names_what_is_missing(
    make_messaging: MakeMessaging, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    messaging = make_messaging()
    assert await messaging.ready() == ["there is no connection to the message broker"]
    await messaging.start()
    assert await messaging.ready() == []
    messaging.batch_subscriber(QUEUE, Recorder())
    messaging.batch_subscriber(topology.INTAKE_IMPORT, Recorder())
    assert await messaging.ready() == ["consuming has not begun"]
    await messaging.consume()
    await eventually(lambda: _ready(messaging))

    # The consumer is taken away behind the service's back, and may not come back for a while.
    monkeypatch.setattr("shared.messaging.consumer.RESUME_SECONDS", 3600.0)
    await client.channel.queue_delete(QUEUE)
    await eventually(lambda: _missing(messaging, f"queue {QUEUE}: this service has no consumer on it"))


async def test_readiness_does_not_believe_in_a_consumer_that_the_broker_does_not_know(
    messaging: Messaging, client: Client
) -> None:
    messaging.batch_subscriber(QUEUE, Recorder())
    await messaging.consume()
    await eventually(lambda: _ready(messaging))
    (consumer,) = messaging._consumers
    session = consumer._session
    assert session is not None
    assert session._consumer_tag is not None
    await session._channel.basic_cancel(session._consumer_tag)

    assert await client.consumers(QUEUE) == 0
    assert await messaging.ready() == [f"queue {QUEUE}: the broker knows no consumer of it"]


async def _ready(messaging: Messaging, *, consumers: bool = False) -> bool:
    if consumers and not all(consumer._session for consumer in messaging._consumers):
        return False
    return await messaging.ready() == []


async def _missing(messaging: Messaging, what: str) -> bool:
    return any(what in missing for missing in await messaging.ready())


async def _depth(broker: MortalBroker, depth: int) -> bool:
    async with client_of(broker.url) as client:
        return await client.depth(QUEUE) == depth
