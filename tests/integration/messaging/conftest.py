"""Clients and services on the real broker; and a broker of their own for tests that kill it."""

import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from deploy.local import processes
from deploy.local.ports import free_port
from deploy.local.program import Program
from deploy.local.rabbitmq import RabbitMQ, ensure_installed
from deploy.local.supervision import Supervisor, supervised
from shared.messaging import Messaging
from tests.backends import Broker
from tests.integration.messaging.support import Client, client_of

MakeMessaging = Callable[[], Messaging]


@pytest.fixture
async def make_messaging(broker_url: str) -> AsyncIterator[MakeMessaging]:
    """Makes the messaging of a service; stopped in the end."""
    async with AsyncExitStack() as stack:

        def make() -> Messaging:
            messaging = Messaging(url=broker_url, service="test", registry=CollectorRegistry())
            stack.push_async_callback(messaging.stop, 1.0)
            return messaging

        yield make


@pytest.fixture
async def messaging(make_messaging: MakeMessaging) -> Messaging:
    """The messaging of a service, connected, with the topology declared."""
    made = make_messaging()
    await made.start()
    return made


@pytest.fixture
async def client(messaging: Messaging, broker_url: str) -> AsyncIterator[Client]:
    """Somebody else on the same broker, once the topology is there."""
    del messaging
    async with client_of(broker_url) as made:
        yield made


@pytest.fixture
def brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer that lost its channel begins again at once."""
    monkeypatch.setattr("shared.messaging.consumer.RESUME_SECONDS", 0.02)


@dataclass(frozen=True)
class MortalBroker:
    """A broker that may be killed; its supervisor starts it again, with what it had on disk."""

    url: str
    supervisor: Supervisor
    server: Program

    def kill(self) -> None:
        """As the out-of-memory killer does it."""
        pid = self.supervisor.pid_of("rabbitmq")
        assert pid is not None
        processes.send([pid], signal.SIGKILL)

    @contextmanager
    def out_of_disk(self) -> Iterator[None]:
        """The broker takes no messages for as long as the block lasts: it believes that its disk is full."""
        self._control("set_disk_free_limit", "1000000GB")
        try:
            yield
        finally:
            self._control("set_disk_free_limit", "1MB")

    def _control(self, *command: str) -> None:
        program = Path(self.server.command[0]).with_name("rabbitmqctl")
        done = subprocess.run(
            [program, *command],
            env={**os.environ, **self.server.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="package")
def mortal_node() -> Iterator[tuple[RabbitMQ, Supervisor, Program]]:
    """A private RabbitMQ, whatever the other tests run against: a shared one must not be killed."""
    with tempfile.TemporaryDirectory(prefix="contactpunt-", ignore_cleanup_errors=True) as name:
        home = Path(name).resolve()
        amqp, management, prometheus, distribution = _ports(4)
        node = RabbitMQ(
            ensure_installed(print), home / "data", secrets.token_hex(16), amqp, management, prometheus
        )
        node.prepare()
        epmd, server = node.programs(rank=1)
        server = replace(server, environment={**server.environment, "RABBITMQ_DIST_PORT": str(distribution)})
        with supervised(home, (epmd, server)) as (supervisor, _):
            supervisor.wait_for(node.name, node.answers, 240)
            yield node, supervisor, server


def _ports(count: int) -> list[int]:
    # By chance, not the first that are free: while the node is down, its ports are free for others to find.
    start = 20_000 + 10 * secrets.randbelow(1_000)
    return [free_port(start + n) for n in range(count)]


@pytest.fixture
def mortal_broker(mortal_node: tuple[RabbitMQ, Supervisor, Program]) -> Iterator[MortalBroker]:
    """The broker that may be killed, with nothing in it."""
    node, supervisor, server = mortal_node
    with Broker(node.url, node.management_url).clean() as url:
        yield MortalBroker(url, supervisor, server)
