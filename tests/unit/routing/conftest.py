"""The model as it ships, trained once: it never changes."""

import pytest

from services.routing.text.matter import Matter, matter_of
from services.routing.text.model import TextModel
from services.routing.text.training import train
from tests.unit.routing.cases import PROFILES


@pytest.fixture(scope="session")
def matter() -> Matter:
    return matter_of(PROFILES)["leuven"]


@pytest.fixture(scope="session")
def model(matter: Matter) -> TextModel:
    return train(matter.corpus, matter.lexicon)


@pytest.fixture(scope="session")
def small(matter: Matter) -> Matter:
    """A part of the corpus that is learnt in a moment."""
    few = matter.corpus.with_messages(matter.corpus.messages[::8])
    return Matter(few, matter.lexicon)
