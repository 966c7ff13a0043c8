"""What intake's HTTP answers look like."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.intake.contact_files import OpenFile
from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.history import HistoryEntry
from services.intake.domain.links import NO_LINK
from services.intake.domain.rejection import Rejection
from shared.contracts.decision import Decision
from shared.contracts.events import ContactRouted, Event
from shared.contracts.identifiers import ContactState, DeadlineKind, DeadlineState, HandledBy, Line, Nature
from shared.contracts.submission import Submission


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Accepted(_View):
    """The submission is taken in under this reference."""

    reference: str
    status_url: str


class FollowUpAccepted(_View):
    follow_up_id: str
    status_url: str


class ContactStatus(_View):
    """A contact without anything about the citizen."""

    reference: str
    organisation: str
    state: ContactState
    received_at: datetime


class StandingDecision(_View):
    """Whose the contact is now: routing's decision as people have corrected it."""

    nature: Nature | None
    line: Line | None
    handled_by: HandledBy | None
    directorate: str | None
    service: str | None
    other_directorates: tuple[str, ...]
    external_body: str | None
    exclusion_grounds: tuple[str, ...]
    topic: str | None
    needs_review: bool


class RoutingDecision(Decision):
    """One of routing's decisions, with the versions that made it."""

    model_config = Decision.model_config | {"from_attributes": True}

    profile_revision: int
    model_version: int


class HistoryItem(_View):
    """Something that happened. ``private`` is what left intake in no event: reason, actor, contact person."""

    id: str
    type: str
    time: datetime
    source: str
    data: dict[str, Any]
    private: dict[str, str] = {}


class DeadlineItem(_View):
    kind: DeadlineKind
    due_on: date
    due_at: datetime
    state: DeadlineState
    met_at: datetime | None
    days_taken: int | None
    policy: str | None


class Links(_View):
    """Contacts of the same citizen about the same matter, by reference: the earlier ones that this one was linked
    to when it was registered, and the later ones that were linked to it.
    """

    repeat_of: str | None = None
    possible_duplicate_of: str | None = None
    repeated_by: list[str] = []
    possible_duplicates: list[str] = []


class ContactFile(ContactStatus):
    """A contact whole. Holds personal data. Before it is registered it has no submission and no history yet."""

    registered_at: datetime | None = None
    links: Links = Links()
    submission: Submission | None = None
    decision: StandingDecision | None = None
    decisions: list[RoutingDecision] = []
    deadlines: list[DeadlineItem] = []
    history: list[HistoryItem] = []


class FieldErrorView(_View):
    field: str
    code: str
    message: str


class RejectionSummary(_View):
    """A refused message without its bytes."""

    id: str
    organisation: str
    channel: str
    routing_key: str
    rejected_at: datetime
    size: int
    sha256: str
    errors: list[FieldErrorView]
    correlation_id: str | None


class RejectionFile(RejectionSummary):
    """A refused message with its bytes, in base64: they need not be text. Of bodies over the limit the first
    64 KiB.
    """

    content_type: str | None
    body_base64: str


class RejectionList(_View):
    rejections: list[RejectionSummary]
    next_after: Annotated[str | None, Field(description="Give it as `after` for the next page; null on the last")]


def contact_status(claim: SubmissionClaim, state: ContactState) -> ContactStatus:
    """What an adapter may see."""
    return ContactStatus(
        reference=claim.reference,
        organisation=claim.organisation,
        state=state,
        received_at=claim.received_at,
    )


def contact_file(claim: SubmissionClaim, opened: OpenFile) -> ContactFile:
    """What a handler may see."""
    contact, now, later = opened
    decided = now.standing.routed
    link = contact.link if contact else NO_LINK
    return ContactFile(
        reference=claim.reference,
        organisation=claim.organisation,
        state=now.state,
        received_at=claim.received_at,
        registered_at=claim.claimed_at if contact else None,
        links=Links(**link._asdict(), **later._asdict()),
        submission=contact.submission if contact else None,
        decision=StandingDecision.model_validate(now.standing) if decided else None,
        decisions=[_decision(event) for event in now.decisions],
        deadlines=[DeadlineItem.model_validate(deadline) for deadline in now.deadlines],
        history=[_item(entry) for entry in now.history],
    )


def _decision(event: Event) -> RoutingDecision:
    assert isinstance(event.data, ContactRouted)  # noqa: S101  what the fold gives as decisions
    return RoutingDecision.model_validate(event.data)


def _item(entry: HistoryEntry) -> HistoryItem:
    envelope = entry.event.envelope
    return HistoryItem(
        id=envelope.id,
        type=envelope.type,
        time=envelope.time,
        source=envelope.source,
        data=entry.event.data.model_dump(mode="json"),
        private=dict(entry.private),
    )


def rejection_summaries(rejections: Sequence[Rejection]) -> list[RejectionSummary]:
    return [RejectionSummary.model_validate(rejection) for rejection in rejections]
