"""A private RabbitMQ node: Debian's program, with configuration, data, cookie and ports of its own.

The node runs as whoever starts it, with everything it writes in one directory: neither the user ``rabbitmq`` nor
``/var/lib/rabbitmq`` is involved, and a broker that the machine has already is not touched.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import httpx
from aio_pika.exceptions import AMQPException

from deploy.local import debian
from deploy.local.directory import write_private
from deploy.local.failure import LocalRunError
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import LOOPBACK, free_port, listens
from deploy.local.program import Program

USER = "contactpunt"
_NODE = f"contactpunt@{LOOPBACK}"
# Debian's /usr/sbin/rabbitmq-server changes to the user rabbitmq, who may have no way into the project's folder.
_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_EPMD = Path("/usr/lib/erlang/bin/epmd")
_OTHERWISE = "Or set AMQP_URL=amqp://user:password@host:5672/ to a RabbitMQ that you have."
_MOST_SCHEDULERS = 4


@dataclass(frozen=True)
class Installation:
    """Where RabbitMQ's own programs are: the server's script, and Erlang's port mapper."""

    server: Path
    epmd: Path


def installation() -> Installation | None:
    """RabbitMQ as it is installed here, or None. ``RABBITMQ_SERVER`` may name another server script."""
    named = os.environ.get("RABBITMQ_SERVER")
    server = next(
        (p for p in (Path(named) if named else None, _SERVER, _which("rabbitmq-server")) if _runs(p)), None
    )
    epmd = next((p for p in (_which("epmd"), _EPMD) if _runs(p)), None)
    return Installation(server, epmd) if server and epmd else None


def _which(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _runs(path: Path | None) -> bool:
    return path is not None and os.access(path, os.X_OK)


def ensure_installed(say: Callable[[str], None]) -> Installation:
    """RabbitMQ, installed from Debian where it is missing. Raises ``LocalRunError`` where it may not be."""
    found = installation()
    if found is None:
        if debian.why_not() is None:
            say("installing RabbitMQ from Debian; about a minute, once")
        debian.install(["rabbitmq-server"], otherwise=_OTHERWISE)
        found = installation()
    if found is None:
        raise LocalRunError(
            f"rabbitmq-server is installed but {_SERVER} or epmd is not there.\n       {_OTHERWISE}"
        )
    return found


@dataclass(frozen=True)
class RabbitMQ:
    """One private node. ``home`` holds all that it writes; the ports are on 127.0.0.1."""

    installed: Installation
    home: Path
    password: str
    port: int
    management_port: int
    prometheus_port: int

    @property
    def name(self) -> str:
        """The program's name in the process table."""
        return "rabbitmq"

    @property
    def title(self) -> str:
        """Its name for people."""
        return "RabbitMQ"

    @property
    def url(self) -> str:
        """Address for clients, password included."""
        return f"amqp://{USER}:{self.password}@{self.address}/"

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def management_url(self) -> str:
        """Address of the management pages and their HTTP API."""
        return f"http://{LOOPBACK}:{self.management_port}"

    @property
    def settle_seconds(self) -> float:
        """RabbitMQ 3.10 writes the names of new quorum queues down every half second only.

        A kill before that loses the queue with all that it has confirmed; afterwards nothing of the kind happens.
        """
        return 1.0

    def configuration(self) -> str:
        """The node's ``rabbitmq.conf``: modest, since it shares a small machine with everything else."""
        return (
            f"listeners.tcp.1 = {LOOPBACK}:{self.port}\n"
            f"management.tcp.ip = {LOOPBACK}\nmanagement.tcp.port = {self.management_port}\n"
            f"prometheus.tcp.ip = {LOOPBACK}\nprometheus.tcp.port = {self.prometheus_port}\n"
            f"default_user = {USER}\ndefault_pass = {self.password}\n"
            "vm_memory_high_watermark.absolute = 1GiB\n"
            "disk_free_limit.absolute = 200MB\n"
            # RabbitMQ 4's own limit; 3.10 would hand a consumer 300 messages of 128 MiB each.
            "max_message_size = 16777216\n"
            # Quorum queues keep what is not yet in segments in memory, up to the size of this log.
            "raft.wal_max_size_bytes = 67108864\n"
            "log.console = true\nlog.console.level = info\nlog.file = false\n"
        )

    def prepare(self) -> None:
        """Writes the node's configuration."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self.home / "rabbitmq.conf", self.configuration())
        write_private(self.home / "enabled_plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")

    def programs(self, rank: int) -> tuple[Program, Program]:
        """The node and the port mapper that its Erlang needs.

        An Erlang node starts a port mapper by itself and leaves it behind; this one is the node's own, on a port
        of its own, and stops with it.
        """
        epmd_port = free_port(14369)
        environment = self._environment(epmd_port)
        epmd = Program(
            "epmd",
            (str(self.installed.epmd), "-port", str(epmd_port), "-address", LOOPBACK),
            rank,
            directory=self.home,
            stop_seconds=5,
        )
        node = Program(self.name, (str(self.installed.server),), rank + 1, environment, self.home, stop_seconds=20)
        return epmd, node

    def _environment(self, epmd_port: int) -> dict[str, str]:
        home = str(self.home)
        schedulers = min(_MOST_SCHEDULERS, os.cpu_count() or 1)
        return {
            "HOME": home,  # where Erlang makes and looks for the cookie
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_CRASH_DUMP_SECONDS": "0",
            # The script then becomes the Erlang machine instead of watching over it: one process, one pid.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_USE_LONGNAME": "true",  # an address for a host: nothing has to be looked up
            "RABBITMQ_DIST_PORT": str(free_port(25675)),
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/none.config",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{home}/node.pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                f"+S {schedulers}:{schedulers} -kernel inet_dist_use_interface {{127,0,0,1}}"
            ),
        }

    def answers(self) -> bool:
        """Whether the node takes AMQP connections and its management answers."""
        if not listens(self.port) or amqp_refusal(self.url) is not None:
            return False
        try:
            answer = httpx.get(
                f"{self.management_url}/api/whoami", auth=(USER, self.password), timeout=5, verify=NO_CERTIFICATES
            )
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK


def run_aside(coroutine: Coroutine[Any, Any, None]) -> None:
    """Runs to its end what aio-pika offers, in a thread of its own: the caller may have an event loop already."""
    with ThreadPoolExecutor(max_workers=1) as aside:
        aside.submit(asyncio.run, coroutine).result()


def amqp_refusal(url: str, seconds: float = 5.0) -> str | None:
    """Why the broker at that address cannot be used, or None where it can. Never holds the password."""

    async def attempt() -> None:
        connection = await aio_pika.connect(url, timeout=seconds)
        await connection.close()

    try:
        run_aside(attempt())
    except (OSError, TimeoutError, AMQPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None
