"""Monthly reports over HTTP: read by whoever reads reports, made by hand by an administrator."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.reporting.access import PUBLIC, readers
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.monthly.view import read_monthly
from services.reporting.domain.report_view import Language
from services.reporting.forms import RESPONSES, accepted, answer_in, as_json, known_organisation, only_known
from services.reporting.monthly.documents import (
    PROBLEMS,
    MonthlyReport,
    MonthOfDirectorates,
    MonthsMade,
    MonthsOfReports,
)
from services.reporting.monthly.making import ByHand
from services.reporting.monthly.pages import month_page, months_page
from services.reporting.monthly.reading import MonthlyReports
from services.reporting.paper.negotiation import Form, choose
from services.reporting.paper.pdf import PdfMaker
from services.reporting.reports import Reports
from shared.access import require
from shared.contracts.rejection import FieldError
from shared.pages import SECURITY
from shared.problems import Problem, unprocessable

ListForm = Literal["json", "html"]
Organisation = Annotated[str, Path(description="Id of the organisation")]
MonthPath = Annotated[str, Path(description="Month of its own calendar", examples=["2021-03"])]
Lang = Annotated[Language, Query(description="Language of everything but JSON, which has both")]
_FIRST: Final = Month(1900, 1)
_LIST: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The list"}
}


def monthly_routes(reports: Reports, monthly: MonthlyReports, by_hand: ByHand, pdf: PdfMaker) -> APIRouter:
    """``/reports/monthly``: the months, the directorates of one, a report, and making what is not there."""
    router = APIRouter(prefix="/reports/monthly", tags=["monthly reports"], responses=PROBLEMS)
    reader = Depends(readers())

    def asked(request: Request, organisation: str, allowed: Sequence[str]) -> None:
        known_organisation(organisation, reports)
        _not_for_everybody(request)
        only_known(request, allowed)

    @router.get(
        "/{organisation}",
        summary="The months that there are reports of",
        dependencies=[reader],
        response_model=MonthsOfReports,
        responses=_LIST,
    )
    async def months(
        request: Request,
        organisation: Organisation,
        format: ListForm | None = None,  # noqa: A002
        lang: Lang = "nl",
    ) -> Response:
        asked(request, organisation, ("format", "lang"))
        answer = await monthly.months(organisation)
        return _list(answer, months_page(answer, lang) if _as_page(request, format) else None)

    @router.get(
        "/{organisation}/{month}",
        summary="The reports of a month, and the directorates that have none yet",
        dependencies=[reader],
        response_model=MonthOfDirectorates,
        responses=_LIST,
    )
    async def one_month(
        request: Request,
        organisation: Organisation,
        month: MonthPath,
        format: ListForm | None = None,  # noqa: A002
        lang: Lang = "nl",
    ) -> Response:
        asked(request, organisation, ("format", "lang"))
        answer = await monthly.month(organisation, _month(month, monthly.this_month(organisation)))
        return _list(answer, month_page(answer, lang) if _as_page(request, format) else None)

    @router.post(
        "/{organisation}/{month}",
        summary="Make the reports of a month that are not there, or again those whose figures have moved",
        dependencies=[Depends(require())],
        status_code=201,
        response_model=MonthsMade,
        responses={200: {"description": "There was nothing to make", "model": MonthsMade}},
    )
    async def make(
        request: Request,
        organisation: Organisation,
        month: MonthPath,
        again: Annotated[bool, Query(description="Another edition where figures have moved")] = False,
        directorate: Annotated[
            str | None, Query(description="Only this one, once there are reports of the month")
        ] = None,
    ) -> Response:
        asked(request, organisation, ("again", "directorate"))
        wanted = _month(month, monthly.this_month(organisation))
        _is_over(organisation, wanted, monthly)
        _is_directorate(directorate, reports.vocabularies[organisation].values("directorate"))
        made = await by_hand.make(organisation, wanted, again=again, only=directorate)
        answer = await monthly.month(organisation, wanted) | {"reports_made": made}
        return Response(orjson.dumps(answer), status_code=201 if made else 200, media_type="application/json")

    @router.get(
        "/{organisation}/{month}/{directorate}",
        summary="A monthly report as it was made, and what has moved since: JSON, page, PDF, workbook or CSV",
        dependencies=[reader],
        response_model=MonthlyReport,
        responses=RESPONSES | {404: PROBLEMS[404]},
    )
    async def report(
        request: Request,
        organisation: Organisation,
        month: MonthPath,
        directorate: Annotated[str, Path(description="Id of the directorate")],
        *,
        edition: Annotated[int | None, Query(ge=1, le=100_000, description="Default: the last one")] = None,
        format: Annotated[  # noqa: A002  what it is called in the address
            Form | None, Query(description="The form, for links in a browser; else what Accept prefers")
        ] = None,
        lang: Lang = "nl",
    ) -> Response:
        form = format or accepted(request)
        asked(request, organisation, ("format", "lang", "edition"))
        wanted = _month(month, monthly.this_month(organisation))
        told = await monthly.report(organisation, wanted, directorate, edition)
        if told is None:
            raise Problem(404, "Not found", await _what_there_is(monthly, organisation, wanted))
        if form == "json":
            return as_json(orjson.dumps(told))
        made = monthly.local(organisation, datetime.fromisoformat(told["generated_at"]))
        return await answer_in(form, read_monthly(told | {"generated_at": made}), lang, pdf)

    return router


def _as_page(request: Request, form: ListForm | None) -> bool:
    return (form or choose(request.headers.get("accept", ""))) == "html"


def _list(answer: dict[str, Any], page: str | None) -> Response:
    if page is None:
        return as_json(orjson.dumps(answer))
    headers = {**SECURITY, "Vary": "Accept"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _not_for_everybody(request: Request) -> None:
    """Of a month and a directorate there are few contacts; and they are a part of the year's public figures."""
    if PUBLIC in request.query_params.getlist("audience"):
        message = (
            "public is not there for monthly reports: so few contacts point at people. For everybody there are "
            "the annual report and its tables; leave it out"
        )
        error = FieldError(field="audience", code="not_public", message=message)
        raise unprocessable([error], "There is no such report for everybody; see errors.")


def _month(text: str, running: Month) -> Month:
    month = Month.named(text)
    if month is None or not _FIRST <= month <= running:
        told = f"There is no such month; give one from {_FIRST.name} to {running.name}, like 2021-03."
        raise Problem(404, "Not found", told)
    return month


def _is_over(organisation: str, month: Month, monthly: MonthlyReports) -> None:
    if not monthly.is_over(organisation, month):
        last = monthly.this_month(organisation).before.name
        message = f"is not over; reports can be made up to {last}"
        raise unprocessable([FieldError(field="month", code="month_running", message=message)])


def _is_directorate(directorate: str | None, known: Sequence[str]) -> None:
    if directorate is not None and directorate not in known:
        message = f"is not on the list; give one of {', '.join(known)}"
        raise unprocessable([FieldError(field="directorate", code="not_on_list", message=message)])


async def _what_there_is(monthly: MonthlyReports, organisation: str, month: Month) -> str:
    answer = await monthly.month(organisation, month)
    made = [f"{each['directorate']} ({each['made']['edition']})" for each in answer["reports"] if each["made"]]
    if made:
        return f"There is no such report; of {month.name} there are, with their last edition, {', '.join(made)}."
    return f"There are no reports of {month.name}; GET /reports/monthly/{organisation} lists the months of which."
