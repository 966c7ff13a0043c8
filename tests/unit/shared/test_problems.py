from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from pymongo.errors import AutoReconnect

from shared.contracts.rejection import FieldError
from shared.problems import Problem, not_available, unprocessable
from tests.unit.shared.apps import app_with, client_of

SECRET = "Geheim-7431"
router = APIRouter()


class Wish(BaseModel):
    score: Annotated[int, Field(ge=1, le=10)]
    kind: str = ""


@router.get("/problem")
async def problem() -> None:
    raise Problem(409, "Reused", "Give another id.", headers={"X-Why": "reused"})


@router.get("/unprocessable")
async def invalid() -> None:
    raise unprocessable([FieldError(field="text", code="missing", message="is required; give it")])


@router.get("/away")
async def away() -> None:
    raise not_available("The database does not answer.")


@router.get("/database")
async def database() -> None:
    raise AutoReconnect(f"connection to {SECRET} lost")


@router.get("/broken")
async def broken() -> None:
    raise ValueError(f"unexpected {SECRET}")


@router.post("/wish")
async def wish(wish: Wish, days: Annotated[int, Query(ge=0)] = 0) -> int:
    return wish.score + days


async def asked(method: str, path: str, **arguments: object) -> httpx.Response:
    async with client_of(app_with(router)) as client:
        return await client.request(method, path, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/problem", 409, "Reused"),
        ("GET", "/unprocessable", 422, "Not valid"),
        ("GET", "/away", 503, "Not available now"),
        ("GET", "/database", 503, "Not available now"),
        ("GET", "/broken", 500, "Internal error"),
        ("GET", "/nowhere", 404, "Not Found"),
        ("DELETE", "/wish", 405, "Method Not Allowed"),
        ("POST", "/wish", 422, "Not valid"),
    ],
)
async def test_every_error_is_a_problem_document(method: str, path: str, status: int, title: str) -> None:
    answer = await asked(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"], told["title"]) == ("about:blank", status, title)
    assert told["detail"]
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


async def test_headers_of_a_problem_are_sent() -> None:
    assert (await asked("GET", "/problem")).headers["x-why"] == "reused"
    assert (await asked("GET", "/away")).headers["retry-after"] == "5"
    assert (await asked("GET", "/database")).headers["retry-after"] == "5"
    assert (await asked("DELETE", "/wish")).headers["allow"] == "POST"


async def test_errors_are_told_by_field() -> None:
    answer = await asked("GET", "/unprocessable")
    assert answer.json()["errors"] == [{"field": "text", "code": "missing", "message": "is required; give it"}]


async def test_a_problem_without_errors_has_no_list_of_them() -> None:
    assert "errors" not in (await asked("GET", "/problem")).json()


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        ({"json": {}}, "body.score", "missing"),
        ({"json": {"score": 11}}, "body.score", "out_of_range"),
        ({"json": {"score": SECRET}}, "body.score", "wrong_type"),
        ({"json": {"score": 1}, "params": {"days": -1}}, "query.days", "out_of_range"),
        ({"json": {"score": 1}, "params": {"days": SECRET}}, "query.days", "wrong_type"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "body.1", "not_json"),
    ],
)
async def test_a_request_that_is_not_valid(arguments: dict[str, object], field: str, code: str) -> None:
    answer = await asked("POST", "/wish", **arguments)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert SECRET not in answer.text


_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status", "language", "told"),
    [
        ("/problem", 409, "nl-BE,nl;q=0.9", "Give another id."),
        ("/problem", 409, "en-GB,en;q=0.9", "The service gave this answer:"),
        ("/problem?lang=en", 409, "nl", "This cannot be done"),
        ("/unprocessable", 422, "nl", "<strong>text</strong> is required; give it"),
        ("/away", 503, "nl", "Probeer het straks opnieuw."),
        ("/database", 503, "", "Even niet beschikbaar"),
        ("/broken", 500, "nl", "Dit ligt aan ons"),
        ("/nowhere", 404, "fr", "Niet gevonden"),
    ],
)
async def test_a_browser_gets_a_page(path: str, status: int, language: str, told: str) -> None:
    answer = await asked("GET", path, headers={"Accept": _BROWSER, "Accept-Language": language})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert told in answer.text
    assert SECRET not in answer.text


async def test_a_page_keeps_the_headers_of_the_problem() -> None:
    assert (await asked("GET", "/problem", headers={"Accept": _BROWSER})).headers["x-why"] == "reused"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json, text/html", ""])
async def test_a_program_gets_the_problem_document(accept: str) -> None:
    answer = await asked("GET", "/problem", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["vary"] == "Accept"


async def test_what_was_sent_cannot_become_markup() -> None:
    headers = {"Accept": _BROWSER}
    answer = await asked("POST", "/wish?days=<script>", json={"score": "<script>"}, headers=headers)
    assert answer.status_code == 422
    assert "<script" not in answer.text
