"""Each message belongs to the trace of what caused it, whatever else is in hand at the time."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.events import event_id
from shared.errors import DeadLetter
from shared.messaging.bundle import bundled
from shared.messaging.message import Delivery, OutgoingMessage
from shared.messaging.topology import (
    BUNDLED,
    CONTACTS_EVENTS,
    CONTACTS_INBOUND,
    REPORTING_EVENTS,
    SERVICES_EVENTS,
)
from shared.tracing.open_telemetry import (
    BATCH_SIZE,
    DESTINATION,
    ERROR_TYPE,
    EVENT_TYPE,
    ORGANISATION,
    REFERENCE,
    OpenTelemetryTracing,
)
from tests.unit.messaging.deliveries import delivery
from tests.unit.tracing.kept import Kept, id_of, linked, parent_of, says_nothing_more, trace_of

QUEUE = REPORTING_EVENTS
THEIRS = "0af7651916cd43dd8448eb211c80319c"
SENDER = f"00-{THEIRS}-b7ad6b7169203331-01"


def incoming(number: int, headers: Mapping[str, Any] | None = None, exchange: str = CONTACTS_EVENTS) -> Delivery:
    """An event of contact ``number``, as it comes in."""
    return delivery(
        exchange=exchange,
        queue=QUEUE,
        tag=number + 1,
        headers=headers or {},
        message_id=event_id("in", number),
        correlation_id=event_id("contact", number),
    )


def in_bundles(going: Sequence[OutgoingMessage]) -> list[Delivery]:
    """What services get of messages that were told at once."""
    return [
        delivery(
            each.body,
            exchange=each.exchange,
            routing_key=each.routing_key,
            queue=QUEUE,
            tag=tag,
            headers=dict(each.headers),
            message_id=each.message_id,
            correlation_id=each.correlation_id,
        )
        for tag, each in enumerate(bundled(going), 1)
        if BUNDLED not in each.headers
    ]


def following(number: int, cause: str | None = None, **headers: Any) -> OutgoingMessage:
    """An event about contact ``number`` that goes out."""
    told = {
        "id": event_id("out", number, cause or ""),
        "type": "deadline.met.v1",
        "subject": f"LEU-2026-{number:06}",
        "organisation": "leuven",
        "causation_id": cause or event_id("in", number),
        "correlation_id": event_id("contact", number),
        **headers,
    }
    return OutgoingMessage(
        CONTACTS_EVENTS, told["type"], b"{}", told, told["id"], correlation_id=event_id("contact", number)
    )


def sent(tracing: OpenTelemetryTracing, messages: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    with tracing.outgoing(messages) as traced:
        return list(traced)


def parent_in(message: OutgoingMessage) -> tuple[str, str]:
    """Trace and span that the message's header names."""
    _, trace, span, _ = message.headers["traceparent"].split("-")
    return trace, span


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True), st.data())
def test_each_message_of_a_batch_is_followed_up_in_its_own_trace(numbers: list[int], data: st.DataObject) -> None:
    kept = Kept()
    tracing = kept.tracing()
    traces = {number: f"{number + 1:032x}" for number in numbers}
    batch = [incoming(number, {"traceparent": f"00-{traces[number]}-{'a' * 16}-01"}) for number in numbers]
    told = data.draw(st.permutations([number for number in numbers for _ in range(2)]))

    with tracing.in_hand(QUEUE, batch):
        outgoing = sent(tracing, [following(number) for number in told])

    handled = {trace_of(span): id_of(span) for span in kept.named(f"process {QUEUE}")}
    published = {id_of(span): span for span in kept.named("publish deadline.met.v1")}
    for number, message in zip(told, outgoing, strict=True):
        trace, span = parent_in(message)
        assert trace == traces[number]
        assert parent_of(published[span]) == handled[trace]
        assert (published[span].attributes or {})[REFERENCE] == f"LEU-2026-{number:06}"


@given(st.lists(st.integers(0, 90), min_size=1, max_size=70, unique=True), st.data())
def test_each_message_of_a_bundle_is_followed_up_in_its_own_trace(numbers: list[int], data: st.DataObject) -> None:
    kept = Kept()
    tracing = kept.tracing()
    traces = {number: f"{number + 1:032x}" for number in numbers}
    events = [following(number, traceparent=f"00-{traces[number]}-{'a' * 16}-01") for number in numbers]
    told = data.draw(st.permutations(numbers))

    with tracing.in_hand(QUEUE, in_bundles(events)):
        outgoing = sent(tracing, [following(number, cause=event_id("out", number, "")) for number in told])

    handled = {trace_of(span): span for span in kept.named(f"process {QUEUE}")}
    published = {id_of(span): span for span in kept.named("publish deadline.met.v1")}
    assert set(handled) == set(traces.values())
    for number, message in zip(told, outgoing, strict=True):
        trace, span = parent_in(message)
        assert trace == traces[number]
        assert parent_of(handled[trace]) == "a" * 16
        assert parent_of(published[span]) == id_of(handled[trace])
        assert (handled[trace].attributes or {})[REFERENCE] == f"LEU-2026-{number:06}"


def test_a_bundle_is_a_batch_of_its_messages() -> None:
    kept = Kept()
    tracing = kept.tracing()
    (bundle,) = in_bundles([following(0), following(1)])
    with tracing.in_hand(QUEUE, [bundle]):
        sent(tracing, [following(7)])
    assert (kept.the(f"batch {QUEUE}").attributes or {})[BATCH_SIZE] == 2
    assert parent_of(kept.the("publish deadline.met.v1")) is None


@pytest.mark.parametrize(("members", "body"), [(2, b"{}\n{}"), (1, b"{}\n{}"), ("x", b""), (None, b"\n")])
def test_a_bundle_that_cannot_be_opened_is_one_message_and_keeps_nobody_from_its_work(
    members: Any, body: bytes
) -> None:
    kept = Kept()
    tracing = kept.tracing()
    come = delivery(body, exchange=SERVICES_EVENTS, queue=QUEUE, headers={"members": members})
    with tracing.in_hand(QUEUE, [come]):
        tracing.not_handled(come, "not_a_bundle")
    (span,) = kept.spans
    assert (span.attributes or {})[ERROR_TYPE] == "not_a_bundle"
    assert says_nothing_more(kept.spans)


def test_a_batch_is_linked_with_all_of_its_messages_and_they_with_it() -> None:
    kept = Kept()
    batch = [incoming(0, {"traceparent": SENDER}), incoming(1)]
    with kept.tracing().in_hand(QUEUE, batch):
        pass
    together = kept.the(f"batch {QUEUE}")
    assert (together.attributes or {})[BATCH_SIZE] == 2
    assert linked(together) == {"b7ad6b7169203331"}
    handled = kept.named(f"process {QUEUE}")
    assert [linked(span) for span in handled] == [{id_of(together)}] * 2
    assert trace_of(handled[0]) == THEIRS
    assert len({trace_of(span) for span in kept.spans}) == 3


def test_a_message_alone_needs_no_batch() -> None:
    kept = Kept()
    with kept.tracing().in_hand(QUEUE, [incoming(0, {"traceparent": SENDER})]):
        pass
    (span,) = kept.spans
    assert (span.name, trace_of(span), parent_of(span)) == (f"process {QUEUE}", THEIRS, "b7ad6b7169203331")


def test_what_names_an_earlier_event_as_its_cause_belongs_to_the_message_about_its_contact() -> None:
    kept = Kept()
    tracing = kept.tracing()
    with tracing.in_hand(QUEUE, [incoming(0), incoming(1)]):
        (message,) = sent(tracing, [following(1, cause="of long ago")])
    assert parent_in(message)[0] == trace_of(kept.named(f"process {QUEUE}")[1])


def test_what_is_about_no_message_in_hand_begins_a_trace_that_is_linked_with_the_batch() -> None:
    kept = Kept()
    tracing = kept.tracing()
    with tracing.in_hand(QUEUE, [incoming(0), incoming(1)]):
        sent(tracing, [following(7)])
    published = kept.the("publish deadline.met.v1")
    assert parent_of(published) is None
    assert linked(published) == {id_of(kept.the(f"batch {QUEUE}"))}


def test_whatever_follows_while_one_message_alone_is_in_hand_follows_from_it() -> None:
    kept = Kept()
    tracing = kept.tracing()
    with tracing.in_hand(QUEUE, [incoming(0)]):
        sent(tracing, [following(7)])
    assert parent_of(kept.the("publish deadline.met.v1")) == id_of(kept.the(f"process {QUEUE}"))


def test_without_a_message_in_hand_each_contact_has_a_trace_of_its_own() -> None:
    kept = Kept()
    tracing = kept.tracing()
    messages = [following(1), following(2), following(1, cause="another")]
    first, second, third = [parent_in(each)[0] for each in sent(tracing, messages)]
    assert first == third
    assert first != second


async def test_tasks_that_handle_side_by_side_do_not_mix_their_messages_up() -> None:
    kept = Kept()
    tracing = kept.tracing()

    async def work(number: int) -> tuple[str, str]:
        with tracing.in_hand(QUEUE, [incoming(number, {"traceparent": f"00-{number + 1:032x}-{'a' * 16}-01"})]):
            await asyncio.sleep(0)
            (message,) = sent(tracing, [following(number, cause="unknown")])
            await asyncio.sleep(0)
            return parent_in(message)[0], f"{number + 1:032x}"

    for found, expected in await asyncio.gather(*(work(number) for number in range(20))):
        assert found == expected


@pytest.mark.parametrize(
    "parent",
    [None, "", "nonsense", 7, b"\xff", SENDER.encode(), f"00-{'0' * 32}-{'0' * 16}-01", SENDER * 20, [SENDER], {}],
)
def test_a_header_that_is_no_trace_begins_a_new_one(parent: object) -> None:
    kept = Kept()
    with kept.tracing().in_hand(QUEUE, [incoming(0, {"traceparent": parent, "tracestate": parent})]):
        pass
    (span,) = kept.spans
    assert parent_of(span) is None


@given(st.text() | st.binary(), st.text() | st.binary())
def test_no_header_that_a_sender_can_write_keeps_a_message_from_being_handled(
    parent: str | bytes, state: str | bytes
) -> None:
    kept = Kept()
    tracing = kept.tracing()
    with tracing.in_hand(QUEUE, [incoming(0, {"traceparent": parent, "tracestate": state})]):
        sent(tracing, [following(0)])
    assert says_nothing_more(kept.spans)


def test_the_senders_state_travels_on_and_its_baggage_does_not() -> None:
    kept = Kept()
    tracing = kept.tracing()
    theirs = {"traceparent": SENDER, "tracestate": "vendor=1", "baggage": "name=Wannes"}
    with tracing.in_hand(QUEUE, [incoming(0, theirs)]):
        (message,) = sent(tracing, [following(0)])
    assert message.headers["tracestate"] == "vendor=1"
    assert "baggage" not in message.headers


def test_the_message_that_was_given_stays_as_it_was() -> None:
    given_message = following(0)
    before = dict(given_message.headers)
    (traced,) = sent(Kept().tracing(), [given_message])
    assert given_message.headers == before
    assert {name: value for name, value in traced.headers.items() if name != "traceparent"} == before
    assert (traced.body, traced.message_id) == (given_message.body, given_message.message_id)


def test_what_adapters_put_into_headers_is_not_told() -> None:
    kept = Kept()
    theirs = {"subject": "Wannes", "organisation": "Wannes", "type": "Wannes"}
    with kept.tracing().in_hand(QUEUE, [incoming(0, theirs, exchange=CONTACTS_INBOUND)]):
        pass
    assert kept.the(f"process {QUEUE}").attributes == {DESTINATION: QUEUE}


def test_of_a_submission_it_is_told_whose_it_is_once_that_is_known() -> None:
    kept = Kept()
    tracing = kept.tracing()
    with tracing.in_hand(QUEUE, [incoming(0, exchange=CONTACTS_INBOUND)]):
        sent(tracing, [following(0)])
    told = kept.the(f"process {QUEUE}").attributes or {}
    assert (told[REFERENCE], told[ORGANISATION]) == ("LEU-2026-000000", "leuven")
    assert EVENT_TYPE not in told


def test_a_name_that_is_none_is_not_told() -> None:
    kept = Kept()
    headers = {"subject": "Wannes Vercruysse <w@example.org>", "organisation": "x" * 65, "type": 7}
    with kept.tracing().in_hand(QUEUE, [incoming(0, headers)]):
        pass
    assert kept.the(f"process {QUEUE}").attributes == {DESTINATION: QUEUE}


def test_an_errors_words_are_not_told() -> None:
    kept = Kept()
    tracing = kept.tracing()

    def handle() -> None:
        with tracing.in_hand(QUEUE, [incoming(0)]), tracing.outgoing([following(0)]):
            raise ValueError("Wannes Vercruysse writes")

    with pytest.raises(ValueError, match="Wannes"):
        handle()
    assert says_nothing_more(kept.spans)
    assert [(span.attributes or {})[ERROR_TYPE] for span in kept.spans] == ["ValueError"] * 2
    assert not any(span.status.is_ok for span in kept.spans)


def test_only_the_message_that_failed_is_marked() -> None:
    kept = Kept()
    tracing = kept.tracing()
    batch = [incoming(0), incoming(1)]
    with tracing.in_hand(QUEUE, batch):
        tracing.not_handled(batch[1], DeadLetter("not_an_event").reason)
    assert [(span.attributes or {}).get(ERROR_TYPE) for span in kept.named(f"process {QUEUE}")] == [
        None,
        "not_an_event",
    ]


def test_of_a_bundle_that_failed_every_message_is_marked_and_no_other() -> None:
    kept = Kept()
    tracing = kept.tracing()
    batch = [incoming(8), *in_bundles([following(0), following(1)])]
    with tracing.in_hand(QUEUE, batch):
        tracing.not_handled(batch[1], "InfrastructureError")
    assert [(span.attributes or {}).get(ERROR_TYPE) for span in kept.named(f"process {QUEUE}")] == [
        None,
        "InfrastructureError",
        "InfrastructureError",
    ]


def test_outside_of_a_batch_nothing_is_marked() -> None:
    kept = Kept()
    kept.tracing().not_handled(incoming(0), "not_an_event")
    assert kept.spans == []
