"""The reports over HTTP. ``GET`` only; whatever is wrong with a question is told with what is allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.reporting.access import asks_for_everybody, readers
from services.reporting.api_documents import (
    PROBLEMS,
    ContactsReport,
    TimelinessReport,
    contacts_parameters,
    timeliness_parameters,
)
from services.reporting.domain.question import RECONCILIATION, BadQuestion, Question, read_question
from services.reporting.public import PublicReports
from services.reporting.reports import Reports
from shared.contracts.rejection import FieldError
from shared.problems import unprocessable

_JSON = "application/json"


def report_routes(reports: Reports, public: PublicReports, *, open_to_everybody: bool = False) -> APIRouter:
    """``/reports/contacts`` and ``/reports/timeliness``.

    What everybody may see needs no token where the operator says so.
    """
    router = APIRouter(
        prefix="/reports",
        tags=["reports"],
        dependencies=[Depends(readers(open_to_everybody=open_to_everybody))],
        responses=PROBLEMS,
    )

    def question(request: Request, *, timeliness: bool = False) -> Question:
        pairs = request.query_params.multi_items()
        return read_question(pairs, reports.vocabularies, timeliness=timeliness)

    def _for_whom(request: Request, asked: Question) -> Reports | PublicReports:
        if not asks_for_everybody(request):
            return reports
        if asked.reconciled:
            message = "is not for everybody: how many contacts and events there are is what some answers leave out"
            raise BadQuestion([FieldError(field=RECONCILIATION, code="not_public", message=message)])
        return public

    @router.get(
        "/contacts",
        summary="Contacts counted by any dimensions",
        response_model=ContactsReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": contacts_parameters()},
    )
    async def contacts(request: Request) -> Response:
        with _told():
            asked = question(request)
            return _json(await _for_whom(request, asked).contacts(asked))

    @router.get(
        "/timeliness",
        summary="How deadlines were kept",
        response_model=TimelinessReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": timeliness_parameters()},
    )
    async def timeliness(request: Request) -> Response:
        with _told():
            asked = question(request, timeliness=True)
            return _json(await _for_whom(request, asked).timeliness(asked))

    return router


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BadQuestion as bad:
        raise unprocessable(bad.errors, "The question is not valid; see errors.") from None


def _json(answer: Any) -> Response:
    # Described by its model and not checked against it once more: it may have tens of thousands of rows.
    return Response(orjson.dumps(answer), media_type=_JSON)
