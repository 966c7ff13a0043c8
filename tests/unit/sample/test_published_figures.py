"""The sums of the sample year are the published ones."""

from collections import Counter

import pytest

from tests.unit.sample import facts
from tests.unit.sample.tally import Counted, by, counted


@pytest.fixture(scope="module")
def contacts() -> list[Counted]:
    return counted()


@pytest.fixture(scope="module")
def dossiers(contacts: list[Counted]) -> list[Counted]:
    return [each for each in contacts if each.line == "second"]


@pytest.fixture(scope="module")
def founded(dossiers: list[Counted]) -> list[Counted]:
    return [each for each in dossiers if each.qualification in ("founded", "partly_founded")]


def test_there_are_252_contacts(contacts: list[Counted]) -> None:
    assert len(contacts) == 252


def test_lines(contacts: list[Counted]) -> None:
    assert by(contacts, "line") == facts.LINES


def test_natures(contacts: list[Counted]) -> None:
    assert by(contacts, "nature") == facts.NATURES
    assert by(contacts, "line", "nature") == facts.LINE_NATURES


def test_months_by_local_time(contacts: list[Counted]) -> None:
    assert {each.received.year for each in contacts} == {2021}
    assert Counter(f"{each.received.month:02}" for each in contacts) == facts.MONTHS
    for line, counts in facts.LINE_MONTHS.items():
        months = Counter(each.received.month for each in contacts if each.line == line)
        assert tuple(months[number] for number in range(1, 13)) == counts


def test_channels(contacts: list[Counted]) -> None:
    assert by(contacts, "channel") == facts.CHANNELS
    assert by(contacts, "line", "channel") == facts.LINE_CHANNELS


def test_districts(contacts: list[Counted], dossiers: list[Counted]) -> None:
    assert by(contacts, "district") == facts.DISTRICTS
    assert by(dossiers, "district") == facts.DOSSIER_DISTRICTS


def test_referrals_by_published_row(contacts: list[Counted]) -> None:
    bodies = by([each for each in contacts if each.line == "external"], "external_body")
    assert {row: sum(bodies[body] for body in row) for row in facts.REFERRAL_ROWS} == facts.REFERRAL_ROWS
    assert sum(bodies.values()) == 38


def test_first_line_directorates_have_the_published_percentages_of_90(contacts: list[Counted]) -> None:
    counts = by([each for each in contacts if each.line == "first"], "directorate")
    assert {name: round(100 * count / 90) for name, count in counts.items()} == facts.FIRST_LINE_PERCENTAGES
    assert counts["openbaar_domein"] == 21


def test_dossiers_by_directorate(dossiers: list[Counted]) -> None:
    assert by(dossiers, "directorate") == facts.DOSSIER_DIRECTORATES


def test_dossiers_by_service_and_qualification(dossiers: list[Counted]) -> None:
    assert by(dossiers, "service", "qualification") == facts.SERVICE_QUALIFICATIONS
    assert by(dossiers, "qualification") == facts.QUALIFICATIONS


def test_dossiers_by_intervention(dossiers: list[Counted], founded: list[Counted]) -> None:
    counts = by(dossiers, "intervention")
    grouped = {
        "mediation": counts["mediation"],
        "information": counts["information"],
        "other, apologies included": counts["other"] + counts["apology"],
    }
    assert grouped == facts.INTERVENTIONS
    assert by(founded, "intervention") == facts.FOUNDED_INTERVENTIONS


def test_dossiers_by_outcome(dossiers: list[Counted], founded: list[Counted]) -> None:
    assert by(dossiers, "outcome") == facts.OUTCOMES
    assert by(founded, "outcome") == facts.FOUNDED_OUTCOMES


def test_dossiers_over_several_directorates(contacts: list[Counted]) -> None:
    crossing = [each for each in contacts if each.crosses]
    resolved = [
        each
        for each in crossing
        if each.qualification in ("founded", "partly_founded") and each.outcome == "resolved"
    ]
    assert {each.line for each in crossing} == {"second"}
    assert len(crossing) == 11
    assert len(resolved) == 5
    assert by(crossing, "qualification")["unfounded"] == 2


def test_topics_of_dossiers(dossiers: list[Counted]) -> None:
    topics = Counter(topic for each in dossiers for topic in each.topics)
    for topic, percentage in facts.TOPIC_PERCENTAGES.items():
        assert round(100 * topics.pop(topic, 0) / 124) == percentage
    assert topics == facts.TOPICS


def test_no_other_line_is_qualified(contacts: list[Counted]) -> None:
    others = [each for each in contacts if each.line != "second"]
    assert {(each.qualification, each.intervention, each.outcome) for each in others} == {(None, None, None)}
