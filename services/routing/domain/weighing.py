"""Statements and text weighed against each other: what each may be worth, by Bayes' rule."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from services.routing.domain.facts import Facts
from services.routing.domain.reading import Place, Reading
from shared.contracts.events import KnownMatter
from shared.contracts.identifiers import Id, Nature

ODDS_OF_DECLARED_NATURE = 25.0
"""How much likelier a nature is declared when it is the right one than when it is not."""
ODDS_OF_EARLIER_CONTACT = 50.0
"""The same for a complaint, where the citizen went to the service in vain."""
ODDS_OF_DECLARED_DIRECTORATE = 8.0
"""Citizens and counters often name the wrong one, so a clear text may outweigh it."""
ODDS_OF_DECLARED_SERVICE = 3.0
"""Besides its directorate's."""
CLEAR = 0.5
"""Above this a text alone says clearly that it is something else than what was declared."""
STRONG = 0.3
"""A directorate of this weight besides the leading one has a part in the matter. Of messages that the model never
saw 3 in 100 have such a one, and the right one is then always among the two."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Weighed:
    """Probabilities after both; ``alone`` is the text by itself. What follows from them is asked for by rule after
    rule, and reckoned once.
    """

    natures: dict[Nature, float]
    places: dict[Place, float]
    alone: Reading

    @cached_property
    def nature(self) -> Nature:
        return _likeliest(self.natures)

    @cached_property
    def external(self) -> float:
        return _external(self.places)

    @cached_property
    def external_bodies(self) -> dict[Id, float]:
        """How likely each body is, and that it is another body's at all."""
        return {place.external_body: held for place, held in self.places.items() if place.external_body}

    @cached_property
    def directorates(self) -> dict[Id, float]:
        """How likely each directorate is, its services together."""
        return _directorates(self.places)

    def service_within(self, directorate: Id | None) -> Id | None:
        within = {place: held for place, held in self.places.items() if place.directorate == directorate}
        return _likeliest(within).service if within else None

    @cached_property
    def place(self) -> Place:
        """External when that is likelier than all directorates together; else the likeliest directorate."""
        if self.external > CLEAR:
            return Place(external_body=_likeliest(self.external_bodies))
        directorate = max(self.directorates, key=lambda each: self.directorates[each], default=None)
        return Place(directorate, self.service_within(directorate))

    def also_likely(self, leading: Id | None) -> tuple[Id, ...]:
        """Directorates besides the leading one that weigh strongly, the likeliest first."""
        strong = [each for each, held in self.directorates.items() if held >= STRONG and each != leading]
        return tuple(sorted(strong, key=lambda each: (-self.directorates[each], each)))

    def says_clearly_other_than(self, directorate: Id | None) -> bool:
        """The text alone points to another directorate or another body."""
        others = _directorates(self.alone.places) | {"": _external(self.alone.places)}
        return max((held for where, held in others.items() if where != directorate), default=0) > CLEAR


def weigh(facts: Facts, directorate: Id | None, reading: Reading) -> Weighed:
    """``directorate`` is the declared one, or that of the declared service."""
    natures = {nature: held * _odds_of_nature(nature, facts) for nature, held in reading.natures.items()}
    places = {
        place: held * _odds_of_place(place, directorate, facts.about) for place, held in reading.places.items()
    }
    return Weighed(_normal(natures), _normal(places), reading)


def _odds_of_nature(nature: Nature, facts: Facts) -> float:
    odds = ODDS_OF_DECLARED_NATURE if nature is facts.nature else 1.0
    if nature is Nature.COMPLAINT and facts.earlier_contact is not None:
        odds *= ODDS_OF_EARLIER_CONTACT
    return odds


def _odds_of_place(place: Place, directorate: Id | None, about: KnownMatter) -> float:
    if directorate is None or place.directorate != directorate:
        return 1.0
    same_service = about.service is not None and place.service == about.service
    return ODDS_OF_DECLARED_DIRECTORATE * (ODDS_OF_DECLARED_SERVICE if same_service else 1.0)


def _external(places: dict[Place, float]) -> float:
    return sum(held for place, held in places.items() if place.external_body)


def _directorates(places: dict[Place, float]) -> dict[Id, float]:
    sums: dict[Id, float] = {}
    for place, held in places.items():
        if place.directorate is not None:
            sums[place.directorate] = sums.get(place.directorate, 0.0) + held
    return sums


def _likeliest(held: dict[Answer, float]) -> Answer:
    return max(held, key=lambda each: held[each])


def _normal(held: dict[Answer, float]) -> dict[Answer, float]:
    total = sum(held.values())
    return {each: one / total for each, one in held.items()}
