"""What a handler sees of a message, whatever its sender wrote."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.messaging.topology import INTAKE_LIVE
from tests.unit.messaging.deliveries import delivery

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers())
    | st.just("9" * 5000)
)
HEADERS = st.dictionaries(
    st.sampled_from(["x-attempt", "x-delivery-count", "x-original-exchange", "x-original-routing-key", "other"]),
    VALUES,
)


@given(headers=st.none() | HEADERS, exchange=st.sampled_from(["", "contacts.inbound"]), body=st.binary())
def test_nothing_that_a_sender_writes_makes_reading_fail(
    headers: dict[str, Any] | None, exchange: str, body: bytes
) -> None:
    message = delivery(body, exchange=exchange, headers=headers).message
    assert message.body == body
    assert message.attempt >= 1
    assert isinstance(message.delivery_count, int)
    assert isinstance(message.exchange, str)
    assert isinstance(message.routing_key, str)


def test_a_message_without_any_property_is_complete() -> None:
    message = delivery(b"", tag=7, redelivered=True).message
    assert message == IncomingMessage(
        queue=INTAKE_LIVE,
        body=b"",
        exchange="contacts.inbound",
        routing_key="submission.leuven.email",
        redelivered=True,
    )


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), ("4", 4), (b"5", 5), ("many", 0), (None, 0), (2.9, 2), (float("inf"), 0)]
)
def test_the_delivery_count_is_read_as_well_as_may_be(value: Any, count: int) -> None:
    assert delivery(headers={"x-delivery-count": value}).message.delivery_count == count


def test_only_what_came_straight_to_the_queue_can_be_a_retry() -> None:
    headers = {"x-attempt": 4, "x-original-exchange": "e", "x-original-routing-key": "k"}
    published = delivery(exchange="contacts.inbound", routing_key="r", headers=headers).message
    assert (published.attempt, published.exchange, published.routing_key) == (1, "contacts.inbound", "r")
    returned = delivery(exchange="", routing_key=INTAKE_LIVE, headers=headers).message
    assert (returned.attempt, returned.exchange, returned.routing_key) == (4, "e", "k")


def test_printing_a_message_shows_nothing_of_its_content() -> None:
    incoming = delivery(b"Jan Peeters", headers={"name": "Jan"}).message
    outgoing = OutgoingMessage("e", "k", b"Jan Peeters", {"name": "Jan"}, "id")
    assert "Jan" not in repr(incoming) + repr(outgoing)
