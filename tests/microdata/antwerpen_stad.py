"""The city: 605,267 contacts by team, half year and way in; complaints among them; calls with a score."""

from tests.microdata.cases import Cases, spread
from tests.microdata.printed import counts

ORGANISATION = "antwerpen_stad"
_MONTHS_OF = {"H1": ("01", "02", "03", "04", "05", "06"), "H2": ("07", "08", "09", "10", "11", "12")}
_DIGITAL = ("city_email", "reporting_portal", "staff_reporting_portal", "social_media")
# Monthly parts of the callers that gave a score lie between 15 and 20 percent, since August.
_SURVEYED_PERCENT = {"08": 15, "09": 16, "10": 18, "11": 19, "12": 20}


def cases() -> Cases:
    dealt = Cases(ORGANISATION)
    _digital(dealt)
    _first_line_calls(dealt)
    dealt.add(
        counts(ORGANISATION, "contact_volumes")["phone_second_line",],
        alike=True,
        access_channel="phone_second_line",
        nature="question",
        season="03",
        service="mpa",
    )
    return dealt


def _digital(dealt: Cases) -> None:
    complaints = counts(ORGANISATION, "digital_complaints_by_team_and_half_year")
    for (team, half), number in counts(ORGANISATION, "digital_contacts_by_team_and_half_year").items():
        complaining = complaints[team, half]
        for nature, of_nature in (("complaint", complaining), ("question", number - complaining)):
            for place, (month, share) in enumerate(spread(of_nature, _MONTHS_OF[half]).items()):
                dealt.add(
                    share,
                    alike=True,
                    access_channel=_DIGITAL[place % len(_DIGITAL)],
                    nature=nature,
                    season=month,
                    service=team,
                )


def _first_line_calls(dealt: Cases) -> None:
    """Calls by team are printed of the second half alone, all others are of the first."""
    calls = counts(ORGANISATION, "phone_calls_by_team")
    complaints = counts(ORGANISATION, "phone_complaints_by_team")
    for (team,), number in calls.items():
        complaining = complaints[team,]
        for nature, of_nature in (("complaint", complaining), ("question", number - complaining)):
            for month, share in spread(of_nature, _MONTHS_OF["H2"]).items():
                dealt.add(
                    share,
                    alike=True,
                    access_channel="phone_first_line",
                    nature=nature,
                    season=month,
                    service=team,
                )
    others = counts(ORGANISATION, "contact_volumes")["phone_first_line",] - sum(calls.values())
    for month, share in spread(others, _MONTHS_OF["H1"]).items():
        dealt.add(
            share,
            alike=True,
            access_channel="phone_first_line",
            nature="question",
            season=month,
            service="stedelijk_contactcenter",
        )
    for month, percent in _SURVEYED_PERCENT.items():
        in_month = sum(case["times"] for case in dealt.those(access_channel="phone_first_line", season=month))
        surveyed = round(in_month * percent / 100)
        # Three nines on two eights make 8.6.
        nines = round(0.6 * surveyed)
        dealt.deal("score", {9: nines, 8: surveyed - nines}, access_channel="phone_first_line", season=month)
