"""The reports over HTTP. ``GET`` only; whatever is wrong with a question is told with what is allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request

from services.reporting.access import asks_for_everybody, readers
from services.reporting.api_documents import (
    AUDIENCE,
    PROBLEMS,
    AnnualReport,
    ContactsReport,
    TimelinessReport,
    contacts_parameters,
    timeliness_parameters,
)
from services.reporting.domain.question import BadQuestion, Question, read_question
from services.reporting.public import PublicReports
from services.reporting.reports import Reports
from shared.problems import Problem, unprocessable

FIRST_YEAR: Final = 1900
"""Nothing older is taken in."""
_JSON_RANGES: Final = frozenset({"*/*", "application/*", "application/json"})


def report_routes(reports: Reports, public: PublicReports, *, open_to_everybody: bool = False) -> APIRouter:
    """``/reports/contacts``, ``/reports/timeliness``, ``/reports/annual/{organisation}/{year}``.

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

    @router.get(
        "/contacts",
        summary="Contacts counted by any dimensions",
        response_model=ContactsReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": contacts_parameters()},
    )
    async def contacts(request: Request) -> dict[str, Any]:
        with _told():
            which = public if asks_for_everybody(request) else reports
            return await which.contacts(question(request))

    @router.get(
        "/timeliness",
        summary="How deadlines were kept",
        response_model=TimelinessReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": timeliness_parameters()},
    )
    async def timeliness(request: Request) -> dict[str, Any]:
        with _told():
            which = public if asks_for_everybody(request) else reports
            return await which.timeliness(question(request, timeliness=True))

    @router.get(
        "/annual/{organisation}/{year}",
        summary="The annual report",
        response_model=AnnualReport,
        response_model_exclude_unset=True,
        openapi_extra={"parameters": [AUDIENCE]},
        responses={
            404: {"description": "No such organisation or year"},
            406: {"description": "JSON is all there is"},
        },
    )
    async def annual(
        request: Request,
        organisation: Annotated[str, Path(description="Id of the organisation")],
        year: Annotated[str, Path(description="Calendar year in the organisation's zone", examples=["2021"])],
    ) -> dict[str, Any]:
        _accepts_json(request.headers.get("accept", ""))
        _known_organisation(organisation, reports)
        with _told():
            which = public if asks_for_everybody(request) else reports
            return await which.annual(organisation, _year(year, reports.running_year(organisation)))

    return router


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BadQuestion as bad:
        raise unprocessable(bad.errors, "The question is not valid; see errors.") from None


def _accepts_json(accept: str) -> None:
    ranges = [each.strip().lower().split(";") for each in accept.split(",") if each.strip()]
    wanted = {
        name.strip() for name, *parameters in ranges if not any(_is_refusal(parameter) for parameter in parameters)
    }
    if ranges and not wanted & _JSON_RANGES:
        raise Problem(406, "Not acceptable", "This report comes as application/json; ask for that.")


def _is_refusal(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0").rstrip(".") in ("", "0")


def _known_organisation(organisation: str, reports: Reports) -> None:
    known = sorted(reports.vocabularies)
    if organisation not in known:
        raise Problem(404, "Not found", f"There is no such organisation; known are {', '.join(known)}.")


def _year(text: str, running: int) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= running:  # noqa: PLR2004
        return int(text)
    raise Problem(404, "Not found", f"There is no such year; give one from {FIRST_YEAR} to {running}, like 2021.")
