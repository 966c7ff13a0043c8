"""No event has a place for what is personal."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from shared.contracts.base import EventData
from shared.contracts.events import EVENT_TYPES, Envelope
from shared.contracts.past_contact import PastContact
from shared.contracts.routing_request import RoutingRequested
from tests.contract.golden_messages import Golden, golden_messages

PERSONAL = {
    "name",
    "email",
    "phone",
    "street",
    "address",
    "citizen",
    "text",
    "subject",
    "reason",
    "contact_person",
    "actor",
    "attachments",
}
IDENTITY = PERSONAL - {"text", "subject"}
KNOWN_AGAIN_BY = {"trace", "marks", "weak", "stems", "hash", "citizen_hash", "links"}
"""What intake keeps of citizens so that it knows them again, and words that others might use for it."""


def fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            yield from fields(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


@pytest.mark.parametrize("model", EVENT_TYPES.values())
def test_no_event_has_a_personal_field(model: type[EventData]) -> None:
    assert PERSONAL.isdisjoint(fields(model))


def test_the_walk_finds_fields_of_parts() -> None:
    assert {"deadlines", "due_on"} <= set(fields(EVENT_TYPES["deadline.scheduled.v1"]))
    assert {"rule", "other_directorates"} <= set(fields(EVENT_TYPES["contact.routed.v1"]))


def test_what_routing_is_asked_has_text_but_no_identity() -> None:
    assert {"text", "subject"} <= set(fields(RoutingRequested))
    assert IDENTITY.isdisjoint(fields(RoutingRequested))


def test_an_exported_contact_has_text_but_no_identity() -> None:
    assert {"text", "subject"} <= set(fields(PastContact))
    assert IDENTITY.isdisjoint(fields(PastContact))


@pytest.mark.parametrize("model", [*EVENT_TYPES.values(), RoutingRequested])
def test_nothing_that_a_citizen_could_be_known_again_by_leaves_intake(model: type[BaseModel]) -> None:
    assert KNOWN_AGAIN_BY.isdisjoint(fields(model))
    assert not any(bytes in _types(field.annotation) for field in model.model_fields.values())


def _types(annotation: Any) -> set[Any]:
    return {annotation}.union(
        *(_types(argument) for argument in get_args(annotation) if argument is not annotation)
    )


def test_the_envelope_has_a_reference_for_its_subject_and_nothing_else() -> None:
    assert PERSONAL & set(fields(Envelope)) == {"subject"}


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


@pytest.mark.parametrize("golden", golden_messages("contact.", "deadline.", "report."), ids=str)
def test_no_golden_event_tells_who_it_is_from(golden: Golden) -> None:
    assert PERSONAL.isdisjoint(keys(golden.content["body"]))
    assert "Voorbeeld" not in str(golden.content)
