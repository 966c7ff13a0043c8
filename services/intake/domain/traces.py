"""What is kept of a contact so that later ones of the same citizen find it: marks, matter, hashes of words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.intake.domain.citizens import Marks, marks_of
from services.intake.domain.likeness import stems_of
from shared.contracts.identifiers import Id, Nature
from shared.contracts.submission import About, Submission
from shared.profiles import Profile


@dataclass(frozen=True, slots=True)
class Matter:
    """What a contact states to be about. ``directorate`` is that of the service where only this is told."""

    nature: Nature | None = None
    external_body: Id | None = None
    directorate: Id | None = None
    service: Id | None = None
    topic: Id | None = None
    entity: Id | None = None
    earlier_on: date | None = None
    """When the citizen went to the service itself, in vain."""


@dataclass(frozen=True, slots=True)
class Trace:
    """``sheltered`` is a citizen who must not become known to the service; ``stems`` see ``likeness``."""

    marks: Marks = field(repr=False)
    matter: Matter
    stems: tuple[int, ...] = field(repr=False)
    sheltered: bool = False


def trace_of(submission: Submission, profile: Profile, keys: Sequence[bytes]) -> Trace | None:
    """The trace under these keys; None where nothing of the citizen could be known again."""
    marks = marks_of(submission.citizen, organisation=submission.organisation, country=profile.country, keys=keys)
    if not (marks.all or marks.name):
        return None
    about = submission.about or About()
    version = profile.version_at(submission.received_at)
    return Trace(
        marks=marks,
        matter=Matter(
            nature=submission.nature,
            external_body=about.external_body,
            directorate=about.directorate or version.directorate_of(about.service or ""),
            service=about.service,
            topic=about.topic,
            entity=submission.entity,
            earlier_on=submission.earlier_contact.on if submission.earlier_contact else None,
        ),
        stems=stems_of(submission.subject, submission.text),
        sheltered=submission.anonymous_towards_service,
    )
