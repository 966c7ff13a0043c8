"""Police: 1,066 dossiers of a year that begins on 19 January; of 22 the way in was not noted."""

from datetime import date, timedelta

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "antwerpen_politie"
_FIRST, _DAYS = date(2023, 1, 19), 365
_NEXT_YEAR = 5


def cases() -> Cases:
    dealt = Cases(ORGANISATION)
    for (nature,), number in counts(ORGANISATION, "dossiers_by_nature").items():
        dealt.add(number, nature=nature)
    of = {name: {"nature": name} for name in ("complaint", "report", "question")}
    judged = counts(ORGANISATION, "complaints_by_keyword_and_qualification")
    dealt.deal("topic,qualification", judged, **of["complaint"])
    dealt.deal("topic,subtopic", counts(ORGANISATION, "reports_by_topic_and_subtopic"), **of["report"])
    dealt.deal("topic", counts(ORGANISATION, "questions_by_topic"), **of["question"])
    dealt.deal("access_channel", counts(ORGANISATION, "dossiers_by_access_channel"))
    dealt.deal("occasion", {"new_office": counts(ORGANISATION, "context")["dossiers_about_new_office",]})
    for number, case in enumerate(dealt):
        case["day"] = (_FIRST + timedelta(days=number % _DAYS)).isoformat()
    # Received on the day after the reporting year: of the next one.
    dealt.add(_NEXT_YEAR, nature="compliment", access_channel="other", day=f"{_FIRST + timedelta(days=_DAYS)}")
    return dealt
