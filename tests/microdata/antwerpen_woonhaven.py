"""Housing: 699 questions and reports, 584 complaints, of which 580 admissible."""

from typing import Any

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "antwerpen_woonhaven"
# Printed as shares of 580 alone; with the 405 of the own stock these make it whole.
_STOCK = {"woonhaven": 405, "de_ideale_woning": 58, "abc": 46, "svk": 23, "other": 48}
_ADMISSIBLE: Any = {"nature": "complaint", "exclusion_ground": "none"}


def cases() -> Cases:
    kinds = counts(ORGANISATION, "contacts_by_admissibility")
    dealt = Cases(ORGANISATION, kinds["question_or_report",] - 299, nature="question")
    dealt.add(299, nature="report")
    dealt.add(kinds["inadmissible_complaint",], nature="complaint", exclusion_ground="inadmissible")
    dealt.add(kinds["admissible_complaint",], **_ADMISSIBLE)
    dealt.deal("season", counts(ORGANISATION, "complaints_by_quarter"), **_ADMISSIBLE)
    dealt.deal("access_channel", counts(ORGANISATION, "complaints_by_channel"), **_ADMISSIBLE)
    dealt.deal("outcome", counts(ORGANISATION, "complaints_by_outcome"), **_ADMISSIBLE)
    dealt.deal("answered_in_term", {"false": 130}, **_ADMISSIBLE)
    dealt.rest("answered_in_term", "true", **_ADMISSIBLE)
    dealt.deal("stock", _STOCK, **_ADMISSIBLE)
    dealt.deal("topic", counts(ORGANISATION, "complaints_by_category"), **_ADMISSIBLE)
    for (category,), number in counts(ORGANISATION, "complaints_by_category", "repeated").items():
        dealt.deal("repeated", {"true": number}, topic=category)
    for (category,), number in counts(ORGANISATION, "founded_complaints_by_category").items():
        dealt.deal("qualification", {"founded": number - 3, "partly_founded": 3}, topic=category)
    founded = {"qualification": ("founded", "partly_founded"), "topic": "technical"}
    dealt.deal("subtopic", counts(ORGANISATION, "founded_technical_by_theme"), **founded)
    dealt.rest("qualification", "unfounded", **_ADMISSIBLE)
    return dealt
