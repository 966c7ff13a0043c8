"""What can be told of a dead letter, out of headers that anybody may have written."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.dead_letters.explanations import EXPLANATIONS, explain
from shared.messaging.dead_letters.letter import letter_of
from shared.messaging.settlement import dead_copy, replayed_copy
from shared.messaging.topology import INTAKE_LIVE, SERVICES_RETURNS, dead_queue
from tests.unit.messaging.deliveries import delivery

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_we_gave_up_says_why_when_and_where_it_came_from() -> None:
    given_up = dead_copy(delivery(b"{}", headers={"subject": "LEU-1", "type": "t"}), "not_an_event", AT)
    letter = letter_of(delivery(b"{}", exchange="contacts.dead", headers=given_up.properties.headers), INTAKE_LIVE)
    assert (letter.reason, letter.attempts, letter.given_up_at) == ("not_an_event", 1, AT)
    assert (letter.exchange, letter.routing_key) == ("contacts.inbound", "submission.leuven.email")
    assert (letter.reference, letter.type, letter.size) == ("LEU-1", "t", 2)


def test_what_the_broker_gave_up_is_told_in_its_own_words() -> None:
    death = {
        "queue": INTAKE_LIVE,
        "reason": "delivery_limit",
        "time": AT,
        "exchange": "contacts.inbound",
        "routing-keys": ["submission.leuven.phone"],
    }
    headers = {"x-death": [{"queue": "another"}, death], "x-delivery-count": 21}
    letter = letter_of(delivery(headers=headers), INTAKE_LIVE)
    assert (letter.reason, letter.attempts, letter.given_up_at) == ("delivery_limit", 21, AT)
    assert (letter.exchange, letter.routing_key) == ("contacts.inbound", "submission.leuven.phone")


def test_a_replayed_copy_comes_as_it_first_came_and_tells_nothing_of_its_death() -> None:
    dead = dead_copy(delivery(b"x", headers={"own": "kept", "x-attempt": 5}), "why", AT)
    found = delivery(b"x", exchange="contacts.dead", headers=dead.properties.headers)
    letter = letter_of(found, INTAKE_LIVE)
    copy = replayed_copy(found, letter.queue, letter.exchange, letter.routing_key)
    assert (copy.exchange, copy.routing_key) == (SERVICES_RETURNS, INTAKE_LIVE)
    assert copy.properties.headers is not None
    assert not any(name.startswith("x-dead") for name in copy.properties.headers)
    again = delivery(
        b"x", exchange=SERVICES_RETURNS, routing_key=INTAKE_LIVE, headers=copy.properties.headers
    ).message
    assert (again.exchange, again.routing_key, again.attempt) == ("contacts.inbound", "submission.leuven.email", 1)
    assert again.headers["own"] == "kept"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["x-death", "x-dead-reason", "x-dead-at", "x-dead-attempts", "x-original-exchange", "subject", "type"]
)


@given(headers=st.dictionaries(NAMES | st.text(max_size=20), ODD, max_size=8), body=st.binary(max_size=20))
def test_whatever_the_headers_there_is_a_letter_and_it_is_the_same_each_time(
    headers: dict[str, Any], body: bytes
) -> None:
    first = letter_of(delivery(body, headers=headers), INTAKE_LIVE)
    assert letter_of(delivery(body, headers=headers, tag=7, redelivered=True), INTAKE_LIVE) == first
    assert letter_of(delivery(body, headers={}), INTAKE_LIVE).id == first.id
    assert letter_of(delivery(body + b"!", headers=headers), INTAKE_LIVE).id != first.id
    assert letter_of(delivery(body, headers=headers), dead_queue(INTAKE_LIVE)).id != first.id


@pytest.mark.parametrize("reason", [*EXPLANATIONS, "KeyError"])
def test_every_reason_is_explained_with_what_to_do(reason: str) -> None:
    explanation = explain(reason)
    assert explanation.meaning.endswith(".")
    assert explanation.what_to_do.endswith(".")
