"""What every service is told by its environment, or by files of secrets."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from shared.contracts.rejection import field_errors
from shared.messaging.topology import Presence

_USER_ALONE: Final = re.compile(r"(?P<scheme>[a-z+]+://)(?P<user>[^:@/]+)@(?P<rest>.+)", re.DOTALL)


class ServiceSettings(BaseSettings):
    """Names in the environment are those of the fields, in capitals. A service adds its own.

    Where ``SECRETS_DIR`` names a directory, a file in it with the name of a field stands for that variable, as
    container engines hand out secrets; the environment goes before it.
    """

    # An error about one variable must not print the others, passwords among them.
    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True, hide_input_in_errors=True)

    # Before the addresses: a field is checked with the help of those above it.
    amqp_password: SecretStr | None = Field(default=None, description="For an AMQP_URL that names a user alone")
    mongo_password: SecretStr | None = Field(default=None, description="For a MONGO_URL that names a user alone")
    amqp_url: SecretStr = Field(description="RabbitMQ: amqp://user:password@host:port/vhost")
    mongo_url: SecretStr = Field(description="MongoDB, a replica set: mongodb://host:port/?replicaSet=rs0")
    mongo_prefix: str = Field(
        default="contactpunt",
        pattern=r"^[a-z][a-z0-9_]{0,30}$",
        description="What the names of the databases begin with, so that one MongoDB can hold several products",
    )
    topology: Presence = Field(
        default="declare", description="Make exchanges and queues at the start, or expect that they are there"
    )
    host: str = Field(default="127.0.0.1", description="Address that HTTP listens on")
    tokens_file: Path | None = Field(default=None, description="JSON with the hashes of the bearer tokens")
    profiles_dir: Path | None = Field(default=None, description="Other profiles than those that come along")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    prefetch: int = Field(
        default=300,
        ge=1,
        le=2000,
        description="Most messages held unacknowledged per queue; of events at most 20, each perhaps a bundle",
    )
    # OpenTelemetry's own names; what else it knows (OTEL_TRACES_SAMPLER …) its library reads itself.
    otel_exporter_otlp_endpoint: AnyHttpUrl | None = Field(
        default=None,
        description="Where traces are sent, OTLP over HTTP: http://collector:4318; without it nothing is traced",
    )
    otel_exporter_otlp_headers: SecretStr | None = Field(
        default=None, description="Headers that the receiver of traces asks for: name=value,name=value"
    )

    @field_validator("otel_exporter_otlp_endpoint", mode="before")
    @classmethod
    def _none_where_empty(cls, value: object) -> object:
        # OpenTelemetry's own programs read an empty variable as one that is not there.
        return None if value == "" else value

    @field_validator("amqp_url", "mongo_url")
    @classmethod
    def _with_password(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        name = str(info.field_name).replace("url", "password")
        password: SecretStr | None = info.data.get(name)
        if password is None:
            return url
        parts = _USER_ALONE.fullmatch(url.get_secret_value())
        if parts is None:
            raise ValueError(f"where {name.upper()} is given it must name a user and no password: …://user@host")
        secret = quote(password.get_secret_value(), safe="")
        return SecretStr(f"{parts['scheme']}{parts['user']}:{secret}@{parts['rest']}")

    @classmethod
    def settings_customise_sources(
        cls: type[Self],
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller gives, then the environment, then the files of ``SECRETS_DIR``."""
        directory = os.environ.get("SECRETS_DIR")
        files = SecretsSettingsSource(settings_cls, directory) if directory else file_secret_settings
        return init_settings, env_settings, dotenv_settings, files


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
