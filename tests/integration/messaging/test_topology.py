"""The topology on the real broker: whole, repeatable, and open to adapters that declare their exchange."""

import asyncio
from typing import Any

import aiormq
import pytest
from prometheus_client import CollectorRegistry

from shared.errors import InfrastructureError
from shared.messaging import Messaging, OutgoingMessage, topology
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import Client, client_of, eventually, open_raw_channel


async def test_declaring_again_and_by_many_at_once_changes_nothing(broker_url: str) -> None:
    connections = [await aiormq.connect(broker_url) for _ in range(3)]
    channels = [await open_raw_channel(connection) for connection in connections]

    await asyncio.gather(*(topology.declare(channel) for channel in channels))
    await topology.declare(channels[0])

    for queue in topology.QUEUES:
        answer = await channels[1].queue_declare(queue.name, passive=True)
        assert answer.message_count == 0
    for connection in connections:
        await connection.close()


@pytest.mark.parametrize("first", ["adapter", "service"])
async def test_adapters_may_declare_the_exchange_they_publish_to(
    broker_url: str, make_messaging: MakeMessaging, first: str
) -> None:
    messaging = make_messaging()
    if first == "service":
        await messaging.start()
    async with client_of(broker_url) as adapter:
        for _ in range(2):
            await adapter.channel.exchange_declare("contacts.inbound", exchange_type="topic", durable=True)
        if first == "adapter":
            await messaging.start()

        await adapter.publish("contacts.inbound", "submission.leuven.email")
        assert (await adapter.take(topology.INTAKE_LIVE)).routing_key == "submission.leuven.email"


@pytest.mark.parametrize(
    ("key", "queue"),
    [
        ("submission.leuven.email", topology.INTAKE_LIVE),
        ("follow_up.leuven.answered", topology.INTAKE_LIVE),
        ("import.leuven.email", topology.INTAKE_IMPORT),
        ("import.leuven.follow_up", topology.INTAKE_IMPORT),
        ("submisson.leuven.email", topology.INTAKE_LIVE),
        ("", topology.INTAKE_LIVE),
        ("imports", topology.INTAKE_LIVE),
        ("a.b.c.d.e", topology.INTAKE_LIVE),
    ],
)
async def test_every_inbound_message_reaches_one_queue_of_intake(client: Client, key: str, queue: str) -> None:
    await client.publish("contacts.inbound", key, b"it")

    message = await client.take(queue)
    assert (message.body, message.exchange, message.routing_key) == (b"it", "contacts.inbound", key)
    for other in (topology.INTAKE_LIVE, topology.INTAKE_IMPORT):
        assert await client.depth(other) == 0


@pytest.mark.parametrize(
    ("event", "queues"),
    [
        ("contact.registered.v1", {topology.DEADLINES_REGISTERED, topology.REPORTING_REGISTERED}),
        ("contact.answered.v1", {topology.DEADLINES_EVENTS, topology.REPORTING_EVENTS}),
        ("contact.routed.v1", {topology.DEADLINES_EVENTS, topology.REPORTING_EVENTS, topology.INTAKE_HISTORY}),
        (
            "contact.review_requested.v1",
            {topology.INTAKE_HISTORY},
        ),
        ("contact.surveyed.v1", {topology.REPORTING_EVENTS}),
        ("deadline.missed.v1", {topology.REPORTING_EVENTS, topology.INTAKE_HISTORY}),
    ],
)
async def test_events_reach_the_services_that_fold_them(client: Client, event: str, queues: set[str]) -> None:
    await client.publish("contacts.events", event)

    for working in topology.WORKING_QUEUES:
        assert await client.depth(working.name) == (1 if working.name in queues else 0), working.name


async def test_what_a_working_queue_gives_up_is_in_its_own_dead_letter_queue(client: Client) -> None:
    for working in topology.WORKING_QUEUES:
        await client.publish("", working.name, working.name.encode())
        message = await client.channel.basic_get(working.name)
        assert message.delivery_tag is not None
        await client.channel.basic_reject(message.delivery_tag, requeue=False)

    for working in topology.WORKING_QUEUES:
        dead = await client.take(topology.dead_queue(working.name))
        assert (dead.body, dead.exchange) == (working.name.encode(), "contacts.dead")


async def test_only_the_queue_of_routing_holds_text_and_its_dead_letters_expire(client: Client) -> None:
    queue = topology.ROUTING_REQUESTED
    names = {each.name for each in topology.QUEUES}
    assert {name for name in names if name.startswith(queue)} == {queue, topology.dead_queue(queue)}
    assert topology.retry_queue(queue) not in names

    # The broker holds a queue's arguments against those of a declaration: these are the ones it has.
    thirty_days: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1_000_000_000,
        "x-message-ttl": 2_592_000_000,
    }
    await client.channel.queue_declare(topology.dead_queue(queue), durable=True, arguments=thirty_days)
    await _refused(client, topology.dead_queue(queue), thirty_days | {"x-message-ttl": 2_592_000_001})


async def test_working_queues_are_quorum_queues_with_a_delivery_limit(
    broker_url: str, messaging: Messaging
) -> None:
    del messaging
    for working in topology.WORKING_QUEUES:
        arguments: dict[str, Any] = {
            "x-queue-type": "quorum",
            "x-delivery-limit": 20,
            "x-dead-letter-exchange": "contacts.dead",
            "x-dead-letter-routing-key": working.name,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        async with client_of(broker_url) as client:
            await client.channel.queue_declare(working.name, durable=True, arguments=arguments)
            await _refused(client, working.name, arguments | {"x-delivery-limit": 21})


async def test_a_topology_that_contradicts_the_broker_is_waited_out_not_died_of(
    broker_url: str, make_messaging: MakeMessaging
) -> None:
    async with client_of(broker_url) as client:
        await client.channel.queue_declare(topology.DEADLINES_EVENTS, durable=True)
        messaging = make_messaging()
        starting = asyncio.ensure_future(messaging.start())
        await eventually(lambda: _says(messaging, "for queue 'deadlines.events.v1' in vhost"))
        await client.channel.queue_delete(topology.DEADLINES_EVENTS)
        await starting

    assert await messaging.ready() == []
    await messaging.publisher.publish(
        OutgoingMessage("contacts.events", "contact.registered.v1", b"{}", {}, message_id="one")
    )


async def _says(messaging: Messaging, what: str) -> bool:
    return any(what in missing for missing in await messaging.ready())


async def _refused(client: Client, queue: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(aiormq.exceptions.ChannelPreconditionFailed):
        await client.channel.queue_declare(queue, durable=True, arguments=arguments)


async def test_a_service_that_expects_the_topology_says_what_is_missing_and_starts_once_it_is_there(
    broker_url: str,
) -> None:
    messaging = Messaging(broker_url, "test", CollectorRegistry(), topology="expect")
    try:
        starting = asyncio.ensure_future(messaging.start())
        await eventually(lambda: _says(messaging, "the broker lacks exchange"))
        told = (await messaging.ready())[0]
        assert all(f"queue {queue.name}" in told for queue in topology.QUEUES)
        assert all(f"exchange {exchange.name}" in told for exchange in topology.EXCHANGES)
        assert "python -m deploy.rabbitmq" in told

        async with client_of(broker_url) as client:
            await topology.declare(client.channel)
        await starting
        assert await messaging.ready() == []
    finally:
        await messaging.stop(1.0)


async def test_a_service_that_expects_the_topology_names_only_what_is_missing(broker_url: str) -> None:
    async with client_of(broker_url) as client:
        await topology.declare(client.channel)
        await client.channel.queue_delete(topology.DISCARDED)
        with pytest.raises(InfrastructureError, match=f"the broker lacks queue {topology.DISCARDED}, and"):
            await topology.expect(client.channel)
        await topology.declare(client.channel)
        await topology.expect(client.channel)


async def test_what_an_older_version_bound_is_taken_away(broker_url: str, make_messaging: MakeMessaging) -> None:
    await make_messaging().start()
    async with client_of(broker_url) as client:
        for former in topology.FORMER_BINDINGS:
            await client.channel.queue_bind(former.destination, former.source, former.key)
        await make_messaging().start()
        await client.publish("contacts.events", "contact.registered.v1")

        assert await client.depth(topology.REPORTING_EVENTS) == 0
        assert await client.depth(topology.REPORTING_REGISTERED) == 1
