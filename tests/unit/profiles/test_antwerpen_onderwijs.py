"""Antwerp city education's profile against what its chapter of the first-line report prints."""

from shared.contracts.identifiers import HandledBy, Nature
from tests.unit.profiles.walking import (
    figures,
    misfits,
    missing_codes,
    missing_rules,
    newest,
    published,
    tables,
    terms,
)

NAME = "antwerpen_onderwijs"
VERSION = newest(NAME)


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {}, set()) == []
    assert set(VERSION.natures) == set(Nature) - {Nature.COMPLIMENT}


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_each_nature_has_its_own_term() -> None:
    found = {term.natures: term.length.value for term in terms(NAME).values()}
    assert found == {
        (Nature.QUESTION,): 8,
        (Nature.SUGGESTION,): 14,
        (Nature.REPORT,): 21,
        (Nature.COMPLAINT,): 28,
    }
    assert not any(term.assumption or term.extension for term in terms(NAME).values())
    assert {term.length.unit for term in terms(NAME).values()} == {"calendar_days"}
    assert {term.not_counted for term in terms(NAME).values()} == {("school_holidays",)}


def test_the_first_line_is_where_the_signal_arises() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.SERVICE
    levels = {unit.id: {service.level for service in unit.services} for unit in VERSION.directorates}
    assert levels == {
        "scholen": {"front"},
        "academies": {"front"},
        "centra": {"front"},
        "ondersteunende_diensten": {"front"},
        "organisatie": {"back"},
    }
    assert VERSION.next_stages == {
        HandledBy.SERVICE: ("netwerkdirecteur", "vraag_en_meldpunt"),
        HandledBy.COMPLAINTS_COORDINATION: ("ombudsvrouw",),
    }


def test_what_is_counted_comes_by_a_way_in_of_its_own() -> None:
    assert VERSION.codes["access_channel"] == {
        "web_form",
        "reception_of_supporting_services",
        "network_directors",
        "company_director",
        "ministry_of_education",
        "cabinets",
        "ombudswoman",
        "city_information_line",
    }


def test_what_is_not_registered_or_not_admissible_is_a_ground_of_exclusion() -> None:
    assert VERSION.codes["exclusion_ground"] == {"outside_competence", "appeal_procedure"}
    assert {"groep_antwerpen", "ander_onderwijsnet", "idewe"} <= VERSION.codes["external_body"]


def test_themes_have_the_subjects_that_the_text_names() -> None:
    found = {topic.id: len(topic.subtopics) for topic in VERSION.topics}
    assert found == {
        "daily_working": 6,
        "about_staff": 3,
        "about_the_building": 4,
        "unwanted_behaviour": 6,
        "other": 0,
    }


def test_every_printed_figure_is_there() -> None:
    assert published(NAME, "signals_total") == {2023: {"": 215}} == figures(NAME, "signals_total")
    assert published(NAME, "signals_by_nature") == figures(NAME, "signals_by_nature")
    assert misfits(NAME) == {}


def test_within_and_outside_the_term_make_the_signals_of_each_nature() -> None:
    rows = published(NAME, "signals_within_term")[2023]
    natures = published(NAME, "signals_by_nature")[2023]
    assert {name: rows[f"{name}|true"] + rows[f"{name}|false"] for name in natures} == natures
    assert {name: rows[f"{name}|true"] for name in natures} == {
        "complaint": 86,
        "report": 39,
        "suggestion": 2,
        "question": 29,
    }


def test_themes_are_counted_of_founded_and_partly_founded_signals() -> None:
    assert tables(NAME)["founded_signals_by_theme"].where == {"qualification": ("founded", "partly_founded")}
