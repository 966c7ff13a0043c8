"""What an organisation promises to whoever sends a message: by when something is owed, by what the message is."""

from collections.abc import Iterable
from typing import NamedTuple

from shared.contracts.identifiers import DeadlineKind, Line, Nature
from shared.profiles import ProfileVersion
from shared.profiles.terms import Term

_OURS = frozenset((Line.FIRST, Line.SECOND))


class Promise(NamedTuple):
    """The terms of messages of one nature, None where none is owed."""

    nature: Nature
    acknowledgement: Term | None
    answer: Term | None


def promises(version: ProfileVersion) -> list[Promise]:
    """One for each nature that something is owed for. Of several terms the longest is told: which line a message
    is of is not known yet.
    """
    told = (Promise(each, *(_longest(version, each, kind) for kind in DeadlineKind)) for each in Nature)
    return [promise for promise in told if promise.acknowledgement or promise.answer]


def _longest(version: ProfileVersion, nature: Nature, kind: DeadlineKind) -> Term | None:
    terms: Iterable[Term] = (
        term
        for term in version.terms
        # A term that runs from a transfer may never run; an acknowledgement by registration is the page itself.
        if term.kind is kind
        and nature in term.natures
        and _OURS.intersection(term.lines)
        and term.start != "transferred"
        and not term.met_by_registration
    )
    return max(terms, key=lambda term: term.reach_days, default=None)
