"""The report as a page, and how its tables are laid out."""

from typing import Any

import pytest

from services.reporting.domain.report_view import Language, Report
from services.reporting.paper.layout import SUPPRESSED, Layout, lay_out
from services.reporting.paper.page import report_page
from tests.unit.reporting.annual_reports import COUNT, Counts, made_annual, made_table

BY_LINE: Counts = {("first",): 90, ("second",): 124}


def laid_out(table: dict[str, Any], language: Language = "nl", *, short: bool = True) -> Layout:
    annual = made_annual(table)
    return lay_out(annual, annual.tables[0], language, short=short)


def page(*tables: dict[str, Any], language: Language = "nl", **more: Any) -> str:
    return report_page(made_annual(*tables, **more), language).replace("\u00a0", " ")


class TestColumns:
    def test_short_tables_show_one_figure_of_the_year_before_and_what_changed(self) -> None:
        shown = laid_out(made_table(("line",), BY_LINE, {("first",): 115, ("second",): 108}))
        assert shown.groups == [("2021", 2), ("2020", 1), ("Verschil met 2020", 3)]
        assert shown.lines[1].figures == [124, 0.579439, 108, 16, 0.148148, 0.095134]
        assert shown.total is not None
        assert shown.total.figures == [214, 1.0, 223, -9, -0.040359, None]

    def test_whole_tables_show_all_of_it(self) -> None:
        shown = laid_out(made_table(("line",), BY_LINE, {("first",): 115, ("second",): 108}), short=False)
        assert shown.groups == [("2021", 2), ("2020", 2), ("Verschil met 2020", 3)]

    def test_years_that_nothing_is_known_of_have_no_column(self) -> None:
        assert laid_out(made_table(("line",), BY_LINE)).groups == [("2021", 2)]

    def test_nor_have_years_of_which_only_the_total_is_known(self) -> None:
        table = made_table(("line",), BY_LINE)
        table["previous"]["2020"] |= {"total": 200, "source": "published", "totals": {"count": 200}}
        assert laid_out(table).groups == [("2021", 2)]
        assert ("2020", 2) in laid_out(table, short=False).groups

    def test_what_is_suppressed_is_no_figure(self) -> None:
        shown = laid_out(made_table(("line",), {("first",): 90, ("second",): None}))
        assert shown.lines[1].figures == [SUPPRESSED, SUPPRESSED]


class TestReconciliation:
    @pytest.mark.parametrize(
        ("contacts", "dutch", "english"),
        [
            (1, "1 van de 252 contacten van 2021 valt in", "1 of the 252 contacts of 2021 is in"),
            (124, "124 van de 252 contacten van 2021 vallen in", "124 of the 252 contacts of 2021 are in"),
        ],
    )
    def test_one_and_many(self, contacts: int, dutch: str, english: str) -> None:
        table = made_table(("line",), BY_LINE)
        table["reconciliation"] = {"contacts": contacts, "of": 252, "rows": contacts}
        assert laid_out(table).reconciliation.startswith(dutch)
        assert laid_out(table, "en").reconciliation.startswith(english)

    def test_contacts_with_several_values(self) -> None:
        table = made_table(("line",), BY_LINE, several=True)
        assert laid_out(table).reconciliation.endswith(
            "de rijen tellen op tot 214; een contact telt mee bij elk van zijn waarden."
        )

    def test_suppressed_figures_are_counted(self) -> None:
        table = made_table(("line",), BY_LINE)
        told = [laid_out(table | {"suppressed": number}).reconciliation for number in (1, 2)]
        assert told[0].endswith("1 cijfer is afgeschermd.")
        assert told[1].endswith("2 cijfers zijn afgeschermd.")

    def test_rows_with_conditions_of_their_own_have_no_total(self) -> None:
        table = made_table(("line",), BY_LINE, several=True)
        table["dimensions"] = ["figure"]
        for row in table["rows"]:
            row["key"], row["labels"] = {"figure": row["key"]["line"]}, {"figure": row["labels"]["line"]}
        shown = laid_out(table)
        assert shown.total is None
        assert shown.reconciliation.endswith("rijen kunnen elkaar overlappen.")
        assert shown.dimensions == ["Cijfer"]


class TestPage:
    def test_names_of_others_are_only_text(self) -> None:
        shown = page(made_table(("channel",), {("markup",): 3, ("email",): 4}))
        assert "<script" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown

    def test_a_year_that_runs_says_so(self) -> None:
        assert "Dit jaar loopt nog" in page(running=True)
        assert "loopt nog" not in page()

    def test_when_it_was_made_by_the_clock_of_the_organisation(self) -> None:
        assert '<time datetime="2022-02-01T09:30:00+01:00">1 februari 2022, 09:30</time>' in page()
        assert "1 januari 2021 tot en met 31 december 2021" in page()

    def test_figures_that_are_stated_are_told_apart(self) -> None:
        context = [
            {"label": {"nl": "Wachttijd", "en": "Wait"}, "unit": "seconds", "year": 2021, "value": 1100},
        ]
        assert "<dt>Wachttijd (2021)</dt><dd>1.100 seconden, opgegeven door de organisatie</dd>" in page(
            context=context
        )

    def test_figures_for_everybody_say_so_and_lead_to_such(self) -> None:
        shown = page(audience="public")
        assert "Cijfers voor iedereen" in shown
        assert shown.count("&amp;audience=public") == 5
        assert "audience" not in page()

    def test_nothing_is_told_of_an_earlier_total_that_is_suppressed(self) -> None:
        table = made_table(("line",), BY_LINE, {("first",): 115, ("second",): 6108})
        table["previous"]["2020"]["total"] = None
        table["change"] = {"2020": None}
        assert "6.223" not in page(table)

    def test_an_organisation_without_tables(self) -> None:
        assert "Dit profiel heeft nog geen tabellen." in page()

    def test_key_figures_with_the_year_before(self) -> None:
        shown = page(made_table((), {(): 124}, {(): 108}, where={"line": ["second"]}))
        assert '<dd class="value">1.252</dd>' in shown
        assert "2020: 108 (+16, +14,8 %)" in shown

    @pytest.mark.parametrize(
        ("format_", "value", "read"),
        [
            ("days", 23.46, "23,5"),
            ("percent", 0.935, "93,5 %"),
            ("text", "tien", "tien"),
            ("count", None, "\u2013"),
        ],
    )
    def test_figures_of_any_kind(self, format_: str, value: object, read: str) -> None:
        table = made_table((), {(): 124})
        column = {"id": "more", "label": {"nl": "Meer", "en": "More"}, "format": format_}
        table["columns"] = [COUNT, column]
        table["rows"][0]["more"] = value
        assert f">{read}</td>" in page(table)


def test_every_word_is_there_in_both_languages() -> None:
    annual: Report = made_annual(made_table(("month",), {("2021-01",): 1, ("2021-02",): 30}, {("2021-01",): 2}))
    for language in ("nl", "en"):
        assert f'<html lang="{language}">' in report_page(annual, language)
