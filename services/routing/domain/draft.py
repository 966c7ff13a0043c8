"""A decision while it is being made, and what one rule adds to it."""

from datetime import date
from typing import Any, NamedTuple

from services.routing.domain.facts import Facts
from services.routing.domain.reading import NO_SIGNS, Signs
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

    ``answers`` are fields of the draft; ``evidence`` holds codes, dates and words of the model's own vocabulary.
    ``doubts`` names answers that a person has to look at; ``guesses`` are then the possible answers.
    """

    evidence: str
    answers: dict[str, Any] = {}
    doubts: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


class Case(NamedTuple):
    """What a rule looks at: the facts, the version of the profile that holds, and what is decided so far.

    ``received_on`` is the day of receipt in the organisation's own time zone; ``weighed`` is what the text tells,
    weighed with what is stated, ``None`` where no text was read. ``settled`` is what rules have spoken of,
    ``certain`` what the text cannot make doubtful any more.
    """

    facts: Facts
    version: ProfileVersion
    received_on: date
    draft: Draft
    weighed: Weighed | None = None
    signs: Signs = NO_SIGNS
    settled: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()

    @property
    def declared_directorate(self) -> Id | None:
        """The one that was named, or that of the service that was named."""
        about = self.facts.about
        return about.directorate or self.version.directorate_of(about.service or "")

    @property
    def other_directorates(self) -> tuple[Id, ...]:
        """Those that were named besides the one that leads, each once. Who names several says that the matter is
        of all of them, so the one that was named first stays where the text makes another lead.
        """
        others = self.facts.about.other_directorates
        first = [self.declared_directorate] if self.declared_directorate and others else []
        named = dict.fromkeys([*first, *others])
        return tuple(other for other in named if other != self.draft.directorate)
