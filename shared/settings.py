"""What every service is told by its environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.contracts.rejection import field_errors


class ServiceSettings(BaseSettings):
    """Names in the environment are those of the fields, in capitals. A service adds its own."""

    # An error about one variable must not print the others, passwords among them.
    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True, hide_input_in_errors=True)

    amqp_url: SecretStr = Field(description="RabbitMQ: amqp://user:password@host:port/vhost")
    mongo_url: SecretStr = Field(description="MongoDB, a replica set: mongodb://host:port/?replicaSet=rs0")
    mongo_prefix: str = Field(
        default="contactpunt",
        pattern=r"^[a-z][a-z0-9_]{0,30}$",
        description="What the names of the databases begin with, so that one MongoDB can hold several products",
    )
    host: str = Field(default="127.0.0.1", description="Address that HTTP listens on")
    tokens_file: Path | None = Field(default=None, description="JSON with the hashes of the bearer tokens")
    profiles_dir: Path | None = Field(default=None, description="Other profiles than those that come along")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    prefetch: int = Field(default=300, ge=1, le=2000, description="Most messages held unacknowledged per queue")


@contextmanager
def starting(service: str, *broken: type[Exception]) -> Iterator[None]:
    """Reads what a service needs to start: what cannot be used ends the program with a line that says why.

    ``broken`` are the errors whose own words are fit to be told. Raises ``SystemExit`` for these and for settings
    that are missing or not valid.
    """
    try:
        yield
    except ValidationError as error:
        # Names and what is wrong with them; pydantic's own words would show passwords.
        told = "; ".join(f"{each['field'].upper()}: {each['message']}" for each in field_errors(error))
        raise SystemExit(f"{service} cannot start: {told}") from None
    except broken as error:
        raise SystemExit(f"{service} cannot start: {error}") from None
