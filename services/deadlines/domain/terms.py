"""Which terms run for a contact."""

from datetime import date

from services.deadlines.domain.days import counting, last_day
from shared.contracts.identifiers import DeadlineKind, Line, Nature
from shared.profiles import ProfileVersion, Term


def terms_for(version: ProfileVersion, nature: Nature | None, line: Line | None, day_0: date) -> list[Term]:
    """One term of each kind that is owed, in the order of the kinds.

    What is undecided (``None``) counts as what is strictest for us: without a nature the contact may be a
    complaint, without a line it may be of any line, and of several terms the one that ends first runs.
    """
    wanted = nature or Nature.COMPLAINT
    possible = [term for term in version.terms if wanted in term.natures and (line is None or line in term.lines)]
    return [
        min(same_kind, key=lambda term: (last_day(day_0, term.length.value, counting(term.length)), term.id))
        for kind in DeadlineKind
        if (same_kind := [term for term in possible if term.kind is kind])
    ]
