"""A follow-up: something that happened to a contact, as a case handler's tool hands it in."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter, model_validator

from shared.contracts.base import Message
from shared.contracts.identifiers import (
    LAST_DAY,
    FollowUpId,
    FollowUpKind,
    HandledBy,
    Id,
    Instant,
    Line,
    Nature,
    OrganisationId,
    Reference,
    Remark,
    ShortText,
    SubmissionId,
)

Ids = Annotated[list[Id], Field(max_length=50)]


class NoData(Message):
    pass


class AcknowledgedData(Message):
    contact_person: ShortText | None = None


class ExtendedData(Message):
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    until: Annotated[date, Field(le=LAST_DAY)] | None = None
    reason: Remark

    @model_validator(mode="after")
    def _days_or_until(self) -> "ExtendedData":
        if (self.days is None) == (self.until is None):
            raise ValueError("give either days or until, not both and not neither")
        return self


class TransferredData(Message):
    """A person's decision: each field that is given replaces routing's from then on."""

    reason: Remark
    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: Ids | None = None
    external_body: Id | None = None
    exclusion_grounds: Ids | None = None
    topic: Id | None = None

    @model_validator(mode="after")
    def _decides_something(self) -> "TransferredData":
        if not self.model_fields_set - {"reason"}:
            raise ValueError(
                "give at least one of nature, line, handled_by, directorate, service, other_directorates, "
                "external_body, exclusion_grounds, topic"
            )
        return self


class ClosedData(Message):
    """How it ended; what is missing stays unknown."""

    qualification: Id | None = None
    intervention: Id | None = None
    outcome: Id | None = None
    norms_violated: Ids | None = None
    topics: Ids | None = None
    subtopics: Ids | None = None
    directorates: Ids | None = None


class ReopenedData(Message):
    reason: Remark


class EscalatedData(Message):
    to: Id


class SurveyedData(Message):
    score: Annotated[int, Field(ge=1, le=10)]


class _FollowUp(Message):
    follow_up_id: FollowUpId
    organisation: OrganisationId
    reference: Reference | None = None
    submission_id: SubmissionId | None = None
    occurred_at: Instant
    actor: ShortText | None = None

    @model_validator(mode="after")
    def _of_one_contact(self) -> "_FollowUp":
        if (self.reference is None) == (self.submission_id is None):
            raise ValueError("give either reference or submission_id, not both and not neither")
        return self


class Acknowledged(_FollowUp):
    kind: Literal[FollowUpKind.ACKNOWLEDGED]
    data: AcknowledgedData = AcknowledgedData()


class InformationRequested(_FollowUp):
    kind: Literal[FollowUpKind.INFORMATION_REQUESTED]
    data: NoData = NoData()


class InformationReceived(_FollowUp):
    kind: Literal[FollowUpKind.INFORMATION_RECEIVED]
    data: NoData = NoData()


class Extended(_FollowUp):
    kind: Literal[FollowUpKind.EXTENDED]
    data: ExtendedData


class Transferred(_FollowUp):
    kind: Literal[FollowUpKind.TRANSFERRED]
    data: TransferredData


class Answered(_FollowUp):
    kind: Literal[FollowUpKind.ANSWERED]
    data: NoData = NoData()


class Closed(_FollowUp):
    kind: Literal[FollowUpKind.CLOSED]
    data: ClosedData = ClosedData()


class Reopened(_FollowUp):
    kind: Literal[FollowUpKind.REOPENED]
    data: ReopenedData


class Withdrawn(_FollowUp):
    kind: Literal[FollowUpKind.WITHDRAWN]
    data: NoData = NoData()


class Escalated(_FollowUp):
    kind: Literal[FollowUpKind.ESCALATED]
    data: EscalatedData


class Surveyed(_FollowUp):
    kind: Literal[FollowUpKind.SURVEYED]
    data: SurveyedData


FollowUp = Annotated[
    Acknowledged
    | InformationRequested
    | InformationReceived
    | Extended
    | Transferred
    | Answered
    | Closed
    | Reopened
    | Withdrawn
    | Escalated
    | Surveyed,
    Field(discriminator="kind"),
]

FOLLOW_UP: TypeAdapter[FollowUp] = TypeAdapter(FollowUp)
"""Parses a follow-up: ``FOLLOW_UP.validate_json(body)``."""

FOLLOW_UP_MODELS: tuple[type[_FollowUp], ...] = get_args(get_args(FollowUp)[0])
