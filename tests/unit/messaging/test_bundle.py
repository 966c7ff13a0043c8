"""Bundles: what goes in comes out as it would have come alone, and nothing else does."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import DeadLetter
from shared.messaging import bundle as bundles
from shared.messaging.bundle import BUNDLE, MOST_BYTES, bundled, members_of, opened
from shared.messaging.message import (
    JSON,
    MEMBERS,
    MOST_MEMBERS,
    Delivery,
    IncomingMessage,
    OutgoingMessage,
    messages_in,
)
from shared.messaging.settlement import member_copies
from shared.messaging.topology import (
    BUNDLED,
    CONTACTS_EVENTS,
    CONTACTS_INBOUND,
    CONTACTS_REJECTED,
    CONTACTS_ROUTING,
    REPORTING_EVENTS,
    SERVICES_EVENTS,
    SERVICES_RETURNS,
)
from tests.unit.messaging.deliveries import delivery

KEYS = ("contact.routed.v1", "contact.answered.v1", "deadline.met.v1")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TRAVELS = (CONTACTS_EVENTS, CONTACTS_ROUTING)


def told(number: int, exchange: str = CONTACTS_EVENTS, key: str = KEYS[0], **others: Any) -> OutgoingMessage:
    """The ``number``-th message that a handler tells, as services make them."""
    headers = {"id": f"id-{number}", "type": key, "correlation_id": f"contact-{number}"}
    given_by = {"body": b'{"number":%d}' % number, "headers": headers, "correlation_id": f"contact-{number}"}
    return OutgoingMessage(exchange, key, message_id=f"id-{number}", **{**given_by, **others})


@st.composite
def messages(draw: st.DrawFn, exchanges: Sequence[str] = TRAVELS) -> list[OutgoingMessage]:
    """Messages that can travel together, of a few kinds."""
    kinds = draw(st.lists(st.tuples(st.sampled_from(exchanges), st.sampled_from(KEYS)), max_size=120))
    further = draw(st.dictionaries(TEXT, TEXT, max_size=3))
    bodies = draw(st.lists(st.binary(max_size=20).filter(lambda body: b"\n" not in body), min_size=1, max_size=5))
    made = [told(at, exchange, key) for at, (exchange, key) in enumerate(kinds)]
    return [
        replace(each, headers={**further, **each.headers}, body=bodies[at % len(bodies)])
        for at, each in enumerate(made)
    ]


# What would not come out of a bundle as it went in, each for another reason.
STAYS_ALONE: list[OutgoingMessage] = [
    told(900, mandatory=False),
    told(901, CONTACTS_REJECTED),
    told(902, CONTACTS_INBOUND),
    told(903, SERVICES_EVENTS),
    told(904, headers={"id": "another", "correlation_id": "contact-904"}),
    told(905, headers={"id": "id-905", "correlation_id": "another"}),
    told(906, headers={}),
    told(907, headers={"id": "id-907"}, correlation_id=None),
    told(908, headers={"id": "id-908", "correlation_id": "contact-908", "at": datetime(2026, 3, 2, tzinfo=UTC)}),
    told(909, headers={"id": "id-909", "correlation_id": "contact-909", "count": 3}),
    told(910, body=b'{\n"number":910}'),
    told(911, content_type="text/plain"),
    told(912, content_type=None),
]


def came(message: OutgoingMessage, **properties: Any) -> Delivery:
    """What was sent, as it comes in on a queue."""
    return delivery(
        message.body,
        exchange=message.exchange,
        routing_key=message.routing_key,
        queue=REPORTING_EVENTS,
        headers=dict(message.headers),
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        content_type=message.content_type,
        **properties,
    )


def for_services(going: Sequence[OutgoingMessage]) -> list[IncomingMessage]:
    """What the services' queues get of it, opened: the broker keeps out what is told to be in a bundle."""
    return opened(came(each).message for each in going if BUNDLED not in each.headers)


def by_kind(all_of_them: Sequence[Any]) -> dict[tuple[str, str], list[Any]]:
    kinds: dict[tuple[str, str], list[Any]] = {}
    for each in all_of_them:
        kinds.setdefault((each.exchange, each.routing_key), []).append(each)
    return kinds


@given(messages(), st.lists(st.sampled_from(STAYS_ALONE), max_size=5), st.randoms(use_true_random=False))
def test_services_get_every_message_once_as_if_it_had_come_alone_and_in_order_within_its_type(
    travelling: list[OutgoingMessage], alone: list[OutgoingMessage], chance: Any
) -> None:
    given_messages = [*travelling, *alone]
    chance.shuffle(given_messages)
    expected = by_kind([came(each).message for each in given_messages if each not in alone])
    found = by_kind([each for each in for_services(bundled(given_messages)) if not is_of(each, alone)])
    assert found == expected


@given(messages([CONTACTS_EVENTS, CONTACTS_REJECTED]))
def test_outsiders_get_every_message_once_by_itself_in_the_order_that_it_was_told(
    given_messages: list[OutgoingMessage],
) -> None:
    outside = [each for each in bundled(given_messages) if each.exchange != SERVICES_EVENTS]
    assert [without_mark(each) for each in outside] == [without_mark(each) for each in given_messages]


@given(messages())
def test_what_is_in_a_bundle_goes_alone_only_with_a_mark_and_need_not_be_received(
    given_messages: list[OutgoingMessage],
) -> None:
    going = bundled(given_messages)
    inside = {
        each.message_id for one in going if one.content_type == BUNDLE for each in members_of(came(one).message)
    }
    single = [each for each in going if each.content_type != BUNDLE]
    assert {each.message_id for each in single if BUNDLED in each.headers} == {
        each.message_id
        for each in given_messages
        if each.message_id in inside and each.exchange == CONTACTS_EVENTS
    }
    assert all(each.mandatory == (BUNDLED not in each.headers) for each in single)
    assert all(each.headers[BUNDLED] is True for each in single if BUNDLED in each.headers)
    assert all(each.mandatory for each in going if each.content_type == BUNDLE)
    assert not [each for each in single if each.exchange == CONTACTS_ROUTING and each.message_id in inside]


@given(st.lists(st.integers(0, MOST_BYTES // 2 + 100), max_size=8), st.integers(0, 2 * MOST_MEMBERS + 5))
def test_a_bundle_is_of_two_at_least_and_never_too_big(sizes: list[int], small: int) -> None:
    given_messages = [told(at, body=b"x" * size) for at, size in enumerate([*sizes, *[5] * small])]
    going = bundled(given_messages)
    for each in going:
        if each.content_type == BUNDLE:
            assert 2 <= each.headers[MEMBERS] <= MOST_MEMBERS
            assert len(each.body) <= MOST_BYTES
    assert sorted(each.message_id or "" for each in for_services(going)) == sorted(
        each.message_id for each in given_messages
    )


def test_a_hundred_and_one_go_in_two_bundles_and_the_last_as_it_is() -> None:
    going = bundled([told(number) for number in range(2 * MOST_MEMBERS + 1)])
    assert [each.headers[MEMBERS] for each in going if each.content_type == BUNDLE] == [MOST_MEMBERS] * 2
    assert going[2 * MOST_MEMBERS] == told(2 * MOST_MEMBERS)


@pytest.mark.parametrize("exchange", TRAVELS)
def test_a_message_alone_of_its_kind_is_left_alone(exchange: str) -> None:
    assert bundled([]) == []
    assert bundled([told(1, exchange)]) == [told(1, exchange)]
    different = [told(1, exchange, KEYS[0]), told(2, exchange, KEYS[1])]
    assert bundled(different) == different


@pytest.mark.parametrize("message", STAYS_ALONE, ids=lambda each: each.message_id)
def test_what_would_come_out_otherwise_than_it_went_in_goes_alone_as_it_is(message: OutgoingMessage) -> None:
    going = bundled([message, message, told(1), told(2)])
    assert going[:2] == [message, message]
    assert [each.message_id for each in members_of(came(going[-1]).message)] == ["id-1", "id-2"]


def test_members_are_as_often_back_as_their_bundle() -> None:
    bundle = bundled([told(1), told(2)])[-1]
    again = came(replace(bundle, headers={**bundle.headers, "x-delivery-count": 1}), redelivered=True).message
    assert [(each.redelivered, each.delivery_count) for each in members_of(again)] == [(True, 1)] * 2


MALFORMED_HEADERS: list[Any] = [
    None,
    0,
    -1,
    3,
    10**9,
    -(10**9),
    2.0,
    "2",
    b"2",
    "many",
    [2],
    {"n": 2},
    float("nan"),
]


@pytest.mark.parametrize("exchange", [SERVICES_EVENTS, CONTACTS_ROUTING])
@pytest.mark.parametrize("members", MALFORMED_HEADERS, ids=repr)
def test_a_number_of_members_that_is_none_makes_a_dead_letter(exchange: str, members: Any) -> None:
    body = bundled([told(1), told(2)])[-1].body
    come = delivery(body, exchange=exchange, queue=REPORTING_EVENTS, headers={MEMBERS: members})
    with pytest.raises(DeadLetter, match="not_a_bundle"):
        members_of(come.message)
    assert 1 <= come.size <= MOST_MEMBERS


HEADS: list[bytes] = [
    *(b"", b"{", b"7", b"null", b'"text"', b"[]", b'["id","correlation_id"]', b"{}", b"\xff"),
    *(b'{"id":"1"}', b'{"correlation_id":"1"}'),
    *(b'{"id":1,"correlation_id":"1"}', b'{"id":"1","correlation_id":null}'),
    *(
        b'{"id":"1","correlation_id":"1","deep":{}}',
        b'{"id":"1","correlation_id":"1","many":99999999999999999999}',
    ),
]


@pytest.mark.parametrize("head", HEADS, ids=repr)
def test_headers_that_are_none_make_a_dead_letter(head: bytes) -> None:
    good = orjson.dumps(told(1).headers) + b"\n{}"
    with pytest.raises(DeadLetter, match="not_a_bundle"):
        members_of(came(a_bundle(good + b"\n" + head + b"\n{}", 2)).message)


@given(st.binary(max_size=60) | st.sampled_from([b"\n", b"\n\n\n", b"{}\n{}", b"[]\n[]"]), st.integers(-2, 3))
def test_whatever_is_in_a_bundle_it_opens_or_makes_a_dead_letter(body: bytes, members: int) -> None:
    come = came(a_bundle(body, members))
    assert 1 <= come.size <= MOST_MEMBERS
    # Nothing else is raised than what makes a dead letter of it.
    with contextlib.suppress(DeadLetter):
        assert len(members_of(come.message)) == members


@pytest.mark.parametrize("exchange", [CONTACTS_INBOUND, CONTACTS_EVENTS, "", "somebody.elses"])
@pytest.mark.parametrize("members", [2, "2", None])
def test_what_came_where_outsiders_publish_is_no_bundle(exchange: str, members: Any) -> None:
    bundle = bundled([told(1), told(2)])[-1]
    come = delivery(bundle.body, exchange=exchange, headers={MEMBERS: members})
    assert members_of(come.message) == [come.message]
    assert come.size == 1


def test_a_bundle_counts_as_many_messages_as_are_in_it() -> None:
    going = bundled([told(number) for number in range(7)])
    assert messages_in([came(going[-1]), came(told(9))]) == 8


@given(messages([CONTACTS_EVENTS]).filter(lambda given_messages: len(given_messages) > 1))
def test_parted_each_member_comes_back_as_it_would_have_come_alone(given_messages: list[OutgoingMessage]) -> None:
    published = datetime(2026, 3, 2, 9, tzinfo=UTC)
    alone = {each.message_id: came(each).message for each in given_messages}
    for going in bundled(given_messages):
        if going.content_type != BUNDLE:
            continue
        for copy in member_copies(came(going, timestamp=published)):
            assert (copy.exchange, copy.routing_key) == (SERVICES_RETURNS, REPORTING_EVENTS)
            assert copy.mandatory
            assert copy.properties.timestamp == published
            assert copy.properties.marshal()
            back = delivery(
                copy.body,
                exchange=copy.exchange,
                routing_key=copy.routing_key,
                queue=REPORTING_EVENTS,
                headers=copy.properties.headers,
                message_id=copy.properties.message_id,
                correlation_id=copy.properties.correlation_id,
                content_type=copy.properties.content_type,
            ).message
            expected = alone[back.message_id or ""]
            assert {name: back.headers[name] for name in expected.headers} == expected.headers
            assert replace(back, headers=expected.headers) == expected


def a_bundle(body: bytes, members: int) -> OutgoingMessage:
    return OutgoingMessage(
        SERVICES_EVENTS, KEYS[0], body, {MEMBERS: members}, message_id="id-1", content_type=bundles.BUNDLE
    )


def is_of(message: IncomingMessage, those: Sequence[OutgoingMessage]) -> bool:
    return message.message_id in {each.message_id for each in those}


def without_mark(message: OutgoingMessage) -> OutgoingMessage:
    headers = {name: value for name, value in message.headers.items() if name != BUNDLED}
    return replace(message, headers=headers, mandatory=True)


def test_the_content_type_of_members_is_json() -> None:
    assert {each.content_type for each in for_services(bundled([told(1), told(2)]))} == {JSON}
