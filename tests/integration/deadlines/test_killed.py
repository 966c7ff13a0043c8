"""Two replicas as processes of their own; one is killed in the middle of a sweep."""

import asyncio
import hashlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from deploy.local.ports import free_port
from services.deadlines.domain.timeline import follow
from services.deadlines.store import Stored, TimelineStore
from shared.clock import system_clock
from shared.contracts.events import DeadlineMissed
from shared.contracts.identifiers import DeadlineState
from tests.integration.deadlines.running import eventually, listening, own_store
from tests.unit.deadlines.courses import LEUVEN, registered

_CONTACTS = 2000
_AHEAD = timedelta(days=90)


@asynccontextmanager
async def replica(
    amqp: str, mongo: str, prefix: str, home: Path, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A service whose clock is three months ahead, ready."""
    tokens = home / "tokens.json"
    tokens.write_text(
        json.dumps({"tokens": [{"role": "admin", "name": "test", "sha256": hashlib.sha256(b"x").hexdigest()}]})
    )
    environment = os.environ | {
        "AMQP_URL": amqp,
        "MONGO_URL": mongo,
        "MONGO_PREFIX": prefix,
        "TOKENS_FILE": str(tokens),
        "DEADLINES_PORT": str(port),
        "SWEEP_SECONDS": "0.1",
        "SWEEP_GROUP": "50",
        "LEASE_SECONDS": "3",
        "CLOCK_OFFSET_SECONDS": str(_AHEAD.total_seconds()),
        "LOG_LEVEL": "ERROR",
    }
    command = (sys.executable, "-m", "services.deadlines.main")
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            while not await _ready(client):  # noqa: ASYNC110  the service tells when it is asked
                await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


async def test_each_deadline_is_told_once_in_effect(
    broker_url: str, mongo_url: str, mongo_prefix: str, tmp_path: Path
) -> None:
    received = system_clock() - timedelta(minutes=1)
    references = [f"LEU-2026-{number:06}" for number in range(_CONTACTS)]
    contacts = [
        Stored(follow(None, each, [registered(received, each)], LEUVEN, received)[0]) for each in references
    ]
    first, second = free_port(23_100), free_port(23_200)
    async with (
        replica(broker_url, mongo_url, mongo_prefix, tmp_path, first) as killed,
        replica(broker_url, mongo_url, mongo_prefix, tmp_path, second) as surviving,
        listening(broker_url) as heard,
        own_store(mongo_url, mongo_prefix) as store,
    ):
        assert await store.write(contacts) == set()
        await eventually(lambda: len(heard.events) >= 300)
        assert len({event.envelope.subject for event in heard.events}) < _CONTACTS
        killed.send_signal(signal.SIGKILL)
        await eventually(lambda: len({each.envelope.id for each in heard.events}) >= 2 * _CONTACTS)
        while (left := await states(store=store, references=references)) != {DeadlineState.MISSED: 2 * _CONTACTS}:
            assert surviving.returncode is None, left
            await asyncio.sleep(0.1)
    told = {
        (event.envelope.subject, event.data.kind, event.envelope.id)
        for event in heard.events
        if isinstance(event.data, DeadlineMissed)
    }
    # What the killed one had told and not marked was told again, as the same event: by id each is there once.
    assert Counter((subject, kind) for subject, kind, _ in told) == {
        (reference, kind): 1 for reference in references for kind in ("acknowledgement", "answer")
    }


async def states(store: TimelineStore, references: list[str]) -> Counter[DeadlineState]:
    found = await store.read(references)
    return Counter(each.deadline.state for stored in found.values() for each in stored.timeline.deadlines)
