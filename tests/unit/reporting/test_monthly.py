"""Monthly reports out of facts that are counted one by one."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import fold
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.monthly.moved import moved
from services.reporting.domain.monthly.report import monthly_report
from services.reporting.domain.monthly.view import read_monthly
from services.reporting.monthly.counting import NO_DIRECTORATE, MonthCounting, contacts_by_directorate
from shared.contracts.identifiers import ContactState, DeadlineKind, DeadlineState
from tests.unit.reporting.in_memory import room
from tests.unit.reporting.made_up import LEUVEN, life
from tests.unit.reporting.random_facts import WORDS

MADE_AT = datetime(2021, 4, 2, 4, tzinfo=UTC)
MONTH = Month(2021, 3)
Reports = dict[str, dict[str, Any]]


def made_up_facts(contacts: int, seed: int) -> list[Fact]:
    chance = random.Random(seed)
    folded = (fold(life(number, chance), LEUVEN) for number in range(contacts))
    return [fact for fact in folded if fact is not None]


async def reports(facts: Sequence[Fact], month: Month = MONTH, only: str | None = None) -> Reports:
    async with room((fact, 1) for fact in facts).open() as reading:
        counted = await MonthCounting(reading, "leuven", month, only).directorates()
    return {
        name: monthly_report(LEUVEN, WORDS, name, month, each, made_at=MADE_AT, edition=1)
        for name, each in counted.items()
    }


def table(report: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in report["tables"] if each["id"] == name)
    return found


def of(facts: Sequence[Fact], directorate: str, month: Month) -> list[Fact]:
    return [fact for fact in facts if fact.month == month.name and fact.values("directorate") == (directorate,)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
async def test_every_table_is_what_counting_one_by_one_gives(seed: int, number: int) -> None:
    month, facts = Month(2021, number), made_up_facts(250, seed)
    made = await reports(facts, month)
    assert (
        set(made) == {fact.values("directorate")[0] for fact in facts if fact.month == month.name} - NO_DIRECTORATE
    )
    for directorate, report in made.items():
        own = of(facts, directorate, month)
        assert report["reconciliation"] == {"contacts": len(own), "events": sum(each.events for each in own)}
        assert table(report, "contacts")["total"] == len(own)
        by = {"nature_and_line": ("nature", "line"), "channel": ("channel",), "topic": ("topic",)}
        for name, dimensions in by.items():
            for at in (month, month.before, month.a_year_before):
                counted = Counter(
                    values for fact in of(facts, directorate, at) for values in _values(fact, dimensions)
                )
                rows = [
                    (tuple(row["key"].values()), row if at == month else row["previous"][at.name])
                    for row in table(report, name)["rows"]
                ]
                told = {values: figures["count"] for values, figures in rows if figures is not None}
                assert {values: count for values, count in told.items() if count} == dict(counted)


def _values(fact: Fact, dimensions: tuple[str, ...]) -> list[tuple[str, ...]]:
    first, *more = (fact.values(name) for name in dimensions)
    return [(one, *rest) for one in first for rest in ([()] if not more else [(each,) for each in more[0]])]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
async def test_every_table_adds_up_and_all_directorates_make_the_month(seed: int, number: int) -> None:
    month, facts = Month(2021, number), made_up_facts(250, seed)
    made = await reports(facts, month)
    async with room((fact, 1) for fact in facts).open() as reading:
        contacts = await contacts_by_directorate(reading, "leuven", month)
    without = sum(count for name, count in contacts.items() if name in NO_DIRECTORATE)
    in_reports = sum(report["reconciliation"]["contacts"] for report in made.values())
    assert in_reports + without == sum(fact.month == month.name for fact in facts)
    for report in made.values():
        for each in report["tables"]:
            counted = "count" in {column["id"] for column in each["columns"]}
            rows = sum(row["count"] for row in each["rows"]) if counted else None
            if counted and not each["several"]:
                assert rows == each["total"] == each["totals"]["count"]
            if each["reconciliation"]["contacts"] is not None:
                assert each["reconciliation"]["contacts"] == each["total"]
                assert each["reconciliation"]["of"] == report["reconciliation"]["contacts"]
                assert each["reconciliation"]["rows"] == rows


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
async def test_how_contacts_were_answered_is_told_as_it_is_in_their_facts(seed: int) -> None:
    facts = made_up_facts(250, seed)
    for directorate, report in (await reports(facts)).items():
        own = of(facts, directorate, MONTH)
        states = Counter(each.deadlines[DeadlineKind.ANSWER].state for each in own if each.deadlines)
        totals = table(report, "answers")["totals"]
        assert totals["within_term"] == states[DeadlineState.MET]
        assert totals["outside_term"] == states[DeadlineState.MET_LATE]
        assert totals["open_overdue"] == states[DeadlineState.MISSED]
        (answer,) = [row for row in table(report, "deadlines")["rows"] if row["key"]["kind"] == "answer"] or [None]
        if answer:
            assert answer["received"] == sum(states.values())
            assert answer["missed_open"] == states[DeadlineState.MISSED]
        late = Counter(
            each.month
            for each in facts
            if each.values("directorate") == (directorate,)
            and each.month <= MONTH.name
            and DeadlineKind.ANSWER in each.deadlines
            and each.deadlines[DeadlineKind.ANSWER].state is DeadlineState.MISSED
            and each.values("state") != (ContactState.WITHDRAWN.value,)
        )
        overdue = table(report, "overdue")
        assert {row["key"]["received_in"]: row["count"] for row in overdue["rows"]} == dict(late)
        assert [row["key"]["received_in"] for row in overdue["rows"]] == sorted(late)


async def test_a_month_that_no_contact_is_stored_of_is_not_known() -> None:
    facts = [fact for fact in made_up_facts(400, 3) if fact.month != "2021-02"]
    report = next(iter((await reports(facts)).values()))
    contacts = table(report, "contacts")
    assert contacts["previous"]["2021-02"] == {"total": None, "source": "none", "totals": {}}
    assert contacts["previous"]["2020-03"]["source"] == "store"
    assert contacts["rows"][0]["previous"]["2021-02"] is None
    assert contacts["change"]["2021-02"] is None


async def test_one_that_had_none_in_a_month_that_others_had_some_in_had_nothing() -> None:
    everybody = made_up_facts(400, 3)
    directorate = next(iter(await reports(everybody)))
    facts = [fact for fact in everybody if fact.month != "2021-02" or fact.values("directorate") != (directorate,)]
    contacts = table((await reports(facts))[directorate], "contacts")
    assert contacts["previous"]["2021-02"]["totals"]["count"] == 0
    assert contacts["change"]["2021-02"]["count"] == contacts["total"]
    assert contacts["change"]["2021-02"]["percent"] is None


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
async def test_the_one_that_is_asked_for_is_told_as_among_all(seed: int) -> None:
    facts = made_up_facts(200, seed)
    for name, report in (await reports(facts)).items():
        assert (await reports(facts, only=name))[name] == report
    async with room((fact, 1) for fact in facts).open() as reading:
        (alone,) = (await MonthCounting(reading, "leuven", Month(2016, 1), "politie").directorates()).values()
    assert alone.contacts == alone.now.total == 0


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.randoms())
async def test_nothing_has_moved_until_a_figure_has(seed: int, chance: random.Random) -> None:
    facts = made_up_facts(200, seed)
    made = await reports(facts)
    for name, report in made.items():
        kept = orjson.loads(orjson.dumps(report))
        again = (await reports(chance.sample(facts, len(facts))))[name]
        called_otherwise = [each | {"title": {"nl": "x", "en": "y"}, "definition": {}} for each in again["tables"]]
        assert moved(kept["tables"], again["tables"]) == moved(kept["tables"], called_otherwise) == []
        one = of(facts, name, MONTH)[0]
        rest = [fact for fact in facts if fact.reference != one.reference]
        less = (await reports(rest, only=name))[name]
        assert {"contacts", "channel", "nature_and_line"} <= set(moved(kept["tables"], less["tables"]))


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_report_can_be_read(language: Any) -> None:
    for name, report in (await reports(made_up_facts(400, 3))).items():
        shown = read_monthly(report)
        assert name in shown.stem[language]
        assert report["directorate_name"][language] in shown.title[language]
        assert ("maart 2021" if language == "nl" else "March 2021") in shown.title[language]
        assert shown.remarks == []
        assert [each.id for each in shown.tables] == [each["id"] for each in report["tables"]]
