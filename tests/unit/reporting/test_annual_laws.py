"""What holds of every table of every annual report, whatever the contacts are."""

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.profiles.report import ReportTable
from tests.microdata.cases import Case, Cases
from tests.microdata.events import facts
from tests.microdata.organisations import DEALT
from tests.microdata.printed import year_of
from tests.unit.profiles.walking import PROFILES, newest
from tests.unit.reporting.in_memory import Weighted, annual_in_memory

NOW = datetime(2025, 2, 1, tzinfo=UTC)
every_organisation = pytest.mark.parametrize("organisation", sorted(DEALT))


def annual(organisation: str, year: int, known: Iterable[Weighted]) -> Any:
    return asyncio.run(annual_in_memory(organisation, year, known, NOW))


def assert_lawful(report: Any, declared: Iterable[ReportTable]) -> None:
    spec = {table.id: table for table in declared}
    assert [table["id"] for table in report["tables"]] == list(spec)
    for table in report["tables"]:
        adds_up(table, report)
        shares_are_of_what_they_say(table, spec[table["id"]])
        changes_are_differences(table)
        columns_are_carried(table)


def adds_up(table: Any, report: Any) -> None:
    summed = sum(row["count"] for row in table["rows"])
    told = table["reconciliation"]
    assert told["contacts"] == table["total"]
    assert told["of"] == report["reconciliation"]["contacts"]
    assert told["rows"] == summed
    if not table["several"]:
        assert summed == table["total"], table["id"]
    assert table["totals"].get("count", table["total"]) == table["total"]


def shares_are_of_what_they_say(table: Any, spec: ReportTable) -> None:
    of_the_table = spec.share_of is None and not spec.lines
    if of_the_table and not table["several"] and table["total"] and "share" in spec.measures:
        assert sum(row["share"] for row in table["rows"]) == pytest.approx(1, abs=1e-4)
    for row in table["rows"]:
        for part in spec.parts:
            assert 0 <= row[part.id] <= row["count"]
        if spec.rate is not None and row["rate_of"]:
            assert row["rate"] == round(row["count"] / row["rate_of"], 6)
        within = [row[f"within_{days}_days"] for days in sorted(spec.within_days)]
        assert within == sorted(within, key=lambda each: each or 0)
        unsolved = [row[f"unsolved_after_{days}_days"] for days in sorted(spec.unsolved_after_days)]
        assert unsolved == sorted(unsolved, reverse=True)
        assert all(each <= row["count"] for each in unsolved)


def changes_are_differences(table: Any) -> None:
    for row in [*table["rows"], table["totals"] | {"previous": {}, "change": {}}]:
        for year, before in row["previous"].items():
            change = row["change"][year]
            if before is None:
                assert change is None
            elif before.get("count") is not None:
                assert change["count"] == row["count"] - before["count"]
                expected = round(change["count"] / before["count"], 6) if before["count"] else None
                assert change["percent"] == expected


def columns_are_carried(table: Any) -> None:
    named = [column["id"] for column in table["columns"]]
    assert len(set(named)) == len(named)
    for row in table["rows"]:
        assert set(named) <= set(row)
    for language in ("nl", "en"):
        assert table["definition"][language].endswith(".")
        assert all(column["label"][language] for column in table["columns"])


@every_organisation
def test_of_the_contacts_that_make_the_printed_tables(organisation: str) -> None:
    year = year_of(organisation)
    report = annual(organisation, year, facts(DEALT[organisation](), PROFILES[organisation], year))
    assert_lawful(report, newest(organisation).annual_report)
    assert report["year_running"] is False


@every_organisation
def test_of_no_contact_at_all(organisation: str) -> None:
    report = annual(organisation, year_of(organisation), [])
    assert_lawful(report, newest(organisation).annual_report)
    assert report["reconciliation"] == {"contacts": 0, "events": 0}


def any_contact(organisation: str, year: int, chance: random.Random) -> Case:
    """A contact that may have any value of any list, and any course."""
    version = newest(organisation)
    case: Case = {
        "times": chance.randrange(1, 4),
        "day": date(year - chance.randrange(2), chance.randrange(1, 13), chance.randrange(1, 29)).isoformat(),
        "nature": chance.choice(["complaint", "report", "question", "suggestion", "compliment"]),
        "line": chance.choice(["first", "second"]),
        "repeated": chance.choice(["true", "false"]),
        "channel": chance.choice(sorted(version.channels)),
    }
    listed = ("entity", "service", "topic", "subtopic", "qualification", "intervention", "outcome", "district")
    for name in (*listed, "access_channel", "exclusion_ground"):
        codes = sorted(version.codes[name])
        if codes and chance.random() < 0.8:
            case[name] = chance.choice(codes)
    for attribute in version.attributes:
        case[attribute.id] = chance.choice([each.id for each in attribute.values])
    if chance.random() < 0.7:
        case["days"] = chance.randrange(60)
        case["answered_in_term"] = chance.choice(["true", "false"])
    if chance.random() < 0.3:
        case["score"] = chance.randrange(1, 11)
    return case


@pytest.mark.parametrize("organisation", sorted(DEALT))
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_of_any_contacts(organisation: str, seed: int) -> None:
    chance, year = random.Random(seed), year_of(organisation)
    cases = Cases(organisation)
    for _ in range(chance.randrange(30)):
        case = any_contact(organisation, year, chance)
        cases.add(case.pop("times"), alike=True, **case)
    report = annual(organisation, year, facts(cases, PROFILES[organisation], year))
    assert_lawful(report, newest(organisation).annual_report)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_open_is_what_came_less_what_was_closed(seed: int) -> None:
    chance = random.Random(seed)
    cases = Cases("antwerpen_zorgbedrijf")
    for _ in range(chance.randrange(40)):
        case = any_contact("antwerpen_zorgbedrijf", 2023, chance)
        cases.add(case.pop("times"), alike=True, **case)
    known = list(facts(cases, PROFILES["antwerpen_zorgbedrijf"], 2023))
    report = annual("antwerpen_zorgbedrijf", 2023, known)
    table = next(each for each in report["tables"] if each["id"] == "new_and_closed_by_month")
    counted = [(fact, n) for fact, n in known if fact.codes["nature"][0] in ("complaint", "report")]
    for row in table["rows"]:
        end = row["key"]["month"]
        came = sum(n for fact, n in counted if fact.month <= end)
        closed = [(f"{fact.closed_on:%Y-%m}", n) for fact, n in counted if fact.closed_on]
        assert row["closed"] == sum(n for month, n in closed if month == end)
        assert row["open_at_end"] == came - sum(n for month, n in closed if month <= end)
    in_the_year = sum(n for month, n in closed if month <= "2023-12") if table["rows"] else 0
    assert table["totals"].get("open_at_end", 0) == sum(n for _, n in counted) - in_the_year
