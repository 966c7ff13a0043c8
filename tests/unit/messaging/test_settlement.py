"""Which error leads to what, and what the copies carry that take a message's place."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiormq.exceptions import AMQPConnectionError, ChannelInvalidStateError, DeliveryError
from hypothesis import given
from hypothesis import strategies as st
from pamqp.commands import Basic
from pymongo.errors import AutoReconnect, DuplicateKeyError, ServerSelectionTimeoutError

from shared.errors import DeadLetter, InfrastructureError, RetryLater, UnroutableError, is_infrastructure
from shared.messaging.settlement import (
    MAX_ATTEMPTS,
    Settlement,
    dead_copy,
    decide,
    held_copy,
    reason,
    retry_copy,
)
from shared.messaging.topology import INTAKE_LIVE, SERVICES_RETURNS
from tests.unit.messaging.deliveries import delivery

GIVEN_UP = datetime(2026, 3, 2, 9, tzinfo=UTC)
AWAY: list[Exception] = [
    InfrastructureError("away"),
    UnroutableError("no queue"),
    AMQPConnectionError("refused"),
    ChannelInvalidStateError("closed"),
    DeliveryError(None, Basic.Nack()),
    AutoReconnect("no primary"),
    ServerSelectionTimeoutError("nobody"),
    ConnectionResetError(),
    TimeoutError(),
    ExceptionGroup("both", [InfrastructureError("away"), TimeoutError()]),
]
OWN: list[Exception] = [
    RetryLater("later"),
    DeadLetter("never"),
    DuplicateKeyError("twice"),
    ValueError("what"),
    FileNotFoundError("gone"),
    ExceptionGroup("one of them", [InfrastructureError("away"), ValueError("what")]),
]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("attempt", [1, MAX_ATTEMPTS, 100])
@pytest.mark.parametrize("has_retry", [True, False])
def test_what_is_away_is_waited_for_however_often(error: Exception, attempt: int, *, has_retry: bool) -> None:
    assert decide(error, attempt, has_retry=has_retry) is Settlement.WAIT


@pytest.mark.parametrize("error", OWN, ids=lambda error: type(error).__name__)
def test_what_is_the_messages_own_is_not_waited_for(error: Exception) -> None:
    assert not is_infrastructure(error)
    assert decide(error, 1, has_retry=True) is not Settlement.WAIT


@pytest.mark.parametrize(
    ("error", "attempt", "has_retry", "settlement"),
    [
        (RetryLater("r"), 1, True, Settlement.RETRY),
        (RetryLater("r"), MAX_ATTEMPTS - 1, True, Settlement.RETRY),
        (RetryLater("r"), MAX_ATTEMPTS, True, Settlement.DEAD_LETTER),
        (RetryLater("r"), 1, False, Settlement.DEAD_LETTER),
        (KeyError("x"), 1, True, Settlement.RETRY),
        (KeyError("x"), MAX_ATTEMPTS, True, Settlement.DEAD_LETTER),
        (KeyError("x"), 1, False, Settlement.DEAD_LETTER),
        (DeadLetter("d"), 1, True, Settlement.DEAD_LETTER),
        (DeadLetter("d"), 1, False, Settlement.DEAD_LETTER),
    ],
)
def test_the_table_of_settlements(
    error: Exception, attempt: int, settlement: Settlement, *, has_retry: bool
) -> None:
    assert decide(error, attempt, has_retry=has_retry) is settlement


def test_a_reason_never_quotes_a_foreign_error() -> None:
    assert reason(RetryLater("counter_taken")) == "counter_taken"
    assert reason(DeadLetter("not_an_event")) == "not_an_event"
    assert reason(ValueError("Jan Peeters, Bondgenotenlaan 1")) == "ValueError"


def test_a_transaction_that_lost_a_race_is_tried_again() -> None:
    class ConflictError(DuplicateKeyError):
        def has_error_label(self, label: str) -> bool:
            return label == "TransientTransactionError"

    assert is_infrastructure(ConflictError("write conflict"))


def test_a_retry_copy_keeps_message_and_address_and_counts_the_attempt() -> None:
    given = delivery(
        b"body",
        exchange="contacts.inbound",
        routing_key="submission.leuven.email",
        headers={"id": "1", "x-delivery-count": 3, "x-death": [{}], "x-first-death-queue": "q", "Cc": ["other"]},
        user_id="adapter",
        expiration="5",
        message_id="m",
        correlation_id="c",
        content_type="a/b",
    )
    copy = retry_copy(given, 2)
    assert (copy.exchange, copy.routing_key, copy.body) == (
        SERVICES_RETURNS,
        f"{INTAKE_LIVE}.retry",
        b"body",
    )
    assert copy.mandatory
    assert copy.properties.headers == {
        "id": "1",
        "x-attempt": 2,
        "x-original-exchange": "contacts.inbound",
        "x-original-routing-key": "submission.leuven.email",
    }
    assert (copy.properties.message_id, copy.properties.correlation_id) == ("m", "c")
    assert (copy.properties.content_type, copy.properties.delivery_mode) == ("a/b", 2)
    assert copy.properties.user_id is None
    assert copy.properties.expiration is None


def test_the_copy_of_a_copy_still_knows_the_first_address() -> None:
    first = retry_copy(delivery(b"x", exchange="contacts.inbound", routing_key="submission.a.email"), 2)
    assert first.properties.headers is not None
    again = delivery(b"x", exchange="", routing_key=INTAKE_LIVE, headers=dict(first.properties.headers))
    assert again.message.attempt == 2
    assert (again.message.exchange, again.message.routing_key) == ("contacts.inbound", "submission.a.email")

    second = retry_copy(again, 3)
    assert second.properties.headers == {**first.properties.headers, "x-attempt": 3}
    held = held_copy(again)
    assert held.properties.headers == first.properties.headers


def test_a_dead_copy_says_why_and_begins_anew_when_it_is_put_back() -> None:
    attempt = {"x-attempt": 5, "x-original-exchange": "e", "x-original-routing-key": "k"}
    copy = dead_copy(delivery(b"x", exchange="", routing_key=INTAKE_LIVE, headers=attempt), "not_yet", GIVEN_UP)
    assert (copy.exchange, copy.routing_key, copy.mandatory) == ("contacts.dead", INTAKE_LIVE, True)
    assert copy.properties.headers == {
        "x-original-exchange": "e",
        "x-original-routing-key": "k",
        "x-dead-reason": "not_yet",
        "x-dead-attempts": 5,
        "x-dead-at": "2026-03-02T09:00:00+00:00",
    }
    assert delivery(b"x", exchange="", headers=dict(copy.properties.headers)).message.attempt == 1


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(object()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(headers=st.dictionaries(st.text(max_size=300) | st.sampled_from(["CC", "x-attempt"]), ODD, max_size=6))
def test_whatever_the_headers_a_copy_can_be_put_on_the_wire(headers: dict[str, Any]) -> None:
    given = delivery(b"x", exchange="contacts.inbound", routing_key="k", headers=headers)
    for copy in (retry_copy(given, 2), dead_copy(given, "why", GIVEN_UP), held_copy(given)):
        assert copy.properties.marshal()
        assert copy.properties.headers is not None
        assert not {"cc", "bcc", "x-death"} & {key.lower() for key in copy.properties.headers}
