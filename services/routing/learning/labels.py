"""What a past contact teaches: the decision that people made or let stand, or why it teaches nothing."""

from enum import StrEnum
from typing import NamedTuple

from services.routing.domain import NO_TEXT, Place
from services.routing.text.corpus import Label, Message, faults
from shared.contracts.identifiers import ContactState
from shared.contracts.past_contact import PastContact
from shared.profiles.model import ProfileVersion

DIMENSIONS = ("nature", "line", "directorate", "service", "external_body", "exclusion_grounds")
_SETTLED = frozenset({ContactState.ANSWERED, ContactState.CLOSED})


class Source(StrEnum):
    """How people said what is right."""

    CORRECTED = "corrected"
    """A person transferred it, and something came out otherwise than routing had decided."""
    CONFIRMED = "confirmed"
    """A person transferred it, and all that routing had decided stayed."""
    STOOD = "stood"
    """It was answered or closed as routing had decided it by its text."""


class Lesson(NamedTuple):
    """A past contact of which the right decision is known. ``service_known``: whether its service is."""

    contact: PastContact
    label: Label
    source: Source
    service_known: bool

    @property
    def place(self) -> Place:
        return Place(self.label.directorate, self.label.service, self.label.external_body)

    @property
    def side_key(self) -> str:
        """Contacts about the same matter go by the first of them: their texts are too alike to part."""
        asked = self.contact.asked
        return asked.repeat_of or asked.possible_duplicate_of or self.contact.reference

    def as_message(self) -> Message:
        """The same as something to learn from."""
        asked = self.contact.asked
        return Message(
            id=self.contact.reference,
            channel=asked.channel,
            nature_declared=asked.nature,
            language=asked.language,
            subject=asked.subject,
            text=asked.text,
            earlier_contact=asked.earlier_contact is not None,
            citizen=not asked.anonymous,
            expected=self.label,
        )


class Useless(StrEnum):
    """Why a past contact teaches nothing."""

    NOT_SETTLED = "nobody has decided on it, and it is not answered yet"
    FROM_STATEMENTS = "it was decided without its text, and nobody corrected it"
    INCOMPLETE = "its nature, line or directorate is open"
    NOT_ON_LISTS = "its decision is not on the profile's lists of today"


def lesson_of(contact: PastContact, version: ProfileVersion) -> Lesson | Useless:
    """What the contact teaches about decisions by ``version`` of the profile."""
    source = _source(contact)
    if isinstance(source, Useless):
        return source
    stands = contact.stands
    if stands.nature is None or stands.line is None:
        return Useless.INCOMPLETE
    if stands.directorate is None and stands.external_body is None:
        return Useless.INCOMPLETE
    label = Label.model_validate({name: getattr(stands, name) for name in DIMENSIONS})
    if any(faults(label, version)):
        return Useless.NOT_ON_LISTS
    return Lesson(contact, label, source, _knows_service(label, version))


def _source(contact: PastContact) -> Source | Useless:
    stands, routed = contact.stands, contact.routed
    if contact.decided_by_people:
        same = routed and all(getattr(stands, name) == getattr(routed, name) for name in DIMENSIONS)
        return Source.CONFIRMED if same else Source.CORRECTED
    if routed is None or contact.state not in _SETTLED:
        return Useless.NOT_SETTLED
    if routed.model_version == NO_TEXT or contact.asked.historical:
        return Useless.FROM_STATEMENTS
    return Source.STOOD


def _knows_service(label: Label, version: ProfileVersion) -> bool:
    """Who transfers to a directorate with services and names none leaves the service open."""
    if label.service is not None or label.directorate is None:
        return True
    return not any(version.directorate_of(each) == label.directorate for each in version.codes["service"])
