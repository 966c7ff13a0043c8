"""The truth about a service: alive, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field

Readiness = Callable[[], Awaitable[list[str]]]
"""What is missing for the service to do its work, in words for an operator; empty when it is ready."""


class Health(BaseModel):
    """Whether all is well, and if not, what is missing."""

    status: Annotated[str, Field(description="ok or unavailable")]
    missing: list[str] = []


PATIENCE_SECONDS = 3.0
"""How long the parts are asked; whoever asks us waits not much longer either."""


async def _in_time(readiness: Readiness) -> list[str]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await readiness()
    except TimeoutError:
        return [f"broker or database has not answered within {PATIENCE_SECONDS:g} seconds"]


def health_routes(readiness: Readiness, registry: CollectorRegistry) -> APIRouter:
    """``/health/live``, ``/health/ready``, ``/metrics``; open to everybody, they tell nothing about citizens."""
    router = APIRouter(tags=["operations"])
    is_ready = Gauge(
        "contactpunt_ready",
        "1 where broker, database and every consumer are there, else 0; asked anew each time the metrics are.",
        registry=registry,
    )

    @router.get("/health/live", summary="The process answers")
    async def live() -> Health:
        return Health(status="ok")

    @router.get(
        "/health/ready",
        summary="Broker, database and every consumer are there",
        responses={503: {"model": Health, "description": "Something is missing; see missing"}},
    )
    async def ready() -> Response:
        missing = await _in_time(readiness)
        health = Health(status="unavailable" if missing else "ok", missing=missing)
        return JSONResponse(health.model_dump(), status_code=503 if missing else 200)

    @router.get("/metrics", summary="Prometheus metrics", response_class=Response)
    async def metrics() -> Response:
        is_ready.set(0 if await _in_time(readiness) else 1)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
