"""What an organisation's profile is made of: labels, entries of lists, and where people can be reached."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.contracts.identifiers import Channel, HandledBy, Id, Nature
from shared.profiles.label import Label, Part, Words


class ContactPoint(Part):
    """How a body is reached, as far as a source tells. Nothing here is guessed: what is not told is left out."""

    address: Words | None = None
    phone: Words | None = None
    email: Words | None = None
    website: Words | None = None


class Item(Part):
    """An entry of one of the organisation's lists.

    ``meaning`` is what the organisation says it covers, where it says so.
    """

    id: Id
    name: Label
    meaning: Label | None = None


class Service(Item):
    """A service, or a team where the organisation works in teams.

    ``level`` is the organisation's own division of its staff: the front line, or the team behind it that takes
    what the front line cannot settle at once. It is not the line of a contact.
    """

    level: Literal["front", "back"] | None = None


class Directorate(Item):
    services: tuple[Service, ...] = ()


class Topic(Item):
    """What a contact is about. The same subtopic may stand under several topics, under one name.

    ``natures`` are those that the organisation uses the topic for, empty for all; ``directorate`` and ``service``
    take it, where the organisation has said who does.
    """

    subtopics: tuple[Item, ...] = ()
    natures: tuple[Nature, ...] = ()
    directorate: Id | None = None
    service: Id | None = None


class AccessChannel(Item):
    """The organisation's own name for a way in, and which channel that is."""

    channel: Channel


class Attribute(Item):
    """A further characteristic of a contact, with its list of values; a dimension in reports."""

    values: tuple[Item, ...]


class District(Item):
    """A part of the territory. ``inhabitants`` by year, as published."""

    postal_codes: tuple[str, ...] = ()
    inhabitants: dict[int, int] = {}


class ExternalBody(Item):
    """A body that the organisation refers to; its ``meaning`` is what it takes."""

    contact: ContactPoint | None = None


class Competence(Part):
    """Which bodies the organisation answers for, and how it is reached itself."""

    answers_for: tuple[Item, ...] = ()
    contact: ContactPoint | None = None


class EscalationTarget(Item):
    """A next stage for the citizen. ``handled_by`` where the contact stays with us and is dealt with there."""

    handled_by: HandledBy | None = None
    contact: ContactPoint | None = None


class HouseRule(Part):
    """Something that the organisation holds itself to, or that its figures are to be read by.

    Told to handlers and readers; nothing is computed from it. ``section`` is where its source has it.
    """

    id: Id
    text: Label
    section: str


class LinkWindows(Part):
    """How long after an earlier contact of the same citizen about the same matter another one is linked to it, in
    days of 24 hours from receipt to receipt.

    Within the first it may be the same contact over another way, later on it repeats the earlier one; beyond the
    second it is a new matter. No source gives figures: these are of the trade's making.
    """

    possible_duplicate_within_days: Annotated[int, Field(ge=0, le=366)] = 7
    repeat_within_days: Annotated[int, Field(ge=0, le=3660)] = 365

    @model_validator(mode="after")
    def _doubles_before_repeats(self) -> "LinkWindows":
        if self.possible_duplicate_within_days > self.repeat_within_days:
            raise ValueError("possible_duplicate_within_days is longer than repeat_within_days; make it shorter")
        return self
