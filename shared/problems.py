"""Errors over HTTP, as RFC 9457 has them: ``application/problem+json``, never a stack trace.

A browser, which asks for ``text/html``, gets them as a page.
"""

import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.rejection import FieldError, field_error
from shared.errors import is_infrastructure
from shared.pages import SECURITY, Language
from shared.pages.problem import problem_page

_log = structlog.get_logger()


class Problem(Exception):  # noqa: N818  it is what RFC 9457 calls it
    """What went wrong with a request, for the caller. ``detail`` says what would be right."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        headers = {**self.headers, "Vary": "Accept"}
        return JSONResponse(body, self.status, headers, media_type="application/problem+json")

    def answer(self, request: Request) -> Response:
        """What the caller can read: a page for a browser, else the problem document."""
        accepted = request.headers.get("accept", "").lower()
        if "text/html" not in accepted or "json" in accepted:
            return self.response()
        page = problem_page(self.status, self.detail, self.errors, _language(request))
        return HTMLResponse(page, self.status, {**SECURITY, **self.headers, "Vary": "Accept, Accept-Language"})


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "en" if asked.lower().startswith("en") else "nl"


def unprocessable(errors: Sequence[FieldError], detail: str = "The request is not valid; see errors.") -> Problem:
    """422 with what is wrong, field by field."""
    return Problem(422, "Not valid", detail, errors=errors)


def not_available(detail: str) -> Problem:
    """503: a part that is needed is away; trying again later makes sense."""
    return Problem(503, "Not available now", detail, headers={"Retry-After": "5"})


def answer_problems(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        return problem.answer(request)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [field_error(cast("ErrorDetails", detail)) for detail in error.errors()]
        return unprocessable(errors).answer(request)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        return Problem(error.status_code, title, str(error.detail), headers=error.headers).answer(request)

    app.add_middleware(_Unexpected)


class _Unexpected:
    """Answers what no handler foresaw. Starlette's own handler for it would raise again, and a server that logs
    that logs what the error quotes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except ClientDisconnect:
            _log.info("caller went away before the request was whole")
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await _unexpected(error).answer(Request(scope))(scope, receive, send)


def _unexpected(error: Exception) -> Problem:
    if is_infrastructure(error):
        return not_available("The message broker or the database does not answer; try again.")
    _log.error("request failed unexpectedly", error=type(error).__name__, at=_place(error))
    return Problem(500, "Internal error", "This is our fault; it was logged.")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-5:])
