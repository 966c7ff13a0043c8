"""The definitions on a real RabbitMQ: what each user may do, and what it is refused."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiormq
import httpx
import pytest
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import ChannelAccessRefused
from prometheus_client import CollectorRegistry

from deploy.documents.flow import ADDRESSES, CONSUMES, UNREAD, sends
from deploy.local.plain_http import NO_CERTIFICATES
from shared.errors import DeadLetter, RetryLater
from shared.messaging import IncomingMessage, Messaging, OutgoingMessage, topology
from shared.messaging.dead_letters import DeadLetterBox
from tests.integration.deployment.conftest import Defined
from tests.integration.messaging.support import client_of, eventually

SERVICES = tuple(CONSUMES)
OUTSIDE = ("adapter", "handler")
Action = Callable[[AbstractChannel], Awaitable[Any]]


class Acting:
    """A user at work; each action on a channel of its own, since a refusal closes the channel."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection

    async def may(self, action: Action) -> bool:
        """Whether the broker lets the user do it. Anything but a refusal for want of permission fails."""
        channel = await self._connection.channel()
        try:
            await action(channel)
        except ChannelAccessRefused:
            return False
        finally:
            await channel.close()
        return True

    async def may_publish(self, exchange: str, key: str) -> bool:
        async def publish(channel: AbstractChannel) -> None:
            # Not mandatory: whether somebody is listening is another matter.
            await channel.basic_publish(b"{}", exchange=exchange, routing_key=key)

        return await self.may(publish)

    async def may_read(self, queue: str) -> bool:
        async def get(channel: AbstractChannel) -> None:
            await channel.basic_get(queue)

        return await self.may(get)

    async def may_declare(self, queue: str) -> bool:
        async def declare(channel: AbstractChannel) -> None:
            await channel.queue_declare(queue, exclusive=True)

        return await self.may(declare)

    async def may_bind(self, queue: str, exchange: str, key: str) -> bool:
        async def bind(channel: AbstractChannel) -> None:
            await channel.queue_declare(queue, exclusive=True)
            await channel.queue_bind(queue, exchange, key)

        return await self.may(bind)


@asynccontextmanager
async def acting(defined: Defined, user: str) -> AsyncIterator[Acting]:
    connection = await aiormq.connect(defined.url(user))
    try:
        yield Acting(connection)
    finally:
        await connection.close()


def keys() -> Iterator[tuple[str, str, str]]:
    """Exchange, described key, and an example of it, for everything that the contract lets travel."""
    values = {"{organisation}": "leuven", "{channel}": "email", "{kind}": "answered"}
    for address in ADDRESSES:
        example = re.sub(r"\{[^}]*\}", lambda found: values[found.group()], address.key)
        yield address.exchange, address.key, example


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_publishes_its_own_messages_and_no_others(defined: Defined, user: str) -> None:
    own = {(each.exchange, each.key) for each in sends(user)}
    async with acting(defined, user) as service:
        for exchange, described, key in keys():
            # A follow-up that is imported has a key that a submission's channel could have.
            if user == "intake" and described == "import.{organisation}.follow_up":
                continue
            allowed = (exchange, described) in own
            assert await service.may_publish(exchange, key) == allowed, (exchange, key)


@pytest.mark.parametrize("user", [*SERVICES, *OUTSIDE])
async def test_nobody_writes_into_a_queue_past_the_exchanges(defined: Defined, user: str) -> None:
    async with acting(defined, user) as somebody:
        for queue in (topology.INTAKE_LIVE, topology.ROUTING_REQUESTED, topology.REPORTING_EVENTS):
            assert not await somebody.may_publish(topology.DEFAULT_EXCHANGE, queue)


@pytest.mark.parametrize("user", [*SERVICES, *OUTSIDE])
async def test_only_a_service_puts_back_or_gives_up_what_is_its_own(defined: Defined, user: str) -> None:
    async with acting(defined, user) as somebody:
        for working in topology.WORKING_QUEUES:
            own = working.name in CONSUMES.get(user, ())
            assert await somebody.may_publish(topology.CONTACTS_DEAD, working.name) == own
            for queue in (working.name, topology.retry_queue(working.name)):
                allowed = own and (queue == working.name or working.has_retry)
                assert await somebody.may_publish(topology.SERVICES_RETURNS, queue) == allowed, queue


@pytest.mark.parametrize("user", [*SERVICES, *OUTSIDE])
async def test_a_queue_and_its_dead_letters_are_read_by_their_service_alone(defined: Defined, user: str) -> None:
    async with acting(defined, user) as somebody:
        for working in topology.WORKING_QUEUES:
            own = working.name in CONSUMES.get(user, ())
            assert await somebody.may_read(working.name) == own, working.name
            assert await somebody.may_read(topology.dead_queue(working.name)) == own, working.name
            if working.has_retry:
                assert not await somebody.may_read(topology.retry_queue(working.name))
        assert not await somebody.may_read(topology.DISCARDED)


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_makes_binds_and_removes_nothing(defined: Defined, user: str) -> None:
    queue = CONSUMES[user][0]

    async def delete(channel: AbstractChannel) -> None:
        await channel.queue_delete(queue)

    async def make_exchange(channel: AbstractChannel) -> None:
        await channel.exchange_declare("own", exchange_type="fanout")

    async def bind(channel: AbstractChannel) -> None:
        await channel.queue_bind(queue, topology.CONTACTS_INBOUND, "#")

    async def unbind(channel: AbstractChannel) -> None:
        await channel.queue_unbind(queue, topology.CONTACTS_EVENTS, "#")

    async def empty(channel: AbstractChannel) -> None:
        await channel.queue_purge(topology.DISCARDED)

    async with acting(defined, user) as service:
        assert not await service.may_declare(f"{user}.more")
        for action in (delete, make_exchange, bind, unbind, empty):
            assert not await service.may(action), action.__name__


async def test_an_adapter_hands_in_contacts_and_hears_what_was_refused(defined: Defined) -> None:
    inbound, queue = topology.CONTACTS_INBOUND, "adapter.mail"
    async with acting(defined, "adapter") as adapter:
        for key in ("submission.leuven.email", "import.leuven.email", "follow_up.leuven.withdrawn"):
            assert await adapter.may_publish(inbound, key), key
        for key in ("follow_up.leuven.answered", "import.leuven.follow_up", "anything", "submission.leuven"):
            assert not await adapter.may_publish(inbound, key), key
        assert await adapter.may_bind(queue, topology.CONTACTS_REJECTED, "leuven.email")
        assert await adapter.may_bind(queue, topology.CONTACTS_REJECTED, "#")


@pytest.mark.parametrize(
    "exchange",
    [topology.CONTACTS_EVENTS, topology.CONTACTS_ROUTING, topology.CONTACTS_INBOUND, topology.CONTACTS_DEAD],
)
async def test_an_adapter_hears_of_nothing_else(defined: Defined, exchange: str) -> None:
    async with acting(defined, "adapter") as adapter:
        assert not await adapter.may_bind("adapter.mail", exchange, "#")


@pytest.mark.parametrize(("user", "other"), [("adapter", "handler"), ("handler", "adapter")])
async def test_who_is_outside_has_queues_with_names_of_its_own(defined: Defined, user: str, other: str) -> None:
    async with acting(defined, user) as somebody:
        assert await somebody.may_declare(f"{user}.one")
        assert not await somebody.may_declare(f"{other}.one")
        assert not await somebody.may_declare("one")
        assert not await somebody.may_declare(f"x{user}.one")
        for exchange, _, key in keys():
            if exchange != topology.CONTACTS_INBOUND:
                assert not await somebody.may_publish(exchange, key), (exchange, key)


async def test_a_handlers_tool_hears_of_events_and_of_refused_follow_ups(defined: Defined) -> None:
    queue = "handler.desk"
    async with acting(defined, "handler") as tool:
        for exchange, _, key in keys():
            if exchange == topology.CONTACTS_INBOUND:
                assert await tool.may_publish(exchange, key), key
        assert await tool.may_bind(queue, topology.CONTACTS_EVENTS, "contact.#")
        assert await tool.may_bind(queue, topology.CONTACTS_REJECTED, "leuven.follow_up")
        for key in ("leuven.email", "#", "*.*"):
            assert not await tool.may_bind(queue, topology.CONTACTS_REJECTED, key), key
        for exchange in (topology.CONTACTS_ROUTING, topology.CONTACTS_INBOUND, topology.CONTACTS_DEAD):
            assert not await tool.may_bind(queue, exchange, "#"), exchange


async def test_an_administrator_sees_all(defined: Defined) -> None:
    async with acting(defined, "admin") as admin:
        for queue in topology.QUEUES:
            assert await admin.may_read(queue.name), queue.name
        assert await admin.may_declare("any.name")


async def test_monitoring_sees_no_message_and_writes_none(defined: Defined) -> None:
    async with acting(defined, "monitoring") as monitoring:
        for queue in topology.QUEUES:
            assert not await monitoring.may_read(queue.name), queue.name
        for exchange, _, key in keys():
            assert not await monitoring.may_publish(exchange, key), exchange
        assert not await monitoring.may_declare("own")


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_that_expects_the_topology_starts_consumes_and_publishes(
    defined: Defined, user: str
) -> None:
    messaging = Messaging(defined.url(user), user, CollectorRegistry(), topology="expect")

    async def handle(_messages: object) -> None: ...

    for queue in CONSUMES[user]:
        messaging.batch_subscriber(queue, handle)
    try:
        await messaging.start()
        await messaging.consume()
        await eventually(lambda: _is_ready(messaging))
        assert set(await messaging.dead_letters().counts()) == set(CONSUMES[user])
        for address in sends(user):
            key = re.sub(r"\{[^}]*\}", "x", address.key)
            # Nobody need hear of refusals and reports; everything else reaches a queue.
            mandatory = UNREAD.isdisjoint(address.messages)
            await messaging.publisher.publish(
                OutgoingMessage(address.exchange, key, b"{}", {}, message_id=key, mandatory=mandatory)
            )
    finally:
        await messaging.stop(1.0)


async def _is_ready(messaging: Messaging) -> bool:
    return not await messaging.ready()


async def test_monitoring_sees_every_queue_over_the_management_interface(defined: Defined) -> None:
    auth = (f"{defined.prefix}monitoring", defined.passwords["monitoring"])
    async with httpx.AsyncClient(
        base_url=defined.management_url, auth=auth, timeout=30, verify=NO_CERTIFICATES
    ) as api:

        async def seen() -> bool:
            listed = (await api.get(f"/api/queues/{defined.vhost}")).raise_for_status().json()
            return {queue.name for queue in topology.QUEUES} <= {each["name"] for each in listed}

        await eventually(seen)
        refused = await api.put(f"/api/queues/{defined.vhost}/more", json={"durable": True})
        assert refused.status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_puts_back_replays_and_lets_go_with_its_own_user(defined: Defined, user: str) -> None:
    queue = CONSUMES[user][-1]
    errors: list[Exception] = [DeadLetter("not_an_event"), DeadLetter("not_an_event")]
    if topology.has_retry_queue(queue):
        errors.insert(0, RetryLater("not_yet"))
    handled: list[bytes] = []

    async def handle(batch: Sequence[IncomingMessage]) -> None:
        if batch[0].body == b"mine":
            handled.append(batch[0].body)
            raise errors[len(handled) - 1]

    messaging = Messaging(defined.url(user), user, CollectorRegistry(), topology="expect")
    messaging.batch_subscriber(queue, handle, max_batch=1)
    box = messaging.dead_letters()

    async def dead(tries: int) -> bool:
        return len(handled) == tries and (await box.counts())[queue] == 1

    try:
        await messaging.start()
        await messaging.consume()
        async with client_of(defined.url("admin")) as admin:
            await admin.channel.queue_purge(topology.dead_queue(queue))
            await admin.publish(topology.DEFAULT_EXCHANGE, queue, b"mine")
        await eventually(lambda: dead(len(errors) - 1))
        (letter,) = await box.look(queue)
        assert letter.attempts == len(errors) - 1
        await box.replay(letter.id, "an administrator")
        await eventually(lambda: dead(len(errors)))
        await box.discard(letter.id, "an administrator", "it never was an event")
        await eventually(lambda: _is_empty(box, queue))
    finally:
        await messaging.stop(1.0)


async def _is_empty(box: DeadLetterBox, queue: str) -> bool:
    return (await box.counts())[queue] == 0
