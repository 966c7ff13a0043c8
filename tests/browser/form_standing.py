"""Intake as citizens meet it: its web form over HTTP, on the real broker and database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client import CollectorRegistry

from deploy.local.plain_http import NO_CERTIFICATES
from services.intake.main import intake_app
from services.intake.runtime import IntakeRuntime
from services.intake.settings import IntakeSettings
from shared.access import Role
from tests import organisations
from tests.browser.served import served
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
    with served(app, 15_600) as url:
        yield Standing(url, runtime, clock)
