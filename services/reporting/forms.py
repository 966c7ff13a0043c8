"""A report over HTTP in the form that is asked for: JSON, a page, PDF, a workbook or files of figures."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.reporting.domain.question import MOST_ERRORS
from services.reporting.domain.report_view import Language, Report
from services.reporting.paper.files import report_files
from services.reporting.paper.negotiation import OFFERS, Form, choose
from services.reporting.paper.page import report_page
from services.reporting.paper.pdf import PdfMaker
from services.reporting.paper.workbook import report_workbook
from services.reporting.reports import Reports
from shared.contracts.rejection import FieldError
from shared.pages import SECURITY
from shared.problems import Problem, unprocessable

LONGEST_NAME: Final = 64
MEDIA_TYPES: Final = {offer.form: offer.media_types[0] for offer in OFFERS}
_FILES: Final[dict[Form, tuple[str, Callable[[Report, Language], bytes]]]] = {
    "csv": ("zip", report_files),
    "xlsx": ("xlsx", report_workbook),
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, in the form that was asked for",
        "content": {
            media_type: {"schema": {"type": "string"} | ({} if form == "html" else {"format": "binary"})}
            for form, media_type in MEDIA_TYPES.items()
            if form != "json"
        },
    },
    406: {"description": "None of the forms that there are is accepted"},
    503: {"description": "The database does not answer, or a PDF cannot be made here or now"},
}
"""What the OpenAPI document says of an address that gives a report."""


def accepted(request: Request) -> Form:
    """The form that the asker prefers. Raises ``Problem`` 406 where it is none of those that there are."""
    form = choose(request.headers.get("accept", ""))
    if form is None:
        raise Problem(
            406, "Not acceptable", f"This report comes as {', '.join(MEDIA_TYPES.values())}; ask for one."
        )
    return form


def known_organisation(organisation: str, reports: Reports) -> None:
    """Raises ``Problem`` 404 for an organisation that there is not."""
    known = sorted(reports.vocabularies)
    if organisation not in known:
        raise Problem(404, "Not found", f"There is no such organisation; known are {', '.join(known)}.")


def only_known(request: Request, allowed: Sequence[str]) -> None:
    """Raises ``Problem`` 422 for a parameter that there is not: who misspells one must not get something else."""
    errors = [
        FieldError(
            field=name if name.isidentifier() and len(name) <= LONGEST_NAME else "query",
            code="unknown_field",
            message=f"is no parameter; allowed are {', '.join(allowed)}",
        )
        for name in dict.fromkeys(request.query_params.keys())
        if name not in allowed
    ]
    if errors:
        raise unprocessable(errors[:MOST_ERRORS])


def as_json(told: bytes) -> Response:
    """A report that is spelled as JSON already."""
    return Response(told, headers={"Vary": "Accept"}, media_type=MEDIA_TYPES["json"])


async def answer_in(form: Form, report: Report, language: Language, pdf: PdfMaker) -> Response:
    """The report in any form but JSON."""
    headers: dict[str, str] = {"Vary": "Accept", "Content-Language": language}
    # In threads, so that events go on being counted while a long report is spelled out.
    if form in _FILES:
        ending, write = _FILES[form]
        content = await asyncio.to_thread(write, report, language)
        return Response(
            content, headers=headers | _attached(report, language, ending), media_type=MEDIA_TYPES[form]
        )
    page = await asyncio.to_thread(report_page, report, language)
    if form == "html":
        return HTMLResponse(page, headers={**headers, **SECURITY})
    shown = headers | _attached(report, language, "pdf", how="inline")
    return Response(await pdf.make(page), headers=shown, media_type=MEDIA_TYPES["pdf"])


def _attached(report: Report, language: Language, ending: str, how: str = "attachment") -> dict[str, str]:
    name = f"{report.stem[language]}.{ending}"
    # The policy for pages would keep a browser from showing a PDF.
    others = {name: value for name, value in SECURITY.items() if name != "Content-Security-Policy"}
    return others | {"Content-Disposition": f'{how}; filename="{name}"'}
