"""What follows from a submission: the contact, the event that tells of it, the request to routing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.districts import district_of
from services.intake.domain.envelopes import correlation_of, make_envelope, submission_message_id
from services.intake.domain.links import NO_LINK, Link
from shared.contracts.events import ContactRegistered, EarlierApproach, Event, KnownMatter
from shared.contracts.routing_request import ROUTING_REQUESTED, RoutingRequested
from shared.contracts.submission import Submission
from shared.profiles import Profile

REGISTERED = "contact.registered.v1"


@dataclass(frozen=True, slots=True)
class Contact:
    """A registered contact: what came in, and how it was told. Holds personal data."""

    reference: str
    organisation: str
    submission: Submission = field(repr=False)
    language: str
    received_at: datetime
    registered: Event
    """``contact.registered`` as it was told first; told again it is this one, whatever profile holds by then."""

    @property
    def submission_id(self) -> str:
        return self.submission.submission_id

    @property
    def link(self) -> Link:
        """The earlier contacts that it was linked to when it was registered."""
        told = cast("ContactRegistered", self.registered.data)
        return Link(told.repeat_of, told.possible_duplicate_of)

    @property
    def correlation_id(self) -> str:
        return self.registered.envelope.correlation_id


def register(submission: Submission, claim: SubmissionClaim, profile: Profile, link: Link = NO_LINK) -> Contact:
    """The contact that a claimed submission becomes, linked to earlier ones."""
    data = _registered(submission, claim, profile, link)
    envelope = make_envelope(
        REGISTERED,
        submission.submission_id,
        reference=claim.reference,
        organisation=claim.organisation,
        time=submission.received_at,
        correlation_id=correlation_of(claim.organisation, submission.submission_id),
        causation_id=submission_message_id(claim.organisation, submission.submission_id),
    )
    return Contact(
        reference=claim.reference,
        organisation=claim.organisation,
        submission=submission,
        language=submission.language or profile.language,
        received_at=submission.received_at,
        registered=Event(envelope=envelope, data=data),
    )


def _registered(submission: Submission, claim: SubmissionClaim, profile: Profile, link: Link) -> ContactRegistered:
    about = submission.about
    earlier = submission.earlier_contact
    return ContactRegistered(
        submission_id=submission.submission_id,
        channel=submission.channel,
        access_channel=submission.access_channel,
        entity=submission.entity,
        attributes=dict(submission.attributes or {}),
        received_at=submission.received_at,
        registered_at=claim.claimed_at,
        nature=submission.nature,
        district=district_of(submission.citizen, profile.version_at(submission.received_at)),
        facts_on=submission.facts_on,
        earlier_contact=EarlierApproach(on=earlier.on, result=earlier.result) if earlier else None,
        about=KnownMatter(
            directorate=about.directorate,
            service=about.service,
            external_body=about.external_body,
            topic=about.topic,
            subtopic=about.subtopic,
            other_directorates=tuple(about.other_directorates or ()),
        )
        if about
        else KnownMatter(),
        anonymous=submission.anonymous,
        anonymous_towards_service=submission.anonymous_towards_service,
        legal_proceedings=submission.legal_proceedings,
        historical=submission.historical,
        repeat_of=link.repeat_of,
        possible_duplicate_of=link.possible_duplicate_of,
    )


def routing_request(contact: Contact) -> Event:
    """What routing is asked: the registration with subject and text, no identity."""
    registered = contact.registered
    data = RoutingRequested.model_validate(
        registered.data.model_dump()
        | {
            "subject": contact.submission.subject,
            "text": contact.submission.text,
            "language": contact.language,
        }
    )
    envelope = make_envelope(
        ROUTING_REQUESTED,
        contact.submission_id,
        reference=contact.reference,
        organisation=contact.organisation,
        time=registered.envelope.time,
        correlation_id=contact.correlation_id,
        causation_id=registered.envelope.id,
    )
    return Event(envelope=envelope, data=data)
