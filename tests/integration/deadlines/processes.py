"""Services as processes of their own, somebody who hears what they tell, and what the reports make of it."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import httpx
from aio_pika.abc import AbstractIncomingMessage

from deploy.local.plain_http import NO_CERTIFICATES
from shared.messaging.topology import CONTACTS_EVENTS

TOKEN = "of-the-test"


@asynccontextmanager
async def service(
    name: str, port: int, home: Path, **environment: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    """The service, starting, and a client that may ask it everything."""
    tokens = home / "tokens.json"
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens.write_text(json.dumps({"tokens": [{"role": "admin", "name": "test", "sha256": digest}]}))
    told = {"TOKENS_FILE": str(tokens), f"{name.upper()}_PORT": str(port), "LOG_LEVEL": "ERROR"}
    command = (sys.executable, "-m", f"services.{name}.main")
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | told | environment)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=bearer, verify=NO_CERTIFICATES
        ) as client:
            yield process, client
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def ready(client: httpx.AsyncClient) -> None:
    """Waits until the service says that nothing is missing."""
    while not await _is_ready(client):  # noqa: ASYNC110  the service tells when it is asked
        await asyncio.sleep(0.1)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


class Heard:
    """How often each message of one type was heard, by its id and to the last byte."""

    def __init__(self) -> None:
        self.bodies: dict[str, set[bytes]] = {}
        self.messages = 0

    async def take(self, message: AbstractIncomingMessage) -> None:
        self.messages += 1
        self.bodies.setdefault(message.message_id or "", set()).add(message.body)


@asynccontextmanager
async def hearing(url: str, routing_key: str) -> AsyncIterator[Heard]:
    """A queue of its own on one type of event; the topology must be there."""
    heard = Heard()
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(CONTACTS_EVENTS, routing_key)
        await queue.consume(heard.take, no_ack=True)
        yield heard


async def emptied(url: str, queue: str) -> None:
    """Waits until nothing waits in the queue and nothing is in anybody's hands."""
    async with await aio_pika.connect(url) as connection:
        while True:
            channel = await connection.channel()
            declared = await channel.declare_queue(queue, passive=True)
            if declared.declaration_result.message_count == 0:
                return
            await channel.close()
            await asyncio.sleep(0.2)


async def recount(environment: dict[str, str], organisation: str) -> tuple[int, str]:
    """What the command says that compares the reports' counters with every fact, made anew out of its events."""
    arguments = ("--compare", "--facts", "--organisation", organisation)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.reporting.rebuild", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | environment | {"COLUMNS": "160"},
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, " ".join(printed.decode().split())
