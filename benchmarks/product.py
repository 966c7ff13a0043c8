"""The four services on a machine of their own, any number of each, and what they tell of themselves."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial

import httpx
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.machine import Machine
from deploy.local.backends import Backends
from deploy.local.directory import RunDirectory, write_private
from deploy.local.ports import free_port
from deploy.local.program import Program
from deploy.local.services import SERVICES, is_ready, service_command, service_programs, service_url
from deploy.local.settings import LocalSettings
from deploy.local.supervision import Supervisor, supervised
from deploy.local.tokens import hashes, make_citizen_keys, make_tokens
from shared.access import Role

ORGANISATION = "leuven"
_FIRST_PORT = 21_000
_PATIENCE = 120.0


@dataclass(frozen=True)
class Replica:
    """One process of a service."""

    service: str
    program: str
    url: str


@dataclass(frozen=True)
class Product:
    """The running services. ``databases`` is what the names of their databases begin with."""

    machine: Machine
    amqp_url: str
    databases: str
    replicas: tuple[Replica, ...]
    tokens: Mapping[Role, str]
    supervisor: Supervisor

    @property
    def pids(self) -> Mapping[str, list[int]]:
        """The processes of each service, and of broker and database."""
        found: dict[str, list[int]] = {service: [] for service in SERVICES}
        for replica in self.replicas:
            pid = self.supervisor.pid_of(replica.program)
            if pid is not None:
                found[replica.service].append(pid)
        return {**found, **self.machine.pids}

    def url(self, service: str) -> str:
        """Address of the first process of a service."""
        return next(each.url for each in self.replicas if each.service == service)

    def client(self, service: str, role: Role) -> httpx.Client:
        """A client of a service with the token of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.Client(base_url=self.url(service), headers=headers, timeout=60)

    def metric(self, name: str, *by: str) -> Counter[tuple[str, ...]]:
        """A metric's samples over all processes: its values, added up by service and the labels named."""
        found: Counter[tuple[str, ...]] = Counter()
        for replica in self.replicas:
            told = httpx.get(f"{replica.url}/metrics", timeout=30).raise_for_status().text
            for family in text_string_to_metric_families(told):
                for sample in family.samples:
                    if sample.name == name:
                        labels = (sample.labels[label] for label in by)
                        found[replica.service, *labels] += int(sample.value)
        return found


@contextmanager
def running_product(
    machine: Machine, name: str, *, replicas: int = 1, environment: Mapping[str, str] | None = None
) -> Iterator[Product]:
    """The services with an empty virtual host and empty databases, ready, for as long as the block lasts.

    ``environment`` is told to every process besides what it needs.
    """
    directory = RunDirectory(machine.home / name)
    directory.make()
    tokens = make_tokens()
    write_private(directory.tokens_file, hashes(tokens))
    make_citizen_keys(directory)
    databases = f"bench_{name}"
    with ExitStack() as stack:
        amqp_url = stack.enter_context(machine.virtual_host(name))
        backends = Backends(amqp_url, machine.mongo_url, (), (), ())
        told = {"MONGO_PREFIX": databases, **(environment or {})}
        programs: list[Program] = []
        found: list[Replica] = []
        for number in range(1, replicas + 1):
            settings = _settings()
            for program in service_programs(settings, directory, backends, service_command, rank=1):
                renamed = program.name if number == 1 else f"{program.name}-{number}"
                found.append(Replica(program.name, renamed, service_url(settings, program.name)))
                programs.append(replace(program, name=renamed, environment={**program.environment, **told}))
        supervisor, _ = stack.enter_context(supervised(directory.root, programs))
        for replica in found:
            supervisor.wait_for(replica.program, partial(is_ready, replica.url), _PATIENCE * replicas)
        yield Product(machine, amqp_url, databases, tuple(found), tokens, supervisor)


def _settings() -> LocalSettings:
    ports = {f"{name}_port": free_port(_FIRST_PORT) for name in SERVICES}
    return LocalSettings.model_validate(ports)
