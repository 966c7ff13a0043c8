"""What a decision is made from: the submission's own statements, without identity and without text."""

from datetime import date, datetime
from typing import NamedTuple

from shared.contracts.events import EarlierApproach, KnownMatter
from shared.contracts.identifiers import Channel, Id, Nature, Reference
from shared.contracts.routing_request import RoutingRequested
from shared.contracts.submission import About, Submission


class Facts(NamedTuple):
    """One contact as it states itself. ``received_at`` is aware; codes are of the organisation's profile."""

    received_at: datetime
    nature: Nature | None = None
    about: KnownMatter = KnownMatter()
    earlier_contact: EarlierApproach | None = None
    anonymous: bool = False
    anonymous_towards_service: bool = False
    legal_proceedings: bool = False
    facts_on: date | None = None
    historical: bool = False
    channel: Channel | None = None
    access_channel: Id | None = None
    entity: Id | None = None
    repeat_of: Reference | None = None

    @property
    def stated_in_full(self) -> bool:
        """Nature and place are both told, so that the past is counted as it was told, whatever the text says."""
        about = self.about
        return bool(self.nature and (about.directorate or about.service or about.external_body))

    @property
    def anonymous_towards_service_alone(self) -> bool:
        """The ombuds service knows the citizen, the service must not. Nobody's wish is kept from nobody."""
        return self.anonymous_towards_service and not self.anonymous


def facts_of_request(request: RoutingRequested) -> Facts:
    return Facts(
        received_at=request.received_at,
        nature=request.nature,
        about=request.about,
        earlier_contact=request.earlier_contact,
        anonymous=request.anonymous,
        anonymous_towards_service=request.anonymous_towards_service,
        legal_proceedings=request.legal_proceedings,
        facts_on=request.facts_on,
        historical=request.historical,
        channel=request.channel,
        access_channel=request.access_channel,
        entity=request.entity,
        repeat_of=request.repeat_of,
    )


def facts_of_submission(submission: Submission) -> Facts:
    """The same facts that intake would ask a decision on, once it had registered the submission; whether it is a
    repetition is known there alone.
    """
    earlier = submission.earlier_contact
    return Facts(
        received_at=submission.received_at,
        nature=submission.nature,
        about=_known(submission.about or About()),
        earlier_contact=EarlierApproach(on=earlier.on, result=earlier.result) if earlier else None,
        anonymous=submission.anonymous,
        anonymous_towards_service=submission.anonymous_towards_service,
        legal_proceedings=submission.legal_proceedings,
        facts_on=submission.facts_on,
        historical=submission.historical,
        channel=submission.channel,
        access_channel=submission.access_channel,
        entity=submission.entity,
    )


def _known(about: About) -> KnownMatter:
    return KnownMatter(
        directorate=about.directorate,
        service=about.service,
        external_body=about.external_body,
        topic=about.topic,
        subtopic=about.subtopic,
        other_directorates=tuple(about.other_directorates or ()),
    )
