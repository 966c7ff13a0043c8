"""Small apps with the shared HTTP side around them, and what they are asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from shared.access import Tokens
from shared.http import Runtime, make_app


class StandInRuntime:
    """A runtime that starts as it is told: each error of ``errors`` is raised by one start."""

    def __init__(self, *errors: Exception, missing: list[str] | None = None) -> None:
        self.errors = list(errors)
        self.starts = 0
        self.stops = 0
        self.lacking = missing or []

    async def start(self) -> None:
        self.starts += 1
        if self.errors:
            raise self.errors.pop(0)

    async def stop(self) -> None:
        self.stops += 1

    async def missing(self) -> list[str]:
        return self.lacking


def app_with(router: APIRouter, *, tokens: Tokens | None = None, runtime: Runtime | None = None) -> FastAPI:
    """An app as the services make theirs, with these routes."""
    return make_app(
        "test",
        runtime=runtime or StandInRuntime(),
        tokens=tokens or Tokens(),
        registry=CollectorRegistry(),
        routers=[router],
    )


@asynccontextmanager
async def client_of(app: FastAPI, *, started: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """Calls the app without a network; with ``started`` its lifespan runs around the calls."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        if not started:
            yield client
            return
        async with app.router.lifespan_context(app):
            yield client
