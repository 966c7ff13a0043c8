"""The service as a process of its own, killed in the middle of its work."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.ports import free_port
from tests.integration.reporting.conftest import (
    TOKEN,
    Database,
    counters_of,
    made_up_events,
    publishing,
    until,
)


@asynccontextmanager
async def process(
    broker_url: str, database: Database, directory: Path, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The running service; killed without warning at the end of the block."""
    tokens = directory / "tokens.json"
    of_test = {"role": "reporting", "name": "t", "sha256": hashlib.sha256(TOKEN.encode()).hexdigest()}
    tokens.write_text(json.dumps({"tokens": [of_test]}))
    environment = (
        os.environ
        | {
            "AMQP_URL": broker_url,
            "MONGO_URL": database.url,
            "MONGO_PREFIX": database.prefix,
            "TOKENS_FILE": str(tokens),
            "REPORTING_PORT": str(free_port(20_300)),
            "REPORTING_BATCH": "20",
            # What was in the hands of several dead processes is handled alone, one by one.
            "PREFETCH": "60",
        }
        | more
    )
    with (directory / "log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.reporting.main", env=environment, stdout=log, stderr=log
        )
        try:
            yield running
        finally:
            running.kill()
            await running.wait()


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    broker_url: str, database: Database, tmp_path: Path
) -> None:
    events = made_up_events(300)
    async with publishing(broker_url) as publish:
        await publish(events)
    for enough in (10, 60, 150):
        async with process(broker_url, database, tmp_path):

            async def in_the_middle(enough: int = enough) -> bool:
                return await database.collections.facts.count_documents({}) >= enough

            await until(in_the_middle)
    assert (await database.comparison()).differences == []
    async with process(broker_url, database, tmp_path):
        await database.until_it_knows(events)
    comparison = await database.comparison()
    assert comparison.counted == counters_of(events)
    assert comparison.unfolded == []
    assert comparison.facts == 300


async def test_killed_it_leaves_no_file_of_columns_behind(
    broker_url: str, filled: Database, tmp_path: Path
) -> None:
    columns = tmp_path / "columns"
    columns.mkdir()
    async with process(broker_url, filled, tmp_path, REPORTING_COLUMNS_DIRECTORY=str(columns)) as running:

        async def they_lie_there() -> bool:
            return str(columns) in _mapped(running.pid)

        await until(they_lie_there)
    assert not list(columns.iterdir())


def _mapped(pid: int) -> str:
    return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
