"""One trace from the channel to the reports, over four services and a real broker."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from opentelemetry.sdk.trace import ReadableSpan

from shared.access import Role
from shared.contracts.events import Envelope
from shared.tracing.open_telemetry import DESTINATION, EVENT_TYPE, REFERENCE
from tests.integration.tracing.four import CHANNEL_SPAN, Four, four, traceparent, way_up
from tests.unit.intake.messages import CITIZEN, TEXT, follow_up, spelled, submission
from tests.unit.tracing.kept import Kept, linked, parent_of, says_nothing_more, trace_of

TRACE, OTHER = "4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"
ENVELOPE = {field.alias or name for name, field in Envelope.model_fields.items()}
REPORTING = "process reporting.events.v1"


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def traced(broker_url: str, mongo_url: str, mongo_prefix: str, kept: Kept) -> AsyncIterator[Four]:
    async with four(broker_url, mongo_url, mongo_prefix, kept) as made:
        yield made


def counted(kept: Kept, type_: str) -> list[ReadableSpan]:
    """Reporting's spans of events of that type."""
    return [span for span in kept.named(REPORTING) if (span.attributes or {})[EVENT_TYPE] == type_]


def without_batches(kept: Kept) -> list[ReadableSpan]:
    return [span for span in kept.spans if not span.name.startswith("batch ")]


async def test_a_channels_trace_goes_through_all_four_services(traced: Four, kept: Kept) -> None:
    await traced.hand_in(1, TRACE)
    await traced.in_reports("deadline.scheduled.v1")
    await traced.in_reports("contact.routed.v1")

    assert {trace_of(span) for span in without_batches(kept)} == {TRACE}
    (routed,) = counted(kept, "contact.routed.v1")
    assert way_up(kept, routed) == [
        ("reporting", REPORTING),
        ("routing", "publish contact.routed.v1"),
        ("routing", "process routing.requested.v1"),
        ("intake", "publish routing.requested.v1"),
        ("intake", "process intake.live.v1"),
    ]
    # The registration waits for its decision and may then be left out; that it was published is told all the same.
    assert way_up(kept, kept.the("publish contact.registered.v1")) == [
        ("intake", "publish contact.registered.v1"),
        ("intake", "process intake.live.v1"),
    ]
    for scheduled in counted(kept, "deadline.scheduled.v1"):
        assert way_up(kept, scheduled)[:2] == [
            ("reporting", REPORTING),
            ("deadlines", "publish deadline.scheduled.v1"),
        ]
        # The decision's or, where that was quicker, the registration's own.
        assert way_up(kept, scheduled)[2] in [
            ("deadlines", "process deadlines.events.v1"),
            ("deadlines", "process deadlines.registered.v1"),
        ]
        assert way_up(kept, scheduled)[-1] == ("intake", "process intake.live.v1")
    taken_in = kept.the("process intake.live.v1")
    assert parent_of(taken_in) == CHANNEL_SPAN
    assert ("intake", "process intake.history.v1") in {way_up(kept, span)[0] for span in kept.spans}


async def test_a_request_over_http_begins_the_same_trace(traced: Four, kept: Kept) -> None:
    answer = await traced.intake.call(
        "POST", "/contacts", Role.ADAPTER, spelled(submission()), traceparent=traceparent(TRACE)
    )
    await traced.in_reports("contact.routed.v1")
    (routed,) = counted(kept, "contact.routed.v1")
    assert way_up(kept, routed)[-3:] == [
        ("intake", "process intake.live.v1"),
        ("intake", "publish contacts.inbound"),
        ("intake", "POST /contacts"),
    ]
    assert (trace_of(routed), parent_of(kept.the("POST /contacts"))) == (TRACE, CHANNEL_SPAN)
    assert (routed.attributes or {})[REFERENCE] == answer.json()["reference"]


async def test_without_a_trace_of_the_channels_each_contact_begins_one(traced: Four, kept: Kept) -> None:
    for number in (1, 2):
        await traced.hand_in(number)
    await traced.in_reports("deadline.scheduled.v1", contacts=2)
    await traced.in_reports("contact.routed.v1", contacts=2)
    contacts = {trace_of(span) for span in without_batches(kept)}
    assert contacts == {trace_of(span) for span in kept.named("process intake.live.v1")}
    assert len(contacts) == 2


async def test_contacts_that_are_handled_together_keep_their_own_traces(
    broker_url: str, mongo_url: str, mongo_prefix: str, kept: Kept
) -> None:
    traces = [f"{number + 1:032x}" for number in range(40)]
    async with four(broker_url, mongo_url, mongo_prefix, kept, all_at_once=False) as traced:
        for number, trace in enumerate(traces):
            await traced.hand_in(number, trace)
        await traced.until(lambda: len(kept.named("publish contact.registered.v1")) == len(traces))
        # By now all of it waits for the others, who cannot but take it in batches.
        await traced.start_others()
        await traced.in_reports("deadline.scheduled.v1", contacts=40)
        await traced.in_reports("contact.routed.v1", contacts=40)

    for trace in traces:
        spans = kept.of_trace(trace)
        assert len({(span.attributes or {}).get(REFERENCE) for span in spans}) == 1
        published = Counter(span.name for span in spans if span.name.startswith("publish contact.re"))
        assert published["publish contact.registered.v1"] == 1
        assert published["publish contact.review_requested.v1"] <= 1
    assert {trace_of(span) for span in without_batches(kept)} == set(traces)
    batches = {str((span.attributes or {})[DESTINATION]) for span in kept.spans if span.name.startswith("batch ")}
    assert batches >= {"routing.requested.v1", "deadlines.events.v1", "reporting.events.v1"}
    together = [span for span in kept.named(REPORTING) if span.links]
    assert together
    assert all(len(linked(span)) == 1 for span in together)


async def test_a_follow_up_has_the_trace_that_it_came_with(traced: Four, kept: Kept) -> None:
    await traced.hand_in(1, TRACE)
    await traced.in_reports("deadline.scheduled.v1")
    await traced.in_reports("contact.routed.v1")
    told = follow_up(occurred_at="2021-03-05T09:00:00+01:00")
    await traced.intake.send(told, traceparent=traceparent(OTHER))
    await traced.in_reports("deadline.met.v1")
    for type_ in ("contact.answered.v1", "deadline.met.v1"):
        assert {trace_of(span) for span in counted(kept, type_)} == {OTHER}
    assert {trace_of(span) for span in counted(kept, "contact.routed.v1")} == {TRACE}


async def test_a_parked_follow_up_goes_on_in_the_trace_of_the_submission_that_released_it(
    traced: Four, kept: Kept
) -> None:
    await traced.intake.send(follow_up(), traceparent=traceparent(OTHER))
    await traced.until(lambda: bool(kept.of_trace(OTHER)))
    await traced.hand_in(1, TRACE)
    await traced.in_reports("contact.answered.v1")
    answered, *_ = counted(kept, "contact.answered.v1")
    assert (trace_of(answered), way_up(kept, answered)[-1]) == (TRACE, ("intake", "process intake.live.v1"))


async def test_a_timer_begins_a_trace_of_its_own_for_each_contact(traced: Four, kept: Kept) -> None:
    for number in (1, 2):
        await traced.hand_in(number, TRACE)
    await traced.in_reports("deadline.scheduled.v1", contacts=2)
    await traced.in_reports("contact.routed.v1", contacts=2)
    traced.clock.now = traced.clock.now.replace(year=2022)
    await traced.in_reports("deadline.missed.v1", contacts=2)
    by_contact: dict[Any, set[str]] = {}
    for span in counted(kept, "deadline.missed.v1"):
        by_contact.setdefault((span.attributes or {})[REFERENCE], set()).add(trace_of(span))
        assert way_up(kept, span) == [("reporting", REPORTING), ("deadlines", "publish deadline.missed.v1")] or (
            way_up(kept, span)[-1][0] == "deadlines"
        )
    assert [len(traces) for traces in by_contact.values()] == [1, 1]
    assert len({TRACE, *set().union(*by_contact.values())}) == 3


async def test_the_answer_to_a_refused_message_is_in_its_trace(traced: Four, kept: Kept) -> None:
    await traced.intake.send({"organisation": "leuven"}, "submission.leuven.email", traceparent=traceparent(TRACE))
    await traced.until(lambda: bool(traced.intake.rejected.messages))
    (answer,) = traced.intake.rejected.messages
    assert str(answer.headers["traceparent"]).split("-")[1] == TRACE
    await traced.until(lambda: bool(kept.named("publish contacts.rejected")))


async def test_a_redelivery_in_another_trace_makes_the_same_events(traced: Four, mongo_url: str) -> None:
    for trace in (TRACE, OTHER):
        await traced.hand_in(1, trace)
        await traced.in_reports("deadline.scheduled.v1")
        await traced.in_reports("contact.routed.v1")
    kept = traced.kept
    assert kept is not None
    await traced.until(lambda: any(span.name == REPORTING for span in kept.of_trace(OTHER)))
    bodies: dict[object, set[bytes]] = {}
    for message in traced.intake.events.messages:
        bodies.setdefault(message.message_id, set()).add(message.body)
        assert set(message.headers) == ENVELOPE | {"traceparent"}
    assert [copies for copies in bodies.values() if len(copies) > 1] == []
    assert {"contact.registered.v1", "contact.routed.v1"} <= set(traced.intake.events.keys())
    stored = await everything_stored(mongo_url, traced.intake.runtime.store.contacts._contacts.database.name)
    assert "contact.registered.v1" in stored
    assert [word for word in ("traceparent", TRACE, OTHER, CHANNEL_SPAN) if word in stored] == []


async def everything_stored(mongo_url: str, of: str) -> str:
    """All documents of the services whose databases begin as that one does."""
    prefix = of.removesuffix("intake")
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_url)
    found = []
    for name in await client.list_database_names():
        if name.startswith(prefix):
            for collection in await client[name].list_collection_names():
                found += [str(document) async for document in client[name][collection].find()]
    client.close()
    return "\n".join(found)


async def test_no_span_tells_of_a_citizen(traced: Four, kept: Kept) -> None:
    await traced.hand_in(1, TRACE)
    await traced.intake.call("POST", "/contacts", Role.ADAPTER, spelled(submission(submission_id="x", text="")))
    await traced.in_reports("contact.routed.v1")
    assert says_nothing_more(kept.spans)
    told = "\n".join(span.to_json() for span in kept.spans)
    address = CITIZEN["address"]
    private = (
        CITIZEN["name"],
        CITIZEN["email"],
        CITIZEN["phone"],
        address["street"],
        address["postal_code"],
        TEXT,
    )
    assert [word for word in (*private, "form-1") if word in told] == []


async def test_where_it_is_off_no_message_has_a_trace_whatever_came_in(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    async with four(broker_url, mongo_url, mongo_prefix) as plain:
        await plain.hand_in(1, TRACE)
        await plain.intake.send(
            {"organisation": "leuven"}, "submission.leuven.email", traceparent=traceparent(TRACE)
        )
        heard = [plain.intake.events, plain.intake.routing, plain.intake.rejected]
        wanted = {"contact.registered.v1", "contact.routed.v1", "deadline.scheduled.v1"}
        await plain.until(lambda: wanted <= set(plain.intake.events.keys()))
        await plain.until(lambda: all(each.messages for each in heard))
        assert [
            message
            for each in heard
            for message in each.messages
            if {"traceparent", "tracestate"} & {*message.headers}
        ] == []
