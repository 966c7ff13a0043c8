import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter

from shared.health import health_routes
from tests.unit.shared.apps import client_of


def app(missing: list[str], registry: CollectorRegistry | None = None) -> FastAPI:
    async def readiness() -> list[str]:
        return missing

    made = FastAPI()
    made.include_router(health_routes(readiness, registry or CollectorRegistry()))
    return made


@pytest.mark.parametrize("missing", [[], ["the database does not answer"]])
async def test_alive_asks_nothing_of_others(missing: list[str]) -> None:
    async with client_of(app(missing)) as client:
        answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "missing": []})


async def test_ready_when_nothing_is_missing() -> None:
    async with client_of(app([])) as client:
        answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "missing": []})


async def test_not_ready_says_what_is_missing() -> None:
    missing = ["the database does not answer", "queue intake.live.v1 has no consumer"]
    async with client_of(app(missing)) as client:
        answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "missing": missing})


async def test_metrics_are_those_of_the_registry() -> None:
    registry = CollectorRegistry()
    Counter("contacts_taken", "Contacts taken in", ["channel"], registry=registry).labels("email").inc(3)
    async with client_of(app([], registry)) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["content-type"].count("charset") == 1
    assert 'contacts_taken_total{channel="email"} 3.0' in answer.text
