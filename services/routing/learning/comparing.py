"""Which of two models decides better, on contacts of which the right decision is known: pair by pair."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.stats import binomtest

from services.routing.text.measuring import FIELDS, Judged
from shared.contracts.identifiers import Line, Nature

ALPHA = 0.05
"""A difference that chance alone would make more often than this is none."""
FEWEST_CONTACTS = 50
"""With fewer held back nothing can be said."""
ROOM = 0.02
"""What a share may fall by before it counts as a loss, though chance may have made it …"""
DOUBTFUL = 0.2
"""… less often than this: whoever is careful does not switch then."""
PLACE = "line and directorate"
SAFE = "that, or to review"
"""Not wrong unseen: line and directorate are right, or a person looks."""


class Pair(NamedTuple):
    """The same contact by both models. ``service_known``: whether its right service is."""

    old: Judged
    new: Judged
    service_known: bool = True


class Compared(NamedTuple):
    """One question: how often each model was right, and on how many contacts only one of them was."""

    contacts: int
    old: int
    new: int
    only_old: int
    only_new: int
    chance: float
    """How likely so large a difference is if there is none: McNemar's exact test, two-sided."""

    @property
    def better(self) -> bool:
        return self.only_new > self.only_old and self.chance < ALPHA

    @property
    def worse(self) -> bool:
        return self.only_old > self.only_new and self.chance < ALPHA

    @property
    def loses(self) -> bool:
        """It is worse, or probably so and by much."""
        return self.worse or (self.chance < DOUBTFUL and self.old - self.new > ROOM * self.contacts)


class Stood(NamedTuple):
    """Decisions that needed no review, and of these those with line and directorate right."""

    contacts: int
    decided: int
    right: int

    @property
    def share(self) -> float:
        return self.decided / max(self.contacts, 1)

    @property
    def share_right(self) -> float:
        return self.right / max(self.decided, 1)


class Comparison(NamedTuple):
    """By question, line and directorate together last; and what stands without review."""

    questions: dict[str, Compared]
    old: Stood
    new: Stood

    @property
    def contacts(self) -> int:
        return self.questions[PLACE].contacts


class Verdict(NamedTuple):
    better: bool
    sentence: str


def compare(pairs: Sequence[Pair]) -> Comparison:
    """External bodies are compared on external contacts, grounds on complaints, as in every measurement."""
    questions = {name: _compared(pairs, name) for name in (*FIELDS, "exclusion_grounds", PLACE, SAFE)}
    return Comparison(questions, _stood(each.old for each in pairs), _stood(each.new for each in pairs))


def verdict(held_back: Comparison, own: Comparison) -> Verdict:
    """Better is what has line and directorate right more often than chance would make it, loses nothing else on
    the contacts held back, and forgets nothing of the ``own`` corpus.
    """
    place = held_back.questions[PLACE]
    told = (
        f"of {place.contacts} contacts that were held back it alone has line and directorate of {place.only_new} "
        f"right, the present one alone those of {place.only_old} (p = {place.chance:.3f})"
    )
    if place.contacts < FEWEST_CONTACTS:
        return Verdict(
            better=False,
            sentence=f"There are not enough contacts to say which model is better: {place.contacts} were held "
            f"back, and it takes {FEWEST_CONTACTS}.",
        )
    losses = list(_losses(held_back, own))
    if place.better and not losses:
        return Verdict(better=True, sentence=f"The new model is better: {told}.")
    if place.better:
        return Verdict(better=False, sentence=f"The new model is not to be used: {told}, but {'; '.join(losses)}.")
    if place.worse:
        return Verdict(better=False, sentence=f"The present model is better than the new one: {told}.")
    return Verdict(
        better=False,
        sentence=f"There is no difference to be shown: {told}. More contacts may show one.",
    )


def _losses(held_back: Comparison, own: Comparison) -> Iterable[str]:
    for name in _lost(held_back):
        each = held_back.questions[name]
        yield f"it is worse at {name} ({each.old} right before, {each.new} now)"
    for name in _lost(own):
        each = own.questions[name]
        yield f"it forgets {name} on the corpus' own messages ({each.old} right before, {each.new} now)"


def _lost(comparison: Comparison) -> Iterable[str]:
    for name, each in comparison.questions.items():
        # Who decides more is wrong unseen more often, and may be as sure as before.
        if each.loses and (name != SAFE or comparison.new.share_right < comparison.old.share_right):
            yield name


def _compared(pairs: Sequence[Pair], name: str) -> Compared:
    asked = [each for each in pairs if _asks(each, name)]
    old, new = [_right(each.old, name) for each in asked], [_right(each.new, name) for each in asked]
    only_old = sum(was and not is_now for was, is_now in zip(old, new, strict=True))
    only_new = sum(is_now and not was for was, is_now in zip(old, new, strict=True))
    differ = only_old + only_new
    chance = float(binomtest(only_new, differ).pvalue) if differ else 1.0
    return Compared(len(asked), sum(old), sum(new), only_old, only_new, chance)


def _asks(pair: Pair, name: str) -> bool:
    expected = pair.old.expected
    match name:
        case "service":
            return pair.service_known
        case "external_body":
            return expected.line is Line.EXTERNAL
        case "exclusion_grounds":
            return expected.nature is Nature.COMPLAINT
    return True


def _right(judged: Judged, name: str) -> bool:
    if name in {PLACE, SAFE}:
        return judged.line_and_directorate_right or (name == SAFE and judged.decision.needs_review)
    if name == "exclusion_grounds":
        return {*judged.decision.exclusion_grounds} == {*judged.expected.exclusion_grounds}
    return judged.right(name)


def _stood(judged: Iterable[Judged]) -> Stood:
    every = list(judged)
    decided = [each for each in every if not each.decision.needs_review]
    return Stood(len(every), len(decided), sum(each.line_and_directorate_right for each in decided))
