"""How sure a decision is, and how sure it must be to stand without a person's look."""

from typing import NamedTuple

from services.routing.domain.draft import Case
from services.routing.domain.weighing import Weighed
from shared.contracts.identifiers import Line, Nature

STATED = 1.0
CONTRADICTED = 0.5
OPEN = 0.0
COMPLAINT_OR_NOT = 0.6
"""Below this a person says whether it is a complaint: who deals with it and by when depends on that. Of
the measured messages with a decision 4 in 100 are below, and of these five in six are wrong."""


class Sureness(NamedTuple):
    """``of`` each field that counts; ``confidence`` in all together, and what is ``needed`` of it. ``complaint``
    is how sure it is that it is one, or that it is none.
    """

    of: dict[str, float]
    confidence: float
    needed: float
    complaint: float = STATED

    @property
    def is_enough(self) -> bool:
        return self.confidence >= self.needed and self.complaint >= COMPLAINT_OR_NOT


def sureness_of(case: Case, doubts: set[str]) -> Sureness:
    """Without a text: the mean over nature, line and place (directorate, or for an external contact its body) of 1
    where it is stated or follows from a rule, one half where statements contradict each other, 0 where it is open.

    With a text: the probability that line and directorate are both right. What is stated counts as certain unless
    the text alone clearly says otherwise.
    """
    place = "external_body" if case.draft.line is Line.EXTERNAL else "directorate"
    stated = {field: _of_statements(case, field, doubts) for field in ("nature", "line", place)}
    weighed = case.weighed
    if weighed is None:
        return Sureness(stated, round(sum(stated.values()) / len(stated), 2), STATED)
    line, where = _line(case, weighed), _place(case, weighed)
    confidence = min(stated["line"], stated[place], 1.0) * line * where
    return Sureness(
        {"nature": _nature(case, weighed), "line": line, place: where},
        round(confidence, 2),
        case.version.review_below,
        _complaint(case, weighed),
    )


def _of_statements(case: Case, field: str, doubts: set[str]) -> float:
    if getattr(case.draft, field) is None:
        return OPEN
    return CONTRADICTED if field in doubts else STATED


def _nature(case: Case, weighed: Weighed) -> float:
    if "nature" in case.certain:
        return STATED
    return weighed.natures.get(case.draft.nature, OPEN) if case.draft.nature else OPEN


def _complaint(case: Case, weighed: Weighed) -> float:
    if "nature" in case.certain or case.draft.nature is None:
        return STATED
    complaint = weighed.natures.get(Nature.COMPLAINT, OPEN)
    return complaint if case.draft.nature is Nature.COMPLAINT else 1 - complaint


def _line(case: Case, weighed: Weighed) -> float:
    if "line" in case.certain:
        return STATED
    if case.draft.line is Line.EXTERNAL:
        return STATED if case.facts.about.external_body else weighed.external
    complaint = weighed.natures.get(Nature.COMPLAINT, 0.0)
    if case.facts.earlier_contact is not None or case.facts.anonymous_towards_service:
        return STATED if case.draft.line is Line.SECOND else 1 - complaint
    if case.facts.anonymous:
        return STATED
    second = complaint * weighed.alone.second_line
    return second if case.draft.line is Line.SECOND else 1 - second


def _place(case: Case, weighed: Weighed) -> float:
    """For an external contact its body is told besides; the line has said already that it is external."""
    if case.draft.line is Line.EXTERNAL or "directorate" in case.certain:
        return STATED
    declared = case.declared_directorate
    held = weighed.directorates.get(case.draft.directorate or "", OPEN)
    if declared is None or declared != case.draft.directorate or weighed.says_clearly_other_than(declared):
        return held
    return STATED
