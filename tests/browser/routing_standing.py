"""Routing as people meet it: its pages over HTTP, with the model that it starts with, and no broker."""

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry

from services.routing.kept_models import KeptModels
from services.routing.main import app_for
from services.routing.text.matter import matter_of
from services.routing.text.readers import Readers
from shared.access import Role, TokenHash, Tokens
from tests import organisations
from tests.browser.served import served

TOKEN = "coordinator"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
PROFILES = organisations.PROFILES


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
    with served(app, 21_300) as url:
        yield url
