"""Broker and database of a run: private ones, or those that the environment names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from deploy.local import mongod, rabbitmq
from deploy.local.directory import RunDirectory
from deploy.local.failure import LocalRunError
from deploy.local.program import Program
from deploy.local.settings import LocalSettings
from deploy.local.tokens import credentials

_BROKER_RANK, _DATABASE_RANK = 10, 20
Say = Callable[[str], None]


class Private(Protocol):
    """A private broker or database, as the run sees it."""

    @property
    def url(self) -> str:
        """Address for clients, password included."""

    @property
    def address(self) -> str:
        """Host and port."""

    @property
    def name(self) -> str:
        """The program's name in the process table."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def settle_seconds(self) -> float:
        """For how long after the services have made their queues and indexes a kill could still lose those."""

    def prepare(self) -> None:
        """Writes what it needs before it starts."""

    def programs(self, rank: int) -> tuple[Program, ...]:
        """Its rows of the process table."""

    def answers(self) -> bool:
        """Whether clients can work with it now."""


@dataclass(frozen=True)
class Backends:
    """The addresses that the services are given, and the private ones among them, the quickest to start first."""

    amqp_url: str
    mongo_url: str
    private: tuple[Private, ...]
    programs: tuple[Program, ...]
    given: tuple[tuple[str, Callable[[], str | None]], ...]

    def check_given(self, say: Say) -> None:
        """Raises ``LocalRunError`` where a broker or database that the environment names cannot be used."""
        for variable, refusal in self.given:
            reason = refusal()
            if reason is not None:
                raise LocalRunError(
                    f"What {variable} names cannot be used: {reason}\n"
                    f"       Mend the address, or leave {variable} out: make run then starts a private one."
                )
            say(f"{variable} answers")


def plan_backends(settings: LocalSettings, run: RunDirectory, say: Say) -> Backends:
    """Decides between private and given, installs what is missing for the private ones, and prepares them."""
    passwords = credentials(run)
    private: list[Private] = []
    programs: list[Program] = []
    given: list[tuple[str, Callable[[], str | None]]] = []

    def start_own(one: Private, rank: int) -> str:
        one.prepare()
        private.append(one)
        programs.extend(one.programs(rank))
        return one.url

    if settings.mongo_url:
        mongo_url = settings.mongo_url.get_secret_value()
        given.append(("MONGO_URL", lambda: mongod.mongo_refusal(mongo_url)))
    else:
        program = mongod.ensure_installed(say)
        database = mongod.Mongod(program, run.data / "mongod", passwords.mongod, settings.mongo_port)
        mongo_url = start_own(database, _DATABASE_RANK)
    if settings.amqp_url:
        amqp_url = settings.amqp_url.get_secret_value()
        given.append(("AMQP_URL", lambda: rabbitmq.amqp_refusal(amqp_url)))
    else:
        broker = rabbitmq.RabbitMQ(
            rabbitmq.ensure_installed(say),
            run.data / "rabbitmq",
            passwords.rabbitmq,
            settings.amqp_port,
            settings.rabbitmq_management_port,
            settings.rabbitmq_prometheus_port,
        )
        amqp_url = start_own(broker, _BROKER_RANK)
    return Backends(amqp_url, mongo_url, tuple(private), tuple(programs), tuple(given))
