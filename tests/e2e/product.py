"""The whole product as ``make run`` starts it, in a directory and on ports of its own."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import aio_pika
import httpx
from aio_pika.exceptions import AMQPError

from deploy.local.directory import PROJECT, RunDirectory
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import claim, free_port
from deploy.local.services import SERVICES, is_ready
from shared.messaging.topology import WORKING_QUEUES, dead_queue

PATIENCE = 120.0
_T = TypeVar("_T")
_PORTS = {
    "INTAKE_PORT": 21_001, "ROUTING_PORT": 21_101, "DEADLINES_PORT": 21_201, "REPORTING_PORT": 21_301,
    "AMQP_PORT": 21_401, "RABBITMQ_MANAGEMENT_PORT": 21_501, "RABBITMQ_PROMETHEUS_PORT": 21_601,
    "MONGO_PORT": 21_701,
}  # fmt: skip
_PORTS_OF_ERLANG = re.compile(r"^export (?:RABBITMQ_DIST_PORT|ERL_EPMD_PORT)=(\d+)$", re.MULTILINE)


def eventually(look: Callable[[], _T | None], what: str, patience: float = PATIENCE) -> _T:
    """What ``look`` finds as soon as it finds anything; it may fail while something is being restarted."""
    give_up = time.monotonic() + patience
    last = "nothing was found"
    while time.monotonic() < give_up:
        try:
            found = look()
        except (OSError, httpx.HTTPError, AMQPError) as error:
            last = f"{type(error).__name__}: {error}"
        else:
            if found is not None:
                return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {patience:g} seconds ({last})")


@dataclass(frozen=True)
class Product:
    """A running product. ``environment`` is what it wrote into its ``env`` file: addresses and tokens."""

    directory: RunDirectory
    environment: Mapping[str, str]
    variables: Mapping[str, str]

    def client(self, service: str, role: str) -> httpx.Client:
        """An HTTP client of a service with that role's token."""
        token = self.environment[f"{role.upper()}_TOKEN"]
        return httpx.Client(
            base_url=self.environment[f"{service.upper()}_URL"],
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            verify=NO_CERTIFICATES,
        )

    def run(self, *arguments: str) -> str:
        """Runs ``python -m …`` in the product's environment. Its output; fails the test where it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=PROJECT,
            env={**os.environ, **self.variables, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def publish(self, exchange: str, key: str, body: bytes) -> None:
        """Hands a message to the broker as an adapter does."""

        async def hand_in() -> None:
            async with await aio_pika.connect(self.environment["AMQP_URL"], timeout=10) as connection:
                channel = await connection.channel()
                at = await channel.get_exchange(exchange)
                await at.publish(aio_pika.Message(body, delivery_mode=2), key)

        asyncio.run(hand_in())

    def pid(self, name: str) -> int | None:
        """The pid that a program wrote, None where it is not one of the product's own."""
        file = self.directory.pid(name)
        return int(file.read_text(encoding="ascii")) if file.exists() else None

    def own_programs(self) -> list[str]:
        """Services, and broker and database where they are the product's own, in the order of the table."""
        return [name for name in (*SERVICES, "rabbitmq", "mongod") if self.pid(name) is not None]

    def kill(self, name: str) -> int:
        """``kill -9``. The pid that it had."""
        pid = self.pid(name)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_back(self, name: str, killed: int) -> None:
        """Waits until a program that was killed has been started again."""
        eventually(lambda: self.pid(name) not in (None, killed) or None, f"{name} started again")

    def becomes_ready(self) -> None:
        """Waits until all four services say that they can work."""
        for name in SERVICES:
            url = self.environment[f"{name.upper()}_URL"]
            eventually(partial(_ready, url), f"{name} ready")

    def waiting(self) -> dict[str, int]:
        """Messages that wait in working queues and in their dead-letter queues, where any do."""
        names = [name for working in WORKING_QUEUES for name in (working.name, dead_queue(working.name))]
        depths = depths_of(self.environment["AMQP_URL"], names)
        return {name: depth for name, depth in depths.items() if depth}

    def handled(self) -> float:
        """Messages that the services have settled since they were started."""
        return sum(self._handled_by(name) for name in SERVICES)

    def _handled_by(self, service: str) -> float:
        metrics = httpx.get(
            f"{self.environment[f'{service.upper()}_URL']}/metrics", timeout=10, verify=NO_CERTIFICATES
        ).text
        lines = [each for each in metrics.splitlines() if each.startswith("contactpunt_messages_handled_total")]
        return sum(float(each.rsplit(" ", 1)[1]) for each in lines)

    def comes_to_rest(self) -> None:
        """Waits until no queue holds a message and no service has settled one for a while."""
        looks: list[float] = []

        def rests() -> bool | None:
            looks.append(-1.0 if self.waiting() else self.handled())
            return True if len(looks) >= 8 and looks[-1] >= 0 and len(set(looks[-8:])) == 1 else None

        eventually(rests, "the product at rest")


@contextmanager
def running(directory: Path, given: Mapping[str, str]) -> Iterator[Product]:
    """The product, empty, for as long as the block lasts. ``given`` may name a broker and a database to use."""
    run = RunDirectory(directory.resolve())
    ports = {name: str(free_port(start)) for name, start in _PORTS.items()}
    variables = {**ports, **given, "LOCAL_DIR": str(run.root), "DETACH": "1", "SAMPLE": "none"}
    try:
        _local("up", variables)
        _claim_ports_of_erlang(run)
        lines = run.environment_file.read_text(encoding="utf-8").splitlines()
        yield Product(run, dict(line.split("=", 1) for line in lines), variables)
    finally:
        _local("down", variables)


def _claim_ports_of_erlang(run: RunDirectory) -> None:
    """Whoever chose these ports has ended. A broker that is killed has to find them free when it comes back,
    whatever other tests start meanwhile.
    """
    node = run.programs / "rabbitmq.sh"
    if node.exists():
        for port in _PORTS_OF_ERLANG.findall(node.read_text(encoding="utf-8")):
            claim(int(port))


def _local(command: str, variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", command],
        cwd=PROJECT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _ready(url: str) -> bool | None:
    return is_ready(url) or None


def depths_of(amqp_url: str, names: list[str]) -> dict[str, int]:
    """How many messages wait in each queue."""

    async def look() -> dict[str, int]:
        async with await aio_pika.connect(amqp_url, timeout=10) as connection:
            channel = await connection.channel()
            queues = [await channel.declare_queue(name, passive=True) for name in names]
            return {queue.name: queue.declaration_result.message_count or 0 for queue in queues}

    return asyncio.run(look())


def listen_for_rejections(amqp_url: str, queue: str) -> None:
    """Makes a queue that keeps everything that is rejected from now on, through a restart of the broker too."""

    async def declare() -> None:
        async with await aio_pika.connect(amqp_url, timeout=10) as connection:
            channel = await connection.channel()
            kept = await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
            await kept.bind("contacts.rejected", "#")

    asyncio.run(declare())
