"""Woonhaven's profile against what its chapter of the first-line report prints."""

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

NAME = "antwerpen_woonhaven"
VERSION = newest(NAME)
KINDS = {"question_or_report", "complaint", "admissible_complaint", "inadmissible_complaint"}


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {"kind": "nature", "category": "topic", "theme": "subtopic"}, KINDS) == []


def test_every_printed_kind_is_a_row_of_the_report() -> None:
    by_kind, by_admissibility = tables(NAME)["contacts_by_kind"], tables(NAME)["complaints_by_admissibility"]
    rows = {by_kind.row_key([nature]) for nature in ("question", "report", "complaint")}
    rows |= {by_admissibility.row_key([ground]) for ground in ("none", "inadmissible")}
    assert rows == KINDS


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_where_tenants_came_from_is_a_characteristic_of_a_contact() -> None:
    assert VERSION.attribute_codes == {"stock": {"woonhaven", "de_ideale_woning", "abc", "svk", "other"}}


def test_each_way_in_is_a_channel() -> None:
    assert {each.id: each.channel for each in VERSION.access_channels} == {
        "flemish_ombuds_service": Channel.PARTNER,
        "antwerp_ombudswoman": Channel.PARTNER,
        "tenants_union": Channel.PARTNER,
        "complaints_mailbox": Channel.EMAIL,
        "website": Channel.WEB_FORM,
        "letter": Channel.LETTER,
        "internal_report": Channel.INTERNAL,
    }


def test_the_complaints_team_deals_with_complaints() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.COMPLAINTS_COORDINATION
    assert VERSION.next_stages == {
        HandledBy.SERVICE: ("klachtenteam",),
        HandledBy.COMPLAINTS_COORDINATION: ("ombudsvrouw", "vlaamse_ombudsdienst"),
    }


def test_the_term_is_an_assumption() -> None:
    term = terms(NAME)["answer"]
    assert (term.natures, term.length.value, term.length.unit) == ((Nature.COMPLAINT,), 45, "calendar_days")
    assert (term.assumption, term.extension) == (True, None)


@pytest.mark.parametrize(
    "table",
    [
        "complaints_by_category",
        "complaints_by_quarter",
        "complaints_by_channel",
        "complaints_by_outcome",
        "complaints_by_stock",
        "founded_complaints",
        "founded_complaints_by_category",
        "founded_technical_by_theme",
        "contacts_by_kind",
    ],
)
def test_every_printed_figure_is_there(table: str) -> None:
    assert published(NAME, table) == figures(NAME, table)


def test_complaints_by_admissibility_and_timeliness() -> None:
    printed = figures(NAME, "contacts_by_admissibility")
    own = published(NAME, "complaints_by_admissibility")
    assert {year: dict(rows) for year, rows in own.items()} == {
        year: {row: count for row, count in rows.items() if row != "question_or_report"}
        for year, rows in printed.items()
    }
    timely = published(NAME, "complaints_by_timeliness")[2023]
    assert timely["false"] == figures(NAME, "complaints_by_timeliness")[2023]["False"] == 130
    assert sum(timely.values()) == 580


def test_repeated_complaints_are_part_of_their_category() -> None:
    split = published(NAME, "complaints_by_category_and_repeated")
    for year, rows in published(NAME, "complaints_by_category").items():
        both = {name: split[year][f"{name}|true"] + split[year][f"{name}|false"] for name in rows}
        assert both == rows
    repeated = {year: sum(n for key, n in rows.items() if key.endswith("true")) for year, rows in split.items()}
    assert repeated == {2022: 27, 2023: 34}


def test_printed_totals_hold() -> None:
    assert misfits(NAME) == {}
