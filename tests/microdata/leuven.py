"""Leuven: 252 contacts by month and line, and the dossiers as section 4 judges them."""

from tests.microdata.cases import Cases
from tests.microdata.printed import counts

ORGANISATION = "leuven"
_LINES = ("external", "first", "second")
# Printed as shares of 90 alone, but for the first.
_FIRST_LINE = {
    "openbaar_domein": 21,
    "allerlei": 15,
    "politie": 12,
    "ruimtelijke_ontwikkeling": 9,
    "financien": 6,
    "samenleving": 5,
    "sport": 5,
    "ocmw": 5,
    "beleid": 5,
    "andere_directies": 3,
    "burgerzaken": 2,
    "veiligheid_preventie": 2,
}
# The report counts bodies in groups; one body stands for each.
_BODIES = {
    "other_ombuds_services": "federale_ombudsman",
    "miscellaneous_bodies": "unia",
    "other_utilities_and_roads": "fluvius",
}
_FOUNDED = ("founded", "partly_founded")
_NOT_FOUNDED = ("unfounded", "no_judgement")
# Printed as shares of 124 alone: what is left of the dossiers from elsewhere and from nobody knows where.
_DOSSIERS_FROM = {"elsewhere": 21, "unknown": 9}


def cases() -> Cases:
    dealt = Cases(ORGANISATION)
    for (month, line), number in counts(ORGANISATION, "contacts_by_month_and_line").items():
        dealt.add(number, season=month, line=line)
    for line in _LINES:
        dealt.deal("channel", counts(ORGANISATION, "contacts_by_channel_and_line", line=line), line=line)
    _natures(dealt)
    _residences(dealt)
    referred = {_BODIES.get(body, body): n for (body,), n in counts(ORGANISATION, "external_by_referral").items()}
    dealt.deal("external_body", referred, line="external")
    dealt.deal("directorate", _FIRST_LINE, line="first")
    _dossiers(dealt)
    return dealt


def _natures(dealt: Cases) -> None:
    dealt.deal("nature", counts(ORGANISATION, "external_by_nature"), line="external")
    dealt.deal("nature", counts(ORGANISATION, "first_line_by_nature"), line="first")
    dealt.rest("nature", "compliment", line="first")
    dealt.rest("nature", "complaint", line="second")


def _residences(dealt: Cases) -> None:
    dossiers = {key[0]: number for key, number in counts(ORGANISATION, "dossiers_by_district").items()}
    dossiers |= _DOSSIERS_FROM
    dealt.deal("district", dossiers, line="second")
    everybody = counts(ORGANISATION, "contacts_by_district")
    others = {place: number - dossiers[place] for (place,), number in everybody.items()}
    dealt.deal("district", others, line=("external", "first"))


def _dossiers(dealt: Cases) -> None:
    for (service, judged), number in counts(ORGANISATION, "dossiers_by_service_and_qualification").items():
        # Three rows of the table are one service.
        known = "allerlei" if service.startswith("allerlei") else service
        dealt.deal("service,qualification", {(known, judged): number}, line="second")
    topics = counts(ORGANISATION, "dossiers_by_topic") | {("sewers_waste_green",): 1}
    dealt.deal("topic", topics, line="second")
    founded = counts(ORGANISATION, "founded_dossiers_by_intervention")
    dealt.deal("intervention", founded, qualification=_FOUNDED)
    everything = counts(ORGANISATION, "dossiers_by_intervention")
    others = {
        "mediation": everything["mediation",] - founded["mediation",],
        "information": everything["information",] - founded["information",],
        "other": everything["other",] - founded["apology",],
    }
    dealt.deal("intervention", others, qualification=_NOT_FOUNDED)
    resolved = counts(ORGANISATION, "founded_dossiers_by_outcome")
    dealt.deal("outcome", resolved, qualification=_FOUNDED)
    all_outcomes = counts(ORGANISATION, "dossiers_by_outcome")
    left = {outcome: number - resolved.get(outcome, 0) for outcome, number in all_outcomes.items()}
    dealt.deal("outcome", left, qualification=_NOT_FOUNDED)
    # Of the 11 over several directorates 4 are not told; they can be neither founded nor unfounded.
    dealt.deal("other_directorate", {"personeel": 5}, qualification=_FOUNDED, outcome="resolved")
    dealt.deal("other_directorate", {"personeel": 2}, qualification="unfounded")
    dealt.deal("other_directorate", {"personeel": 4}, qualification="no_judgement")
