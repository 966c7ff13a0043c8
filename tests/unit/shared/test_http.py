import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import tenacity
from fastapi import APIRouter, Request
from pymongo.errors import ServerSelectionTimeoutError
from starlette.types import Message, Receive, Scope, Send

from shared import http
from shared.errors import InfrastructureError
from shared.http import BodyLimit
from tests.unit.shared.apps import StandInRuntime, app_with, client_of

MOST = 64
router = APIRouter()


@router.post("/size")
async def size(request: Request) -> int:
    return len(await request.body())


class Inner:
    """An app that keeps what reaches it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def sent(*messages: Message) -> tuple[list[bytes], list[Message]]:
    """What reaches the app behind the limit, and what is answered, when these messages come in."""
    coming, answered, inner = list(messages), list[Message](), Inner()

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    await BodyLimit(inner, MOST)({"type": "http", "headers": []}, receive, send)
    return inner.bodies, answered


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize(
    "messages",
    [
        [part(b"x" * MOST)],
        [part(b"x" * 30, more=True), part(b"x" * 34)],
        [part(b"x", more=True)] * MOST + [part(b"")],
        [{"type": "http.request", "body": b"x" * MOST}],
    ],
)
async def test_a_body_up_to_the_limit_comes_through_whole(messages: list[Message]) -> None:
    bodies, answered = await sent(*messages)
    assert bodies == [b"x" * MOST]
    assert answered[0]["status"] == 204


async def test_no_body_is_an_empty_body() -> None:
    bodies, _ = await sent({"type": "http.request"})
    assert bodies == [b""]


@pytest.mark.parametrize(
    "messages",
    [
        [part(b"x" * (MOST + 1))],
        [part(b"x" * MOST, more=True), part(b"x")],
        [part(b"x" * 40, more=True), part(b"x" * 40, more=True)],
    ],
)
async def test_a_body_over_the_limit_is_refused_before_it_is_whole(messages: list[Message]) -> None:
    bodies, answered = await sent(*messages)
    assert bodies == []
    assert answered[0]["status"] == 413
    assert (b"content-type", b"application/problem+json") in answered[0]["headers"]


async def test_half_a_body_never_passes_for_a_whole_one() -> None:
    bodies, answered = await sent(part(b"text=half", more=True), {"type": "http.disconnect"})
    assert (bodies, answered) == ([], [])


async def test_what_is_not_http_passes() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        return None

    await BodyLimit(inner)({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]


async def chunks(of: int, length: int) -> AsyncIterator[bytes]:
    for _ in range(of):
        yield b"x" * length


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (lambda: b"x" * 1024 * 1024, 200),
        (lambda: b"x" * (1024 * 1024 + 1), 413),
        (lambda: chunks(16, 65_536), 200),
        (lambda: chunks(17, 65_536), 413),
    ],
)
async def test_the_app_takes_a_mebibyte(content: Callable[[], Any], status: int) -> None:
    async with client_of(app_with(router)) as client:
        answer = await client.post("/size", content=content())
    assert answer.status_code == status


async def health(client: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()


async def test_it_is_not_ready_while_it_starts() -> None:
    async with client_of(app_with(router)) as client:
        status, told = await health(client)
        assert (await client.get("/health/live")).status_code == 200
    assert status == 503
    assert "still starting" in told["missing"][0]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110  what is waited for is behind HTTP
            await asyncio.sleep(0)


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "wait_random_exponential", lambda **_: tenacity.wait_none())


@pytest.mark.usefixtures("without_waiting")
async def test_it_starts_again_until_broker_and_database_are_there() -> None:
    runtime = StandInRuntime(InfrastructureError("broker"), ServerSelectionTimeoutError("database"))
    async with client_of(app_with(router, runtime=runtime), started=True) as client:

        async def ready() -> bool:
            return (await health(client)) == (200, {"status": "ok", "missing": []})

        await until(ready)
        assert (runtime.starts, runtime.stops) == (3, 0)
    assert runtime.stops == 1


async def test_what_goes_missing_later_is_told() -> None:
    runtime = StandInRuntime(missing=["queue intake.live.v1 has no consumer"])
    async with client_of(app_with(router, runtime=runtime), started=True) as client:

        async def told() -> bool:
            return bool((await health(client))[1]["missing"] == ["queue intake.live.v1 has no consumer"])

        await until(told)
        assert (await health(client))[0] == 503


async def test_an_error_of_its_own_stops_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append((pid, number)))
    runtime = StandInRuntime(ValueError("settings make no sense"))
    async with client_of(app_with(router, runtime=runtime), started=True) as client:

        async def stopped() -> bool:
            return bool(signals)

        await until(stopped)
        assert signals == [(os.getpid(), signal.SIGTERM)]
        assert (await health(client))[0] == 503
    assert (runtime.starts, runtime.stops) == (1, 1)


async def test_it_can_be_stopped_while_it_still_starts() -> None:
    class Slow(StandInRuntime):
        async def start(self) -> None:
            await super().start()
            await asyncio.Event().wait()

    runtime = Slow()
    async with client_of(app_with(router, runtime=runtime), started=True) as client:
        assert (await health(client))[0] == 503
    assert runtime.stops == 1


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    answered = list[Message]()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("it never comes")

    async def send(message: Message) -> None:
        answered.append(message)

    await BodyLimit(Inner(), MOST, patience=0.01)({"type": "http", "headers": []}, receive, send)
    assert answered[0]["status"] == 408
