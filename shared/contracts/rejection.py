"""A clear answer to bad input: which field, what is wrong, what would be right."""

from collections.abc import Container, Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypedDict

from shared.contracts.identifiers import FollowUpKind

MAX_ERRORS = 50
"""More errors than this in one message are not told; the first ones say enough."""
MAX_PATH = 200
"""Characters of a field's path that are told: errors travel in a header, and the sender chooses the names."""


class FieldError(TypedDict):
    """One thing that is wrong. ``field`` is a dotted path, empty for the message as a whole."""

    field: str
    code: str
    message: str


_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many",
    "too_short": "too_few",
    "enum": "not_on_list",
    "literal_error": "not_on_list",
    "union_tag_invalid": "not_on_list",
    "union_tag_not_found": "missing",
    "timezone_aware": "offset_missing",
    "string_pattern_mismatch": "wrong_form",
    "datetime_parsing": "wrong_form",
    "datetime_from_date_parsing": "wrong_form",
    "date_parsing": "wrong_form",
    "date_from_datetime_parsing": "wrong_form",
    "date_from_datetime_inexact": "wrong_form",
    "json_invalid": "not_json",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
}


_MESSAGES = {
    "missing": "is required; give it",
    "extra_forbidden": "is not a field of this message; check the spelling or leave it out",
    "timezone_aware": "has no offset; give one, like 2021-03-04T09:30:00+01:00",
    "union_tag_not_found": "is required; give one of " + ", ".join(FollowUpKind),
    "union_tag_invalid": "is not a kind of follow-up; give one of " + ", ".join(FollowUpKind),
}


def field_errors(error: ValidationError, *, drop: Iterable[str] = ()) -> list[FieldError]:
    """What pydantic found, in the words of the wire, without repeating the value: it may be personal.

    ``drop`` names path steps that are pydantic's own (the tags of a union); the first of them in a path is left
    out, since the sender may have named a field like that.
    """
    left_out = set(drop)
    return [field_error(detail, left_out) for detail in error.errors(include_url=False)[:MAX_ERRORS]]


def field_error(detail: ErrorDetails, left_out: Container[str] = ()) -> FieldError:
    """One of pydantic's findings in the words of the wire."""
    steps = [str(step) for step in detail["loc"]]
    tag = next((step for step in steps if step in left_out), None)
    if tag is not None:
        steps.remove(tag)
    path = ".".join(steps)
    if len(path) > MAX_PATH:
        path = path[: MAX_PATH - 1] + "…"
    kind = detail["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        path = f"{path}.kind".lstrip(".")
    if kind == "value_error":
        return FieldError(field=path, code="invalid", message=str(detail["ctx"]["error"]))
    return FieldError(field=path, code=_CODES.get(kind, "wrong_type"), message=_MESSAGES.get(kind, detail["msg"]))
