"""Which terms run for a contact."""

from datetime import date

from services.deadlines.domain.counting import Counting
from shared.contracts.identifiers import DeadlineKind, Line, Nature
from shared.profiles import Profile, Term


def terms_for(profile: Profile, nature: Nature | None, line: Line | None, day_0: date) -> list[Term]:
    """One term of each kind that is owed, in the order of the kinds.

    What is undecided (``None``) counts as what is strictest for us: without a nature the contact may be a
    complaint, without a line it may be of any line, and of several terms the one that ends first runs. Raises
    ``BeyondCalendar`` where that needs days that the calendar does not know.
    """
    wanted = nature or Nature.COMPLAINT
    terms = profile.version_on(day_0).terms
    possible = [term for term in terms if wanted in term.natures and (line is None or line in term.lines)]
    by_kind = [[term for term in possible if term.kind is kind] for kind in DeadlineKind]
    return [_strictest(profile, same_kind, day_0) for same_kind in by_kind if same_kind]


def _strictest(profile: Profile, terms: list[Term], day_0: date) -> Term:
    if len(terms) == 1:
        return terms[0]
    return min(terms, key=lambda term: (_end(profile, term, day_0), term.id))


def _end(profile: Profile, term: Term, day_0: date) -> date:
    counting = Counting(term, profile.calendar)
    return counting.rolled(counting.last_day(day_0))
