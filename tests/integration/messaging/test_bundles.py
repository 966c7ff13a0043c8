"""Bundles on the real broker: each event once to everybody, and one that fails is judged by itself."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from pamqp.commands import Basic

from shared.errors import DeadLetter, InfrastructureError, RetryLater, UnroutableError
from shared.messaging import IncomingMessage, Messaging, OutgoingMessage, topology
from shared.messaging.bundle import opened
from shared.messaging.message import MEMBERS, received
from tests.integration.messaging.support import KILLER, Client, Crash, Recorder, event, eventually

QUEUE = topology.REPORTING_EVENTS
DEAD = topology.dead_queue(QUEUE)
OUTSIDERS = "handler.all_of_it"
REGISTERED, ROUTED = "contact.registered.v1", "contact.routed.v1"
ANSWERED, MET = "contact.answered.v1", "deadline.met.v1"
KEYS_OF = {
    topology.INTAKE_HISTORY: {ROUTED, MET},
    topology.DEADLINES_EVENTS: {ROUTED, ANSWERED},
    topology.DEADLINES_REGISTERED: {REGISTERED},
    topology.REPORTING_EVENTS: {ROUTED, ANSWERED, MET},
    topology.REPORTING_REGISTERED: {REGISTERED},
}


@pytest.fixture
async def outsider(client: Client) -> AsyncIterator[Client]:
    """Somebody with a queue of its own for whatever happens."""
    await client.channel.queue_declare(OUTSIDERS, exclusive=True)
    await client.channel.queue_bind(OUTSIDERS, topology.CONTACTS_EVENTS, "#")
    yield client
    await client.channel.queue_delete(OUTSIDERS)


async def _all_in(client: Client, queue: str) -> list[IncomingMessage]:
    """What is in a queue, as it came."""
    return [received(await client.take(queue), queue).message for _ in range(await client.depth(queue))]


def _handled(messaging: Messaging, outcome: str) -> float:
    labels = {"queue": QUEUE, "outcome": outcome}
    return messaging.registry.get_sample_value("contactpunt_messages_handled_total", labels) or 0.0


def _fails_on(body: bytes, error: Callable[[], Exception]) -> Recorder:
    def behave(batch: list[IncomingMessage]) -> None:
        if body in [message.body for message in batch if message.attempt == 1]:
            raise error()

    return Recorder(behave)


def _without(killer: bytes, handler: Recorder) -> set[bytes]:
    """What was handled in batches that did not bring the handler down."""
    batches = [{message.body for message in batch} for batch in handler.batches]
    return set().union(*(bodies for bodies in batches if killer not in bodies))


async def test_every_event_comes_once_to_each_queue_and_by_itself_to_outsiders(
    messaging: Messaging, outsider: Client
) -> None:
    keys = (REGISTERED, ROUTED, ANSWERED, MET)
    events = [event(number, keys[number % 4]) for number in range(4 * 60)]
    await messaging.publisher.publish_all(events)

    for queue, wanted in KEYS_OF.items():
        came = await _all_in(outsider, queue)
        assert len(came) == 2 * len(wanted)
        found = [(each.message_id, each.routing_key, each.body) for each in opened(came)]
        expected = [
            (each.message_id, each.routing_key, each.body) for each in events if each.routing_key in wanted
        ]
        assert Counter(found) == Counter(expected)
    outside = await _all_in(outsider, OUTSIDERS)
    assert [(each.message_id, each.routing_key, each.body) for each in outside] == [
        (each.message_id, each.routing_key, each.body) for each in events
    ]
    assert {each.exchange for each in outside} == {topology.CONTACTS_EVENTS}


async def test_a_handler_is_given_what_is_in_bundles_as_if_it_had_come_alone(
    messaging: Messaging, client: Client
) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.consume()
    await messaging.publisher.publish_all([event(number) for number in range(120)])
    await eventually(lambda: len(handler.bodies) == 120)

    assert sorted(handler.bodies) == sorted(b"%d" % number for number in range(120))
    (told,) = [message for message in handler.messages if message.body == b"7"]
    assert (told.exchange, told.routing_key, told.queue) == (topology.CONTACTS_EVENTS, ANSWERED, QUEUE)
    assert (told.message_id, told.correlation_id, told.headers) == ("id-7", "contact-7", event(7).headers)
    await messaging.stop()
    assert await client.depth(QUEUE) == 0


async def test_requests_to_routing_come_in_a_bundle_alone(messaging: Messaging, client: Client) -> None:
    key = topology.ROUTING_REQUESTED
    requests = [
        OutgoingMessage(
            topology.CONTACTS_ROUTING, key, each.body, each.headers, each.message_id, each.correlation_id
        )
        for each in (event(number) for number in range(30))
    ]
    await messaging.publisher.publish_all(requests)
    (bundle,) = await _all_in(client, key)
    assert bundle.headers[MEMBERS] == 30
    assert [each.message_id for each in opened([bundle])] == [each.message_id for each in requests]


@pytest.mark.parametrize(("headers", "arrives"), [({}, 1), ({"bundled": False}, 1), ({"bundled": True}, 0)])
async def test_only_the_mark_keeps_an_event_that_came_alone_from_the_services(
    outsider: Client, headers: dict[str, Any], arrives: int
) -> None:
    await outsider.publish(
        topology.CONTACTS_EVENTS, ROUTED, b"{}", Basic.Properties(delivery_mode=2, headers=headers)
    )
    assert await outsider.depth(OUTSIDERS) == 1
    for queue, keys in KEYS_OF.items():
        assert await outsider.depth(queue) == (arrives if ROUTED in keys else 0), queue


async def test_one_that_is_given_up_goes_to_the_dead_letters_alone(messaging: Messaging, client: Client) -> None:
    handler = _fails_on(b"25", lambda: DeadLetter("not_an_event"))
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.publisher.publish_all([event(number) for number in range(50)])
    await messaging.consume()

    (dead,) = [received(await client.take(DEAD), QUEUE).message]
    assert (dead.body, dead.message_id, dead.headers["x-dead-reason"]) == (b"25", "id-25", "not_an_event")
    assert (dead.headers["x-original-exchange"], dead.headers["x-original-routing-key"]) == (
        topology.CONTACTS_EVENTS,
        ANSWERED,
    )
    await eventually(lambda: _handled(messaging, "acked") == 49)
    assert (_handled(messaging, "dead_lettered"), _handled(messaging, "parted")) == (1, 1)
    assert set(handler.bodies) == {b"%d" % number for number in range(50)}
    await messaging.stop()
    assert (await client.depth(QUEUE), await client.depth(DEAD)) == (0, 0)


async def test_one_that_is_to_be_tried_later_waits_alone(messaging: Messaging, client: Client) -> None:
    handler = _fails_on(b"3", lambda: RetryLater("not_yet"))
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.publisher.publish_all([event(number) for number in range(50)])
    await messaging.consume()

    waiting = received(await client.take(topology.retry_queue(QUEUE)), QUEUE).message
    assert (waiting.body, waiting.message_id, waiting.headers["x-attempt"]) == (b"3", "id-3", 2)
    assert waiting.headers["x-original-exchange"] == topology.CONTACTS_EVENTS
    await eventually(lambda: _handled(messaging, "acked") == 49)
    assert (_handled(messaging, "retried"), _handled(messaging, "parted")) == (1, 1)
    assert await client.depth(topology.retry_queue(QUEUE)) == 0


@pytest.mark.parametrize(("members", "body"), [(2, b"{}\n{}\n{}\n{}"), (3, b"{}\n{}"), ("many", b""), (-1, b"")])
async def test_a_bundle_that_cannot_be_opened_goes_to_the_dead_letters_and_stops_nobody(
    messaging: Messaging, client: Client, members: Any, body: bytes
) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler)
    properties = Basic.Properties(delivery_mode=2, message_id="m", headers={MEMBERS: members})
    await client.publish(topology.SERVICES_EVENTS, ANSWERED, body, properties)
    await messaging.publisher.publish_all([event(1), event(2)])
    await messaging.consume()

    dead = received(await client.take(DEAD), QUEUE).message
    assert (dead.body, dead.headers["x-dead-reason"]) == (body, "not_a_bundle")
    await eventually(lambda: handler.bodies == [b"1", b"2"])


async def test_while_the_database_is_away_a_bundle_waits_as_a_whole(messaging: Messaging, client: Client) -> None:
    away = [True]

    def behave(_: Sequence[IncomingMessage]) -> None:
        if away:
            raise InfrastructureError("away")

    handler = Recorder(behave)
    messaging.batch_subscriber(QUEUE, handler, hold=0.05)
    await messaging.publisher.publish_all([event(number) for number in range(50)])
    await messaging.consume()
    bundle = received(await client.take(topology.retry_queue(QUEUE), no_ack=False), QUEUE)
    away.clear()
    await client.channel.basic_reject(bundle.tag, requeue=True)

    await eventually(lambda: _handled(messaging, "acked") == 1)
    assert [message.body for message in handler.batches[-1]] == [b"%d" % number for number in range(50)]
    assert _handled(messaging, "parted") == 0


@pytest.mark.usefixtures("brief_pauses")
@pytest.mark.parametrize(("deaths", "delivery_count"), [(1, 1), (2, 0)])
async def test_what_a_dying_process_had_in_hand_comes_again_and_from_the_second_time_on_one_by_one(
    messaging: Messaging, client: Client, deaths: int, delivery_count: int
) -> None:
    crash = Crash(messaging, b"7", mortal=deaths)
    handler = Recorder(crash)
    messaging.batch_subscriber(QUEUE, handler)
    await messaging.publisher.publish_all([event(number) for number in range(50)])
    await messaging.consume()

    everybody = {b"%d" % number for number in range(50)}
    await eventually(lambda: {each.body for batch in handler.batches[deaths:] for each in batch} == everybody)
    assert [len(batch) for batch in handler.batches[:deaths]] == [50] * deaths
    again = [message for batch in handler.batches[deaths:] for message in batch]
    assert len(again) == 50
    assert {message.delivery_count for message in again} == {delivery_count}
    await eventually(lambda: _handled(messaging, "parted") == (1 if deaths > 1 else 0))
    await messaging.stop()
    assert (await client.depth(QUEUE), await client.depth(DEAD)) == (0, 0)


@pytest.mark.usefixtures("brief_pauses")
async def test_a_killer_in_a_bundle_takes_no_innocent_to_the_dead_letters(
    messaging: Messaging, client: Client
) -> None:
    crash = Crash(messaging)
    handler = Recorder(crash)
    messaging.batch_subscriber(QUEUE, handler, max_batch=200)
    for first in range(0, 500, 50):
        bodies = [KILLER if number == 325 else None for number in range(first, first + 50)]
        await messaging.publisher.publish_all([event(first + at, body=body) for at, body in enumerate(bodies)])
    await messaging.consume()

    dead = received(await client.take(DEAD), QUEUE).message
    assert (dead.body, dead.message_id) == (KILLER, "id-325")
    innocents = {b"%d" % number for number in range(500) if number != 325}
    await eventually(lambda: _without(KILLER, handler) == innocents)
    assert crash.in_hand_at_most > 1
    await messaging.stop()
    assert (await client.depth(QUEUE), await client.depth(DEAD)) == (0, 0)
    assert max(each.delivery_count for each in handler.messages if each.body != KILLER) < 10


async def test_a_bundle_that_no_queue_takes_is_an_error_until_the_binding_is_back(
    messaging: Messaging, outsider: Client
) -> None:
    key = "contact.surveyed.v1"
    events = [event(number, key) for number in range(3)]
    await outsider.channel.queue_unbind(QUEUE, topology.SERVICES_EVENTS, key)
    with pytest.raises(UnroutableError, match=rf"services\.events/{key}"):
        await messaging.publisher.publish_all(events)
    # Whoever raises it has had the topology declared anew.
    await messaging.publisher.publish_all(events)

    assert [each.body for each in opened(await _all_in(outsider, QUEUE))] == [b"0", b"1", b"2"]


async def test_nobody_outside_need_listen(messaging: Messaging, client: Client) -> None:
    await client.channel.exchange_unbind(topology.EVENTS_SORTING, topology.CONTACTS_EVENTS, "#")
    await messaging.publisher.publish_all([event(1), event(2)])
    assert await client.depth(QUEUE) == 1
