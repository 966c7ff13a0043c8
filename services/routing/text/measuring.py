"""How often decisions are right, on messages of which the right answer is known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from services.routing.domain import decide, facts_of_submission
from services.routing.text.corpus import Label, Message
from services.routing.text.listening import signs_of
from services.routing.text.model import TextModel
from services.routing.text.words import writing_of
from shared.contracts.decision import Decision
from shared.contracts.identifiers import Line, Nature
from shared.contracts.submission import Submission
from shared.profiles import Profile

NOTHING = "none"
FIELDS = ("nature", "line", "directorate", "service", "external_body")


class Example(BaseModel):
    """A submission as it would come in, and the decision that is right for it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    submission: Submission
    expected: Label

    def as_message(self) -> Message:
        """The same as something to learn from."""
        told = self.submission
        return Message(
            id=self.id,
            channel=told.channel,
            nature_declared=told.nature,
            language=told.language or "nl",
            subject=told.subject,
            text=told.text,
            earlier_contact=told.earlier_contact is not None,
            citizen=not told.anonymous,
            expected=self.expected,
        )


class Judged(NamedTuple):
    """A decision beside what it should have been."""

    decision: Decision
    expected: Label

    def right(self, field: str) -> bool:
        return bool(getattr(self.decision, field) == getattr(self.expected, field))

    @property
    def line_and_directorate_right(self) -> bool:
        return self.right("line") and self.right("directorate")


class Bin(NamedTuple):
    """Decisions of a confidence within these bounds: how many, how sure on average, and what share was right."""

    lowest: float
    contacts: int
    confidence: float
    right: float


def judge(model: TextModel, profile: Profile, examples: Iterable[Example]) -> list[Judged]:
    """Decides each example as the service would."""
    return [Judged(_decided(model, profile, each.submission), each.expected) for each in examples]


def _decided(model: TextModel, profile: Profile, told: Submission) -> Decision:
    facts = facts_of_submission(told)
    writing = writing_of(told.subject, told.text)
    signs = signs_of(facts, profile, writing)
    return decide(facts, profile, model.read_all([writing])[0], signs).decision


def accuracy(judged: Sequence[Judged]) -> dict[str, float]:
    """Shares that are right; external bodies of the external contacts, grounds of the complaints, ``decided`` the
    share that needs no review and ``decided_right`` of these the share with line and directorate right.
    """
    found = {field: _share(each.right(field) for each in judged) for field in FIELDS[:-1]}
    external = [each for each in judged if each.expected.line is Line.EXTERNAL]
    complaints = [each for each in judged if each.expected.nature is Nature.COMPLAINT]
    decided = [each for each in judged if not each.decision.needs_review]
    return found | {
        "external_body": _share(each.right("external_body") for each in external),
        "exclusion_grounds": _share(
            set(each.decision.exclusion_grounds) == set(each.expected.exclusion_grounds) for each in complaints
        ),
        "line_and_directorate": _share(each.line_and_directorate_right for each in judged),
        "decided": len(decided) / max(len(judged), 1),
        "decided_right": _share(each.line_and_directorate_right for each in decided),
    }


def confusion(judged: Sequence[Judged], field: str) -> Counter[tuple[str, str]]:
    """How often each value (first) was decided as each (second)."""
    return Counter(
        (str(getattr(each.expected, field) or NOTHING), str(getattr(each.decision, field) or NOTHING))
        for each in judged
    )


def per_class(judged: Sequence[Judged], field: str) -> dict[str, tuple[int, float, float]]:
    """Of each value: how often it should be, recall and precision."""
    pairs = confusion(judged, field)
    found: dict[str, tuple[int, float, float]] = {}
    for value in sorted({value for pair in pairs for value in pair}):
        should = sum(count for (expected, _), count in pairs.items() if expected == value)
        was = sum(count for (_, decided), count in pairs.items() if decided == value)
        hit = pairs[value, value]
        found[value] = (should, hit / max(should, 1), hit / max(was, 1))
    return found


def calibration(judged: Sequence[Judged], bounds: Sequence[float]) -> list[Bin]:
    """By confidence, lowest first; empty bins are left out."""
    found: list[Bin] = []
    for lowest, highest in zip(bounds, [*bounds[1:], 1.01], strict=True):
        within = [each for each in judged if lowest <= each.decision.confidence < highest]
        if within:
            sure = sum(each.decision.confidence for each in within) / len(within)
            right = _share(each.line_and_directorate_right for each in within)
            found.append(Bin(lowest, len(within), sure, right))
    return found


def coverage(judged: Sequence[Judged], thresholds: Sequence[float]) -> list[tuple[float, float, float]]:
    """For each threshold the share at or above it, and the share of these with line and directorate right."""
    found = []
    for threshold in thresholds:
        above = [each for each in judged if each.decision.confidence >= threshold]
        right = _share(each.line_and_directorate_right for each in above)
        found.append((threshold, len(above) / max(len(judged), 1), right))
    return found


def _share(held: Iterable[bool]) -> float:
    every = list(held)
    return sum(every) / max(len(every), 1)
