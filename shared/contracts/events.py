"""Events: what happened, told to whoever needs to know. None holds personal data.

The envelope travels in the AMQP headers (after CloudEvents 1.0), the data in the body.
"""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from shared.contracts.base import EventData
from shared.contracts.deadline import Deadline
from shared.contracts.decision import Decision, Guess
from shared.contracts.identifiers import (
    Channel,
    DeadlineKind,
    EarlierResult,
    FollowUpKind,
    HandledBy,
    Id,
    Line,
    Nature,
    OrganisationId,
    Reference,
)
from shared.contracts.report import REPORT_MADE, ReportMade

EVENT_NAMESPACE = UUID("6f1d2b52-7a0e-5b0e-9d0c-5a4b7c1f3e21")
"""All event ids are uuid5 in this namespace: the same cause makes the same event again."""


def event_id(*parts: str | int) -> str:
    """The id of the event that follows from these causes, however often it is made."""
    return str(uuid5(EVENT_NAMESPACE, "\x1f".join(str(part) for part in parts)))


class Envelope(EventData):
    """The headers of an event. ``time`` is when it happened, not when it was handled."""

    id: str
    type: str
    source: str
    subject: Reference
    time: AwareDatetime
    organisation: OrganisationId
    correlation_id: str
    causation_id: str
    schema_: Annotated[str, Field(alias="schema")] = "1"

    model_config = EventData.model_config | {"populate_by_name": True}


class EarlierApproach(EventData):
    """That the citizen went to the service first; the number they got there stays in intake, it is free text."""

    on: date
    result: EarlierResult


class KnownMatter(EventData):
    directorate: Id | None = None
    service: Id | None = None
    external_body: Id | None = None
    topic: Id | None = None
    subtopic: Id | None = None
    other_directorates: tuple[Id, ...] = ()


class _Registration(EventData):
    """What is told of every contact from its registration on."""

    submission_id: str
    channel: Channel
    access_channel: Id | None = None
    entity: Id | None = None
    attributes: dict[Id, Id] = {}
    received_at: AwareDatetime
    registered_at: AwareDatetime
    district: str
    facts_on: date | None = None
    earlier_contact: EarlierApproach | None = None
    about: KnownMatter = KnownMatter()
    anonymous: bool = False
    anonymous_towards_service: bool = False
    legal_proceedings: bool = False
    historical: bool = False
    repeat_of: Reference | None = None
    possible_duplicate_of: Reference | None = None


class ContactRegistered(_Registration):
    """A contact has its number. ``nature`` is what channel or citizen said it was."""

    nature: Nature | None = None


class ContactRouted(_Registration, Decision):
    """The whole decision, and the whole registration: who needs both consumes one.

    ``nature`` is the decided one, ``declared_nature`` what was said. Of several decisions about one
    contact the highest (``profile_revision``, ``model_version``, ``profile_hash``) holds.
    """

    declared_nature: Nature | None = None
    profile_revision: int
    profile_hash: str
    model_version: int


class ReviewRequested(EventData):
    """A person has to decide: why, and the best guesses, ranked."""

    undecided: tuple[str, ...]
    guesses: tuple[Guess, ...] = ()
    confidence: float
    profile_version: str
    profile_revision: int
    profile_hash: str
    model_version: int


class Happened(EventData):
    """What every follow-up's event tells."""

    follow_up_id: str
    occurred_at: AwareDatetime


class ContactAcknowledged(Happened):
    pass


class ContactPaused(Happened):
    """Information was requested from the citizen."""


class ContactResumed(Happened):
    """The information came."""


class ContactExtended(Happened):
    days: int | None = None
    until: date | None = None


class ContactTransferred(Happened):
    """A person's decision; what is ``None`` was left as it was."""

    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: tuple[Id, ...] | None = None
    external_body: Id | None = None
    exclusion_grounds: tuple[Id, ...] | None = None
    topic: Id | None = None
    decided: tuple[str, ...] = ()
    """The fields that the person gave, so that an explicit null is told from an omission."""


class ContactAnswered(Happened):
    pass


class ContactClosed(Happened):
    qualification: Id | None = None
    intervention: Id | None = None
    outcome: Id | None = None
    norms_violated: tuple[Id, ...] | None = None
    """None is not told; empty is that none was violated."""
    topics: tuple[Id, ...] = ()
    subtopics: tuple[Id, ...] = ()
    directorates: tuple[Id, ...] = ()


class ContactReopened(Happened):
    pass


class ContactWithdrawn(Happened):
    pass


class ContactEscalated(Happened):
    to: Id


class ContactSurveyed(Happened):
    score: int


class DeadlineScheduled(EventData):
    """All deadlines of the contact as they now stand.

    The highest revision wins, and may take back a ``missed``.
    """

    deadlines: tuple[Deadline, ...]
    revision: int
    directorate: Id | None = None
    service: Id | None = None
    silent: bool = False


class _DeadlineTurned(EventData):
    kind: DeadlineKind
    due_on: date
    due_at: AwareDatetime
    days_over: int
    """Local days past ``due_on`` when it turned; 0 while in time."""
    directorate: Id | None = None
    service: Id | None = None
    revision: int
    silent: bool = False


class DeadlineApproaching(_DeadlineTurned):
    pass


class DeadlineMissed(_DeadlineTurned):
    pass


class DeadlineMet(_DeadlineTurned):
    """The act came, in time or late: ``days_over`` tells."""

    met_at: AwareDatetime


EVENT_TYPES: dict[str, type[EventData]] = {
    "contact.registered.v1": ContactRegistered,
    "contact.routed.v1": ContactRouted,
    "contact.review_requested.v1": ReviewRequested,
    "contact.acknowledged.v1": ContactAcknowledged,
    "contact.paused.v1": ContactPaused,
    "contact.resumed.v1": ContactResumed,
    "contact.extended.v1": ContactExtended,
    "contact.transferred.v1": ContactTransferred,
    "contact.answered.v1": ContactAnswered,
    "contact.closed.v1": ContactClosed,
    "contact.reopened.v1": ContactReopened,
    "contact.withdrawn.v1": ContactWithdrawn,
    "contact.escalated.v1": ContactEscalated,
    "contact.surveyed.v1": ContactSurveyed,
    "deadline.scheduled.v1": DeadlineScheduled,
    "deadline.approaching.v1": DeadlineApproaching,
    "deadline.missed.v1": DeadlineMissed,
    "deadline.met.v1": DeadlineMet,
    REPORT_MADE: ReportMade,
}

FOLLOW_UP_EVENT_TYPES: dict[FollowUpKind, str] = {
    FollowUpKind.ACKNOWLEDGED: "contact.acknowledged.v1",
    FollowUpKind.INFORMATION_REQUESTED: "contact.paused.v1",
    FollowUpKind.INFORMATION_RECEIVED: "contact.resumed.v1",
    FollowUpKind.EXTENDED: "contact.extended.v1",
    FollowUpKind.TRANSFERRED: "contact.transferred.v1",
    FollowUpKind.ANSWERED: "contact.answered.v1",
    FollowUpKind.CLOSED: "contact.closed.v1",
    FollowUpKind.REOPENED: "contact.reopened.v1",
    FollowUpKind.WITHDRAWN: "contact.withdrawn.v1",
    FollowUpKind.ESCALATED: "contact.escalated.v1",
    FollowUpKind.SURVEYED: "contact.surveyed.v1",
}
FOLLOW_UP_KINDS: dict[str, FollowUpKind] = {name: kind for kind, name in FOLLOW_UP_EVENT_TYPES.items()}


class Event(EventData):
    """An event as it is handled inside a service: its envelope and its data."""

    envelope: Envelope
    data: EventData

    @property
    def type(self) -> str:
        return self.envelope.type

    def headers(self) -> dict[str, str]:
        """The envelope as AMQP headers."""
        return self.envelope.model_dump(mode="json", by_alias=True)

    def body(self) -> bytes:
        """The data as JSON, UTF-8."""
        return self.data.__pydantic_serializer__.to_json(self.data)


def parse_event(headers: dict[str, object], body: bytes) -> Event:
    """Reads an event off the wire.

    Raises ``pydantic.ValidationError`` where headers or body are not an event's, ``KeyError`` for a type that
    is not known here.
    """
    envelope = Envelope.model_validate(headers)
    data = EVENT_TYPES[envelope.type].model_validate_json(body)
    return Event.model_construct(envelope=envelope, data=data)
