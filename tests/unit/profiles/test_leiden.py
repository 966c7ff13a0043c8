"""Leiden's profile against what its complaints report prints."""

from shared.contracts.identifiers import HandledBy, Nature
from tests.unit.profiles.walking import (
    PROFILES,
    figures,
    misfits,
    missing_codes,
    missing_rules,
    newest,
    published,
    terms,
)

NAME = "leiden"
VERSION = newest(NAME)


def test_every_printed_list_is_there() -> None:
    assert missing_codes(NAME, {}, set()) == []
    assert "partly_founded" in VERSION.codes["qualification"]


def test_every_printed_rule_is_there() -> None:
    assert missing_rules(NAME) == set()


def test_an_answer_is_due_within_six_weeks_and_once_within_ten() -> None:
    (term,) = terms(NAME).values()
    assert (term.natures, term.assumption) == ((Nature.COMPLAINT,), False)
    assert term.extension is not None
    assert (term.extension.times, term.extension.max_days) == (1, 28)
    assert term.report_thresholds_days == (42, 70)
    assert (term.length.value, term.length.unit, term.rolls_to_working_day) == (6, "weeks", True)
    assert "9:11" in term.source


def test_it_is_a_municipality_of_the_netherlands() -> None:
    assert (PROFILES[NAME].country, PROFILES[NAME].time_zone) == ("NL", "Europe/Amsterdam")


def test_after_the_municipality_comes_the_national_ombudsman() -> None:
    assert VERSION.next_stages == {HandledBy.SERVICE: ("nationale_ombudsman",)}


def test_grounds_are_those_of_the_law() -> None:
    assert VERSION.codes["exclusion_ground"] == {
        "older_than_one_year",
        "complaint_already_handled",
        "supervisory_or_administrative_appeal",
        "legal_proceedings",
        "insufficient_interest",
    }
    assert VERSION.facts_excluded_after_years == 1


def test_every_printed_figure_is_there() -> None:
    assert (
        published(NAME, "complaints_total")
        == {2023: {"": 296}, 2024: {"": 311}}
        == figures(NAME, "complaints_total")
    )
    own = published(NAME, "complaints_by_qualification")
    # What is not closed yet is what is left.
    assert own == {
        2022: {"founded": 90},
        2024: figures(NAME, "complaints_by_qualification")[2024] | {"unknown": 74},
    }
    assert sum(own[2024].values()) == 311
    assert misfits(NAME) == {}
