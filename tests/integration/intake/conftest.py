"""Intake over the real database, with a publisher that remembers or fails; and whole, on the real broker."""

import io
import sys
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry

from services.intake.metrics import IntakeMetrics
from services.intake.runtime import put_together
from services.intake.store import Store
from shared.logging import configure_logging
from shared.mongo import Database, open_client, open_database
from tests.integration.intake.bench import Bench, Said
from tests.integration.intake.whole import Whole, running
from tests.unit.intake.messages import KEYS, NOW, PROFILES


@pytest.fixture
async def database(mongo_url: str, mongo_prefix: str) -> AsyncIterator[Database]:
    client = open_client(mongo_url, "test")
    yield open_database(client, mongo_prefix, "intake")
    client.close()


@pytest.fixture
async def bench(database: Database) -> Bench:
    """Intake without a broker: batches go in by hand, and what it says is kept."""
    store = Store(database, reference_block=5)
    await store.create_indexes(keep_refused_days=30)
    said = Said()
    metrics = IntakeMetrics(CollectorRegistry())
    bench = Bench(database, store, said, metrics, NOW)
    bench.parts = put_together(store, said, PROFILES, metrics, clock=lambda: bench.now, keys=KEYS)
    return bench


@pytest.fixture
async def whole(broker_url: str, mongo_url: str, mongo_prefix: str) -> AsyncIterator[Whole]:
    """The service as it runs, HTTP included."""
    async with running(broker_url, mongo_url, mongo_prefix) as service:
        yield service


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that is logged, at the finest level, as the service logs it."""
    captured = io.StringIO()
    monkeypatch.setattr(sys, "stdout", captured)
    configure_logging("intake", "DEBUG")
    return captured
