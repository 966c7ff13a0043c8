"""The workbook, opened again with another library."""

import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook

from services.reporting.domain.report_view import Language, Report, is_number, read_annual
from services.reporting.paper.workbook import report_workbook, sheet_names
from tests.unit.reporting.annual_reports import LABELS, made_annual, made_table, reports

LANGUAGES: tuple[Language, ...] = ("nl", "en")


def opened(annual: Report, language: Language = "nl") -> Workbook:
    return load_workbook(io.BytesIO(report_workbook(annual, language)))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_every_figure_is_a_number_and_the_right_one(report: dict[str, Any]) -> None:
    annual = read_annual(report)
    for language in LANGUAGES:
        book = opened(annual, language)
        assert len(book.worksheets) == len(annual.tables) + 1
        for table, sheet in zip(annual.tables, book.worksheets[1:], strict=True):
            first = max(len(table.dimensions), 1)
            rows = list(sheet.iter_rows(min_row=4, max_row=3 + len(table.rows)))
            for row, shown in zip(table.rows, rows, strict=True):
                for column, cell in zip(table.columns, shown[first:], strict=False):
                    value = row.figures[column.id]
                    if is_number(value):
                        assert cell.value == value
                        assert cell.data_type == "n"
                    else:
                        assert cell.value in (None, "afgeschermd", "suppressed")


class TestSheets:
    annual = made_annual(
        made_table(
            ("line",), {("first",): 90, ("second",): 124}, {("first",): 115, ("second",): 108}, id_="lines"
        ),
        made_table((), {(): 252}, {(): 263}, id_="all"),
    )

    def test_formats_tell_what_figures_are(self) -> None:
        sheet = opened(self.annual).worksheets[1]
        cells = {str(sheet.cell(3, column).value): sheet.cell(5, column) for column in range(1, 9)}
        assert [sheet.cell(5, column).value for column in range(1, 9)] == [
            "Tweedelijn", 124, 0.579439, 108, 0.484305, 16, 0.148148, 9.5134,
        ]  # fmt: skip
        assert cells["Aandeel"].number_format == "0.0%"
        assert cells["In %"].number_format.startswith("+0.0%")
        assert [sheet.cell(2, column).value for column in (2, 4, 6)] == ["2021", "2020", "Verschil met 2020"]

    def test_heads_stay_in_view_and_the_total_closes_the_table(self) -> None:
        sheet = opened(self.annual).worksheets[1]
        assert sheet.freeze_panes == "B4"
        assert [sheet.cell(6, column).value for column in (1, 2, 4)] == ["Totaal", 214, 223]
        assert sheet.cell(6, 1).font.bold

    def test_the_contents_lead_to_every_sheet_and_say_what_it_adds_up_to(self) -> None:
        book = opened(self.annual)
        contents = book.worksheets[0]
        links = {str(cell.value): cell.hyperlink for row in contents.iter_rows() for cell in row if cell.hyperlink}
        assert list(links) == ["1. Tabel lines", "2. Tabel all"]
        for place, link in enumerate(links.values(), start=1):
            assert link is not None
            assert link.location == f"'{book.sheetnames[place]}'!A1"
        texts = [str(cell.value) for row in contents.iter_rows() for cell in row if cell.value]
        assert "214 van de 214 contacten van 2021 vallen in deze tabel; de rijen tellen op tot 214." in texts
        assert any("12.345 gebeurtenissen" in text for text in texts)

    def test_the_document_tells_what_it_is(self) -> None:
        properties = opened(self.annual).properties
        assert properties.title == "Jaarverslag 2021 - Stad Leuven"
        assert properties.creator == "Stad Leuven"
        assert properties.created == datetime(2022, 2, 1, 9, 30)  # noqa: DTZ001  the format knows no zone

    def test_nothing_is_a_formula_or_leads_elsewhere(self) -> None:
        book = opened(made_annual(made_table(("channel",), {(value,): 1 for value in LABELS["channel"]})))
        shown = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in shown if cell.value is not None} == {"s", "n"}
        assert "=HYPERLINK(1)" in [cell.value for cell in shown]
        assert all(cell.hyperlink is None or cell.hyperlink.target is None for cell in shown)


@pytest.mark.parametrize(
    "titles",
    [
        ["Inhoud", "Contacten per [maand]: 1/2?", "Contacten per [maand]: 1/2?"],
        ["Inhoud", *["Tweedelijnsdossiers per directie en beoordeling"] * 40],
        ["Inhoud", "'x'", "History"],
    ],
)
def test_names_of_sheets_are_valid_and_no_two_alike(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({name.lower() for name in names}) == len(titles)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set("[]:*?/\\") & set(name)
        assert not name.startswith("'")
