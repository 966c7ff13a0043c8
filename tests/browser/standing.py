"""The service as people meet it: over HTTP, with contacts of which some are late, on a Wednesday in November."""

import asyncio
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from deploy.local.rabbitmq import run_aside
from services.deadlines.domain.timeline import follow
from services.deadlines.main import app_for, store_for
from services.deadlines.page import MOST_LINES
from services.deadlines.runtime import DeadlinesRuntime
from services.deadlines.settings import DeadlinesSettings
from services.deadlines.store import Stored
from shared.access import Role, TokenHash, Tokens
from shared.contracts.events import Event
from tests import organisations
from tests.integration.deadlines.running import MovedClock, own_store, publishing
from tests.unit.deadlines.courses import happened, local, registered, routed

TOKEN = "handler"
NOW = local("2026-11-25 09:00")
PROFILES = organisations.PROFILES
PATIENCE = 120.0


@dataclass(frozen=True)
class Course:
    """A complaint: when it came, who has it, and whether a receipt was sent at once."""

    number: int
    received: str
    directorate: str | None
    service: str | None = None
    acknowledged: bool = True

    @property
    def reference(self) -> str:
        return f"LEU-2026-{self.number:06}"

    def events(self) -> list[Event]:
        received = local(self.received)
        told = [registered(received, self.reference)]
        if self.directorate:
            unit = {"directorate": self.directorate, "service": self.service}
            told.append(routed(received, self.reference, **unit))
        if self.acknowledged:
            told.append(happened("acknowledged", received, reference=self.reference))
        return told


# An answer is due after 45 days, a receipt after 10.
COURSES = (
    Course(1, "2026-10-01 10:00", "openbaar_domein", "groen"),
    Course(2, "2026-10-09 10:00", "openbaar_domein", "afvalbeheer"),
    Course(3, "2026-10-11 10:00", "openbaar_domein", "wegbeheer"),
    Course(4, "2026-11-17 10:00", "openbaar_domein", "signalisatie", acknowledged=False),
    Course(5, "2026-10-13 10:00", "politie", "wijkpolitie"),
    Course(6, "2026-10-10 10:00", "politie", "gas_verkeer"),
    Course(7, "2026-11-15 10:00", "financien", "belastingen", acknowledged=False),
    Course(8, "2026-11-16 10:00", None, acknowledged=False),
    Course(9, "2026-10-20 10:00", "financien", "belastingen"),
)


@contextmanager
def standing(amqp_url: str, mongo_url: str, prefix: str) -> Iterator[str]:
    """The address of the running service, once it has counted all of it."""
    settings = DeadlinesSettings.model_validate(
        {"amqp_url": amqp_url, "mongo_url": mongo_url, "mongo_prefix": prefix, "sweep_seconds": 0.1}
    )
    run_aside(_keep_more_than_a_page_shows(mongo_url, prefix))
    with _served(settings) as url:
        run_aside(_until_ready(url))
        run_aside(_tell(amqp_url, [event for course in COURSES for event in course.events()]))
        run_aside(_until_counted(url))
        yield url


@contextmanager
def _served(settings: DeadlinesSettings) -> Iterator[str]:
    store, registry, clock = store_for(settings), CollectorRegistry(), MovedClock(NOW)
    runtime = DeadlinesRuntime(settings, PROFILES, store, registry, clock)
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens = Tokens(tokens=(TokenHash(role=Role.HANDLER, name="coordinators", sha256=hashed),))
    app = app_for(runtime, store, PROFILES, tokens=tokens, registry=registry, clock=clock)
    port = free_port(15_500)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, http="httptools"))
    # In a thread: the browser is driven from the test's own.
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


async def _keep_more_than_a_page_shows(mongo_url: str, prefix: str) -> None:
    leiden = PROFILES["leiden"]
    received = local("2026-09-01 10:00", leiden.zone)
    changes = []
    for number in range(MOST_LINES + 1):
        reference = f"LEI-2026-{number:06}"
        change, _ = follow(None, reference, [_of_leiden(registered(received, reference))], leiden, NOW)
        changes.append(Stored(change))
    async with own_store(mongo_url, prefix) as store:
        assert await store.write(changes) == set()


def _of_leiden(event: Event) -> Event:
    return event.model_copy(update={"envelope": event.envelope.model_copy(update={"organisation": "leiden"})})


async def _tell(amqp_url: str, events: Sequence[Event]) -> None:
    async with publishing(amqp_url) as publish:
        await publish(events)


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=url, verify=NO_CERTIFICATES) as client:
        while await _status(client) != httpx.codes.OK:  # noqa: ASYNC110  the service tells when it is asked
            await asyncio.sleep(0.1)


async def _status(client: httpx.AsyncClient) -> int | None:
    try:
        return (await client.get("/health/ready")).status_code
    except httpx.TransportError:
        return None


async def _until_counted(url: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    owed = {course.reference: 1 if course.acknowledged else 2 for course in COURSES}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=url, headers=headers, verify=NO_CERTIFICATES) as client,
    ):
        while True:
            answer = (await client.get("/deadlines?organisation=leuven&limit=100")).json()
            if _counted(answer["deadlines"]) == owed:
                return
            await asyncio.sleep(0.1)


def _counted(lines: Sequence[dict[str, str]]) -> dict[str, int]:
    """How many deadlines are owed for each contact that is where it should be."""
    where = {course.reference: course.directorate for course in COURSES}
    counts: dict[str, int] = {}
    for line in lines:
        if line["directorate"] == where[line["reference"]]:
            counts[line["reference"]] = counts.get(line["reference"], 0) + 1
    return counts
