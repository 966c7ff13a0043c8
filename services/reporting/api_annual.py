"""The annual report over HTTP: one report in five forms, for programs, spreadsheets, browsers and paper."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.reporting.access import asks_for_everybody, readers
from services.reporting.api_documents import AUDIENCE, PROBLEMS, AnnualReport
from services.reporting.domain.annual_view import Annual, Language, read_annual
from services.reporting.domain.question import BadQuestion
from services.reporting.paper.files import annual_files
from services.reporting.paper.negotiation import OFFERS, Form, choose
from services.reporting.paper.page import annual_page
from services.reporting.paper.pdf import PdfMaker
from services.reporting.paper.workbook import annual_workbook
from services.reporting.public import PublicReports
from services.reporting.reports import Reports
from shared.pages import SECURITY
from shared.problems import Problem, unprocessable

FIRST_YEAR: Final = 1900
"""Nothing older is taken in."""
MEDIA_TYPES: Final = {offer.form: offer.media_types[0] for offer in OFFERS}
_FILES: Final[dict[Form, tuple[str, Callable[[Annual, Language], bytes]]]] = {
    "csv": ("zip", annual_files),
    "xlsx": ("xlsx", annual_workbook),
}
_TITLES: Final[dict[Language, str]] = {"nl": "jaarverslag", "en": "annual-report"}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, in the form that was asked for",
        "content": {
            media_type: {"schema": {"type": "string"} | ({} if form == "html" else {"format": "binary"})}
            for form, media_type in MEDIA_TYPES.items()
            if form != "json"
        },
    },
    404: {"description": "No such organisation or year"},
    406: {"description": "None of the forms that there are is accepted"},
    503: {"description": "The database does not answer, or a PDF cannot be made here or now"},
}


def annual_routes(
    reports: Reports, public: PublicReports, pdf: PdfMaker, *, open_to_everybody: bool = False
) -> APIRouter:
    """``/reports/annual/{organisation}/{year}``, in every form for those who know and for everybody."""
    router = APIRouter(
        prefix="/reports",
        tags=["reports"],
        dependencies=[Depends(readers(open_to_everybody=open_to_everybody))],
        responses=PROBLEMS,
    )

    @router.get(
        "/annual/{organisation}/{year}",
        summary="The annual report: JSON, a page, PDF, a workbook, or a zip of CSV",
        response_model=AnnualReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": [AUDIENCE]},
        responses=_RESPONSES,
    )
    async def annual(
        request: Request,
        organisation: Annotated[str, Path(description="Id of the organisation")],
        year: Annotated[str, Path(description="Calendar year in the organisation's zone", examples=["2021"])],
        format: Annotated[  # noqa: A002  what it is called in the address
            Form | None, Query(description="The form, for links in a browser; else what Accept prefers")
        ] = None,
        lang: Annotated[Language, Query(description="Language of everything but JSON, which has both")] = "nl",
    ) -> Response:
        form = format or _accepted(request.headers.get("accept", ""))
        _known_organisation(organisation, reports)
        wanted = _year(year, reports.running_year(organisation))
        if _for_everybody(request):
            told = orjson.dumps(await _public(public, organisation, wanted))
        else:
            told = await reports.annual_json(organisation, wanted)
        if form == "json":
            return Response(told, headers={"Vary": "Accept"}, media_type=MEDIA_TYPES[form])
        report = orjson.loads(told)
        made = reports.local(organisation, report["generated_at"])
        annual = read_annual(report | {"generated_at": made.isoformat(timespec="seconds")})
        return await _answer(annual, form, lang, pdf)

    return router


def _for_everybody(request: Request) -> bool:
    try:
        return asks_for_everybody(request)
    except BadQuestion as bad:
        raise unprocessable(bad.errors) from None


async def _public(public: PublicReports, organisation: str, year: int) -> dict[str, Any]:
    try:
        return await public.annual(organisation, year)
    except BadQuestion as bad:
        raise unprocessable(bad.errors, "There is no such report for everybody; see errors.") from None


async def _answer(annual: Annual, form: Form, language: Language, pdf: PdfMaker) -> Response:
    headers: dict[str, str] = {"Vary": "Accept", "Content-Language": language}
    # In threads, so that events go on being counted while a long report is spelled out.
    if form in _FILES:
        ending, write = _FILES[form]
        content = await asyncio.to_thread(write, annual, language)
        return Response(
            content, headers=headers | _attached(annual, language, ending), media_type=MEDIA_TYPES[form]
        )
    page = await asyncio.to_thread(annual_page, annual, language)
    if form == "html":
        return HTMLResponse(page, headers={**headers, **SECURITY})
    shown = headers | _attached(annual, language, "pdf", how="inline")
    return Response(await pdf.make(page), headers=shown, media_type=MEDIA_TYPES["pdf"])


def _attached(annual: Annual, language: Language, ending: str, how: str = "attachment") -> dict[str, str]:
    name = f"{_TITLES[language]}-{annual.organisation}-{annual.year}.{ending}"
    # The policy for pages would keep a browser from showing a PDF.
    others = {name: value for name, value in SECURITY.items() if name != "Content-Security-Policy"}
    return others | {"Content-Disposition": f'{how}; filename="{name}"'}


def _accepted(accept: str) -> Form:
    form = choose(accept)
    if form is None:
        raise Problem(
            406, "Not acceptable", f"This report comes as {', '.join(MEDIA_TYPES.values())}; ask for one."
        )
    return form


def _known_organisation(organisation: str, reports: Reports) -> None:
    known = sorted(reports.vocabularies)
    if organisation not in known:
        raise Problem(404, "Not found", f"There is no such organisation; known are {', '.join(known)}.")


def _year(text: str, running: int) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= running:  # noqa: PLR2004
        return int(text)
    raise Problem(404, "Not found", f"There is no such year; give one from {FIRST_YEAR} to {running}, like 2021.")
