"""The reports as people meet them: over HTTP, with Leuven's sample year in the store."""

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import uvicorn

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from deploy.local.rabbitmq import run_aside
from services.reporting.domain.counting import tables_of
from services.reporting.main import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, Committer, Slot, prepare
from shared.access import Role, TokenHash, Tokens
from shared.clock import system_clock
from shared.mongo import open_client, open_database
from tests import organisations
from tests.integration.reporting.conftest import commit_all
from tests.integration.reporting.sample_year import sample_year_events

TOKEN = "council"
NOW = datetime(2022, 2, 1, 8, 30, tzinfo=UTC)
PATIENCE = 120.0


@contextmanager
def standing_reports(amqp_url: str, mongo_url: str, prefix: str, **more: object) -> Iterator[str]:
    """The address of the running service, once it knows the sample year; ``more`` are settings."""
    run_aside(_keep_sample_year(mongo_url, prefix))
    settings = ReportingSettings.model_validate(
        {"amqp_url": amqp_url, "mongo_url": mongo_url, "mongo_prefix": prefix} | more
    )
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens = Tokens(tokens=(TokenHash(role=Role.REPORTING, name="council", sha256=hashed),))
    app = build_app(settings, organisations.PROFILES, tokens, lambda: NOW)
    port = free_port(15_600)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, http="httptools"))
    # In a thread: the browser is driven from the test's own.
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        address = f"http://127.0.0.1:{port}"
        run_aside(_until_ready(address))
        yield address
    finally:
        server.should_exit = True
        thread.join()


async def _keep_sample_year(mongo_url: str, prefix: str) -> None:
    client, profiles = open_client(mongo_url, "test"), organisations.PROFILES
    collections = Collections(open_database(client, prefix, "reporting"))
    await prepare(collections, {name: tables_of(profile) for name, profile in profiles.items()})
    committer = Committer(collections, Slot(collections, system_clock), profiles, system_clock)
    await commit_all(committer, sample_year_events())
    client.close()


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=url, verify=NO_CERTIFICATES) as client:
        while await _status(client) != httpx.codes.OK:  # noqa: ASYNC110  the service tells when it is asked
            await asyncio.sleep(0.1)


async def _status(client: httpx.AsyncClient) -> int | None:
    try:
        return (await client.get("/health/ready")).status_code
    except httpx.TransportError:
        return None
