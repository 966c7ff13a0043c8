"""Reading what came in: from bytes and routing key to a submission or a follow-up."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pydantic import ValidationError

from services.intake.domain.refusal import Refused, refused
from shared.contracts.canonical import NotJson, content_hash, parse_json
from shared.contracts.follow_up import FOLLOW_UP, FollowUp
from shared.contracts.identifiers import FollowUpKind
from shared.contracts.rejection import FieldError, field_errors
from shared.contracts.submission import MAX_BODY_BYTES, Submission

FOLLOW_UP_KEY = "follow_up"
"""The last word of a routing key, under which imported follow-ups come and refused ones are answered."""


class InboundKind(StrEnum):
    SUBMISSION = "submission"
    FOLLOW_UP = "follow_up"


class InboundKey(NamedTuple):
    """What a routing key says of its message. ``detail`` is the channel or the kind; None says nothing of it."""

    kind: InboundKind
    organisation: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    submission: Submission
    content_hash: str

    @property
    def claim_id(self) -> str:
        """Under which the id is claimed: unique within the organisation."""
        return f"{self.submission.organisation}:{self.submission.submission_id}"


@dataclass(frozen=True, slots=True)
class ReadFollowUp:
    follow_up: FollowUp
    content_hash: str

    @property
    def claim_id(self) -> str:
        """Under which the id is claimed: unique within the organisation."""
        return f"{self.follow_up.organisation}:{self.follow_up.follow_up_id}"

    @property
    def contact_field(self) -> str:
        """The field that names the contact."""
        return "submission_id" if self.follow_up.reference is None else "reference"


def read_key(routing_key: str) -> InboundKey | None:
    """What the routing key says; None where it is not one of the contract's."""
    match routing_key.split("."):
        case ["submission", organisation, channel]:
            return InboundKey(InboundKind.SUBMISSION, organisation, channel)
        case ["follow_up", organisation, kind]:
            return InboundKey(InboundKind.FOLLOW_UP, organisation, kind)
        case ["import", organisation, word] if word == FOLLOW_UP_KEY:
            return InboundKey(InboundKind.FOLLOW_UP, organisation, None)
        case ["import", organisation, channel]:
            return InboundKey(InboundKind.SUBMISSION, organisation, channel)
    return None


def read_message(body: bytes, routing_key: str) -> ReadSubmission | ReadFollowUp:
    """The message that came in under the key.

    Raises ``Refused`` where it is too large, not JSON, not a message of the contract, or contradicts its key.
    """
    key = read_key(routing_key)
    if len(body) > MAX_BODY_BYTES:
        raise refused("", "too_large", f"is larger than {MAX_BODY_BYTES} bytes; send less, files as pointers")
    if key is None:
        raise refused(
            "",
            "unknown_routing_key",
            "came under a key that is not known; use submission.<organisation>.<channel>, "
            "follow_up.<organisation>.<kind>, import.<organisation>.<channel> or import.<organisation>.follow_up",
        )
    if key.kind is InboundKind.SUBMISSION:
        read = read_submission(body)
        _agree(key, read.submission.organisation, "channel", read.submission.channel)
        return read
    told = read_follow_up(body)
    _agree(key, told.follow_up.organisation, "kind", told.follow_up.kind)
    return told


def read_json(body: bytes) -> object:
    """The value that the body spells. Raises ``Refused`` where it is not JSON in UTF-8."""
    try:
        return parse_json(body)
    except NotJson as error:
        raise refused("", "not_json", f"is not JSON in UTF-8: {error}") from None


def read_submission(body: bytes) -> ReadSubmission:
    """Raises ``Refused`` with every field that is wrong."""
    value = read_json(body)
    try:
        submission = Submission.model_validate_json(body)
    except ValidationError as error:
        raise Refused(field_errors(error)) from None
    return ReadSubmission(submission, content_hash(value))


def read_follow_up(body: bytes) -> ReadFollowUp:
    """Raises ``Refused`` with every field that is wrong."""
    value = read_json(body)
    try:
        follow_up = FOLLOW_UP.validate_json(body)
    except ValidationError as error:
        raise Refused(field_errors(error, drop=FollowUpKind)) from None
    return ReadFollowUp(follow_up, content_hash(value))


def _agree(key: InboundKey, organisation: str, detail_field: str, detail: str) -> None:
    errors = list(_contradictions(key, organisation, detail_field, detail))
    if errors:
        raise Refused(errors)


def _contradictions(key: InboundKey, organisation: str, detail_field: str, detail: str) -> Iterable[FieldError]:
    message = "is not the one in the routing key; make key and body agree"
    if key.organisation != organisation:
        yield FieldError(field="organisation", code="routing_key_mismatch", message=message)
    if key.detail is not None and key.detail != detail:
        yield FieldError(field=detail_field, code="routing_key_mismatch", message=message)
