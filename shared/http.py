"""The HTTP side that all services share: app, limits, health, and the process around it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential

from shared.access import Tokens
from shared.contracts.submission import MAX_BODY_BYTES
from shared.errors import is_infrastructure
from shared.health import health_routes
from shared.memory import look_for_garbage_less_often
from shared.operations.http_metrics import HttpMetrics, MeasuredRequests
from shared.operations.process_metrics import tell_process
from shared.problems import Problem, answer_problems

_log = structlog.get_logger()

# FastAPI's own would tell addresses with the tokens in them, and errors with their words, once a variable of the
# environment switches it on.
_NO_TELEMETRY: Final[TelemetryConfig] = {
    "auto_configure": False,
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}


class Runtime(Protocol):
    """What runs beside HTTP: connections, subscribers, timers."""

    async def start(self) -> None:
        """Connects and starts the work. May be called again after an infrastructure error."""

    async def stop(self) -> None:
        """Finishes what is in hand and lets go of everything."""

    async def missing(self) -> list[str]:
        """What is missing for the work, in words for an operator."""


class RequestTracing(Protocol):
    """What HTTP asks of whoever keeps traces."""

    def around_requests(self, app: ASGIApp) -> ASGIApp:
        """The app, with its requests traced."""

    async def stop(self) -> None:
        """Sends what has not been sent yet."""


BODY_SECONDS = 30.0
"""How long a body may take to arrive: who sends for ever would hold a place that others wait for."""


class BodyLimit:
    """Refuses bodies over the limit with 413 before anything reads them whole, and those that take too long to
    come with 408.
    """

    def __init__(self, app: ASGIApp, most: int = MAX_BODY_BYTES, patience: float = BODY_SECONDS) -> None:
        self._app = app
        self._most = most
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._patience):
                body = await _whole_body(receive, self._most)
        except ClientDisconnect:
            # Half a form would pass for a whole one, and nobody is left to answer.
            return
        except TimeoutError:
            detail = f"The body had not come whole after {self._patience:g} seconds; send it again."
            await Problem(408, "Body too slow", detail).answer(Request(scope))(scope, receive, send)
            return
        if body is None:
            detail = f"A body is at most {self._most} bytes; send less."
            await Problem(413, "Body too large", detail).answer(Request(scope))(scope, receive, send)
            return
        given = False

        async def once() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, once, send)


async def _whole_body(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def make_app(
    title: str,
    *,
    runtime: Runtime,
    tokens: Tokens,
    registry: CollectorRegistry,
    routers: Sequence[APIRouter] = (),
    gate: Callable[[ASGIApp], ASGIApp] | None = None,
    version: str = "1",
    tracing: RequestTracing | None = None,
) -> FastAPI:
    """The service's app. HTTP answers at once; ``/health/ready`` is 503 until the runtime has started.

    ``gate`` is put around it where some requests are to be turned away before anything is read of them.
    """
    started = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(_start(runtime, started))
        try:
            yield
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await runtime.stop()
            if tracing is not None:
                await tracing.stop()

    async def readiness() -> list[str]:
        return await runtime.missing() if started.is_set() else ["still starting: waiting for broker or database"]

    app = FastAPI(title=title, version=version, lifespan=lifespan, telemetry=_NO_TELEMETRY)
    app.state.tokens = tokens
    app.add_middleware(BodyLimit)
    answer_problems(app)
    if gate is not None:
        app.add_middleware(gate)
    # Outermost, so that what is refused is counted as it is told.
    app.add_middleware(MeasuredRequests, metrics=HttpMetrics(registry))
    if tracing is not None:
        app.add_middleware(tracing.around_requests)
    tell_process(registry, title.rpartition(" ")[2])
    app.include_router(health_routes(readiness, registry))
    for router in routers:
        app.include_router(router)
    return app


async def _start(runtime: Runtime, started: asyncio.Event) -> None:
    retrying = AsyncRetrying(
        retry=retry_if_exception(is_infrastructure), wait=wait_random_exponential(multiplier=0.5, max=10)
    )
    try:
        async for attempt in retrying:
            with attempt:
                await runtime.start()
        started.set()
        _log.info("ready for work")
    except asyncio.CancelledError:
        raise
    except Exception:  # noqa: BLE001  whatever it is, it must not be silent
        # A service that cannot start for a reason of its own must not look alive.
        _log.exception("could not start; stopping")
        os.kill(os.getpid(), signal.SIGTERM)


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT, then lets requests in hand finish."""
    look_for_garbage_less_often()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
        loop="uvloop",
        http="httptools",
    )
