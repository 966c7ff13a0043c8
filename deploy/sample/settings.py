"""Where the sample year goes: what the environment says, or else the local run's own file."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.directory import PROJECT

LOCAL_RUN = PROJECT / ".local" / "env"


class SampleError(Exception):
    """The sample year cannot be loaded or shown. The text says why, and what to do about it."""


class SampleSettings(BaseSettings):
    """Names in the environment are those of the fields, in capitals, and outrank those in ``.local/env``."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    amqp_url: SecretStr
    reporting_url: str
    reporting_token: SecretStr
    sample_patience: float = Field(
        default=180.0, gt=0, description="Seconds without any progress after which loading gives up"
    )


def read_settings(file: Path = LOCAL_RUN) -> SampleSettings:
    """The settings. Raises ``SampleError`` naming what is missing."""
    try:
        return SampleSettings(_env_file=file)
    except ValidationError as error:
        names = ", ".join(str(each["loc"][0]).upper() for each in error.errors())
        raise SampleError(
            f"{names} not set or not valid. Start the local run (make run), which writes .local/env, or set "
            "AMQP_URL, REPORTING_URL and REPORTING_TOKEN."
        ) from None
