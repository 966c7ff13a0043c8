"""The Antwerp fire zone's profile against what its chapter of the first-line report prints."""

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

NAME = "antwerpen_brandweer"
VERSION = newest(NAME)


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {"source": "access_channel"}, set()) == []


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_where_complaints_came_from_is_a_channel() -> None:
    assert {each.id: each.channel for each in VERSION.access_channels} == {
        "general_email": Channel.EMAIL,
        "city_customer_management": Channel.PARTNER,
        "zone_commander": Channel.INTERNAL,
        "mayors_office": Channel.PARTNER,
        "social_media": Channel.SOCIAL_MEDIA,
    }


def test_complaints_go_to_the_service_concerned() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.SERVICE
    assert {unit.id for unit in VERSION.directorates} >= {"financien", "preventie", "communicatie"}
    topics = {topic.id: topic for topic in VERSION.topics}
    assert (topics["invoicing"].directorate, topics["invoicing"].service) == ("financien", "facturatie")


def test_what_is_not_investigated_is_a_ground_of_exclusion() -> None:
    assert VERSION.codes["exclusion_ground"] == {
        "anonymous",
        "facts_too_old",
        "insufficient_data",
        "no_reply_to_questions",
        "general_policy",
        "outside_competence",
    }
    assert VERSION.facts_excluded_after_years is None


def test_the_term_is_an_assumption() -> None:
    term = terms(NAME)["answer"]
    assert (term.natures, term.length.value, term.length.unit) == ((Nature.COMPLAINT,), 45, "calendar_days")
    assert (term.assumption, term.extension) == (True, None)


def test_every_printed_figure_is_there() -> None:
    assert published(NAME, "complaints_total") == {2022: {"": 12}, 2023: {"": 13}}
    for table in ("complaints_by_topic", "complaints_by_qualification", "complaints_by_topic_and_qualification"):
        assert published(NAME, table) == figures(NAME, table), table
    assert published(NAME, "complaints_by_source") == figures(NAME, "complaints_by_source")
    assert misfits(NAME) == {}


def test_the_months_are_those_of_the_listed_dossiers() -> None:
    months = [key[5:7] for key in figures(NAME, "complaints_listed")[2023]]
    assert published(NAME, "complaints_by_month") == {2023: {month: months.count(month) for month in months}}
    assert tables(NAME)["complaints_by_month"].where == {"nature": ("complaint",)}
