"""Routing as people meet it: its pages over HTTP, with the model that it starts with, and no broker."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from services.routing.kept_models import KeptModels
from services.routing.main import app_for
from services.routing.text.matter import matter_of
from services.routing.text.readers import Readers
from shared.access import Role, TokenHash, Tokens
from tests import organisations

TOKEN = "coordinator"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
PROFILES = organisations.PROFILES
PATIENCE = 120.0


class _Alone:
    """The page needs no broker."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def missing(self) -> list[str]:
        return []


def readers(models_dir: Path) -> Readers:
    """Everything learnt, in a thread of its own: a browser may be running in this one."""
    learnt = Readers(matter_of(PROFILES), kept=KeptModels(models_dir))
    learning = threading.Thread(target=lambda: asyncio.run(learnt.learn()))
    learning.start()
    learning.join()
    return learnt


@contextmanager
def routing_standing(learnt: Readers) -> Iterator[str]:
    """The address of the running service."""
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens = Tokens(tokens=(TokenHash(role=Role.HANDLER, name="coordinators", sha256=hashed),))
    app = app_for(_Alone(), PROFILES, tokens, CollectorRegistry(), clock=lambda: NOW, readers=learnt)
    port = free_port(21_300)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, http="httptools"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        _until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
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
