"""Care: 2,007 complaints and reports by entity and month, and questions that the figures leave out."""

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "antwerpen_zorgbedrijf"
_QUESTIONS = 20
_ABOUT_CARE = 201
# The fewest of 2,007 that make 36 and 42 percent.
_WITHIN_14, _WITHIN_20 = 723, 843
_NEVER_ANSWERED = 64


def cases() -> Cases:
    dealt = Cases(ORGANISATION, _QUESTIONS, nature="question", season="05")
    told = {"nature": ("complaint", "report")}
    for (entity, month), number in counts(ORGANISATION, "feedback_by_entity_and_month").items():
        reports = number // 3
        dealt.add(number - reports, nature="complaint", entity=entity, season=month)
        dealt.add(reports, nature="report", entity=entity, season=month)
    for (link, month), number in counts(ORGANISATION, "feedback_by_link_and_month").items():
        dealt.deal("link", {link: number}, season=month, **told)
    dealt.deal("topic", counts(ORGANISATION, "feedback_by_theme"), **told)
    dealt.deal("topic", {"care": _ABOUT_CARE}, **told)
    dealt.rest("topic", "other", **told)
    through = counts(ORGANISATION, "feedback_through_ombudswoman")[()]
    dealt.deal("access_channel", {"ombudswoman": through}, **told)
    dealt.rest("access_channel", "website", **told)
    late = len(dealt) - _QUESTIONS - _WITHIN_20 - _NEVER_ANSWERED
    days = {3: 400, 14: _WITHIN_14 - 400, 15: 50, 20: _WITHIN_20 - _WITHIN_14 - 50, 21: 300, 45: late - 300}
    dealt.deal("days", days, **told)
    return dealt
