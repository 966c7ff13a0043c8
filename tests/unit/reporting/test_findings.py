"""Findings: sentences that hold nothing but what the tables hold."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.reporting.domain.findings import SMALLEST_BASE, SMALLEST_CHANGE, findings
from services.reporting.domain.report_view import Language, Report, is_number, read_annual
from services.reporting.domain.wording import figure, number, percent, signed
from tests.unit.reporting.annual_reports import Counts, made_annual, made_report, made_table, reports

MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
LANGUAGES: tuple[Language, ...] = ("nl", "en")
_NUMBER = re.compile(r"[+\u2212]?\d[\d.,]*\d|[+\u2212]?\d")


def sentences(annual: Report, language: Language = "nl") -> list[str]:
    return [each.sentence.replace("\u00a0", " ") for each in findings(annual, language)]


def said(*tables: dict[str, Any], language: Language = "nl", running: bool = False) -> list[str]:
    return sentences(made_annual(*tables, running=running), language)


def dossiers(now: int | None, before: int | None, **more: Any) -> dict[str, Any]:
    then: Counts | None = None if before is None else {(): before}
    return made_table((), {(): now}, then, where={"line": ["second"]}, **more)


class TestTotals:
    def test_what_rose(self) -> None:
        rose = dossiers(124, 108)
        assert said(rose) == [
            "Het aantal tweedelijnsdossiers steeg met 16, van 108 in 2020 tot 124 in 2021 (+14,8 %)."
        ]
        assert said(rose, language="en") == [
            "The number of second-line dossiers rose by 16, from 108 in 2020 to 124 in 2021 (+14.8%)."
        ]

    def test_what_fell_to_one(self) -> None:
        assert said(dossiers(1, 2500)) == [
            "Het aantal tweedelijnsdossiers daalde met 2.499, van 2.500 in 2020 tot 1 in 2021 (\u2212100,0 %)."
        ]

    def test_what_stayed(self) -> None:
        assert said(dossiers(108, 108)) == ["Het aantal tweedelijnsdossiers bleef gelijk: 108 in 2020 en in 2021."]
        assert said(dossiers(108, 108), language="en") == [
            "The number of second-line dossiers stayed the same: 108 in 2020 and in 2021."
        ]

    @pytest.mark.parametrize(("base", "told"), [(SMALLEST_BASE - 1, False), (SMALLEST_BASE, True), (0, False)])
    def test_of_a_small_base_there_is_no_percentage(self, base: int, told: bool) -> None:
        (sentence,) = said(dossiers(base + 3, base))
        assert ("%" in sentence) is told

    def test_nothing_is_compared_while_the_year_runs(self) -> None:
        assert said(dossiers(124, 108), running=True) == []

    @pytest.mark.parametrize(("now", "before"), [(None, 108), (124, None)])
    def test_nothing_is_said_of_what_is_missing(self, now: int | None, before: int | None) -> None:
        assert said(dossiers(now, before)) == []

    def test_the_same_contacts_are_told_once(self) -> None:
        assert len(said(dossiers(124, 108), dossiers(124, 108, id_="again"))) == 1

    @pytest.mark.parametrize(
        ("where", "noun"),
        [
            ({}, "contacten"),
            ({"nature": ["complaint"]}, "klachten"),
            ({"nature": ["complaint", "report"]}, "klachten en meldingen"),
            ({"line": ["second"], "nature": ["complaint"]}, "tweedelijnsklachten"),
            ({"line": ["external"]}, "externe contacten"),
            ({"line": ["first", "second"]}, "eerstelijns- en tweedelijnscontacten"),
        ],
    )
    def test_contacts_are_called_by_line_and_nature(self, where: dict[str, list[str]], noun: str) -> None:
        (sentence,) = said(made_table((), {(): 30}, {(): 20}, where=where))
        assert sentence.startswith(f"Het aantal {noun} steeg met 10,")

    def test_others_by_the_title_of_their_table(self) -> None:
        (sentence,) = said(made_table((), {(): 30}, {(): 20}, where={"norm": ["equality"]}))
        assert sentence.startswith("\u2018Tabel t\u2019: het totaal steeg met 10,")


class TestValues:
    def test_the_most_frequent(self) -> None:
        by_line = made_table(("line",), {("external",): 38, ("first",): 90, ("second",): 124})
        assert said(by_line) == [
            "Lijn: \u2018Tweedelijn\u2019 komt het vaakst voor, met 124 van de 252 contacten (49,2 %)."
        ]

    def test_those_that_are_as_frequent(self) -> None:
        tied = made_table(("line",), {("external",): 12, ("first",): 90, ("second",): 90})
        assert said(tied) == [
            (
                "Lijn: \u2018Eerstelijn\u2019 en \u2018Tweedelijn\u2019 komen het vaakst voor, "
                "elk met 90 van de 192 contacten (46,9 %)."
            )
        ]
        assert said(tied, language="en") == [
            (
                "Line: \u2018Eerstelijn\u2019 and \u2018Tweedelijn\u2019 are the most frequent, "
                "each with 90 of the 192 contacts (46.9%)."
            )
        ]

    def test_not_what_is_unknown_nor_among_few(self) -> None:
        assert said(made_table(("channel",), {("email",): 20, ("unknown",): 30})) == []
        assert said(made_table(("line",), {("first",): SMALLEST_BASE - 2, ("second",): 1})) == []

    def test_not_where_a_figure_is_suppressed(self) -> None:
        assert said(made_table(("line",), {("first",): 90, ("second",): None})) == []

    @pytest.mark.parametrize(("step", "told"), [(SMALLEST_CHANGE, True), (SMALLEST_CHANGE - 1, False)])
    def test_what_rose_and_fell_most(self, step: int, told: bool) -> None:
        now: Counts = {("first",): 20 + step, ("second",): 40 - step}
        found = said(made_table(("line",), now, {("first",): 20, ("second",): 40}))
        rise = f"Lijn: de sterkste stijging was bij \u2018Eerstelijn\u2019, van 20 in 2020 tot {20 + step} in 2021"
        fall = f"Lijn: de sterkste daling was bij \u2018Tweedelijn\u2019, van 40 in 2020 tot {40 - step} in 2021"
        assert (f"{rise} (+{step})." in found) is told
        assert (f"{fall} (\u2212{step})." in found) is told

    def test_not_where_only_some_rows_of_the_earlier_year_were_published(self) -> None:
        table = made_table(("line",), {("first",): 90, ("second",): 40}, {("first",): 20, ("second",): 0})
        assert any("sterkste" in each for each in said(table))
        table["previous"]["2020"] |= {"total": 108, "source": "published"}
        assert not any("sterkste" in each for each in said(table))

    def test_the_busiest_month_and_the_quietest_once_the_year_is_over(self) -> None:
        months: Counts = {(f"2021-{month:02}",): 20 + month for month in range(1, 13)}
        by_month = made_table(("month",), months)
        assert said(by_month) == ["De drukste maand was december, met 32 contacten; de rustigste januari, met 21."]
        assert said(by_month, running=True) == ["De drukste maand was december, met 32 contacten."]
        assert said(by_month, language="en") == [
            "The busiest month was December, with 32 contacts; the quietest was January, with 21."
        ]

    def test_most_by_inhabitants(self) -> None:
        rates = made_table(("line",), {("first",): 70, ("second",): 35}, rates=True)
        assert said(rates) == ["Per 1.000 inwoners zijn er de meeste contacten in \u2018Eerstelijn\u2019: 10,00."]

    @pytest.mark.parametrize(("within", "verb"), [(1, "kreeg"), (100, "kregen")])
    def test_how_answers_came(self, within: int, verb: str) -> None:
        table = dossiers(124, None)
        table["totals"] |= {"within_term": within, "outside_term": 10, "mean_days": 23.46}
        assert said(table) == [
            f"Van de 124 tweedelijnsdossiers {verb} er {within} een antwoord binnen de termijn en 10 erna.",
            "Bij de 124 tweedelijnsdossiers kwam het eerste antwoord gemiddeld na 23,5 dagen.",
        ]


@MANY
@given(reports())
def test_every_number_of_a_sentence_is_in_the_tables(report: dict[str, Any]) -> None:
    annual = read_annual(report)
    for language in LANGUAGES:
        known = set(readings(annual, language))
        for finding in findings(annual, language):
            plain = re.sub("\u2018[^\u2019]*\u2019", "", finding.sentence)
            plain = plain.replace("1.000 inwoners", "").replace("1,000 inhabitants", "")
            assert set(_NUMBER.findall(plain)) <= known, finding.sentence


def readings(annual: Report, language: Language) -> Iterator[str]:
    """Every figure of the report, as it reads."""
    yield from (annual.key, annual.before)
    for table in annual.tables:
        wholes = [table.total, *(each.total for each in table.before.values())]
        changes = [*table.change.values(), *(each for row in table.rows for each in row.change.values())]
        counts = [row.figures["count"] for row in table.rows]
        earlier = [(each or {}).get("count") for row in table.rows for each in row.previous.values()]
        yield from (number(each, language) for each in [*wholes, *counts, *earlier] if is_number(each))
        yield from (figure(row.figures.get("per_1000"), "decimal", language) for row in table.rows)
        parts = [row.figures["share"] for row in table.rows]
        yield from (percent(each, language).rstrip("\u00a0%") for each in parts if is_number(each))
        for step in changes:
            if step is None:
                continue
            yield from (number(abs(step["count"]), language), signed(number(step["count"], language)))
            if step["percent"] is not None:
                yield signed(percent(step["percent"], language)).rstrip("\u00a0%")


@MANY
@given(reports())
def test_both_languages_say_as_much(report: dict[str, Any]) -> None:
    annual = read_annual(report)
    dutch, english = findings(annual, "nl"), findings(annual, "en")
    assert [each.table.id for each in dutch] == [each.table.id for each in english]
    assert all(each.sentence.endswith(".") for each in [*dutch, *english])


def test_a_report_as_it_was_before_its_tables_told_of_themselves() -> None:
    table = made_table(("line",), {("first",): 90, ("second",): 124}, {("first",): 115, ("second",): 108})
    for name in ("columns", "totals", "several", "suppressed", "change", "reconciliation", "definition"):
        del table[name]
    for row in table["rows"]:
        del row["change"], row["suppressed"]
    annual = read_annual(made_report(table))
    assert [column.id for column in annual.tables[0].columns] == ["count", "share"]
    assert annual.tables[0].rows_add_up_to == 214
    assert (
        "Lijn: de sterkste daling was bij \u2018Eerstelijn\u2019, van 115 in 2020 tot 90 in 2021 (\u221225)."
        in (sentences(annual))
    )
