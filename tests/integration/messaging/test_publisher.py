"""Publishing on the real broker: what returns without an error is in a queue, on disk."""

import asyncio
from dataclasses import replace

import pytest

from shared.errors import InfrastructureError, UnroutableError, is_infrastructure
from shared.messaging import Messaging, OutgoingMessage, topology
from tests.integration.messaging.conftest import MakeMessaging
from tests.integration.messaging.support import Client


def _event(name: str, key: str = "contact.routed.v1", exchange: str = "contacts.events") -> OutgoingMessage:
    return OutgoingMessage(
        exchange=exchange,
        routing_key=key,
        body=name.encode(),
        headers={"id": name, "type": key},
        message_id=name,
        correlation_id="c",
    )


async def test_a_published_message_carries_its_envelope_and_is_persistent(
    messaging: Messaging, client: Client
) -> None:
    await messaging.publisher.publish(_event("one"))

    message = await client.take(topology.INTAKE_HISTORY)
    properties = message.header.properties
    assert message.body == b"one"
    assert properties.headers is not None
    assert properties.headers.items() >= {"id": "one", "type": "contact.routed.v1"}.items()
    assert (properties.message_id, properties.correlation_id) == ("one", "c")
    assert (properties.content_type, properties.delivery_mode) == ("application/json", 2)


async def test_all_of_many_callers_messages_are_confirmed(messaging: Messaging, client: Client) -> None:
    await asyncio.gather(
        *(messaging.publisher.publish_all([_event(f"{caller}-{n}") for n in range(300)]) for caller in range(5))
    )

    assert await client.depth(topology.REPORTING_EVENTS) == 1500


async def test_publishing_nothing_is_nothing(messaging: Messaging) -> None:
    await messaging.publisher.publish_all([])


async def test_a_mandatory_message_that_no_queue_takes_is_an_error(messaging: Messaging, client: Client) -> None:
    messages = [_event("good"), _event("nowhere", key="no.such.key"), _event("also good")]
    with pytest.raises(UnroutableError, match=r"contacts\.events/no\.such\.key") as raised:
        await messaging.publisher.publish_all(messages)

    assert is_infrastructure(raised.value)
    assert await client.depth(topology.REPORTING_EVENTS) == 2


async def test_of_two_callers_with_the_same_message_id_neither_believes_in_what_was_returned(
    messaging: Messaging, caplog: pytest.LogCaptureFixture
) -> None:
    stray = _event("twin", key="no.such.key")
    outcomes = await asyncio.gather(
        *(messaging.publisher.publish(stray) for _ in range(20)), return_exceptions=True
    )
    assert all(isinstance(outcome, UnroutableError) for outcome in outcomes)
    # What aiormq has to say about it does not quote the message.
    assert "DeliveredMessage" in caplog.text
    assert "twin" not in caplog.text


async def test_nobody_has_to_listen_to_rejections(messaging: Messaging) -> None:
    refused = OutgoingMessage(
        "contacts.rejected", "unknown.unknown", b"\xff\x00", {"errors": "[]"}, "r", mandatory=False
    )
    await messaging.publisher.publish(refused)


async def test_an_exchange_that_is_gone_is_declared_again(messaging: Messaging, client: Client) -> None:
    await messaging.publisher.publish(_event("before"))
    await client.channel.exchange_delete("contacts.events")

    with pytest.raises(InfrastructureError):
        await messaging.publisher.publish(_event("during"))
    await messaging.publisher.publish(_event("after"))
    bodies = [(await client.take(topology.INTAKE_HISTORY)).body for _ in range(2)]
    assert bodies == [b"before", b"after"]


async def test_without_a_connection_publishing_fails_at_once(make_messaging: MakeMessaging) -> None:
    messaging = make_messaging()
    with pytest.raises(InfrastructureError, match="no connection"):
        await messaging.publisher.publish(_event("early"))


async def test_a_message_that_cannot_be_put_on_the_wire_is_not_infrastructure(
    messaging: Messaging, client: Client
) -> None:
    with pytest.raises(TypeError, match="maximum length of 255 bytes"):
        await messaging.publisher.publish_all([_event("a"), _event("b", key="k" * 256)])
    await messaging.publisher.publish(_event("c"))

    assert await client.depth(topology.REPORTING_EVENTS) == 1


@pytest.mark.parametrize("size", [0, 1, 131_063, 131_064, 131_065, 1_048_576])
async def test_a_body_of_any_size_arrives_whole(messaging: Messaging, client: Client, size: int) -> None:
    around = [_event("before"), replace(_event("it"), body=b"x" * size), _event("after")]
    await messaging.publisher.publish_all(around)

    bodies = [(await client.take(topology.INTAKE_HISTORY)).body for _ in around]
    assert [len(body) for body in bodies] == [6, size, 5]


async def test_confirmations_reach_their_own_caller_whoever_publishes_meanwhile(
    messaging: Messaging, client: Client
) -> None:
    good = [[_event(f"{caller}-{n}") for n in range(20)] for caller in range(10)]
    stray = [[_event(f"stray-{n}", key="no.such.key")] for n in range(10)]
    mixed = [each for pair in zip(good, stray, strict=True) for each in pair]
    outcomes = await asyncio.gather(*map(messaging.publisher.publish_all, mixed), return_exceptions=True)

    assert [type(each) for each in outcomes] == [type(None), UnroutableError] * 10
    assert await client.depth(topology.REPORTING_EVENTS) == 200


async def test_a_broker_that_does_not_confirm_is_not_waited_for_for_ever(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messaging.publisher, "_confirm_timeout", 0.0)
    with pytest.raises(InfrastructureError, match="did not confirm"):
        await messaging.publisher.publish(_event("slow"))
    monkeypatch.undo()

    await messaging.publisher.publish(_event("next"))
