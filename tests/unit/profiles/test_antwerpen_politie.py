"""The Antwerp police zone's profile against what its chapter of the first-line report prints."""

import pytest

from shared.contracts.identifiers import Channel, HandledBy, Nature
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

NAME = "antwerpen_politie"
VERSION = newest(NAME)
WITHOUT_SUBTOPIC = ("general", "drugs", "internet_fraud", "running_case", "illegal_dumping", "street_scene")
SUBTOPICS = {
    "nuisance": ["general", "hospitality", "youth", "beggars", "fireworks"],
    "traffic": ["general", "events", "infrastructure", "parking", "cyclists"],
    **{name: ["none"] for name in WITHOUT_SUBTOPIC},
}


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {"keyword": "topic"}, set()) == []


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_each_of_the_twelve_ways_in_is_a_channel() -> None:
    assert {each.id: each.channel for each in VERSION.access_channels} == {
        "direct_email_letter_phone": Channel.EMAIL,
        "citizen_portal": Channel.WEB_FORM,
        "internal_email_letter": Channel.INTERNAL,
        "city_ombuds_service": Channel.PARTNER,
        "blue_line_email": Channel.EMAIL,
        "islp_report": Channel.INTERNAL,
        "chief_of_police": Channel.INTERNAL,
        "mayors_office": Channel.PARTNER,
        "comite_p_and_aig": Channel.PARTNER,
        "other_city_services": Channel.PARTNER,
        "other": Channel.PARTNER,
        "social_media": Channel.SOCIAL_MEDIA,
    }


def test_natures_have_the_zones_own_names() -> None:
    assert VERSION.natures[Nature.COMPLAINT].nl == "Klacht politieoptreden"
    assert VERSION.natures[Nature.REPORT].nl == "Melding reguliere werking"
    assert set(VERSION.natures) == set(Nature)


def test_topics_are_in_two_levels() -> None:
    found = {topic.id: [each.id for each in topic.subtopics] for topic in VERSION.topics if topic.subtopics}
    assert found == SUBTOPICS


def test_keywords_are_for_complaints_and_topics_for_reports_and_questions() -> None:
    by_nature = {
        nature: {topic.id for topic in VERSION.topics if nature in topic.natures}
        for nature in (Nature.COMPLAINT, Nature.REPORT, Nature.QUESTION)
    }
    keywords = set(figures(NAME, "complaints_by_keyword")[2023])
    reported = {key.split("|")[0] for key in figures(NAME, "reports_by_topic_and_subtopic")[2023]}
    asked = set(figures(NAME, "questions_by_topic")[2023])
    assert by_nature == {Nature.COMPLAINT: keywords, Nature.REPORT: reported, Nature.QUESTION: asked}


def test_customer_management_is_the_complaints_coordinator() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.COMPLAINTS_COORDINATION
    services = {unit.id: [service.id for service in unit.services] for unit in VERSION.directorates}
    assert services["kwaliteitszorg"] == ["klantenmanagement", "intern_toezicht"]
    assert VERSION.next_stages[HandledBy.COMPLAINTS_COORDINATION] == ("ombudsvrouw", "comite_p")


def test_the_term_is_an_assumption() -> None:
    term = terms(NAME)["answer"]
    assert (term.natures, term.length.value, term.length.unit) == ((Nature.COMPLAINT,), 45, "calendar_days")
    assert (term.assumption, term.extension) == (True, None)


@pytest.mark.parametrize(
    "table",
    [
        "dossiers_by_access_channel",
        "dossiers_by_nature",
        "complaints_by_keyword",
        "complaints_by_qualification",
        "complaints_by_keyword_and_qualification",
        "mediation_by_keyword",
        "reports_by_topic_and_subtopic",
        "questions_by_topic",
    ],
)
def test_every_printed_figure_is_there(table: str) -> None:
    assert published(NAME, table) == figures(NAME, table)


def test_printed_totals_hold() -> None:
    assert misfits(NAME) == {}
    assert sum(published(NAME, "dossiers_by_access_channel")[2021].values()) == 1899
    assert sum(published(NAME, "dossiers_by_nature")[2021].values()) == 1871
    assert sum(published(NAME, "reports_by_topic_and_subtopic")[2021].values()) == 506
    assert tables(NAME)["complaints_by_keyword"].published_totals == {2022: 686, 2023: 715}
