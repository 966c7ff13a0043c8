"""The models of all organisations that have something to learn from, and decisions that use them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from types import MappingProxyType
from typing import NamedTuple, Protocol

import structlog

from services.routing.domain import NO_TEXT, Facts, Outcome, decide, wants_text
from services.routing.text.listening import signs_of
from services.routing.text.matter import Matter
from services.routing.text.model import TextModel
from services.routing.text.training_apart import model_in, train_apart
from services.routing.text.words import writing_of
from shared.contracts.identifiers import OrganisationId
from shared.memory import give_back
from shared.profiles import Profile

_log = structlog.get_logger("routing")


class Kept(Protocol):
    """Models that were trained before."""

    def load(self, matter: Matter) -> TextModel | None:
        """The one that the matter makes, None where it has to be trained."""

    def keep(self, matter: Matter, content: bytes) -> None:
        """The model's file, for the next start."""

    def forget_others(self, matters: Iterable[Matter]) -> None:
        """What is not of these is of no use any more."""


class StillLearning(Exception):  # noqa: N818  it is a state, not a mistake
    """Asked for a reading before the models had been trained."""


class Released(NamedTuple):
    """A model that was learnt from corrections, or the own one (None) after it was gone back to. Decisions made
    with it have this version, which is higher than that of every release before it.
    """

    version: int
    model: TextModel | None = None


class Asked(NamedTuple):
    """A contact to decide on: what it states, and its text."""

    facts: Facts
    profile: Profile
    subject: str | None
    text: str

    @property
    def is_read(self) -> bool:
        """Whether there is something to read the text for."""
        return wants_text(self.facts, len(f"{self.subject or ''} {self.text}".split()))


def decide_with(
    model: TextModel | None, facts: Facts, profile: Profile, subject: str | None, text: str
) -> Outcome:
    """The decision by statements and by what the model reads, where there is something to read for."""
    return _decide_all(model, [Asked(facts, profile, subject, text)])[0]


def _decide_all(model: TextModel | None, asked: Sequence[Asked]) -> list[Outcome]:
    """The decisions on contacts of one organisation, each as if it were made alone. Step by step, like reading."""
    writings = [writing_of(each.subject, each.text) for each in asked]
    are_read = [model is not None and each.is_read for each in asked]
    readings = iter(model.read_all(list(compress(writings, are_read))) if model else ())
    signs = [signs_of(each.facts, each.profile, writing) for each, writing in zip(asked, writings, strict=True)]
    return [
        decide(each.facts, each.profile, next(readings) if is_read else None, heard)
        for each, is_read, heard in zip(asked, are_read, signs, strict=True)
    ]


class Readers:
    """Decides with the text where there is a model for it. Without matter only what is stated counts; where a
    model is ``released`` it takes the place of the one that would be trained; with ``kept`` none is trained twice.
    ``train`` blocks until it has learnt, and gives the file of a model.
    """

    def __init__(
        self,
        matter: Mapping[str, Matter] = MappingProxyType({}),
        released: Mapping[str, Released] = MappingProxyType({}),
        kept: Kept | None = None,
        train: Callable[[Matter], bytes] = train_apart,
    ) -> None:
        self._matter = matter
        self._train = train
        self._kept = kept
        self._released = released
        self.models: dict[str, TextModel] = {
            organisation: each.model for organisation, each in released.items() if each.model
        }

    async def learn(self) -> None:
        """Trains what is not trained yet, in a thread: the process answers meanwhile. Organisations that learn the
        same share one model.
        """
        trained: dict[tuple[str, str], TextModel] = {}
        for organisation, matter in self._matter.items():
            if organisation not in self.models:
                if matter.content not in trained:
                    trained[matter.content] = await asyncio.to_thread(self._trained, matter)
                self.models[organisation] = trained[matter.content]
            _log.info("model in use", model=self.models[organisation].name, organisation=organisation)
        if self._kept:
            await asyncio.to_thread(self._kept.forget_others, self._matter.values())
        give_back()

    def _trained(self, matter: Matter) -> TextModel:
        begun = time.monotonic()
        model = self._kept.load(matter) if self._kept else None
        how = "model trained before" if model else "model trained"
        if model is None:
            content = self._train(matter)
            model = model_in(content, matter)
            if self._kept:
                self._kept.keep(matter, content)
        seconds = round(time.monotonic() - begun, 1)
        _log.info(how, model=model.name, seconds=seconds, bytes=model.size)
        return model

    def missing(self) -> list[str]:
        """What is not there yet, in words for an operator."""
        away = [organisation for organisation in self._matter if organisation not in self.models]
        return [f"the text model of {organisation} is still being trained" for organisation in away]

    def decide(self, facts: Facts, profile: Profile, subject: str | None, text: str) -> Outcome:
        """The decision by statements and text. Raises ``StillLearning``."""
        return self.decide_all([Asked(facts, profile, subject, text)])[0]

    def decide_all(self, asked: Sequence[Asked]) -> list[Outcome]:
        """The decisions by statements and texts, in the order of asking. Raises ``StillLearning``."""
        outcomes: dict[int, Outcome] = {}
        for organisation in dict.fromkeys(each.profile.id for each in asked):
            places = [place for place, each in enumerate(asked) if each.profile.id == organisation]
            outcomes |= zip(places, self._decide_on(organisation, [asked[place] for place in places]), strict=True)
        return [outcomes[place] for place in range(len(asked))]

    def _decide_on(self, organisation: OrganisationId, asked: Sequence[Asked]) -> list[Outcome]:
        learning = organisation in self._matter and organisation not in self.models
        if learning and any(each.is_read for each in asked):
            raise StillLearning
        outcomes = _decide_all(self.models.get(organisation), asked)
        released = self._released.get(organisation)
        if released is None:
            return outcomes
        return [
            each if each.model_version == NO_TEXT else each._replace(model_version=released.version)
            for each in outcomes
        ]
