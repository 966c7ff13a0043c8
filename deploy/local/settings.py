"""What the local run is told by its environment, and so by ``make run NAME=value``."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.directory import PROJECT
from deploy.local.failure import LocalRunError
from deploy.local.ports import Port

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class LocalSettings(BaseSettings):
    """Names in the environment are those of the fields, in capitals; an empty value is none."""

    model_config = SettingsConfigDict(env_file=None, env_ignore_empty=True, extra="ignore", frozen=True)

    detach: bool = Field(default=False, description="Return once all is ready, and leave it running")
    keep: bool = Field(default=False, description="Go on with the data of the last run")
    sample: Literal["year", "none"] = Field(default="year", description="What to load once all is ready")
    local_dir: Path = Field(default=PROJECT / ".local", description="Where the run keeps its things")

    amqp_url: SecretStr | None = Field(default=None, description="A RabbitMQ to use instead of a private one")
    mongo_url: SecretStr | None = Field(default=None, description="A MongoDB replica set to use instead")

    intake_port: PortNumber = Field(default=8001, description="Port of intake")
    routing_port: PortNumber = Field(default=8002, description="Port of routing")
    deadlines_port: PortNumber = Field(default=8003, description="Port of deadlines")
    reporting_port: PortNumber = Field(default=8004, description="Port of reporting")
    # None of these is its program's own default: a broker or database that the machine has already keeps its port.
    amqp_port: PortNumber = Field(default=5675, description="Port of the private RabbitMQ")
    rabbitmq_management_port: PortNumber = Field(default=15675, description="Port of its management")
    rabbitmq_prometheus_port: PortNumber = Field(default=15695, description="Port of its metrics")
    mongo_port: PortNumber = Field(default=27117, description="Port of the private MongoDB")

    patience: float = Field(default=120.0, gt=0, description="Seconds that a program may take to become ready")

    def service_port(self, name: str) -> int:
        """The port that the service of that name listens on."""
        return int(getattr(self, f"{name}_port"))

    def broker_ports(self) -> tuple[Port, ...]:
        """What the private RabbitMQ listens on; nothing where another is used."""
        if self.amqp_url:
            return ()
        return (
            Port(self.amqp_port, "RabbitMQ", "AMQP_PORT"),
            Port(self.rabbitmq_management_port, "RabbitMQ's management", "RABBITMQ_MANAGEMENT_PORT"),
            Port(self.rabbitmq_prometheus_port, "RabbitMQ's metrics", "RABBITMQ_PROMETHEUS_PORT"),
        )

    def database_ports(self) -> tuple[Port, ...]:
        """What the private MongoDB listens on; nothing where another is used."""
        return () if self.mongo_url else (Port(self.mongo_port, "MongoDB", "MONGO_PORT"),)


def read_settings() -> LocalSettings:
    """The settings of the environment. Raises ``LocalRunError`` naming each variable that is wrong, and why."""
    try:
        return LocalSettings()
    except ValidationError as error:
        lines = [f"{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
        raise LocalRunError("\n       ".join(lines)) from None
