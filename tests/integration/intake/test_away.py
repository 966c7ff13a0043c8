"""HTTP while the broker is away."""

import pytest
from fastapi import FastAPI

from services.intake.api import contact_routes
from shared.access import Role
from tests.integration.intake.bench import Bench, inbound
from tests.integration.intake.whole import TOKENS
from tests.unit.intake.messages import follow_up, spelled, submission
from tests.unit.shared.apps import app_with, client_of

AS = {role: {"Authorization": f"Bearer {role.value}"} for role in Role}


@pytest.fixture
def app(bench: Bench) -> FastAPI:
    return app_with(contact_routes(bench.store, bench.parts.reception, bench.metrics), tokens=TOKENS)


async def test_a_submission_that_cannot_be_published_keeps_its_reference(bench: Bench, app: FastAPI) -> None:
    async with client_of(app) as http:
        bench.said.fails = True
        away = await http.post("/contacts", content=spelled(submission()), headers=AS[Role.ADAPTER])
        assert away.status_code == 503
        assert away.headers["Retry-After"]
        bench.said.fails = False
        answer = await http.post("/contacts", content=spelled(submission()), headers=AS[Role.ADAPTER])
        assert answer.json()["reference"] == "LEU-2021-000001"
        (message,) = bench.said.messages
        assert (message.exchange, message.routing_key) == ("contacts.inbound", "submission.leuven.web_form")


async def test_an_accepted_contact_is_received_before_it_is_registered(app: FastAPI) -> None:
    async with client_of(app) as http:
        await http.post("/contacts", content=spelled(submission()), headers=AS[Role.ADAPTER])
        file = (await http.get("/contacts/LEU-2021-000001", headers=AS[Role.HANDLER])).json()
        assert (file["state"], file["submission"], file["history"]) == ("received", None, [])
        path = "/contacts/LEU-2021-000001/follow-ups"
        told = await http.post(path, content=spelled(follow_up()), headers=AS[Role.HANDLER])
        assert told.status_code == 202


async def test_what_is_historical_goes_behind_the_live_ones(bench: Bench, app: FastAPI) -> None:
    async with client_of(app) as http:
        await http.post("/contacts", content=spelled(submission(historical=True)), headers=AS[Role.ADAPTER])
        assert bench.said.messages[0].routing_key == "import.leuven.web_form"


async def test_what_was_accepted_is_not_refused_later(bench: Bench, app: FastAPI) -> None:
    async with client_of(app) as http:
        soon = submission(received_at=bench.now.isoformat())
        await http.post("/contacts", content=spelled(soon), headers=AS[Role.ADAPTER])
        bench.now = bench.now.replace(year=2000)
        (message,) = bench.said.messages
        bench.said.messages.clear()
        await bench.take_in(inbound(message.body, message.routing_key))
        assert bench.said.types() == ["contact.registered.v1"]
        assert bench.said.rejected == []
