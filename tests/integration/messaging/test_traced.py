"""Traces on the broker's rougher ways: what fails, what is put aside and what comes back stay in their trace."""

from collections.abc import AsyncIterator, Sequence

import pytest
from pamqp.commands import Basic
from prometheus_client import CollectorRegistry

from shared.errors import DeadLetter, RetryLater
from shared.messaging import IncomingMessage, Messaging, topology
from shared.tracing.open_telemetry import ERROR_TYPE
from tests.integration.messaging.support import Client, Recorder, client_of, event, eventually
from tests.unit.tracing.kept import Kept, says_nothing_more, trace_of

QUEUE = topology.DEADLINES_EVENTS
KEY = "contact.answered.v1"


def traceparent(number: int) -> str:
    return f"00-{number:032x}-{number:016x}-01"


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def traced(broker_url: str, kept: Kept) -> AsyncIterator[Messaging]:
    made = Messaging(broker_url, "test", CollectorRegistry(), tracing=kept.tracing())
    await made.start()
    yield made
    await made.stop(1.0)


@pytest.fixture
async def client(traced: Messaging, broker_url: str) -> AsyncIterator[Client]:
    del traced
    async with client_of(broker_url) as made:
        yield made


async def publish(client: Client, number: int) -> None:
    properties = Basic.Properties(
        delivery_mode=2, message_id=f"m-{number}", headers={"traceparent": traceparent(number)}
    )
    await client.publish(topology.CONTACTS_EVENTS, KEY, str(number).encode(), properties)


def outcomes(kept: Kept) -> dict[int, list[object]]:
    """By the number of the trace: what the spans say went wrong, each time that it was handled."""
    found: dict[int, list[object]] = {}
    for span in kept.named(f"process {QUEUE}"):
        found.setdefault(int(trace_of(span), 16), []).append((span.attributes or {}).get(ERROR_TYPE))
    return found


async def test_of_messages_in_hand_together_only_those_that_fail_are_marked(
    traced: Messaging, client: Client, kept: Kept
) -> None:
    async def handle(batch: Sequence[IncomingMessage]) -> None:
        if any(message.body in (b"3", b"6") for message in batch):
            raise DeadLetter("not_an_event")

    traced.batch_subscriber(QUEUE, handle, linger=0.05)
    for number in range(1, 9):
        await publish(client, number)
    await traced.consume()
    await eventually(lambda: len(outcomes(kept)) == 8)

    assert {number for number, told in outcomes(kept).items() if told != [None]} == {3, 6}
    assert (outcomes(kept)[3], outcomes(kept)[6]) == (["not_an_event"], ["not_an_event"])
    assert kept.named(f"batch {QUEUE}")


async def test_of_messages_in_a_bundle_each_is_in_its_own_trace_and_only_the_one_that_fails_is_marked(
    traced: Messaging, client: Client, kept: Kept
) -> None:
    async def handle(batch: Sequence[IncomingMessage]) -> None:
        if any(message.body == b"7" for message in batch):
            raise DeadLetter("not_an_event")

    traced.batch_subscriber(QUEUE, handle)
    await traced.publisher.publish_all([event(number) for number in range(20)])
    published = {trace_of(span) for span in kept.named(f"publish {KEY}")}
    await traced.consume()
    await client.take(topology.dead_queue(QUEUE))

    # Once in the bundle, and once more, each by itself.
    await eventually(lambda: [len(told) for told in outcomes(kept).values()] == [2] * 20)
    assert {f"{trace:032x}" for trace in outcomes(kept)} == published
    failed = [told for told in outcomes(kept).values() if told != [None, None]]
    assert failed == [[None, "not_an_event"]]
    assert says_nothing_more(kept.spans)


async def test_a_bundle_that_cannot_be_opened_is_given_up_where_traces_are_kept_too(
    traced: Messaging, client: Client, kept: Kept
) -> None:
    handler = Recorder()
    traced.batch_subscriber(QUEUE, handler)
    await traced.consume()
    properties = Basic.Properties(
        delivery_mode=2, message_id="m", headers={"members": 3, "traceparent": traceparent(5)}
    )
    await client.publish(topology.SERVICES_EVENTS, KEY, b"{}\n{}", properties)
    await traced.publisher.publish_all([event(1), event(2)])

    await client.take(topology.dead_queue(QUEUE))
    await eventually(lambda: handler.bodies == [b"1", b"2"])
    await eventually(lambda: outcomes(kept).get(5) == ["not_a_bundle"])


async def test_a_replayed_letter_is_handled_in_the_trace_that_it_had(
    traced: Messaging, client: Client, kept: Kept
) -> None:
    moods = [DeadLetter("not_an_event")]

    async def handle(_: Sequence[IncomingMessage]) -> None:
        if moods:
            raise moods.pop()

    traced.batch_subscriber(QUEUE, handle)
    await traced.consume()
    await publish(client, 7)
    box = traced.dead_letters()

    async def is_dead() -> bool:
        return bool(await box.look(QUEUE))

    await eventually(is_dead)
    (letter,) = await box.look(QUEUE)
    await box.replay(letter.id, "test")
    await eventually(lambda: outcomes(kept) == {7: ["not_an_event", None]})


async def test_a_message_that_is_put_aside_keeps_its_trace_and_its_error_no_words(
    traced: Messaging, client: Client, kept: Kept
) -> None:
    def fail(batch: list[IncomingMessage]) -> None:
        raise RetryLater("taken") if batch[0].body == b"1" else ValueError("Wannes Vercruysse writes")

    traced.batch_subscriber(QUEUE, Recorder(fail), max_batch=1)
    await traced.consume()
    for number in (1, 2):
        await publish(client, number)
    waiting = [await client.take(topology.retry_queue(QUEUE)) for _ in range(2)]
    headers = [each.header.properties.headers or {} for each in waiting]
    assert [each["traceparent"] for each in headers] == [traceparent(1), traceparent(2)]
    await eventually(lambda: outcomes(kept) == {1: ["taken"], 2: ["ValueError"]})
    assert says_nothing_more(kept.spans)
