"""The kinds of tables that a profile can declare, one by one."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from services.reporting.domain.annual import Counted, LineCounts, ReportingYear, YearCounts, context, report_table
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.figures import Group, Outcome, Tally
from shared.contracts.identifiers import DeadlineState
from shared.profiles.model import ReportTable
from tests.unit.profiles.walking import PROFILES
from tests.unit.reporting.made_up import LEUVEN

WORDS = Vocabulary(LEUVEN)
VERSION = LEUVEN.versions[-1]
YEAR = ReportingYear.of(LEUVEN, 2021)
NAME = {"nl": "Naam", "en": "Name"}
MET, LATE, MISSED = DeadlineState.MET, DeadlineState.MET_LATE, DeadlineState.MISSED


def made(declared: dict[str, Any], now: YearCounts, before: YearCounts | None = None) -> Any:
    spelled = {"id": "t", "title": {"nl": "Tabel", "en": "Table"}, "section": "1", "years_before": 1} | declared
    table = ReportTable.model_validate(spelled)
    return report_table(table, YEAR, {2021: now, 2020: before}, VERSION, WORDS)


def counted(total: int | None = None, /, **groups: int) -> Counted:
    counts = Counter({tuple(key.split("|")): count for key, count in groups.items()})
    return Counted(counts, counts.total() if total is None else total)


def figures(table: Any, *names: str) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {tuple(row["key"].values()): tuple(row[name] for name in names) for row in table["rows"]}


def test_a_rate_is_of_the_same_row_under_another_filter() -> None:
    rate = {"name": {"nl": "Klachten per contact", "en": "Complaints per contact"}, "of": {}}
    declared = {"by": ["channel"], "where": {"nature": ["complaint"]}, "rate": rate}
    table = made(declared, YearCounts(counted(email=10), rate_of=counted(email=400, phone=50)))
    assert figures(table, "count", "rate_of", "rate") == {("email",): (10, 400, 0.025), ("phone",): (0, 50, 0.0)}
    assert table["totals"] == {"count": 10, "share": 1.0, "rate_of": 450, "rate": 0.022222}
    assert table["columns"][-1] == {
        "id": "rate",
        "label": {"nl": "Klachten per contact", "en": "Complaints per contact"},
        "format": "percent",
        "of": {"nl": "contacten", "en": "contacts"},
    }


def test_a_share_may_be_of_other_contacts_than_the_tables() -> None:
    declared = {"by": ["line"], "where": {"nature": ["complaint"]}, "share_of": {}}
    table = made(declared, YearCounts(counted(second=580), share_of=1283))
    assert figures(table, "share") == {("second",): (0.452065,)}


def test_a_part_counts_within_the_row() -> None:
    part = {"id": "again", "name": {"nl": "Herhaald", "en": "Repeated"}, "where": {"repeated": ["true"]}}
    now = YearCounts(counted(first=7, second=5), parts={"again": counted(second=2)})
    table = made({"by": ["line"], "parts": [part]}, now)
    assert figures(table, "count", "again") == {("first",): (7, 0), ("second",): (5, 2)}
    assert table["totals"]["again"] == 2


def test_lines_count_each_by_its_own_filter() -> None:
    lines = [
        {
            "id": "digital",
            "name": {"nl": "Digitaal", "en": "Digital"},
            "where": {"channel": ["email", "web_form"]},
        },
        {"id": "by_mail", "name": {"nl": "Mail", "en": "Mail"}, "where": {"channel": ["email"]}},
    ]
    now = YearCounts(counted(252), lines={"digital": LineCounts(204, 252), "by_mail": LineCounts(129, 252)})
    printed = {2020: {"share": {"digital": 0.74}}}
    table = made({"lines": lines, "published_figures": printed}, now)
    assert figures(table, "count", "share") == {("digital",): (204, 0.809524), ("by_mail",): (129, 0.511905)}
    digital, by_mail = table["rows"]
    assert digital["previous"] == {"2020": {"count": None, "share": 0.74}}
    assert digital["change"] == {"2020": {"count": None, "percent": None, "points": 0.069524}}
    assert by_mail["change"] == {"2020": None}
    assert (table["dimensions"], table["several"]) == (["figure"], True)


def test_days_terms_and_scores() -> None:
    outcomes: Tally = {
        ("complaint",): Counter({Outcome(3, MET, 9): 3, Outcome(50, LATE, None): 1, Outcome(None, MISSED): 1}),
        ("question",): Counter({Outcome(5, None, 8): 2}),
    }
    measures = ["mean_days", "median_days", "p90_days", "within_term", "outside_term", "open_overdue", "term_days"]
    declared = {"by": ["nature"], "measures": [*measures, "score", "surveyed", "surveyed_share"]}
    table = made(declared, YearCounts(counted(complaint=5, question=2), outcomes=outcomes))
    assert figures(table, *measures, "score", "surveyed", "surveyed_share") == {
        ("complaint",): (14.75, 3, 50, 3, 1, 1, 45, 9.0, 3, 0.6),
        ("question",): (5.0, 5, 5, 0, 0, 0, None, 8.0, 2, 1.0),
    }
    assert table["totals"]["mean_days"] == 11.5
    assert table["totals"]["score"] == 8.6


@pytest.mark.parametrize(("of", "shares"), [("contacts", (0.5, 0.6)), ("answered", (0.625, 0.75))])
def test_answered_within_so_many_days(of: str, shares: tuple[float, float]) -> None:
    outcomes: Tally = {(): Counter({Outcome(14): 5, Outcome(20): 1, Outcome(21): 2, Outcome(None): 2})}
    declared = {"within_days": [14, 20], "within_days_of": of, "measures": ["count"]}
    table = made(declared, YearCounts(Counted(Counter({(): 10}), 10), outcomes=outcomes))
    assert figures(table, "within_14_days", "within_20_days") == {(): shares}


def test_unsolved_are_those_answered_later_and_those_that_still_wait() -> None:
    outcomes: Tally = {("second",): Counter({Outcome(14): 5, Outcome(15): 3, Outcome(None): 4})}
    unanswered: dict[int, Counter[Group]] = {14: Counter({("second",): 1})}
    now = YearCounts(counted(second=12), outcomes=outcomes, unanswered=unanswered)
    table = made({"by": ["line"], "unsolved_after_days": [14]}, now)
    assert figures(table, "unsolved_after_14_days") == {("second",): (4,)}
    assert table["totals"]["unsolved_after_14_days"] == 4


def test_new_and_closed_by_quarter() -> None:
    now = YearCounts(
        counted(**{"2021-Q1": 5, "2021-Q3": 2}),
        closed=Counter({("2021-Q1",): 1, ("2021-Q2",): 3}),
        open_before=4,
    )
    table = made({"by": ["quarter"], "measures": ["count"], "new_and_closed": True}, now)
    assert figures(table, "count", "closed", "open_at_end") == {
        ("2021-Q1",): (5, 1, 8),
        ("2021-Q2",): (0, 3, 5),
        ("2021-Q3",): (2, 0, 7),
    }
    assert table["totals"] == {"count": 7, "closed": 4, "open_at_end": 7}


@pytest.mark.parametrize(
    ("declared", "rows"),
    [
        ({"by": ["line"], "where": {"line": ["first", "second"]}}, {("first",), ("second",)}),
        ({"by": ["half_year"]}, {("2021-H1",), ("2021-H2",)}),
        (
            {
                "by": ["qualification"],
                "groups": [{"id": "g", "name": {"nl": "G", "en": "G"}, "values": ["founded"]}],
            },
            {("g",), ("partly_founded",), ("no_judgement",), ("unfounded",)},
        ),
        ({"by": ["cross_directorate"]}, {("true",), ("false",)}),
    ],
)
def test_all_rows_stand_there_also_without_contacts(declared: dict[str, Any], rows: set[tuple[str, ...]]) -> None:
    table = made(declared | {"all_rows": True}, YearCounts(counted()))
    assert set(figures(table)) == rows
    assert {row["count"] for row in table["rows"]} == {0}


def test_all_rows_of_services_are_each_under_their_own_directorate() -> None:
    table = made({"by": ["directorate", "service"], "all_rows": True}, YearCounts(counted()))
    assert {VERSION.directorate_of(service) == directorate for directorate, service in figures(table)} == {True}
    assert len(table["rows"]) == len(VERSION.codes["service"])


def test_a_row_that_was_not_printed_is_not_known_where_others_are_missing() -> None:
    declared = {"by": ["line"], "published": {2020: {"first": 115}}, "published_totals": {2020: 263}}
    table = made(declared, YearCounts(counted(first=90, second=124)))
    first, second = table["rows"]
    assert first["previous"]["2020"] == {"count": 115, "share": 0.437262}
    assert second["previous"] == {"2020": None}
    complete = made(declared | {"published_totals": {2020: 115}}, YearCounts(counted(first=90, second=124)))
    assert complete["rows"][1]["previous"]["2020"] == {"count": 0, "share": 0.0}


def test_a_printed_share_may_be_of_something_else_than_the_total() -> None:
    declared = {"published": {2020: {"": 179}}, "published_share_of": {2020: 428}}
    table = made(declared, YearCounts(Counted(Counter({(): 152}), 152)))
    assert table["rows"][0]["previous"]["2020"]["share"] == 0.418224


def test_per_1000_of_all_rows_together() -> None:
    declared = {"by": ["district"], "where": {"district": ["leuven", "heverlee"]}, "per_1000_inhabitants": True}
    table = made(declared, YearCounts(counted(leuven=88, heverlee=35)))
    assert figures(table, "inhabitants", "per_1000")["leuven",] == (30086, 2.9249)
    assert (table["totals"]["inhabitants"], table["totals"]["per_1000"]) == (56813, 2.165)


def test_the_mean_per_month_of_a_year_that_has_not_ended() -> None:
    table = made({"measures": ["mean_per_month"]}, YearCounts(Counted(Counter({(): 30}), 30), months=4))
    assert figures(table, "mean_per_month") == {(): (7.5,)}


def test_the_definition_says_what_is_counted_and_by_which_date() -> None:
    declared = {"by": ["norm", "half_year"], "where": {"line": ["second"], "half_year": ["H2"]}}
    told = made(declared, YearCounts(counted()))["definition"]
    assert told == {
        "nl": "Contacten met lijn 'Tweedelijn' en halfjaar '2021-H2', ontvangen van 1 januari 2021 tot en met "
        "31 december 2021, per norm en halfjaar; een contact met meer waarden telt in elk van die rijen.",
        "en": "Contacts with line 'Second line' and half year '2021-H2', received from 1 January 2021 up to and "
        "including 31 December 2021, by norm and half year; a contact with several values counts in each of those "
        "rows.",
    }


def test_a_reporting_year_of_another_first_day() -> None:
    year = ReportingYear.of(PROFILES["antwerpen_politie"], 2023)
    assert (year.first, year.last) == (date(2023, 1, 19), date(2024, 1, 18))
    assert not year.is_of_the_calendar
    before = year.before(3)
    assert (before.name, before.first, before.last) == (2020, date(2020, 1, 19), date(2021, 1, 18))
    begun = {day: year.months_begun(day) for day in (date(2023, 1, 20), date(2023, 2, 18), date(2023, 2, 19))}
    assert list(begun.values()) == [1, 1, 2]
    assert year.months_begun(date(2024, 6, 1)) == 12


def test_the_periods_of_a_reporting_year_that_begins_in_september() -> None:
    year = ReportingYear(2021, date(2021, 9, 1), date(2022, 8, 31))
    seasons = [("month", "09"), ("month", "12"), ("month", "01"), ("month", "08"), ("year", "")]
    assert [year.period(*each) for each in seasons] == ["2021-09", "2021-12", "2022-01", "2022-08", "2021"]
    assert YEAR.period("half_year", "H2") == "2021-H2"


def test_context_is_of_the_latest_year_that_is_known_by_then() -> None:
    version = PROFILES["antwerpen_brandweer"].versions[-1]
    (figure,) = context(version, 2023)
    assert (figure["id"], figure["unit"], figure["year"], figure["value"]) == (
        "mean_response_time_to_fire",
        "seconds",
        2022,
        413,
    )
    assert context(version, 2021) == []


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"by": ["line"], "lines": [{"id": "a", "name": {"nl": "a", "en": "a"}}]}, "these are the rows"),
        ({"by": ["line"], "new_and_closed": True}, "is told by period"),
    ],
)
def test_what_does_not_go_together_is_refused(declared: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        made(declared, YearCounts(counted()))
