"""The private broker and database that both pipelines are measured on."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from yarl import URL

from deploy.local import mongod, rabbitmq
from deploy.local.ports import free_port
from deploy.local.supervision import Supervisor, supervised

_PATIENCE = 120.0
_LOOK_SECONDS = 0.1
_PORTS = range(21_500, 21_900, 100)


@dataclass(frozen=True)
class Machine:
    """A running private broker and database. ``home`` is theirs alone."""

    home: Path
    mongo_url: str
    broker: rabbitmq.RabbitMQ
    supervisor: Supervisor

    @property
    def pids(self) -> Mapping[str, list[int]]:
        """The processes of broker and database, by what they are."""
        names = {"broker": self.broker.name, "database": "mongod"}
        return {what: [pid for pid in (self.supervisor.pid_of(name),) if pid] for what, name in names.items()}

    def management(self) -> httpx.Client:
        """A client of the broker's management API."""
        auth = (rabbitmq.USER, self.broker.password)
        return httpx.Client(base_url=f"{self.broker.management_url}/api", auth=auth, timeout=30)

    @contextmanager
    def virtual_host(self, name: str) -> Iterator[str]:
        """The address of an empty virtual host, for as long as the block lasts."""
        user = rabbitmq.USER
        with self.management() as api:
            api.put(f"/vhosts/{name}").raise_for_status()
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            api.put(f"/permissions/{name}/{user}", json=everything).raise_for_status()
            try:
                yield str(URL(self.broker.url).with_path(f"/{name}"))
            finally:
                api.delete(f"/vhosts/{name}").raise_for_status()


@contextmanager
def private_machine(say: Callable[[str], None]) -> Iterator[Machine]:
    """A broker and a database of one's own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="contactpunt-bench-", ignore_cleanup_errors=True) as name:
        home = Path(name).resolve()
        amqp_port, management_port, metrics_port, mongo_port = (free_port(start) for start in _PORTS)
        broker = rabbitmq.RabbitMQ(
            rabbitmq.ensure_installed(say),
            home / "rabbitmq",
            secrets.token_hex(16),
            amqp_port,
            management_port,
            metrics_port,
        )
        database = mongod.Mongod(mongod.ensure_installed(say), home / "mongod", secrets.token_hex(16), mongo_port)
        for one in (broker, database):
            one.prepare()
        with supervised(home, [*broker.programs(1), *database.programs(2)]) as (supervisor, _):
            for name_of_one, answers in ((broker.name, broker.answers), (database.name, database.answers)):
                supervisor.wait_for(name_of_one, answers, _PATIENCE)
            yield Machine(home, database.url, broker, supervisor)


def wait_until(
    done: Callable[[], bool], what: str, patience: float = _PATIENCE, every: float = _LOOK_SECONDS
) -> None:
    """Looks until it is done, every so many seconds. Raises ``TimeoutError`` naming what was awaited."""
    give_up = time.monotonic() + patience
    while not done():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what}: not within {patience:g} seconds")
        time.sleep(every)
