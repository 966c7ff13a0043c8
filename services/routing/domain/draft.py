"""A decision while it is being made, and what one rule adds to it."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from services.routing.domain.facts import Facts
from services.routing.domain.weighing import Weighed
from shared.contracts.decision import Guess
from shared.contracts.identifiers import HandledBy, Id, Line, Nature
from shared.profiles.model import ProfileVersion


class Draft(NamedTuple):
    """What the rules have answered so far; ``None`` is not answered (yet)."""

    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: tuple[Id, ...] = ()
    external_body: Id | None = None
    exclusion_grounds: tuple[Id, ...] = ()


class Finding(NamedTuple):
    """What one rule makes of the facts.

    ``answers`` are fields of the draft; ``evidence`` holds codes and dates only. ``doubts`` names answers for
    which two statements of the submission contradict each other, so that a person has to look; ``guesses`` are
    then the possible answers.
    """

    evidence: str
    answers: dict[str, Any] = {}
    doubts: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


class Case(NamedTuple):
    """What a rule looks at: the facts, the version of the profile that holds, and what is decided so far.

    ``received_on`` is the day of receipt in the organisation's own time zone; ``weighed`` is what the text tells,
    weighed with what is stated, ``None`` where no text was read.
    """

    facts: Facts
    version: ProfileVersion
    received_on: date
    draft: Draft
    weighed: Weighed | None = None


Rule = Callable[[Case], Finding | None]
"""Answers with a finding where it applies, else ``None``. Its name is its id in a decision's reasons."""


def guess(field: str, *values: str | None) -> tuple[Guess, ...]:
    """These values for a field, each as likely as the others and together half: a person may know better."""
    given = [value for value in values if value is not None]
    return tuple(Guess(field=field, value=value, confidence=round(0.5 / len(given), 2)) for value in given)
