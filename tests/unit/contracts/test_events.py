import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.contracts.base import EventData, Message
from shared.contracts.events import (
    EVENT_TYPES,
    FOLLOW_UP_EVENT_TYPES,
    FOLLOW_UP_KINDS,
    ContactSurveyed,
    Envelope,
    Event,
    event_id,
    parse_event,
)
from shared.contracts.follow_up import FOLLOW_UP_MODELS
from shared.contracts.identifiers import FollowUpKind
from shared.contracts.submission import Submission

HEADERS: dict[str, object] = {
    "id": "b9b3d3c2-0000-5000-8000-000000000000",
    "type": "contact.surveyed.v1",
    "source": "contactpunt/intake",
    "subject": "LEU-2021-000123",
    "time": "2021-03-11T13:05:00Z",
    "organisation": "leuven",
    "correlation_id": "c",
    "causation_id": "d",
    "schema": "1",
}
BODY = b'{"follow_up_id": "fu-1", "occurred_at": "2021-03-11T14:05:00+01:00", "score": 8}'


@pytest.mark.parametrize(
    ("parts", "id_"),
    [
        (("contact.registered.v1", "leuven", "form-1"), "5a6f4465-cb9f-53b3-bdae-bc08ac016228"),
        (("contact.routed.v1", "LEU-2021-000123", "5f" * 32, 0), "028b69ac-c429-58cc-8ebd-ef8a3a8cd1e1"),
        (("deadline.scheduled.v1", "LEU-2021-000123", 3), "96cdc4f2-2110-563d-b77c-ce6c6deb6ea4"),
        (("correlation", "leuven", "form-1"), "702b3e94-43d4-5e8b-a0c5-1e2bf3a0118f"),
    ],
)
def test_ids_are_the_same_for_ever(parts: tuple[str | int, ...], id_: str) -> None:
    """What was published once is known again by its id, after every restart and every release."""
    assert event_id(*parts) == id_


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_other_causes_have_other_ids(one: list[str], other: list[str]) -> None:
    assert UUID(event_id(*one)).version == 5
    separated = "\x1f".join(one) == "\x1f".join(other)
    assert (event_id(*one) == event_id(*other)) is separated


def test_an_event_is_read_off_the_wire_and_written_again() -> None:
    event = parse_event(HEADERS, BODY)
    assert isinstance(event.data, ContactSurveyed)
    assert event.type == "contact.surveyed.v1"
    assert event.envelope.time == datetime(2021, 3, 11, 13, 5, tzinfo=UTC)
    assert event.headers() == HEADERS
    assert parse_event(dict(event.headers()), event.body()) == event


def test_headers_are_texts_only() -> None:
    """Other AMQP types come back differently from one client to the next."""
    assert all(isinstance(value, str) for value in parse_event(HEADERS, BODY).headers().values())


def test_an_unknown_type_is_told_apart() -> None:
    with pytest.raises(KeyError):
        parse_event(HEADERS | {"type": "contact.forgotten.v1"}, BODY)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        (HEADERS | {"time": "2021-03-11T13:05:00"}, BODY),
        (HEADERS | {"subject": "a b"}, BODY),
        (HEADERS, b""),
        (HEADERS, b"[]"),
        (HEADERS, b'{"follow_up_id": "fu-1"}'),
        (HEADERS, b"\xff"),
    ],
)
def test_what_is_no_event(headers: dict[str, object], body: bytes) -> None:
    with pytest.raises(ValidationError):
        parse_event(headers, body)


def test_a_field_of_tomorrow_is_passed_over() -> None:
    event = parse_event(HEADERS | {"later": "x"}, json.dumps(json.loads(BODY) | {"later": 1}).encode())
    assert event == parse_event(HEADERS, BODY)


def test_an_event_is_written_with_all_its_fields() -> None:
    event = parse_event(HEADERS | {"type": "contact.extended.v1"}, BODY)
    assert json.loads(event.body()).keys() == {"follow_up_id", "occurred_at", "days", "until"}


def test_an_event_cannot_be_changed() -> None:
    event = Event(envelope=Envelope.model_validate(HEADERS), data=ContactSurveyed.model_validate_json(BODY))
    with pytest.raises(ValidationError):
        event.data = ContactSurveyed.model_validate_json(BODY)  # type: ignore[misc]


def test_every_follow_up_has_its_event() -> None:
    assert set(FOLLOW_UP_EVENT_TYPES) == set(FollowUpKind)
    assert set(FOLLOW_UP_EVENT_TYPES.values()) <= set(EVENT_TYPES)
    assert {FOLLOW_UP_KINDS[event] for event in FOLLOW_UP_EVENT_TYPES.values()} == set(FollowUpKind)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_type_names_its_version(name: str) -> None:
    assert name.endswith(".v1")


@pytest.mark.parametrize("model", [Submission, *FOLLOW_UP_MODELS])
def test_what_comes_in_is_strict_and_closed(model: type[BaseModel]) -> None:
    assert issubclass(model, Message)
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["strict"]


@pytest.mark.parametrize("model", [Envelope, *EVENT_TYPES.values()])
def test_what_goes_out_is_read_leniently(model: type[BaseModel]) -> None:
    assert issubclass(model, EventData)
    assert model.model_config["extra"] == "ignore"
