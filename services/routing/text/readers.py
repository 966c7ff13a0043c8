"""The models of all organisations that have something to learn from, and decisions that use them."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import structlog

from services.routing.domain import Facts, Outcome, Reading, decide, wants_text
from services.routing.text.corpus import Corpus, load_corpus
from services.routing.text.lexicon import Lexicon, load_lexicon
from services.routing.text.listening import signs_of
from services.routing.text.model import TextModel
from services.routing.text.training import train
from shared.profiles import Profile, Profiles

_ROUTING = Path(__file__).resolve().parent.parent
_log = structlog.get_logger("routing")


class Matter(NamedTuple):
    """What an organisation's model learns from."""

    corpus: Corpus
    lexicon: Lexicon


class StillLearning(Exception):  # noqa: N818  it is a state, not a mistake
    """Asked for a reading before the models had been trained."""


def matter_of(profiles: Profiles, folder: Path = _ROUTING) -> dict[str, Matter]:
    """What there is to learn, by organisation: ``corpus/<id>/*.jsonl`` with ``lexicon/<id>.yaml``.

    Raises ``BrokenCorpus`` or ``BrokenLexicon``, naming the place.
    """
    found: dict[str, Matter] = {}
    for organisation in sorted(profiles):
        lexicon, corpus = folder / "lexicon" / f"{organisation}.yaml", folder / "corpus" / organisation
        if lexicon.is_file() and corpus.is_dir():
            version = profiles[organisation].versions[-1]
            found[organisation] = Matter(load_corpus(corpus, version), load_lexicon(lexicon, version))
    return found


class Readers:
    """Decides with the text where there is a model for it. Without matter only what is stated counts."""

    def __init__(self, matter: Mapping[str, Matter] = MappingProxyType({})) -> None:
        self._matter = matter
        self.models: dict[str, TextModel] = {}

    async def learn(self) -> None:
        """Trains what is not trained yet, in a thread: the process answers meanwhile."""
        for organisation, matter in self._matter.items():
            if organisation not in self.models:
                begun = time.monotonic()
                model = await asyncio.to_thread(train, matter.corpus, matter.lexicon)
                self.models[organisation] = model
                seconds = round(time.monotonic() - begun, 1)
                _log.info("model trained", model=model.name, seconds=seconds, bytes=model.size)

    def missing(self) -> list[str]:
        """What is not there yet, in words for an operator."""
        away = [organisation for organisation in self._matter if organisation not in self.models]
        return [f"the text model of {organisation} is still being trained" for organisation in away]

    def decide(self, facts: Facts, profile: Profile, subject: str | None, text: str) -> Outcome:
        """The decision by statements and text. Raises ``StillLearning``."""
        reading = self._reading(facts, profile.id, subject, text)
        return decide(facts, profile, reading, signs_of(facts, profile, subject, text))

    def _reading(self, facts: Facts, organisation: str, subject: str | None, text: str) -> Reading | None:
        words = len(f"{subject or ''} {text}".split())
        if organisation not in self._matter or not wants_text(facts, words):
            return None
        if organisation not in self.models:
            raise StillLearning
        return self.models[organisation].read(subject, text)
