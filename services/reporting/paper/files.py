"""A report as files of figures: a zip with one CSV for each table, for spreadsheets and for programs."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.reporting.domain.findings import findings
from services.reporting.domain.report_view import Language, Report, is_number
from services.reporting.domain.wording import in_points
from services.reporting.paper.layout import SUPPRESSED, Head, Layout, Line, lay_out
from services.reporting.paper.notes import context_row, made_of, notes
from services.reporting.paper.words import say

BOM: Final = "\ufeff"
"""Tells Excel that a file is UTF-8."""
_SEPARATORS: Final[Mapping[Language, tuple[str, str]]] = {"nl": (";", ","), "en": (",", ".")}
"""Between cells, and before decimals: as spreadsheets in the language expect them."""
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the start of a formula."""
_NAMES: Final[Mapping[Language, str]] = {"nl": "LEESMIJ.csv", "en": "README.csv"}


def report_files(report: Report, language: Language) -> bytes:
    """A zip of a file for each table, named after its id, and one that tells what they are.

    Shares and changes in percent are parts of 1, rounded at the sixth place; an empty cell is a figure that is not
    known. The same report makes the same bytes.
    """
    made = datetime.fromisoformat(report.generated_at)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in _files(report, language):
            entry = zipfile.ZipInfo(name, (made.year, made.month, made.day, made.hour, made.minute, made.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, _csv(rows, language).encode())
    return packed.getvalue()


def _files(report: Report, language: Language) -> Iterable[tuple[str, list[Sequence[Any]]]]:
    layouts = [lay_out(report, table, language, short=False, dated=True) for table in report.tables]
    yield _NAMES[language], _about(report, layouts, language)
    for layout in layouts:
        yield f"{layout.table.id}.csv", _rows(layout)


def _about(report: Report, layouts: Sequence[Layout], language: Language) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [
        [report.title[language], report.name[language]],
        [say("generated", language), report.generated_at],
        [say("version", language), report.profile_version],
        [say("made_of", language), made_of(report, language)],
    ]
    if report.running:
        rows.append([say("running", language)])
    rows += [[remark[language]] for remark in report.remarks]
    rows += [[], [say(each, language) for each in ("file", "table", "section", "definition", "made_of")]]
    rows += [[f"{each.table.id}.csv", each.title, each.section, each.definition, _told(each)] for each in layouts]
    rows += [[], *notes(report, language), *(context_row(each, language) for each in report.context)]
    rows += [[], [say("findings", language)], *([each.sentence] for each in findings(report, language))]
    return rows


def _told(layout: Layout) -> str:
    return f"{layout.reconciliation} {layout.published}".strip()


def _rows(layout: Layout) -> list[Sequence[Any]]:
    """A head of one line, so that a program finds its columns; the sum stays out, so that it finds only rows."""
    head = [*layout.dimensions, *(f"{each.group} {each.label}".strip() for each in layout.heads)]
    return [head, *([*line.names, *_figures(line, layout.heads)] for line in layout.lines)]


def _figures(line: Line, heads: Sequence[Head]) -> list[Any]:
    return [
        in_points(value) if head.format == "points" and is_number(value) else value
        for head, value in zip(heads, line.figures, strict=True)
    ]


def _csv(rows: Iterable[Sequence[Any]], language: Language) -> str:
    between, point = _SEPARATORS[language]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=between, lineterminator="\r\n")
    writer.writerows([_cell(value, point, language) for value in row] for row in rows)
    return BOM + text.getvalue()


def _cell(value: Any, point: str, language: Language) -> str:
    if value is None:
        return ""
    if is_number(value):
        return str(value).replace(".", point)
    text = say("suppressed", language) if value == SUPPRESSED else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
