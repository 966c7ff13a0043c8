"""The answers, against facts counted the slow way; from counters and from facts they are the same."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import product

import pytest

from services.reporting.domain.counting import tables_of
from services.reporting.domain.dimensions import DIMENSIONS, PERIODS, Vocabulary
from services.reporting.domain.fact import Fact
from services.reporting.domain.figures import MEASURES, Outcome, measure, timeliness
from services.reporting.domain.question import Question
from services.reporting.reports import Reports, count
from services.reporting.store.collections import Generation
from shared.contracts.identifiers import DeadlineKind
from tests.integration.reporting.conftest import (
    NOW,
    Database,
    commit_all,
    facts_of,
    made_up_events,
)
from tests.unit.reporting.made_up import LEUVEN

FACTS = facts_of(made_up_events())
FIRST, LAST = date(2019, 1, 1), date(2022, 12, 31)


def passing(question: Question, facts: Sequence[Fact] = FACTS) -> list[Fact]:
    return [
        fact
        for fact in facts
        if question.first <= fact.received_on <= question.last
        and all(values.intersection(fact.values(name)) for name, values in question.filters.items())
    ]


def groups_of(fact: Fact, group_by: Sequence[str]) -> list[tuple[str, ...]]:
    return list(product(*(fact.values(name) for name in group_by)))


def counted(question: Question) -> Counter[tuple[str, ...]]:
    return Counter(group for fact in passing(question) for group in groups_of(fact, question.group_by))


def questions() -> list[Question]:
    """Every dimension in rows and as a filter, alone and with others, over whole months and over parts of them."""
    spans = [(FIRST, LAST), (date(2020, 2, 1), date(2021, 6, 30)), (date(2020, 2, 3), date(2021, 6, 12))]
    pairs = [
        ("channel", "line"),
        ("line", "norm"),
        ("month", "line"),
        ("topic", "exclusion_ground"),
        ("line", "year"),
    ]
    filters = [
        {},
        {"line": frozenset({"second"})},
        {"line": frozenset({"first", "second"}), "norm": frozenset({"equality"})},
        {"norm": frozenset({"equality", "privacy", "none"})},
        {"quarter": frozenset({"2021-Q1", "2020-Q4"})},
        {"topic": frozenset({"unknown"}), "nature": frozenset({"complaint"})},
    ]
    rows = [(), *((name,) for name in DIMENSIONS), *pairs, ("line", "service", "qualification")]
    return [Question("leuven", *span, row, each) for span in spans for row in rows for each in filters]


async def test_counters_and_facts_answer_alike_and_rightly(filled: Database) -> None:
    async with filled.room.open() as reading:
        for question in questions():
            answer = await count(reading, question)
            assert answer == await count(reading, question, from_facts=True), question
            assert answer.groups == counted(question), question
            assert answer.total == len(passing(question)), question


async def test_counters_are_asked_where_they_can_answer_and_facts_where_not(filled: Database) -> None:
    # Counters that are off show who answers.
    await filled.collections.counters.update_many({}, {"$mul": {"cells.second": 1000, "cells.*": 1000}})
    whole, part = (FIRST, LAST), (FIRST, date(2021, 6, 12))
    async with filled.room.open() as reading:
        for span, group_by, filters, by_counters in (
            (whole, ("line",), {}, True),
            (whole, ("year", "line"), {"month": frozenset({"2021-03"})}, True),
            (part, ("line",), {}, False),
            (whole, ("line", "access_channel"), {}, False),
            (whole, (), {"norm": frozenset({"none", "unknown"})}, False),
        ):
            question = Question("leuven", *span, group_by, filters)
            answer = await count(reading, question)
            assert (answer != await count(reading, question, from_facts=True)) is by_counters, question


@pytest.fixture
async def reports(filled: Database) -> Reports:
    words = {name: Vocabulary(profile) for name, profile in filled.profiles.items()}
    return Reports(filled.room, filled.profiles, words, lambda: NOW)


async def test_each_value_as_a_filter_and_rows_in_order(reports: Reports) -> None:
    words = reports.vocabularies["leuven"]
    for dimension in DIMENSIONS:
        answer = await reports.contacts(Question("leuven", FIRST, LAST, (dimension,)))
        assert answer["total"] == len(FACTS)
        values = [row[dimension] for row in answer["rows"]]
        assert values == sorted(values, key=lambda value: words.place(dimension, value))
        for row in answer["rows"]:
            filtered = Question("leuven", FIRST, LAST, (), {dimension: frozenset({row[dimension]})})
            assert (await reports.contacts(filtered))["total"] == row["count"], (dimension, row)
            assert row["share"] == round(row["count"] / len(FACTS), 6)
        assert set(values) <= set(words.values(dimension)) or dimension in PERIODS


@pytest.mark.parametrize("group_by", [(), ("nature",), ("norm", "year"), ("answered_in_term",)])
async def test_measures(reports: Reports, group_by: tuple[str, ...]) -> None:
    question = Question("leuven", FIRST, LAST, group_by, {}, MEASURES)
    expected: dict[tuple[str, ...], Counter[Outcome]] = defaultdict(Counter)
    for fact in FACTS:
        deadline = fact.deadlines.get(DeadlineKind.ANSWER)
        for group in groups_of(fact, group_by):
            expected[group][Outcome(fact.days, deadline.state if deadline else None, fact.score)] += 1
    answer = await reports.contacts(question)
    assert len(answer["rows"]) == len(expected)
    for row in answer["rows"]:
        outcomes = expected[tuple(row[name] for name in group_by)]
        assert {name: row[name] for name in MEASURES} == {name: measure(name, outcomes) for name in MEASURES}
        assert row["count"] == outcomes.total()


@pytest.mark.parametrize("kind", list(DeadlineKind))
@pytest.mark.parametrize("group_by", [(), ("line",), ("topic", "quarter")])
async def test_timeliness(reports: Reports, kind: DeadlineKind, group_by: tuple[str, ...]) -> None:
    question = Question("leuven", FIRST, LAST, group_by, {"nature": frozenset({"complaint"})}, (), kind)
    expected: dict[tuple[str, ...], Counter[Outcome]] = defaultdict(Counter)
    for fact in passing(question):
        deadline = fact.deadlines.get(kind)
        if deadline is not None:
            days = fact.days if kind is DeadlineKind.ANSWER else deadline.days
            for group in groups_of(fact, group_by):
                expected[group][Outcome(days, deadline.state)] += 1
    answer = await reports.timeliness(question)
    found = {tuple(row.pop(name) for name in group_by): row for row in answer["rows"]}
    thresholds = answer["thresholds_days"]
    assert found == {group: timeliness(each, thresholds)._asdict() for group, each in expected.items()}


async def test_the_annual_report_adds_up(reports: Reports) -> None:
    report = await reports.annual("leuven", 2021)
    tables = {table["id"]: table for table in report["tables"]}
    version = LEUVEN.version_on(date(2021, 12, 31))
    assert list(tables) == [table.id for table in version.annual_report]
    by_year = {year: [fact for fact in FACTS if fact.received_on.year == year] for year in (2019, 2020, 2021)}
    for table in version.annual_report:
        filters = {name: frozenset(values) for name, values in table.where.items()}
        question = Question("leuven", date(2021, 1, 1), date(2021, 12, 31), table.by, filters)
        shown = tables[table.id]
        assert shown["total"] == len(passing(question, by_year[2021]))
        if not table.groups and not table.lines:
            rows = {tuple(row["key"].values()): row["count"] for row in shown["rows"] if row["count"]}
            assert rows == counted(question)
    assert tables["contacts_total"]["previous"]["2020"] == {
        "total": len(by_year[2020]),
        "source": "store",
        "totals": {"count": len(by_year[2020]), "share": 1.0},
    }
    second = [fact for fact in by_year[2021] if fact.codes["line"] == ("second",)]
    assert tables["dossiers"]["reconciliation"] == {
        "contacts": len(second),
        "of": len(by_year[2021]),
        "rows": len(second),
    }
    assert report["reconciliation"] == {
        "contacts": len(by_year[2021]),
        "events": sum(fact.events for fact in by_year[2021]),
    }
    assert report["year_running"] is False
    assert (await reports.annual("leuven", 2022))["year_running"] is True
    assert report["profile_version"] == LEUVEN.version_name(version)


async def test_years_that_are_not_in_the_store_are_those_published(database: Database) -> None:
    of_2021 = [each for each in made_up_events() if each.envelope.subject in references_of(2021)]
    await commit_all(database.committer(), of_2021)
    words = {name: Vocabulary(profile) for name, profile in database.profiles.items()}
    report = await Reports(database.room, database.profiles, words, lambda: NOW).annual("leuven", 2021)
    total = report["tables"][0]
    assert total["previous"]["2020"] == {"total": 263, "source": "published"}
    assert total["rows"][0]["previous"]["2019"]["count"] == 297


def references_of(year: int) -> set[str]:
    return {fact.reference for fact in FACTS if fact.received_on.year == year}


async def test_a_profile_with_other_tables_is_answered_rightly_before_and_after_counting_anew(
    filled: Database,
) -> None:
    question = Question("leuven", FIRST, LAST, ("channel", "line"))
    await filled.collections.generations.update_one({"_id": "leuven"}, {"$set": {"tables": ["", "district"]}})
    async with filled.room.open() as reading:
        assert (await count(reading, question)).groups == counted(question)
    await filled.recount().write()
    document = await filled.collections.generations.find_one({"_id": "leuven"})
    assert document is not None
    assert Generation(document).tables == tables_of(LEUVEN)
    async with filled.room.open() as reading:
        assert (await count(reading, question)).groups == counted(question)
