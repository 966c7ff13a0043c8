"""The annual report over HTTP: one report in five forms, for programs, spreadsheets, browsers and paper."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.reporting.access import asks_for_everybody, readers
from services.reporting.api_documents import AUDIENCE, PROBLEMS, AnnualReport
from services.reporting.domain.question import BadQuestion
from services.reporting.domain.report_view import Language, read_annual
from services.reporting.forms import RESPONSES, accepted, answer_in, as_json, known_organisation, only_known
from services.reporting.paper.negotiation import Form
from services.reporting.paper.pdf import PdfMaker
from services.reporting.public import PublicReports
from services.reporting.reports import Reports
from shared.problems import Problem, unprocessable

FIRST_YEAR: Final = 1900
"""Nothing older is taken in."""


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
        responses=RESPONSES | {404: {"description": "No such organisation or year"}},
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
        form = format or accepted(request)
        known_organisation(organisation, reports)
        only_known(request, ("audience", "format", "lang"))
        wanted = _year(year, reports.running_year(organisation))
        if _for_everybody(request):
            told = orjson.dumps(await _public(public, organisation, wanted))
        else:
            told = await reports.annual_json(organisation, wanted)
        if form == "json":
            return as_json(told)
        report = orjson.loads(told)
        made = reports.local(organisation, report["generated_at"])
        shown = read_annual(report | {"generated_at": made.isoformat(timespec="seconds")})
        return await answer_in(form, shown, lang, pdf)

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


def _year(text: str, running: int) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= running:  # noqa: PLR2004
        return int(text)
    raise Problem(404, "Not found", f"There is no such year; give one from {FIRST_YEAR} to {running}, like 2021.")
