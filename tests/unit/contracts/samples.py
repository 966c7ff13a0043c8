"""Messages that are right, to be made wrong in one place at a time."""

import json
from typing import Any

from pydantic import ValidationError

from shared.contracts.follow_up import FOLLOW_UP
from shared.contracts.identifiers import FollowUpKind
from shared.contracts.rejection import FieldError, field_errors
from shared.contracts.submission import Submission

SUBMISSION: dict[str, Any] = {
    "submission_id": "form-1",
    "organisation": "leuven",
    "channel": "web_form",
    "received_at": "2021-03-04T09:30:00+01:00",
    "text": "De vuilniszakken zijn niet opgehaald.",
}
ATTACHMENT: dict[str, Any] = {
    "name": "foto.jpg",
    "media_type": "image/jpeg",
    "size": 1,
    "sha256": "0" * 64,
    "url": "https://files.example.org/1",
}
FOLLOW_UPS: dict[FollowUpKind, dict[str, Any]] = {
    FollowUpKind.ACKNOWLEDGED: {},
    FollowUpKind.INFORMATION_REQUESTED: {},
    FollowUpKind.INFORMATION_RECEIVED: {},
    FollowUpKind.EXTENDED: {"days": 14, "reason": "advies"},
    FollowUpKind.TRANSFERRED: {"reason": "andere dienst", "service": "waste"},
    FollowUpKind.ANSWERED: {},
    FollowUpKind.CLOSED: {"qualification": "founded"},
    FollowUpKind.REOPENED: {"reason": "terug"},
    FollowUpKind.WITHDRAWN: {},
    FollowUpKind.ESCALATED: {"to": "flemish_ombuds_service"},
    FollowUpKind.SURVEYED: {"score": 8},
}


def submission_body(**changes: Any) -> bytes:
    """A submission with some fields changed; ``None`` is sent as null."""
    return json.dumps(SUBMISSION | changes).encode()


def follow_up_body(kind: str, data: Any = None, /, **changes: Any) -> bytes:
    """A follow-up of a kind; its data are those that are right for the kind unless given."""
    message = {
        "follow_up_id": "fu-1",
        "organisation": "leuven",
        "reference": "LEU-2021-000123",
        "kind": kind,
        "occurred_at": "2021-03-11T14:05:00+01:00",
        "data": FOLLOW_UPS[FollowUpKind(kind)] if data is None else data,
    }
    return json.dumps(message | changes).encode()


def submission_errors(body: bytes) -> list[FieldError]:
    """What a submission's sender is told; empty when all is well."""
    try:
        Submission.model_validate_json(body)
    except ValidationError as error:
        return field_errors(error)
    return []


def follow_up_errors(body: bytes) -> list[FieldError]:
    """What a follow-up's sender is told; empty when all is well."""
    try:
        FOLLOW_UP.validate_json(body)
    except ValidationError as error:
        return field_errors(error, drop=FollowUpKind)
    return []


def told(errors: list[FieldError]) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in errors]
