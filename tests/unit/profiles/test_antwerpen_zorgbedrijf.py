"""The Antwerp care company's profile against what its chapter of the first-line report prints."""

from datetime import date

import pytest

from shared.contracts.identifiers import DeadlineKind, HandledBy, Nature
from tests.unit.profiles.walking import (
    PROFILES,
    figures,
    misfits,
    missing_codes,
    missing_rules,
    newest,
    published,
    tables,
    terms,
)

NAME = "antwerpen_zorgbedrijf"
VERSION = newest(NAME)


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {}, set()) == []
    assert VERSION.codes["entity"] == {"zorgbedrijf_vlaanderen", "zorgbedrijf_brasschaat", "zorgbedrijf_antwerpen"}
    assert VERSION.attribute_codes == {"link": {"zorgbedrijf", "wzc", "sf", "jeugdzorg", "hotel", "emd", "dc"}}
    assert set(VERSION.natures) == set(Nature)


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_an_answer_is_due_within_fourteen_days_and_once_within_twenty() -> None:
    (term,) = terms(NAME).values()
    assert (term.kind, term.natures) == (DeadlineKind.ANSWER, (Nature.COMPLAINT, Nature.REPORT))
    assert (term.length.value, term.length.unit) == (14, "calendar_days")
    assert term.extension is not None
    assert (term.extension.times, term.extension.max_days) == (1, 6)
    assert term.report_thresholds_days == (14, 20)
    assert term.assumption is False


def test_client_service_deals_with_complaints_and_then_the_ombudswoman() -> None:
    assert VERSION.first_line_complaints_by is HandledBy.COMPLAINTS_COORDINATION
    assert VERSION.next_stages[HandledBy.COMPLAINTS_COORDINATION] == ("ombudsvrouw",)


def test_repairs_and_questions_about_invoices_moved_in_2022() -> None:
    profile = PROFILES[NAME]
    before, since = profile.version_on(date(2021, 12, 31)), profile.version_on(date(2022, 1, 1))
    meant = [
        {topic.id: topic.meaning.en for topic in version.topics if topic.meaning is not None}
        for version in (before, since)
    ]
    assert "repairs" in meant[0]["facilities"]
    assert "repairs" not in meant[1]["facilities"]
    assert meant[1]["property_management"] == "Repairs included"
    ruled = [{rule.id for rule in version.house_rules} for version in (before, since)]
    assert ruled[1] - ruled[0] == {"invoice_questions_are_complaints", "theme_move_2022"}
    assert ruled[0] < ruled[1]


@pytest.mark.parametrize(
    "table",
    [
        "feedback_by_year",
        "feedback_through_ombudswoman",
        "feedback_by_entity_and_month",
        "feedback_by_link_and_month",
        "feedback_by_theme",
    ],
)
def test_every_printed_figure_is_there(table: str) -> None:
    assert published(NAME, table) == figures(NAME, table)
    assert tables(NAME)[table].where["nature"] == ("complaint", "report")


def test_printed_totals_hold() -> None:
    assert misfits(NAME) == {}
    by_entity = published(NAME, "feedback_by_entity_and_month")[2023]
    by_link = published(NAME, "feedback_by_link_and_month")[2023]
    assert (sum(by_entity.values()), sum(by_link.values())) == (2007, 2005)
