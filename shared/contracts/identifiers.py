"""The words of the wire: identifiers, choices and texts, each with its limits."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)


def without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain a NUL character; leave it out")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank; give the citizen's words")
    return text


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?")
# Beyond these a change of zone or one more day falls off the calendar that Python and MongoDB know.
_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 12, 31, tzinfo=UTC)
LAST_DAY = date(9998, 12, 31)
"""The last day that a message may name where something is counted from it."""


def _rfc_3339(value: object, parse: ValidatorFunctionWrapHandler) -> datetime:
    # pydantic also takes seconds since 1970 in quotes, which no adapter means.
    if not isinstance(value, datetime) and not (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        raise ValueError("must be a date and time with offset after RFC 3339, like 2021-03-04T09:30:00+01:00")
    moment: datetime = parse(value)
    if not _EARLIEST <= moment <= _LATEST:
        raise ValueError("lies outside the calendar; give a moment between the years 1000 and 9998")
    return moment


Instant = Annotated[AwareDatetime, Field(strict=False), WrapValidator(_rfc_3339)]
"""A moment on the wire: RFC 3339, with its offset."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]
"""A name or a heading."""
Remark = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(without_nul)]
"""A handler's own words; stays in intake."""
Subject = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]
ContactText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20_000),
    AfterValidator(without_nul),
    AfterValidator(_not_blank),
]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,99}$")]
"""An identifier out of an organisation's profile."""
OrganisationId = Id
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A contact's number, as it is told to the citizen: ``LEU-2021-000123``."""
SubmissionId = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]
FollowUpId = SubmissionId
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$", max_length=35)]
"""BCP 47."""


class Channel(StrEnum):
    """The way in."""

    EMAIL = "email"
    WEB_FORM = "web_form"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    SOCIAL_MEDIA = "social_media"
    APP = "app"
    INTERNAL = "internal"
    PARTNER = "partner"


class Nature(StrEnum):
    """What a citizen wants of the contact."""

    QUESTION = "question"
    REPORT = "report"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    COMPLIMENT = "compliment"


class Line(StrEnum):
    """Who has to deal with it: not us, the service itself, or the ombuds service after the service."""

    EXTERNAL = "external"
    FIRST = "first"
    SECOND = "second"


class HandledBy(StrEnum):
    SERVICE = "service"
    COMPLAINTS_COORDINATION = "complaints_coordination"
    OMBUDS_SERVICE = "ombuds_service"
    EXTERNAL_BODY = "external_body"


class EarlierResult(StrEnum):
    """What came of the citizen's own approach to the service."""

    NO_ANSWER = "no_answer"
    LATE_ANSWER = "late_answer"
    DISSATISFIED = "dissatisfied"


class FollowUpKind(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_RECEIVED = "information_received"
    EXTENDED = "extended"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    SURVEYED = "surveyed"


class ContactState(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    OPEN = "open"
    PAUSED = "paused"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"


class DeadlineKind(StrEnum):
    """Which term: the receipt that is owed first, or the answer in substance."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"


class DeadlineState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    APPROACHING = "approaching"
    MISSED = "missed"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"
