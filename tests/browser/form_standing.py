"""Intake as citizens meet it: its web form over HTTP, on the real broker and database."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from services.intake.main import intake_app
from services.intake.runtime import IntakeRuntime
from services.intake.settings import IntakeSettings
from shared.access import Role
from tests import organisations
from tests.browser.standing import PATIENCE
from tests.integration.deadlines.running import MovedClock
from tests.integration.intake.whole import TOKENS
from tests.unit.intake.messages import NOW

PROFILES = organisations.PROFILES


@dataclass(frozen=True)
class Standing:
    """The running service: its address, and what can be turned about it."""

    url: str
    runtime: IntakeRuntime
    clock: MovedClock

    def file(self, reference: str) -> dict[str, Any]:
        """The contact as a handler sees it, once it is registered."""
        until = time.monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {Role.HANDLER.value}"}
        while time.monotonic() < until:
            answer = httpx.get(f"{self.url}/contacts/{reference}", headers=headers, verify=NO_CERTIFICATES)
            told: dict[str, Any] = answer.json()
            if told.get("submission"):
                return told
            time.sleep(0.05)
        raise TimeoutError(f"{reference} was not registered")


@contextmanager
def form_standing(amqp_url: str, mongo_url: str, prefix: str) -> Iterator[Standing]:
    """The service for as long as the block lasts."""
    settings = IntakeSettings.model_validate(
        {"amqp_url": amqp_url, "mongo_url": mongo_url, "mongo_prefix": prefix, "sweep_seconds": 0.1}
    )
    registry = CollectorRegistry()
    clock = MovedClock(NOW)
    runtime = IntakeRuntime(settings, PROFILES, registry, clock)
    app = intake_app(runtime, TOKENS, registry)
    port = free_port(15_600)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, http="httptools"))
    # In a thread: the browser is driven from the test's own.
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(url)
        yield Standing(url, runtime, clock)
    finally:
        server.should_exit = True
        thread.join()


def _until_ready(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/health/ready", verify=NO_CERTIFICATES).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not get ready")
