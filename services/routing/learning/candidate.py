"""A new model out of corpus, word lists and corrected contacts, and the decisions that it is judged by."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from services.routing.domain import Facts, Place, facts_of_request
from services.routing.learning.comparing import Comparison, Pair, compare
from services.routing.learning.labels import Lesson
from services.routing.learning.splitting import Division, Sides
from services.routing.text.corpus import Message
from services.routing.text.matter import Matter
from services.routing.text.measuring import Judged
from services.routing.text.model import TextModel
from services.routing.text.readers import decide_with
from services.routing.text.training import train
from shared.contracts.events import EarlierApproach
from shared.contracts.identifiers import EarlierResult
from shared.profiles import Profile

FEWEST_AT_PLACE = 5
"""A place that the corpus does not know is learnt from so many contacts, not from fewer."""

Step = Callable[[str], None]
"""Hears what is being done now: it takes seconds each."""


class Bench(NamedTuple):
    """What a new model is made from and held against: the organisation, and the model that is in use."""

    matter: Matter
    profile: Profile
    present: TextModel


class Candidate(NamedTuple):
    """The new model beside the present one. ``learnt`` contacts went into it."""

    model: TextModel
    learnt: int
    held_back: Comparison
    own: Comparison


def make_candidate(bench: Bench, sides: Sides, division: Division, step: Step) -> Candidate:
    """Trains on the side to learn from, compares on the side held back and on a part of the corpus that neither of
    two models made for it has seen. The model is the very one that was compared.
    """
    matter, profile, present = bench
    lessons = teachable(sides.learnt, matter, present)
    step(f"learning from {len(lessons)} contacts")
    model = train(*matter, lessons)
    step(f"deciding {len(sides.held_back)} contacts that were held back, with both models")
    held_back = compare([_pair(each, profile, present, model) for each in sides.held_back])
    part, rest = _parts(matter, division)
    step("learning from a part of the corpus alone")
    without = train(*part)
    step("learning from the same part with the contacts")
    within = train(*part, lessons)
    step(f"deciding {len(rest)} messages of the rest, with both")
    own = compare([_own_pair(each, profile, without, within) for each in rest])
    return Candidate(model, len(lessons), held_back, own)


def teachable(lessons: Sequence[Lesson], matter: Matter, present: TextModel) -> list[Message]:
    """The lessons as messages. An open service is filled in with the likeliest one of the directorate that people
    chose; a place known from few contacts alone is left out.
    """
    known = {_place_of(message) for message in matter.corpus.messages}
    messages = [_with_service(each, present) for each in lessons]
    places = Counter(map(_place_of, messages))
    return [each for each in messages if _place_of(each) in known or places[_place_of(each)] >= FEWEST_AT_PLACE]


def _with_service(lesson: Lesson, present: TextModel) -> Message:
    message = lesson.as_message()
    if lesson.service_known:
        return message
    places = present.read(message.subject, message.text).places
    within = [each for each in places if each.directorate == lesson.label.directorate]
    if not within:
        return message
    likeliest = max(within, key=lambda each: places[each])
    label = message.expected.model_copy(update={"service": likeliest.service})
    return message.model_copy(update={"expected": label})


def _place_of(message: Message) -> Place:
    label = message.expected
    return Place(label.directorate, label.service, label.external_body)


def _pair(lesson: Lesson, profile: Profile, old: TextModel, new: TextModel) -> Pair:
    asked = lesson.contact.asked
    facts = facts_of_request(asked)
    judged = [
        Judged(decide_with(model, facts, profile, asked.subject, asked.text).decision, lesson.label)
        for model in (old, new)
    ]
    return Pair(judged[0], judged[1], lesson.service_known)


def _parts(matter: Matter, division: Division) -> tuple[Matter, list[Message]]:
    messages = matter.corpus.messages
    learnt = tuple(each for each in messages if not division.holds_back(each.id))
    part = matter.corpus.with_messages(learnt)
    return matter._replace(corpus=part), [each for each in messages if division.holds_back(each.id)]


def _own_pair(message: Message, profile: Profile, old: TextModel, new: TextModel) -> Pair:
    facts = _facts(message, profile)
    judged = [
        Judged(decide_with(model, facts, profile, message.subject, message.text).decision, message.expected)
        for model in (old, new)
    ]
    return Pair(judged[0], judged[1])


def _facts(message: Message, profile: Profile) -> Facts:
    """What the message's form tells; it is taken for received when the profile's last version had begun."""
    received = datetime.combine(profile.versions[-1].valid_from, time(12), UTC) + timedelta(days=1)
    went = EarlierApproach(on=received.date() - timedelta(days=30), result=EarlierResult.DISSATISFIED)
    return Facts(
        received_at=received,
        nature=message.nature_declared,
        earlier_contact=went if message.earlier_contact else None,
        anonymous=not message.citizen,
    )
