"""Leiden: 311 complaints, of which 237 closed."""

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "leiden"
# Of the 237 that were closed: 78 percent within six weeks, 90 within ten.
_WITHIN_6, _WITHIN_10 = 185, 213


def cases() -> Cases:
    dealt = Cases(ORGANISATION, counts(ORGANISATION, "complaints_total")[()], nature="complaint")
    dealt.deal("qualification", counts(ORGANISATION, "complaints_by_qualification"))
    closed = {"qualification": ("founded", "unfounded", "no_judgement")}
    in_all = sum(counts(ORGANISATION, "complaints_by_qualification").values())
    dealt.deal("days", {42: _WITHIN_6, 70: _WITHIN_10 - _WITHIN_6, 71: in_all - _WITHIN_10}, **closed)
    return dealt
