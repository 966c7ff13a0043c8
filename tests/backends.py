"""The real broker and database that tests run against.

Those that AMQP_URL and MONGO_URL name, else containers where a Docker engine answers, else private processes on
this machine. The tests are the same, whichever it is.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import httpx
from pymongo import MongoClient
from yarl import URL

from deploy.local.backends import Private
from deploy.local.mongod import REPLICA_SET, Mongod, mongo_refusal
from deploy.local.mongod import ensure_installed as ensure_mongod
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from deploy.local.rabbitmq import RabbitMQ, amqp_refusal, run_aside
from deploy.local.rabbitmq import ensure_installed as ensure_rabbitmq
from deploy.local.supervision import supervised
from shared.messaging import topology

RABBITMQ_IMAGE = "rabbitmq:4-management"
MONGO_IMAGE = "mongo:7"
_PATIENCE = 240.0
_CONTAINER_USER = "contactpunt"


@dataclass(frozen=True)
class Broker:
    """A running RabbitMQ. With ``management_url`` tests can have virtual hosts of their own."""

    url: str
    management_url: str | None

    @contextmanager
    def clean(self) -> Iterator[str]:
        """The address of a broker that holds nothing, and afterwards holds nothing of the test's."""
        if self.management_url is None:
            run_aside(_delete_topology(self.url))
            yield self.url
            run_aside(_delete_topology(self.url))
            return
        host = f"test-{secrets.token_hex(6)}"
        user, password = URL(self.url).user, URL(self.url).password
        assert user is not None
        assert password is not None
        with httpx.Client(
            base_url=f"{self.management_url}/api", auth=(user, password), timeout=30, verify=NO_CERTIFICATES
        ) as api:
            api.put(f"/vhosts/{host}").raise_for_status()
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            api.put(f"/permissions/{host}/{user}", json=everything).raise_for_status()
            try:
                yield str(URL(self.url).with_path(f"/{host}"))
            finally:
                api.delete(f"/vhosts/{host}").raise_for_status()


async def _delete_topology(url: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for queue in topology.QUEUES:
            await channel.queue_delete(queue.name)
        for exchange in topology.EXCHANGES:
            await channel.exchange_delete(exchange.name)


@contextmanager
def running_broker() -> Iterator[Broker]:
    """A RabbitMQ for as long as the block lasts. RABBITMQ_MANAGEMENT_URL may go with a given AMQP_URL."""
    given = os.environ.get("AMQP_URL")
    if given:
        yield Broker(given, os.environ.get("RABBITMQ_MANAGEMENT_URL"))
    elif docker_answers():
        with _broker_container() as broker:
            yield broker
    else:
        with private_broker() as broker:
            yield broker


@contextmanager
def private_broker() -> Iterator[Broker]:
    """A RabbitMQ of one's own, whatever the other tests run against."""
    with _home() as home:
        node = RabbitMQ(
            ensure_rabbitmq(print), home / "data", secrets.token_hex(16), *_free_ports(15_300, count=3)
        )
        with private(node, home):
            yield Broker(node.url, node.management_url)


@contextmanager
def running_database() -> Iterator[str]:
    """The address of a MongoDB replica set for as long as the block lasts."""
    given = os.environ.get("MONGO_URL")
    if given:
        yield given
    elif docker_answers():
        with _database_container() as url:
            yield url
    else:
        with _home() as home:
            member = Mongod(ensure_mongod(print), home / "data", secrets.token_hex(16), *_free_ports(15_400))
            with private(member, home):
                yield member.url


@contextmanager
def private(backend: Private, home: Path) -> Iterator[None]:
    """A private broker or database, kept running as in the local run for as long as the block lasts."""
    backend.prepare()
    with supervised(home, backend.programs(rank=1)) as (supervisor, _):
        supervisor.wait_for(backend.name, backend.answers, _PATIENCE)
        yield


@contextmanager
def own_databases(mongo_url: str) -> Iterator[str]:
    """A prefix for the names of databases that nobody else uses; afterwards they are gone."""
    prefix = f"t{secrets.token_hex(6)}"
    try:
        yield prefix
    finally:
        with MongoClient[dict[str, Any]](mongo_url) as client:
            for name in client.list_database_names():
                if name.startswith(f"{prefix}_"):
                    client.drop_database(name)


def docker_answers() -> bool:
    """Whether there is a Docker engine to start containers with."""
    # In a process of its own: where no engine answers, the library leaves an open socket behind.
    ping = "import docker; docker.from_env(timeout=5).ping()"
    return subprocess.run([sys.executable, "-c", ping], capture_output=True, check=False).returncode == 0


@contextmanager
def _broker_container() -> Iterator[Broker]:
    password = secrets.token_hex(16)
    variables = {"RABBITMQ_DEFAULT_USER": _CONTAINER_USER, "RABBITMQ_DEFAULT_PASS": password}
    with _container(RABBITMQ_IMAGE, variables, None, 5672, 15672) as (host, (port, management)):
        url = f"amqp://{_CONTAINER_USER}:{password}@{host}:{port}/"
        _wait(lambda: amqp_refusal(url))
        yield Broker(url, f"http://{host}:{management}")


@contextmanager
def _database_container() -> Iterator[str]:
    command = f"--replSet {REPLICA_SET} --bind_ip_all"
    with _container(MONGO_IMAGE, {}, command, 27017) as (host, (port,)):
        # The member calls itself by its address inside the container, which nobody outside can follow.
        url = f"mongodb://{host}:{port}/?directConnection=true"
        members = [{"_id": 0, "host": "127.0.0.1:27017"}]
        with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=60_000) as client:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        _wait(lambda: mongo_refusal(url))
        yield url


@contextmanager
def _container(
    image: str, variables: dict[str, str], command: str | None, *ports: int
) -> Iterator[tuple[str, tuple[int, ...]]]:
    with warnings.catch_warnings():
        # What the library deprecates in itself is not for us to mend.
        warnings.simplefilter("ignore")
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

    container = DockerContainer(image).with_exposed_ports(*ports)
    for name, value in variables.items():
        container.with_env(name, value)
    if command:
        container.with_command(command)
    with container:
        yield container.get_container_host_ip(), tuple(int(container.get_exposed_port(port)) for port in ports)


def _wait(refusal: Callable[[], str | None]) -> None:
    give_up = time.monotonic() + _PATIENCE
    while reason := refusal():
        if time.monotonic() > give_up:
            raise AssertionError(f"the container was not ready within {_PATIENCE:g} seconds: {reason}")
        time.sleep(0.5)


def _free_ports(start: int, count: int = 1) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        found.append(free_port(found[-1] + 1 if found else start))
    return found


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="contactpunt-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()
