"""What a text tells: the part of a decision's grounds that no statement gives."""

from datetime import date
from typing import NamedTuple

from shared.contracts.identifiers import Id, Nature


class Place(NamedTuple):
    """Where a contact belongs: a directorate with or without a service, or another body."""

    directorate: Id | None = None
    service: Id | None = None
    external_body: Id | None = None


NOWHERE = Place()
"""What a model answers that has learnt nothing of places: the text was read for nature and line alone."""


class Reading(NamedTuple):
    """What one text tells. Probabilities of natures and of places add up to 1, those of grounds stand alone.

    ``second_line`` is how likely the citizen went to the service before, given a complaint of ours. ``words`` are
    the stems that weighed most, by question (``nature``, ``line``, ``place``, ``exclusion_grounds``): words of the
    model's own vocabulary, never a name. ``model`` names version and content.
    """

    natures: dict[Nature, float]
    places: dict[Place, float]
    second_line: float
    grounds: dict[Id, float]
    words: dict[str, tuple[str, ...]]
    model: str


class Signs(NamedTuple):
    """What is heard in a text without a model: of the words that the profile's own rules listen for, those that
    are there, as the rule has them and not as they were written.
    """

    heard: frozenset[str] = frozenset()
    happened_by: date | None = None
    """The latest day before receipt that the text names, where it names one with its year."""


NO_SIGNS = Signs()
