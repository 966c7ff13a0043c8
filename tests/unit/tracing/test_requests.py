"""A request is a span by its route; what is published while it is answered belongs to it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter
from opentelemetry.sdk.trace import ReadableSpan
from prometheus_client import CollectorRegistry

from shared.access import Tokens
from shared.http import make_app
from shared.problems import Problem
from shared.tracing.open_telemetry import OpenTelemetryTracing
from shared.tracing.requests import METHOD, ROUTE, STATUS
from tests.unit.shared.apps import StandInRuntime, client_of
from tests.unit.tracing.kept import Kept, id_of, parent_of, says_nothing_more, trace_of
from tests.unit.tracing.test_messages import SENDER, THEIRS, following, sent


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def client(kept: Kept) -> AsyncIterator[httpx.AsyncClient]:
    tracing = kept.tracing()
    app = make_app(
        "test",
        runtime=StandInRuntime(),
        tokens=Tokens(),
        registry=CollectorRegistry(),
        routers=[_routes(tracing)],
        tracing=tracing,
    )
    async with client_of(app, started=True) as made:
        yield made


def _routes(tracing: OpenTelemetryTracing) -> APIRouter:
    router = APIRouter()

    @router.post("/contacts/{reference}")
    async def contact(reference: str) -> dict[str, str]:
        (message,) = sent(tracing, [following(1)])
        return {"traceparent": message.headers["traceparent"], "reference": reference}

    @router.get("/refused")
    async def refused() -> None:
        raise Problem(422, "Not valid", "The street is Tiensevest.")

    @router.get("/broken")
    async def broken() -> None:
        raise ValueError("Wannes Vercruysse writes")

    return router


def the_request(kept: Kept) -> ReadableSpan:
    (span,) = [each for each in kept.spans if METHOD in (each.attributes or {})]
    return span


async def test_what_a_request_publishes_is_in_the_callers_trace(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await client.post("/contacts/LEU-1?token=secret", headers={"traceparent": SENDER})
    request = the_request(kept)
    assert (request.name, trace_of(request), parent_of(request)) == (
        "POST /contacts/{reference}",
        THEIRS,
        "b7ad6b7169203331",
    )
    published = kept.the("publish deadline.met.v1")
    assert parent_of(published) == id_of(request)
    assert answer.json()["traceparent"] == f"00-{THEIRS}-{id_of(published)}-01"


async def test_an_address_is_not_told(client: httpx.AsyncClient, kept: Kept) -> None:
    await client.post("/contacts/LEU-1?token=secret")
    assert the_request(kept).attributes == {METHOD: "POST", ROUTE: "/contacts/{reference}", STATUS: 200}
    assert says_nothing_more(kept.spans)


async def test_a_request_for_nothing_is_told_without_its_address(client: httpx.AsyncClient, kept: Kept) -> None:
    await client.get("/wannes.vercruysse@example.org")
    assert (the_request(kept).name, (the_request(kept).attributes or {})[STATUS]) == ("GET none", 404)


async def test_what_was_refused_is_no_error_and_a_defect_is(client: httpx.AsyncClient, kept: Kept) -> None:
    await client.get("/refused")
    assert the_request(kept).status.is_unset


async def test_a_defect_is_an_error_without_its_words(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    assert not the_request(kept).status.is_ok
    assert says_nothing_more(kept.spans)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
async def test_what_machines_ask_all_the_time_is_not_traced(
    client: httpx.AsyncClient, kept: Kept, path: str
) -> None:
    await client.get(path)
    assert kept.spans == []
