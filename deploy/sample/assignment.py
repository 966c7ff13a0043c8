"""Who contacted whom about what: single contacts whose sums are the published ones.

The report gives tables of one or two characteristics; how the others go together is dealt out at random, always
alike. Each characteristic of a line is a pack of cards with exactly the published number of each, so every sum
holds whatever the shuffle.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from typing import TypeVar

from deploy.sample.chance import chance_for
from deploy.sample.published import FOUNDED, QUALIFICATIONS, Published, Settlement, Topic
from deploy.sample.texts import Texts
from shared.contracts.identifiers import Channel, Line, Nature
from shared.profiles import ProfileVersion, load_profiles

ORGANISATION = "leuven"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Contact:
    """One contact as the tables see it. What is ``None`` is not told of its line."""

    line: Line
    nature: Nature
    month: int
    channel: Channel
    district: str
    directorate: str | None = None
    service: str | None = None
    external_body: str | None = None
    qualification: str | None = None
    settlement: Settlement | None = None
    topic: str | None = None
    other_directorates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Matter:
    """What a contact is about, before it is known who brings it, when and how."""

    nature: Nature = Nature.COMPLAINT
    directorate: str | None = None
    service: str | None = None
    external_body: str | None = None
    qualification: str | None = None
    settlement: Settlement | None = None
    topic: str | None = None
    other_directorates: tuple[str, ...] = ()

    @property
    def whom(self) -> str:
        """The most exact address there is: service, directorate or external body."""
        whom = self.service or self.directorate or self.external_body
        if whom is None:
            raise ValueError("a matter concerns a service, a directorate or an external body")
        return whom

    @property
    def founded(self) -> bool:
        return self.qualification in FOUNDED


@cache
def organisation_in_2021() -> ProfileVersion:
    """Leuven as it was at the beginning of the year; its lists were the same at the end."""
    return load_profiles()[ORGANISATION].versions[0]


def contacts(published: Published, texts: Texts) -> list[Contact]:
    """All contacts of the year, by line, in no particular order within it."""
    matters = {
        Line.EXTERNAL: _external(published, texts),
        Line.FIRST: _first_line(published, texts),
        Line.SECOND: _second_line(published),
    }
    districts = _districts(published)
    return [contact for line in Line for contact in _brought(line, matters[line], districts[line], published)]


def _brought(line: Line, matters: list[_Matter], districts: list[str], published: Published) -> list[Contact]:
    months = dict(enumerate(published.months[line], start=1))
    return [
        Contact(line=line, month=month, channel=channel, district=district, **vars(matter))
        for matter, month, channel, district in zip(
            matters,
            _dealt(months, f"{line} months"),
            _dealt(published.channels[line], f"{line} channels"),
            districts,
            strict=True,
        )
    ]


def _dealt(counts: Mapping[_T, int], purpose: str) -> list[_T]:
    cards = [value for value, count in counts.items() for _ in range(count)]
    chance_for(purpose).shuffle(cards)
    return cards


def _districts(published: Published) -> dict[Line, list[str]]:
    everywhere, second = published.districts.all, published.districts.second
    rest = _dealt({name: everywhere[name] - second[name] for name in everywhere}, "districts")
    external = published.lines[Line.EXTERNAL]
    return {
        Line.EXTERNAL: rest[:external],
        Line.FIRST: rest[external:],
        Line.SECOND: _dealt(second, "second districts"),
    }


def _external(published: Published, texts: Texts) -> list[_Matter]:
    bodies = [body for row in published.referrals.values() for body in islice(cycle(row.bodies), row.count)]
    matters = [_Matter(external_body=body) for body in bodies]
    return _with_natures(matters, published.natures[Line.EXTERNAL], texts, "external natures")


def _first_line(published: Published, texts: Texts) -> list[_Matter]:
    matters = []
    for directorate, count in published.first_line_directorates.items():
        services: Iterable[str | None] = texts.services_of(directorate, organisation_in_2021()) or (None,)
        matters += [_Matter(directorate=directorate, service=each) for each in islice(cycle(services), count)]
    return _with_natures(matters, published.natures[Line.FIRST], texts, "first natures")


def _with_natures(
    matters: list[_Matter], natures: Mapping[Nature, int], texts: Texts, purpose: str
) -> list[_Matter]:
    """Rare natures first, each to matters that a citizen may bring in that way; the rest are complaints."""
    for nature, count in sorted(natures.items(), key=lambda item: item[1]):
        if nature is not Nature.COMPLAINT:
            _bring_as(nature, count, matters, texts, purpose)
    return matters


def _bring_as(nature: Nature, count: int, matters: list[_Matter], texts: Texts, purpose: str) -> None:
    def fits(matter: _Matter) -> bool:
        return matter.nature is Nature.COMPLAINT and texts.has(nature, matter.whom)

    _change(matters, count, fits, lambda matter: replace(matter, nature=nature), f"{purpose}: {nature}")


def _change(
    matters: list[_Matter],
    count: int,
    fits: Callable[[_Matter], bool],
    changed: Callable[[_Matter], _Matter],
    purpose: str,
) -> None:
    fitting = [place for place, matter in enumerate(matters) if fits(matter)]
    for place in chance_for(purpose).sample(fitting, count):
        matters[place] = changed(matters[place])


def _second_line(published: Published) -> list[_Matter]:
    dossiers = _settled(_qualified(published), published)
    _spread_over_directorates(dossiers, published)
    _give_topics(dossiers, published)
    return dossiers


def _qualified(published: Published) -> list[_Matter]:
    directorate_of = organisation_in_2021().directorate_of
    return [
        _Matter(directorate=directorate_of(service), service=service, qualification=qualification)
        for service, counts in published.second_line_services.items()
        for qualification, count in zip(QUALIFICATIONS, counts, strict=True)
        for _ in range(count)
    ]


def _settled(dossiers: list[_Matter], published: Published) -> list[_Matter]:
    chance = chance_for("settlements")
    shuffled = chance.sample(dossiers, len(dossiers))
    founded = [dossier for dossier in shuffled if dossier.founded]
    # "Other" is for what can no longer be found out: it goes to dossiers without judgement, so these come first.
    rest = [dossier for dossier in shuffled if not dossier.founded]
    rest.sort(key=lambda dossier: dossier.qualification != "no_judgement")
    ways = published.settlements
    others = ways.other[0].count
    tail = chance.sample(rest[others:], len(rest) - others)
    return [
        replace(dossier, settlement=way)
        for group, how in ((founded, ways.founded), (rest[:others] + tail, ways.other))
        for dossier, way in zip(group, [way for way in how for _ in range(way.count)], strict=True)
    ]


def _spread_over_directorates(dossiers: list[_Matter], published: Published) -> None:
    chance = chance_for("other directorates")
    units = [unit.id for unit in organisation_in_2021().directorates if unit.services and unit.id != "allerlei"]

    def spread(dossier: _Matter) -> _Matter:
        others = [unit for unit in units if unit != dossier.directorate]
        return replace(dossier, other_directorates=tuple(chance.sample(others, chance.choice((1, 1, 1, 2)))))

    cross = published.cross_directorate
    _change(dossiers, cross.founded_and_resolved, _founded_and_resolved, spread, "founded and resolved")
    _change(dossiers, cross.unfounded, lambda each: each.qualification == "unfounded", spread, "unfounded")
    _change(
        dossiers, cross.no_judgement, lambda each: each.qualification == "no_judgement", spread, "no judgement"
    )


def _founded_and_resolved(dossier: _Matter) -> bool:
    return dossier.founded and dossier.settlement is not None and dossier.settlement.outcome == "resolved"


def _give_topics(dossiers: list[_Matter], published: Published) -> None:
    for topic, rule in published.topics.items():
        _give_topic(dossiers, topic, rule)


def _give_topic(dossiers: list[_Matter], topic: str, rule: Topic) -> None:
    def fits(dossier: _Matter) -> bool:
        return dossier.topic is None and dossier.service in rule.services

    _change(dossiers, rule.count, fits, lambda dossier: replace(dossier, topic=topic), topic)
