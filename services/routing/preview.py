"""Reading a submission out of an HTTP body as strictly as intake reads it off the broker."""

from typing import Any

import orjson
from pydantic import ValidationError

from services.routing.domain import receipt_errors
from shared.contracts.canonical import NotJson, parse_json
from shared.contracts.rejection import FieldError, field_errors
from shared.contracts.submission import Submission
from shared.problems import unprocessable
from shared.profiles import Profiles
from shared.profiles.codes import unknown_codes

NO_ID = "preview"
"""Stands in for ``submission_id`` where a preview has none: nothing is registered under it."""


def read_submission(body: bytes, profiles: Profiles) -> Submission:
    """The submission. Raises a 422 problem that names each field that is wrong and what would be right.

    A preview is free of the clock: a receipt in the future is decided as it would be then.
    """
    submission = _parsed(body)
    profile = profiles.get(submission.organisation)
    if profile is None:
        message = f"is not known here; give one of {', '.join(sorted(profiles))}"
        raise unprocessable([FieldError(field="organisation", code="unknown_organisation", message=message)])
    errors = receipt_errors(submission.received_at)
    if not errors:
        errors = unknown_codes(submission, profile.version_at(submission.received_at))
    if errors:
        raise unprocessable(errors)
    return submission


def _parsed(body: bytes) -> Submission:
    try:
        value = parse_json(body)
    except NotJson as error:
        message = f"is not JSON in UTF-8 ({error}); send a submission as a JSON object"
        raise unprocessable([FieldError(field="", code="not_json", message=message)]) from None
    if isinstance(value, dict) and "submission_id" not in value:
        body = orjson.dumps({"submission_id": NO_ID} | value)
    try:
        return Submission.model_validate_json(body)
    except ValidationError as error:
        raise unprocessable(field_errors(error)) from None


def body_schema() -> dict[str, Any]:
    """The JSON Schema of a preview's body, complete in itself."""
    schema = Submission.model_json_schema()
    definitions = schema.pop("$defs")
    schema["required"] = [name for name in schema["required"] if name != "submission_id"]
    inlined: dict[str, Any] = _inlined(schema, definitions)
    return inlined


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        named = definitions[part["$ref"].removeprefix("#/$defs/")]
        part = named | {key: value for key, value in part.items() if key != "$ref"}
    return {key: _inlined(value, definitions) for key, value in part.items()}
