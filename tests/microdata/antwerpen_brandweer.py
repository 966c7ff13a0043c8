"""Fire: the 13 dossiers of the list, one by one, and where they came from."""

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "antwerpen_brandweer"


def cases() -> Cases:
    dealt = Cases(ORGANISATION)
    for (day, topic, qualification, _), number in counts(ORGANISATION, "complaints_listed").items():
        dealt.add(number, nature="complaint", day=day, topic=topic, qualification=qualification)
    dealt.deal("access_channel", counts(ORGANISATION, "complaints_by_source"))
    return dealt
