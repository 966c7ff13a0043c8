"""A report as a workbook: one sheet for each table, its figures numbers, with a list of them in front."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format as Style
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from services.reporting.domain.findings import findings
from services.reporting.domain.report_view import Format, Language, Report, is_number
from services.reporting.domain.wording import in_points
from services.reporting.paper.layout import SUPPRESSED, Head, Layout, Line, lay_out
from services.reporting.paper.notes import context_row, made_of, notes
from services.reporting.paper.words import say

_LONGEST_NAME: Final = 31
"""Letters that the format has room for in the name of a sheet."""
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NUMBERS: Final[Mapping[Format, str]] = {
    "count": "#,##0",
    "percent": "0.0%",
    "decimal": "#,##0.00",
    "days": "#,##0.0",
    "points": "+0.0;\u22120.0;0.0",
    "text": "@",
}
_CHANGES: Final[Mapping[Format, str]] = {"count": "+#,##0;\u2212#,##0;0", "percent": "+0.0%;\u22120.0%;0.0%"}
_WIDEST_NAME: Final = 60
_WRAPPED_AT: Final = 70
_ROW: Final = 15
"""Points that a line of text is high."""
_UPRIGHT: Final = 6
"""Columns of figures that fit on an upright page."""
_HEADS: Final = 3
"""Rows above the figures: the table's title, the periods, and what each column is."""


def report_workbook(report: Report, language: Language) -> bytes:
    """An XLSX file. Nothing in it is a formula or a link but to its own sheets; texts stay texts."""
    packed = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(packed, options) as workbook:
        _describe(workbook, report, language)
        writer = _Writer(workbook, report, language)
        layouts = [lay_out(report, table, language, short=False) for table in report.tables]
        names = sheet_names([say("contents", language), *(each.title for each in layouts)])
        writer.contents(names, layouts)
        for name, layout in zip(names[1:], layouts, strict=True):
            writer.table(name, names[0], layout)
    return packed.getvalue()


def sheet_names(titles: Sequence[str]) -> list[str]:
    """A valid name for each sheet, no two alike: its number, and the title as far as it fits."""
    names: list[str] = []
    for number, title in enumerate(titles):
        prefix = f"{number} " if number else ""
        plain = " ".join(title.translate(_NOT_IN_NAMES).split())
        names.append(f"{prefix}{plain}"[:_LONGEST_NAME].rstrip())
    return names


def _describe(workbook: Workbook, report: Report, language: Language) -> None:
    made = datetime.fromisoformat(report.generated_at).replace(tzinfo=None)
    title = f"{report.title[language]} - {report.name[language]}"
    workbook.set_properties(
        {
            "title": title,
            "author": report.name[language],
            "comments": f"{say('version', language)}: {report.profile_version}",
            "created": made,
        }
    )


class _Writer:
    def __init__(self, workbook: Workbook, report: Report, language: Language) -> None:
        self._workbook = workbook
        self._report = report
        self._language = language
        add = workbook.add_format
        self._title: Style = add({"bold": True, "font_size": 14, "font_color": "#0b4f9e"})
        self._head: Style = add({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self._number_head: Style = add(
            {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right", "bottom": 1}
        )
        self._group: Style = add({"bold": True, "align": "center", "bg_color": "#e8eef6"})
        self._total_name: Style = add({"bold": True, "top": 1})
        self._wrapped: Style = add({"text_wrap": True, "valign": "top"})
        self._plain: Style = add({"valign": "top"})
        self._link: Style = add({"font_color": "#0b4f9e", "underline": 1, "valign": "top"})
        self._styles: dict[tuple[str, bool], Style] = {}

    def _style(self, number_format: str, *, total: bool) -> Style:
        key = (number_format, total)
        if key not in self._styles:
            more = {"bold": True, "top": 1} if total else {}
            self._styles[key] = self._workbook.add_format({"num_format": number_format, "align": "right", **more})
        return self._styles[key]

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def contents(self, names: Sequence[str], layouts: Sequence[Layout]) -> None:
        """What the sheets are, what they add up to, and what a reader has to know."""
        sheet, report, language = self._sheet(names[0]), self._report, self._language
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 3, _WRAPPED_AT)
        sheet.write_string(0, 0, f"{report.title[language]} - {report.name[language]}", self._title)
        told = [
            (say("generated", language), report.generated_at),
            (say("version", language), report.profile_version),
            (say("made_of", language), made_of(report, language)),
            *([(say("running", language), "")] if report.running else []),
            *((remark[language], "") for remark in report.remarks),
        ]
        for row, (term, value) in enumerate(told, start=1):
            sheet.write_string(row, 0, term)
            sheet.write_string(row, 1, value)
        row = len(told) + 2
        for column, word in enumerate(("table", "section", "definition", "made_of")):
            sheet.write_string(row, column, say(word, language), self._head)
        for name, layout in zip(names[1:], layouts, strict=True):
            row += 1
            address = f"internal:{quote_sheetname(name)}!A1"
            sheet.write_url(row, 0, address, self._link, f"{layout.table.number}. {layout.title}")
            sheet.write_string(row, 1, layout.section, self._wrapped)
            sheet.write_string(row, 2, layout.definition, self._wrapped)
            told_of = f"{layout.reconciliation} {layout.published}".strip()
            sheet.write_string(row, 3, told_of, self._wrapped)
            lines = max(-(-len(text) // _WRAPPED_AT) for text in (layout.definition, told_of, " "))
            sheet.set_row(row, _ROW * lines)
        row = self._notes(sheet, row + 2)
        sheet.write_string(row, 0, say("findings", language), self._head)
        for found in findings(report, language):
            row += 1
            sheet.write_string(row, 0, found.sentence)

    def _notes(self, sheet: Worksheet, row: int) -> int:
        sheet.write_string(row, 0, say("notes", self._language), self._head)
        context = [context_row(each, self._language) for each in self._report.context]
        for term, meaning in [*notes(self._report, self._language), *context]:
            row += 1
            sheet.write_string(row, 0, term, self._plain)
            sheet.write_string(row, 1, meaning)
        return row + 2

    def table(self, name: str, contents: str, layout: Layout) -> None:
        """The table from the third row on, its names and heads in view while it is scrolled."""
        sheet = self._sheet(name)
        names = layout.dimensions
        sheet.write_string(0, 0, f"{layout.table.number}. {layout.title}", self._title)
        self._heads(sheet, names, layout)
        lines = [(each, False) for each in layout.lines] + ([(layout.total, True)] if layout.total else [])
        for row, (line, total) in enumerate(lines, start=_HEADS):
            self._line(sheet, row, line, layout.heads, len(names), total=total)
        sheet.freeze_panes(_HEADS, len(names))
        sheet.repeat_rows(0, _HEADS - 1)
        if len(layout.heads) > _UPRIGHT:
            sheet.set_landscape()
        for column in range(len(names)):
            longest = max((len(line.names[column]) for line in layout.lines), default=10)
            sheet.set_column(column, column, min(max(longest, 12), _WIDEST_NAME) + 2)
        sheet.set_column(len(names), len(names) + len(layout.heads), 13)
        row = len(lines) + _HEADS + 1
        for text in (layout.definition, layout.reconciliation, layout.published):
            if text:
                sheet.write_string(row, 0, text)
                row += 1
        back = f"internal:{quote_sheetname(contents)}!A1"
        sheet.write_url(row, 0, back, self._link, say("contents", self._language))

    def _heads(self, sheet: Worksheet, names: Sequence[str], layout: Layout) -> None:
        for column, label in enumerate(names):
            sheet.write_string(2, column, label, self._head)
        column = len(names)
        for group, width in layout.groups:
            if width > 1:
                sheet.merge_range(1, column, 1, column + width - 1, group, self._group)
            else:
                sheet.write_string(1, column, group, self._group)
            column += width
        for column, head in enumerate(layout.heads, start=len(names)):
            sheet.write_string(2, column, head.label, self._number_head)

    def _line(
        self, sheet: Worksheet, row: int, line: Line, heads: Sequence[Head], first: int, *, total: bool
    ) -> None:
        names = [*line.names, *[""] * (first - len(line.names))]
        for column, label in enumerate(names):
            sheet.write_string(row, column, label, *([self._total_name] if total else []))
        for column, (head, value) in enumerate(zip(heads, line.figures, strict=True), start=first):
            self._figure(sheet, row, column, head, value, total=total)

    def _figure(self, sheet: Worksheet, row: int, column: int, head: Head, value: Any, *, total: bool) -> None:
        compared = head.group.startswith(say("change", self._language))
        style = self._style((_CHANGES if compared else {}).get(head.format, _NUMBERS[head.format]), total=total)
        if is_number(value):
            # Points are told in hundredths, as people speak of them.
            sheet.write_number(row, column, in_points(value) if head.format == "points" else value, style)
        elif value is None:
            sheet.write_blank(row, column, None, style)
        else:
            text = say("suppressed", self._language) if value == SUPPRESSED else str(value)
            sheet.write_string(row, column, text, style)
