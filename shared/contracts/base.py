"""What all messages have in common: strict, closed, immutable."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A part of a message on the wire.

    Unknown fields are refused, so that a misspelt optional field is an answer and not a loss. Strict: a number
    in quotes is a text. Parse with ``model_validate_json``; strict models refuse ISO dates in Python dicts.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class EventData(BaseModel):
    """A part of an event.

    Events are read leniently and written strictly: a consumer of yesterday must survive tomorrow's extra field.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)
