"""A submission: one contact of one citizen, as a channel adapter hands it in."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.contracts.base import Message
from shared.contracts.identifiers import (
    Channel,
    ContactText,
    EarlierResult,
    Id,
    Instant,
    LanguageTag,
    Nature,
    OrganisationId,
    Reference,
    ShortText,
    Subject,
    SubmissionId,
    without_nul,
)

MAX_BODY_BYTES = 1024 * 1024
"""The largest body of any message, over AMQP and HTTP alike."""
MAX_ATTACHMENT_BYTES = 2**53 - 1
"""The largest size that can be told: what every JSON reader keeps exactly."""
EMAIL_PATTERN = r"^[^@\s\x00]+@[^@\s\x00]+$"
"""Loose on purpose: whether an address receives is not known from its form."""


class Address(Message):
    street: ShortText | None = None
    postal_code: (
        Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(without_nul)] | None
    ) = None
    municipality: ShortText | None = None
    district: ShortText | None = None
    country: Annotated[str, StringConstraints(min_length=2, max_length=60), AfterValidator(without_nul)] | None = (
        None
    )


class Citizen(Message):
    """Who it is from. Personal data: never leaves intake."""

    name: ShortText | None = None
    email: Annotated[str, StringConstraints(max_length=254, pattern=EMAIL_PATTERN)] | None = None
    phone: Annotated[str, StringConstraints(min_length=1, max_length=50), AfterValidator(without_nul)] | None = (
        None
    )
    """As it was given, "after six" and all: nobody is turned away for how a number is written."""
    address: Address | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether nothing at all is told of who it is."""
        address = self.address.model_dump(exclude_none=True) if self.address else {}
        return not (self.name or self.email or self.phone or address)


class About(Message):
    """What is already known of the matter; codes of the organisation's profile."""

    directorate: Id | None = None
    service: Id | None = None
    external_body: Id | None = None
    topic: Id | None = None
    subtopic: Id | None = None
    other_directorates: Annotated[list[Id], Field(max_length=20)] | None = None


class EarlierContact(Message):
    """The citizen first went to the service itself: what makes a complaint second-line."""

    on: date
    result: EarlierResult
    reference: Annotated[str, StringConstraints(max_length=100), AfterValidator(without_nul)] | None = None


class Attachment(Message):
    """A pointer to a file; the bytes never travel."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(without_nul)]
    media_type: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=127)]
    size: Annotated[int, Field(ge=0, le=MAX_ATTACHMENT_BYTES)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    url: Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(without_nul)]


class Submission(Message):
    submission_id: SubmissionId
    organisation: OrganisationId
    channel: Channel
    received_at: Instant
    nature: Nature | None = None
    subject: Subject | None = None
    text: ContactText
    language: LanguageTag | None = None
    citizen: Citizen | None = None
    anonymous_towards_service: bool = False
    access_channel: Id | None = None
    entity: Id | None = None
    attributes: Annotated[dict[Id, Id], Field(max_length=32)] | None = None
    about: About | None = None
    facts_on: date | None = None
    earlier_contact: EarlierContact | None = None
    legal_proceedings: bool = False
    attachments: Annotated[list[Attachment], Field(max_length=50)] | None = None
    historical: bool = False
    reference: Reference | None = None

    @property
    def anonymous(self) -> bool:
        """Whether it comes without a citizen, or with one of whom nothing is told."""
        return self.citizen is None or self.citizen.says_nothing

    @model_validator(mode="after")
    def _own_number_only_from_the_past(self) -> "Submission":
        if self.reference is not None and not self.historical:
            raise ValueError("reference is for historical contacts only; leave it out or set historical to true")
        return self
