"""The city of Antwerp's profile against what its chapter of the first-line report prints."""

from shared.contracts.identifiers import Channel, HandledBy, Nature
from shared.profiles.calendar import PublicHolidays
from tests.unit.profiles.walking import (
    PROFILES,
    facts,
    figures,
    misfits,
    missing_codes,
    missing_rules,
    newest,
    published,
    terms,
)

NAME = "antwerpen_stad"
VERSION = newest(NAME)
UNITS = {
    "stadsontwikkeling": ["sw", "sw_mobiliteit"],
    "mobiliteit_en_parkeren": ["mpa", "mpa_lez"],
    "stadsbeheer": [
        "sb",
        "sb_sorteerstraten",
        "sb_afvalstickers",
        "sb_ophaaldiensten",
        "sb_schadedossiers",
        "sb_recyclageparken",
        "sb_graffiti",
    ],
    "ondernemen_stadsmarketing": [
        "os",
        "os_loketten",
        "os_loketten_identiteit",
        "os_loketten_leven",
        "os_loketten_migratie",
        "os_loketten_nationaliteit",
        "os_loketten_rijbewijzen",
        "os_loketten_wonen",
        "os_a_kaart",
    ],
}
DISTRICTS = {
    "antwerpen": ("2000", "2018", "2020", "2030", "2050", "2060"),
    "berchem": ("2600",),
    "berendrecht_zandvliet_lillo": ("2040",),
    "borgerhout": ("2140",),
    "deurne": ("2100",),
    "ekeren": ("2180",),
    "hoboken": ("2660",),
    "merksem": ("2170",),
    "wilrijk": ("2610",),
}


def _turned(key: str) -> str:
    return "|".join(reversed(key.split("|")))


def test_every_printed_list_is_there() -> None:
    called = {"team": "service", "business_unit": "directorate", "channel_group": "access_channel"}
    # The groups of channels are rows of the report, see below.
    assert missing_codes(NAME, called, {"digital", "phone"}) == []


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_customer_teams_are_under_their_business_unit() -> None:
    found = {unit.id: [service.id for service in unit.services] for unit in VERSION.directorates}
    assert {name: found[name] for name in UNITS} == UNITS


def test_only_the_contact_centre_is_front_line() -> None:
    levels = {service.id: service.level for unit in VERSION.directorates for service in unit.services}
    assert [team for team, level in levels.items() if level == "front"] == ["stedelijk_contactcenter"]
    assert set(levels.values()) == {"front", "back"}
    assert set(levels) == set(facts(NAME)["lists"]["team"])


def test_types_of_a_digital_contact() -> None:
    assert VERSION.attribute_codes == {
        "contact_type": {
            "signpost_question",
            "help_request",
            "report",
            "appointment",
            "product_request",
            "complaint",
            "suggestion",
            "compliment",
            "spam",
        }
    }


def test_two_telephone_systems_are_kept_apart() -> None:
    by_phone = [each.id for each in VERSION.access_channels if each.channel is Channel.PHONE]
    assert by_phone == ["phone_first_line", "phone_second_line"]


def test_districts_are_told_by_postal_code() -> None:
    assert {each.id: each.postal_codes for each in VERSION.districts} == DISTRICTS


def test_the_customer_team_deals_with_a_complaint_and_names_the_ombudswoman() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.SERVICE
    (ombudswoman,) = VERSION.escalation_targets
    assert ombudswoman.contact is not None
    assert ombudswoman.contact.model_dump() == {
        "address": "De Coninckplein 25, 2060 Antwerpen",
        "phone": "0800 94 84 3",
        "email": "ombudsvrouw@antwerpen.be",
        "website": "www.antwerpen.be/ombudsvrouw",
    }


def test_a_complaint_alone_has_a_term() -> None:
    (term,) = terms(NAME).values()
    assert (term.natures, term.assumption, term.extension) == ((Nature.COMPLAINT,), False, None)
    assert (term.length.value, term.length.unit) == (21, "working_days")
    assert PROFILES[NAME].calendar.public_holidays == PublicHolidays(country="BE")


def test_every_printed_figure_is_there() -> None:
    assert published(NAME, "contact_volumes") == figures(NAME, "contact_volumes")
    for table in ("digital_contacts_by_team", "digital_complaints_by_team"):
        assert published(NAME, table) == figures(NAME, table), table
        halves = f"{table}_and_half_year"
        assert published(NAME, halves) == figures(NAME, halves, _turned), table
    for table in ("phone_calls_by_team", "phone_complaints_by_team"):
        assert published(NAME, table) == figures(NAME, table), table
    units = published(NAME, "complaints_by_business_unit")
    assert units == figures(NAME, "complaints_by_business_unit", _turned)


def test_printed_totals_hold() -> None:
    assert misfits(NAME) == {}
    assert published(NAME, "digital_complaints_total") == {2022: {"": 1359}, 2023: {"": 2650}}
    halves = published(NAME, "digital_contacts_by_team_and_half_year")[2023]
    years = published(NAME, "digital_contacts_by_team")[2023]
    assert {team: halves[f"H1|{team}"] + halves[f"H2|{team}"] for team in years} == years
