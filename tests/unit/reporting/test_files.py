"""The zip of CSV: what a spreadsheet and a program find in it."""

import csv
import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.reporting.domain.report_view import Language, is_number, read_annual
from services.reporting.paper.files import report_files
from tests.unit.reporting.annual_reports import LABELS, made_annual, made_table, reports

SEPARATORS = {"nl": (";", ","), "en": (",", ".")}


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def cells(content: bytes, language: Language) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[language][0]))


def read_number(text: str, language: Language) -> float | None:
    return float(text.replace(SEPARATORS[language][1], ".")) if text else None


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_every_figure_is_there(report: dict[str, Any]) -> None:
    annual = read_annual(report)
    for language in SEPARATORS:
        files = unpacked(report_files(annual, language))  # type: ignore[arg-type]
        assert len(files) == len(annual.tables) + 1
        for table in annual.tables:
            head, *rows = cells(files[f"{table.id}.csv"], language)  # type: ignore[arg-type]
            assert len(rows) == len(table.rows)
            first = max(len(table.dimensions), 1)
            for row, shown in zip(table.rows, rows, strict=True):
                assert len(shown) == len(head)
                for column, text in zip(table.columns, shown[first:], strict=False):
                    value = row.figures[column.id]
                    if is_number(value):
                        assert read_number(text, language) == value  # type: ignore[arg-type]
                    else:
                        assert text in ("", "afgeschermd", "suppressed")


def test_as_excel_wants_it() -> None:
    table = made_table(("line",), {("first",): 1, ("second",): 3}, {("first",): 2, ("second",): 2}, id_="by_line")
    content = unpacked(report_files(made_annual(table), "nl"))["by_line.csv"]
    assert content.startswith(b"\xef\xbb\xbfLijn;2021 Aantal;2021 Aandeel;2020 Aantal;2020 Aandeel;")
    assert content.endswith(b"\r\nTweedelijn;3;0,75;2;0,5;1;0,5;25,0\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 3
    english = unpacked(report_files(made_annual(table), "en"))["by_line.csv"]
    assert english.splitlines()[2] == b"Tweedelijn,3,0.75,2,0.5,1,0.5,25.0"


def test_no_cell_starts_a_formula() -> None:
    table = made_table(("channel",), {(value,): 1 for value in LABELS["channel"]})
    for language in SEPARATORS:
        files = unpacked(report_files(made_annual(table), language))  # type: ignore[arg-type]
        for row in [row for content in files.values() for row in cells(content, language)]:  # type: ignore[arg-type]
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r"))
                assert not cell.startswith("-") or read_number(cell, language) is not None  # type: ignore[arg-type]
        assert b"'=HYPERLINK(1)" in files["t.csv"]
        assert b"'-2+3" in files["t.csv"]


def test_months_are_dates_and_what_is_suppressed_is_told() -> None:
    table = made_table(("month",), {("2021-01",): 4, ("2021-02",): None})
    rows = cells(unpacked(report_files(made_annual(table), "nl"))["t.csv"], "nl")
    assert rows[1:] == [["2021-01", "4", ""], ["2021-02", "afgeschermd", "afgeschermd"]]


@pytest.mark.parametrize(("language", "name"), [("nl", "LEESMIJ.csv"), ("en", "README.csv")])
def test_it_says_what_it_holds(language: Language, name: str) -> None:
    table = made_table((), {(): 124}, {(): 108}, where={"line": ["second"]}, id_="dossiers")
    rows = cells(unpacked(report_files(made_annual(table), language))[name], language)
    flat = [cell for row in rows for cell in row]
    assert "dossiers.csv" in flat
    assert "2021-10-01/r2#7dea1b1d" in flat
    assert "2022-02-01T09:30:00+01:00" in flat
    assert table["definition"][language] in flat
    assert any("108" in cell and "124" in cell for cell in flat)
    assert any("12.345" in cell or "12,345" in cell for cell in flat)


def test_the_same_report_makes_the_same_bytes() -> None:
    annual = made_annual(made_table((), {(): 124}))
    assert report_files(annual, "nl") == report_files(annual, "nl")
