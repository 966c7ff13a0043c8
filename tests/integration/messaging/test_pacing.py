"""How many messages are handled together, counted by what is in bundles, and for how long they are waited for."""

import asyncio

import pytest

from shared.messaging import Messaging, topology
from tests.integration.messaging.support import Client, Recorder, event, eventually

QUEUE = topology.REPORTING_EVENTS
REGISTERED = topology.REPORTING_REGISTERED
FOR_EVER = 3600.0


async def _tell(messaging: Messaging, first: int, count: int, key: str = "contact.answered.v1") -> None:
    await messaging.publisher.publish_all([event(number, key) for number in range(first, first + count)])


async def _until(handler: Recorder, handled: int) -> None:
    await eventually(lambda: len(handler.bodies) == handled)


def _lengths(handler: Recorder) -> list[int]:
    return [len(batch) for batch in handler.batches]


@pytest.mark.parametrize(("most", "fullest"), [(100, 90), (65, 60), (30, 30), (20, 30)])
async def test_a_batch_is_limited_by_messages_and_holds_bundles_whole(
    messaging: Messaging, most: int, fullest: int
) -> None:
    for first in range(0, 300, 30):
        await _tell(messaging, first, 30)
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler, max_batch=most, linger=FOR_EVER, prefetch=4)
    await messaging.consume()
    await eventually(lambda: fullest in _lengths(handler))
    await messaging.stop(grace=30)

    assert max(_lengths(handler)) == fullest
    assert {length % 30 for length in _lengths(handler)} == {0}


async def _widen(messaging: Messaging, handler: Recorder, bundles: int = 4, of: int = 50) -> None:
    """After so many successes more may be in hand; and after bundles of fifty, much comes."""
    for number in range(bundles):
        await _tell(messaging, 1_000 + 100 * number, of)
    await _until(handler, bundles * of)


async def test_while_much_comes_a_batch_waits_until_it_is_full(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.consumer.BUSY_SECONDS", FOR_EVER)
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler, max_batch=4, linger=0.0, busy_linger=FOR_EVER)
    await messaging.consume()
    await _widen(messaging, handler)
    before = len(handler.batches)
    for number in range(8):
        await _tell(messaging, number, 1)
    await _until(handler, 208)
    assert _lengths(handler)[before:] == [4, 4]


async def test_while_little_comes_nothing_is_waited_for(messaging: Messaging) -> None:
    handler = Recorder()
    messaging.batch_subscriber(QUEUE, handler, max_batch=60, linger=0.0, busy_linger=FOR_EVER)
    await messaging.consume()
    await _widen(messaging, handler, of=10)
    for number in range(4):
        await _tell(messaging, number, 1)
        await _until(handler, 41 + number)
    assert _lengths(handler)[-4:] == [1] * 4


@pytest.mark.parametrize(("bundle", "is_busy"), [(50, True), (10, False)])
async def test_registrations_rest_longer_while_the_queue_of_their_decisions_is_busy(
    messaging: Messaging, client: Client, monkeypatch: pytest.MonkeyPatch, bundle: int, *, is_busy: bool
) -> None:
    monkeypatch.setattr("shared.messaging.consumer.BUSY_SECONDS", FOR_EVER)
    monkeypatch.setattr("shared.messaging.consumer.BUSY_REST", 100_000)
    decisions, registrations = Recorder(), Recorder()
    messaging.batch_subscriber(QUEUE, decisions)
    messaging.batch_subscriber(REGISTERED, registrations, prefetch=2_000, rest=0.2, behind=QUEUE)
    await messaging.consume()
    await _tell(messaging, 1_000, bundle)
    await _until(decisions, bundle)
    # All that may be in hand after a start never rests: first one, then two.
    for first, count in ((0, 1), (1, 2)):
        for number in range(first, first + count):
            await _tell(messaging, number, 1, "contact.registered.v1")
        await _until(registrations, first + count)
    await _tell(messaging, 3, 1, "contact.registered.v1")
    if is_busy:
        await asyncio.sleep(1.0)
        assert len(registrations.bodies) == 3
    else:
        await _until(registrations, 4)
    await messaging.stop(grace=30)
    assert sorted(registrations.bodies) == [b"%d" % number for number in range(4)]
    assert await client.depth(REGISTERED) == 0
