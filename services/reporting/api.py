"""The reports over HTTP. ``GET`` only; whatever is wrong with a question is told with what is allowed."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from services.reporting.api_documents import (
    PROBLEMS,
    ContactsReport,
    TimelinessReport,
    contacts_parameters,
    timeliness_parameters,
)
from services.reporting.domain.question import BadQuestion, Question, read_question
from services.reporting.reports import Reports
from shared.access import Role, require
from shared.problems import unprocessable


def report_routes(reports: Reports) -> APIRouter:
    """``/reports/contacts`` and ``/reports/timeliness``."""
    router = APIRouter(
        prefix="/reports",
        tags=["reports"],
        dependencies=[Depends(require(Role.REPORTING, Role.HANDLER))],
        responses=PROBLEMS,
    )

    def question(request: Request, *, timeliness: bool = False) -> Question:
        try:
            pairs = request.query_params.multi_items()
            return read_question(pairs, reports.vocabularies, timeliness=timeliness)
        except BadQuestion as bad:
            raise unprocessable(bad.errors, "The question is not valid; see errors.") from None

    @router.get(
        "/contacts",
        summary="Contacts counted by any dimensions",
        response_model=ContactsReport,
        openapi_extra={"parameters": contacts_parameters()},
    )
    async def contacts(request: Request) -> dict[str, Any]:
        return await reports.contacts(question(request))

    @router.get(
        "/timeliness",
        summary="How deadlines were kept",
        response_model=TimelinessReport,
        openapi_extra={"parameters": timeliness_parameters()},
    )
    async def timeliness(request: Request) -> dict[str, Any]:
        return await reports.timeliness(question(request, timeliness=True))

    return router
