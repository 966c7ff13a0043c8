"""A small model, and what becomes of it when it learns of charging posts."""

from typing import NamedTuple

import pytest

from services.routing.learning.labels import Lesson, lesson_of
from services.routing.text.matter import Matter
from services.routing.text.model import TextModel
from services.routing.text.training import train
from tests.unit.routing.cases import LEUVEN
from tests.unit.routing.learning.past import past_about_posts


class Taught(NamedTuple):
    """A model before and after forty lessons."""

    before: TextModel
    after: TextModel


@pytest.fixture(scope="session")
def taught(small: Matter) -> Taught:
    before = train(*small)
    lessons = [lesson_of(each, LEUVEN.versions[-1]) for each in past_about_posts(before, range(40))]
    messages = [each.as_message() for each in lessons if isinstance(each, Lesson)]
    return Taught(before, train(*small, messages))
