"""Dead letters on the real broker: looking takes nothing away, settling loses nothing."""

import asyncio
import json
from typing import Any

import pytest
from pamqp.commands import Basic

from shared.errors import DeadLetter, InfrastructureError
from shared.messaging import IncomingMessage, topology
from shared.messaging.dead_letters import DeadLetterBox, NoSuchLetter
from shared.messaging.messaging import Messaging
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import Client, Recorder, event, eventually

QUEUE = topology.INTAKE_LIVE
DEAD = topology.dead_queue(QUEUE)
KEY = "submission.leuven.email"


class Moody:
    """A handler that gives everything up until it is told to take it."""

    def __init__(self) -> None:
        self.takes = False

    async def __call__(self, _messages: list[IncomingMessage]) -> None:
        if not self.takes:
            raise DeadLetter("not_an_event")


@pytest.fixture
async def moody() -> Moody:
    return Moody()


@pytest.fixture
async def handler(make_messaging: MakeMessaging, moody: Moody) -> tuple[Recorder, DeadLetterBox]:
    service: Messaging = make_messaging()
    recorder = Recorder(moody)
    service.batch_subscriber(QUEUE, recorder, max_batch=1)
    await service.start()
    await service.consume()
    return recorder, service.dead_letters()


async def _dead(client: Client, *bodies: bytes) -> None:
    for body in bodies:
        properties = Basic.Properties(
            delivery_mode=2, message_id=body.decode(), correlation_id="c-1", headers={"subject": "LEU-2021-00001"}
        )
        await client.publish("contacts.inbound", KEY, body, properties)

    async def all_dead() -> bool:
        return await client.depth(DEAD) == len(bodies)

    await eventually(all_dead)


async def test_a_look_shows_the_oldest_first_and_leaves_all_as_it_was(
    handler: tuple[Recorder, DeadLetterBox], client: Client
) -> None:
    _, box = handler
    await _dead(client, b"a", b"b", b"c")
    for _ in range(30):
        letters = await box.look(QUEUE)
        assert [(each.reason, each.routing_key, each.reference) for each in letters] == [
            ("not_an_event", KEY, "LEU-2021-00001")
        ] * 3

    async def all_given_back() -> bool:
        return await box.counts() == {QUEUE: 3}

    await eventually(all_given_back)
    taken = [(await client.take(DEAD)).body for _ in range(3)]
    assert taken == [b"a", b"b", b"c"]


async def test_a_replayed_letter_is_handled_and_gone(
    handler: tuple[Recorder, DeadLetterBox], moody: Moody, client: Client
) -> None:
    recorder, box = handler
    await _dead(client, b"a", b"b")
    moody.takes = True
    first, second = await box.look(QUEUE)

    await box.replay(first.id, by="ann")

    await eventually(lambda: recorder.bodies == [b"a", b"b", b"a"])
    again = recorder.messages[-1]
    assert (again.exchange, again.routing_key, again.attempt) == ("contacts.inbound", KEY, 1)
    assert (again.message_id, again.correlation_id) == ("a", "c-1")
    assert [each.id for each in await box.look(QUEUE)] == [second.id]
    with pytest.raises(NoSuchLetter):
        await box.replay(first.id, by="ann")


async def test_a_letter_that_is_given_up_again_is_the_same_letter(
    handler: tuple[Recorder, DeadLetterBox], client: Client
) -> None:
    _, box = handler
    await _dead(client, b"a")
    (before,) = await box.look(QUEUE)
    await box.replay(before.id, by="ann")

    async def is_back() -> bool:
        letters = await box.look(QUEUE)
        return bool(letters) and letters[0].given_up_at != before.given_up_at

    await eventually(is_back)
    (after,) = await box.look(QUEUE)
    assert (after.id, after.attempts, after.routing_key) == (before.id, 1, KEY)


async def test_a_discarded_letter_leaves_who_when_and_why_but_not_what_it_held(
    handler: tuple[Recorder, DeadLetterBox], client: Client
) -> None:
    _, box = handler
    await _dead(client, b"secret of a citizen")
    (letter,) = await box.look(QUEUE)

    await box.discard(letter.id, by="ann", reason="sent by mistake")

    record = await client.take(topology.DISCARDED)
    told: dict[str, Any] = json.loads(record.body)
    assert b"secret" not in record.body
    assert (told["id"], told["discarded_by"], told["reason"]) == (letter.id, "ann", "sent by mistake")
    assert (told["queue"], told["dead_reason"], told["sha256"]) == (QUEUE, "not_an_event", letter.sha256)
    assert await box.counts() == {QUEUE: 0}


async def test_who_dies_between_publishing_and_taking_away_leaves_a_letter_too_many(
    handler: tuple[Recorder, DeadLetterBox], moody: Moody, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, box = handler
    await _dead(client, b"a")
    moody.takes = True
    (letter,) = await box.look(QUEUE)

    async def dies(*_: object, **__: object) -> None:
        raise InfrastructureError("died")

    with monkeypatch.context() as patched:
        patched.setattr("aiormq.channel.Channel.basic_ack", dies)
        with pytest.raises(InfrastructureError):
            await box._settle(letter.id, "ann", None)

    async def is_back() -> bool:
        return [each.id for each in await box.look(QUEUE)] == [letter.id]

    await eventually(is_back)
    await eventually(lambda: recorder.bodies.count(b"a") >= 2)


async def test_two_who_look_at_once_both_see_everything(
    handler: tuple[Recorder, DeadLetterBox], client: Client
) -> None:
    _, box = handler
    await _dead(client, b"a", b"b")
    looks = await asyncio.gather(*(box.look(QUEUE) for _ in range(5)))
    assert all(len(letters) == 2 for letters in looks)


async def test_what_killed_its_consumers_is_explained_by_the_broker(messaging: Messaging, client: Client) -> None:
    messaging.batch_subscriber(QUEUE, Recorder())
    box = messaging.dead_letters()
    await client.publish("contacts.inbound", KEY, b"killer")
    for _ in range(topology.DELIVERY_LIMIT + 1):
        message = await client.take(QUEUE, no_ack=False)
        await client.channel.basic_reject(message.delivery_tag or 0, requeue=True)

    async def is_dead() -> bool:
        return await client.depth(DEAD) == 1

    await eventually(is_dead)
    (letter,) = await box.look(QUEUE)
    assert (letter.reason, letter.exchange, letter.routing_key) == ("delivery_limit", "contacts.inbound", KEY) or (
        letter.exchange == topology.INTAKE_SORTING
    )
    assert letter.given_up_at is not None


async def test_a_bundle_that_the_broker_gave_up_can_be_looked_at_and_replayed(
    messaging: Messaging, client: Client
) -> None:
    queue = topology.REPORTING_EVENTS
    handler = Recorder()
    messaging.batch_subscriber(queue, handler)
    box = messaging.dead_letters()
    await messaging.publisher.publish_all([event(number) for number in range(50)])
    for _ in range(topology.DELIVERY_LIMIT + 1):
        message = await client.take(queue, no_ack=False)
        await client.channel.basic_reject(message.delivery_tag or 0, requeue=True)

    async def is_dead() -> bool:
        return await client.depth(topology.dead_queue(queue)) == 1

    await eventually(is_dead)
    (letter,) = await box.look(queue)
    assert (letter.reason, letter.exchange, letter.routing_key) == (
        "delivery_limit",
        topology.SERVICES_EVENTS,
        "contact.answered.v1",
    )
    _, body = await box.find(letter.id)
    assert len(body.splitlines()) == 100

    await messaging.consume()
    await box.replay(letter.id, by="ann")
    await eventually(lambda: handler.bodies == [b"%d" % number for number in range(50)])
    told = handler.messages[0]
    assert (told.exchange, told.message_id, told.delivery_count) == (topology.CONTACTS_EVENTS, "id-0", 0)
    assert await box.counts() == {queue: 0}
