"""What becomes of messages whose handling fails, seen on the real broker."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from pamqp.commands import Basic
from pamqp.common import FieldTable
from prometheus_client import CollectorRegistry

from shared.errors import DeadLetter, InfrastructureError, RetryLater
from shared.messaging import IncomingMessage, Messaging, topology
from shared.messaging.settlement import MAX_ATTEMPTS
from tests.integration.messaging.support import Client, Recorder, eventually

QUEUE = topology.INTAKE_LIVE


async def _publish(client: Client, *bodies: bytes) -> None:
    for body in bodies:
        await client.publish("contacts.inbound", "submission.leuven.email", body)


def _fails_on(body: bytes, error: Callable[[], Exception]) -> Recorder:
    def behave(batch: list[IncomingMessage]) -> None:
        if any(message.body == body for message in batch):
            raise error()

    return Recorder(behave)


def _outcomes(messaging: Messaging) -> dict[str, float]:
    samples = messaging.registry.collect()
    return {
        sample.labels["outcome"]: sample.value
        for metric in samples
        for sample in metric.samples
        if sample.name == "contactpunt_messages_handled_total" and sample.value
    }


async def test_a_batch_that_succeeds_is_acknowledged(messaging: Messaging, client: Client) -> None:
    await _publish(client, *(b"%d" % n for n in range(25)))
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler, max_batch=10)
    await messaging.consume()

    await eventually(lambda: _outcomes(messaging) == {"acked": 25})
    await messaging.stop()
    assert handler.bodies == [b"%d" % n for n in range(25)]
    assert max(len(batch) for batch in handler.batches) <= 10
    assert await client.depth(QUEUE) == 0


async def test_a_batch_with_one_bad_message_is_halved_until_it_is_found(
    messaging: Messaging, client: Client
) -> None:
    # The prefetch grows with the first ones, so that the rest comes in together.
    first, rest = [b"a%d" % n for n in range(60)], [b"b%d" % n for n in range(16)]
    handler = _fails_on(b"b5", lambda: DeadLetter("no_good"))
    await _publish(client, *first)
    messaging.batch_subscriber(QUEUE, handler, max_batch=16, linger=2.0)
    await messaging.consume()
    await eventually(lambda: _outcomes(messaging) == {"acked": 60})
    await _publish(client, *rest)

    await eventually(lambda: _outcomes(messaging) == {"acked": 75, "dead_lettered": 1})
    seen = [[m.body for m in batch] for batch in handler.batches if batch[0].body.startswith(b"b")]
    # A prefetch that has just grown is two consumers for a moment: the broker may then keep another order.
    assert sorted(seen[0]) == sorted(rest)
    assert seen == list(_halved_until(b"b5", seen[0]))
    dead = await client.take(topology.dead_queue(QUEUE))
    assert dead.body == b"b5"
    assert await client.depth(QUEUE) == 0


async def test_a_dead_letter_says_why_and_where_it_came_from(messaging: Messaging, client: Client) -> None:
    properties = Basic.Properties(
        headers={"id": "7", "x-death": "forged"},
        delivery_mode=1,
        message_id="m",
        correlation_id="c",
        content_type="text/odd",
        message_type="t",
        expiration="600000",
        user_id=None,
    )
    await client.publish("contacts.inbound", "submission.leuven.email", b"bad", properties)
    messaging.batch_subscriber(QUEUE, _fails_on(b"bad", lambda: DeadLetter("not_an_event")))
    await messaging.consume()

    dead = await client.take(topology.dead_queue(QUEUE))
    kept = dead.header.properties
    assert kept.headers is not None
    assert (
        kept.headers.items()
        >= {
            "id": "7",
            "x-dead-reason": "not_an_event",
            "x-dead-attempts": 1,
            "x-original-exchange": "contacts.inbound",
            "x-original-routing-key": "submission.leuven.email",
        }.items()
    )
    assert "x-death" not in kept.headers
    assert (kept.message_id, kept.correlation_id, kept.content_type) == ("m", "c", "text/odd")
    assert (kept.message_type, kept.delivery_mode, kept.expiration) == ("t", 2, None)
    assert dead.exchange == "contacts.dead"


@pytest.mark.parametrize("error", [RetryLater("not_yet"), KeyError("unforeseen")])
async def test_what_may_succeed_later_comes_back_after_a_pause_under_its_own_address(
    messaging: Messaging, client: Client, error: Exception
) -> None:
    def behave(batch: list[IncomingMessage]) -> None:
        if batch[0].attempt == 1:
            raise error

    handler = Recorder(behave)
    await client.publish(
        "contacts.inbound",
        "submission.leuven.email",
        b"later",
        Basic.Properties(headers={"id": "7", "CC": ["intake.import.v1"]}, message_id="m", content_type="x/y"),
    )
    await client.channel.queue_purge(topology.INTAKE_IMPORT)
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()

    await eventually(lambda: _outcomes(messaging) == {"retried": 1, "acked": 1})
    first, second = handler.messages
    assert (first.attempt, second.attempt) == (1, 2)
    for message in (first, second):
        assert (message.exchange, message.routing_key) == ("contacts.inbound", "submission.leuven.email")
        assert (message.body, message.message_id, message.content_type) == (b"later", "m", "x/y")
        assert message.headers["id"] == "7"
    # The copy goes where it belongs and nowhere else.
    assert await client.depth(topology.INTAKE_IMPORT) == 0
    for queue in (QUEUE, topology.retry_queue(QUEUE), topology.dead_queue(QUEUE)):
        assert await client.depth(queue) == 0


async def test_after_the_last_attempt_a_message_is_dead_lettered(messaging: Messaging, client: Client) -> None:
    headers: FieldTable = {
        "x-attempt": MAX_ATTEMPTS,
        "x-original-exchange": "contacts.inbound",
        "x-original-routing-key": "submission.leuven.email",
    }
    await client.publish("", QUEUE, b"hopeless", Basic.Properties(headers=headers))
    messaging.batch_subscriber(QUEUE, _fails_on(b"hopeless", lambda: RetryLater("not_yet")))
    await messaging.consume()

    dead = await client.take(topology.dead_queue(QUEUE))
    assert dead.header.properties.headers is not None
    expected = {"x-dead-reason": "not_yet", "x-dead-attempts": 5, "x-original-exchange": "contacts.inbound"}
    assert dead.header.properties.headers.items() >= expected.items()
    assert "x-attempt" not in dead.header.properties.headers


async def test_attempts_that_a_sender_claims_do_not_count(messaging: Messaging, client: Client) -> None:
    handler = Recorder()
    headers: FieldTable = {
        "x-attempt": 5,
        "x-original-routing-key": "submission.other.email",
        "x-original-exchange": "x",
    }
    await client.publish("contacts.inbound", "submission.leuven.email", b"sly", Basic.Properties(headers=headers))
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()

    await eventually(lambda: len(handler.messages) == 1)
    (message,) = handler.messages
    assert (message.attempt, message.exchange, message.routing_key) == (
        1,
        "contacts.inbound",
        "submission.leuven.email",
    )


async def test_a_queue_without_retry_dead_letters_what_was_not_foreseen_at_once(
    messaging: Messaging, client: Client
) -> None:
    await client.publish("contacts.routing", "routing.requested.v1", b"text")
    messaging.batch_subscriber(topology.ROUTING_REQUESTED, _fails_on(b"text", lambda: ZeroDivisionError("a name")))
    await messaging.consume()

    dead = await client.take(topology.dead_queue(topology.ROUTING_REQUESTED))
    assert dead.body == b"text"
    assert dead.header.properties.headers is not None
    assert dead.header.properties.headers["x-dead-reason"] == "ZeroDivisionError"


async def test_while_infrastructure_is_away_messages_are_held_and_no_delivery_is_counted(
    messaging: Messaging, client: Client
) -> None:
    away = True

    def behave(_: list[IncomingMessage]) -> None:
        if away:
            raise InfrastructureError("database away")

    handler = Recorder(behave)
    await _publish(client, b"one", b"two", b"three")
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await eventually(lambda: len(handler.batches) >= 5)
    assert set(handler.bodies) == {b"one"}
    away = False

    await eventually(lambda: _outcomes(messaging).get("acked") == 3)
    assert _outcomes(messaging).keys() == {"waited", "acked"}
    assert _outcomes(messaging)["waited"] >= 4
    assert {message.delivery_count for message in handler.messages} == {0}
    assert {message.redelivered for message in handler.messages} == {False}


async def test_what_was_held_too_long_waits_in_the_retry_queue_without_using_up_an_attempt(
    messaging: Messaging, client: Client
) -> None:
    def behave(_: list[IncomingMessage]) -> None:
        raise InfrastructureError("database away for hours")

    handler = Recorder(behave)
    await _publish(client, b"patient")
    messaging.batch_subscriber(QUEUE, handler, hold=0.5)
    await messaging.consume()
    await eventually(lambda: _held(client))
    handler.behave = lambda _: None

    await eventually(lambda: _outcomes(messaging).get("acked") == 1)
    assert {message.attempt for message in handler.messages} == {1}
    assert {message.delivery_count for message in handler.messages} == {0}


async def _held(client: Client) -> bool:
    return await client.depth(topology.retry_queue(QUEUE)) == 1


async def test_a_handler_that_cancels_itself_does_not_end_its_consumer(
    messaging: Messaging, client: Client
) -> None:
    def behave(batch: list[IncomingMessage]) -> None:
        if batch[0].body == b"odd":
            raise asyncio.CancelledError

    handler = Recorder(behave)
    await _publish(client, b"odd", b"even")
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()

    await eventually(lambda: _outcomes(messaging) == {"retried": 1, "acked": 1})
    assert handler.bodies[:2] == [b"odd", b"even"]


async def test_metrics_name_queues_and_outcomes_and_no_ids(messaging: Messaging, client: Client) -> None:
    assert isinstance(messaging.registry, CollectorRegistry)
    await client.publish(
        "contacts.inbound", "submission.leuven.email", b"one", Basic.Properties(message_id="jan@example.org")
    )
    messaging.batch_subscriber(QUEUE, Recorder())
    await messaging.consume()
    await eventually(lambda: _outcomes(messaging) == {"acked": 1})

    samples = [sample for metric in messaging.registry.collect() for sample in metric.samples]
    assert {name for sample in samples for name in sample.labels} <= {"queue", "outcome", "exchange", "le"}
    assert not [sample for sample in samples if "jan" in str(sample)]


def _halved_until(bad: bytes, batch: list[bytes]) -> Iterator[list[bytes]]:
    yield batch
    if bad in batch and len(batch) > 1:
        middle = len(batch) // 2
        yield from _halved_until(bad, batch[:middle])
        yield from _halved_until(bad, batch[middle:])
