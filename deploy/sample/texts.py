"""What citizens write: a matter that fits the service, in words that fit the way it came in."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

from deploy.sample.chance import Chance
from deploy.sample.published import HERE
from shared.contracts.identifiers import Channel, EarlierResult, Nature
from shared.profiles import ProfileVersion


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Matter(_Part):
    """Something that happened, with ``{street}`` and ``{day}`` to be filled in."""

    nature: Nature
    subject: str
    text: str
    language: str = "nl"


class Phrases(_Part):
    """The words around a matter, in one language."""

    opening: tuple[str, ...]
    closing: tuple[str, ...]
    heard: tuple[str, ...]
    told: tuple[str, ...]
    no_answer: tuple[str, ...]
    late_answer: tuple[str, ...]
    dissatisfied: tuple[str, ...]
    unnamed: tuple[str, ...]
    wish: tuple[str, ...]
    months: tuple[str, ...]
    day_form: str

    def day(self, day: date) -> str:
        """A day as one writes it in a letter."""
        return self.day_form.format(day=day.day, month=self.months[day.month - 1])


class Texts(_Part):
    phrases: dict[str, Phrases]
    services: dict[str, tuple[Matter, ...]]
    directorates: dict[str, tuple[Matter, ...]]
    external_bodies: dict[str, tuple[Matter, ...]]

    def matters(self, nature: Nature, whom: str) -> list[Matter]:
        """What a service, directorate or external body is approached about in this way."""
        known = self.services | self.directorates | self.external_bodies
        return [matter for matter in known.get(whom, ()) if matter.nature is nature]

    def has(self, nature: Nature, whom: str) -> bool:
        """Whether anybody would approach it in this way."""
        return bool(self.matters(nature, whom))

    def services_of(self, directorate: str, organisation: ProfileVersion) -> list[str]:
        """The services of a directorate that there are matters for."""
        return [each for each in self.services if organisation.directorate_of(each) == directorate]


@cache
def all_texts() -> Texts:
    """The texts that come along."""
    return Texts.model_validate(yaml.safe_load((HERE / "texts.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Story:
    """What is known when a text is written. ``earlier`` tells of the citizen's own approach to the service."""

    nature: Nature
    whom: str
    channel: Channel
    street: str
    day: date
    earlier: tuple[date, EarlierResult] | None = None
    unnamed: bool = False
    name: str | None = None


class Writer:
    """Writes subjects and texts, using each matter of a service before any of them again."""

    def __init__(self, texts: Texts, chance: Chance) -> None:
        self._texts = texts
        self._chance = chance
        self._unused: dict[tuple[Nature, str], list[Matter]] = defaultdict(list)

    def write(self, story: Story) -> tuple[str, str, str]:
        """Language, subject and text."""
        matter = self._matter(story.nature, story.whom)
        phrases = self._texts.phrases[matter.language]
        filled = {"street": story.street, "day": phrases.day(story.day)}
        body = [matter.text.format(**filled), *self._dossier(story, phrases)]
        spoken = {Channel.PHONE: phrases.heard, Channel.VISIT: phrases.told}.get(story.channel)
        if spoken:
            text = " ".join([self._chance.choice(spoken), *body])
        else:
            signature = f"\n{story.name}" if story.name else ""
            opening, closing = self._chance.choice(phrases.opening), self._chance.choice(phrases.closing)
            text = f"{opening}\n\n{' '.join(body)}\n\n{closing}{signature}"
        return matter.language, matter.subject.format(**filled), text

    def _matter(self, nature: Nature, whom: str) -> Matter:
        unused = self._unused[nature, whom]
        if not unused:
            known = self._texts.matters(nature, whom)
            unused.extend(self._chance.sample(known, len(known)))
        return unused.pop()

    def _dossier(self, story: Story, phrases: Phrases) -> list[str]:
        told = []
        if story.earlier:
            day, result = story.earlier
            told.append(self._chance.choice(getattr(phrases, result)).format(earlier=phrases.day(day)))
        if story.unnamed:
            told.append(self._chance.choice(phrases.unnamed))
        if told:
            told.append(self._chance.choice(phrases.wish))
        return told
