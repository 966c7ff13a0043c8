"""JSON Schemas of every message, as the models have them."""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from shared.contracts import follow_up
from shared.contracts.decision import Decision
from shared.contracts.events import EVENT_TYPES, Envelope
from shared.contracts.past_contact import PAST_CONTACT, PastContact
from shared.contracts.rejection import FieldError
from shared.contracts.routing_request import ROUTING_REQUESTED, RoutingRequested
from shared.contracts.submission import Submission

SUBMISSION = "submission.v1"
FOLLOW_UP = "follow_up.v1"
ENVELOPE = "envelope.v1"
DECISION = "decision.v1"
REJECTION_ERRORS = "rejection_errors.v1"

JsonSchema = dict[str, Any]


def schemas() -> dict[str, JsonSchema]:
    """All schemas by the name of their message.

    What comes in is described as it is accepted; what goes out, as it is written: every field is there.
    Readers of events must let fields pass that they do not know.
    """
    written: dict[str, type[BaseModel]] = {
        **EVENT_TYPES,
        ROUTING_REQUESTED: RoutingRequested,
        ENVELOPE: Envelope,
        DECISION: Decision,
        PAST_CONTACT: PastContact,
    }
    found = {
        SUBMISSION: Submission.model_json_schema(mode="validation"),
        FOLLOW_UP: follow_up.FOLLOW_UP.json_schema(mode="validation"),
    }
    found |= {name: model.model_json_schema(mode="serialization") for name, model in written.items()}
    found[REJECTION_ERRORS] = TypeAdapter(list[FieldError]).json_schema(mode="serialization")
    return {name: _identified(name, schema) for name, schema in found.items()}


def _identified(name: str, schema: JsonSchema) -> JsonSchema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:contactpunt:{name}",
        **schema,
    }
