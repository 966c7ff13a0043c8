"""Errors over HTTP, as RFC 9457 has them: ``application/problem+json``, never a stack trace."""

import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.rejection import FieldError, field_error
from shared.errors import is_infrastructure

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
        return JSONResponse(body, self.status, self.headers, media_type="application/problem+json")


def unprocessable(errors: Sequence[FieldError], detail: str = "The request is not valid; see errors.") -> Problem:
    """422 with what is wrong, field by field."""
    return Problem(422, "Not valid", detail, errors=errors)


def not_available(detail: str) -> Problem:
    """503: a part that is needed is away; trying again later makes sense."""
    return Problem(503, "Not available now", detail, headers={"Retry-After": "5"})


def answer_problems(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    @app.exception_handler(Problem)
    async def _problem(_request: Request, problem: Problem) -> JSONResponse:
        return problem.response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return unprocessable([field_error(cast("ErrorDetails", detail)) for detail in error.errors()]).response()

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        title = HTTPStatus(error.status_code).phrase
        return Problem(error.status_code, title, str(error.detail), headers=error.headers).response()

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
            await _unexpected(error).response()(scope, receive, send)


def _unexpected(error: Exception) -> Problem:
    if is_infrastructure(error):
        return not_available("The message broker or the database does not answer; try again.")
    _log.error("request failed unexpectedly", error=type(error).__name__, at=_place(error))
    return Problem(500, "Internal error", "This is our fault; it was logged.")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-5:])
