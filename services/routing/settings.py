"""What routing is told by its environment."""

from pathlib import Path

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    routing_port: int = Field(default=8002, ge=1, le=65535, description="Port that HTTP listens on")
    mongo_url: SecretStr = Field(default=SecretStr(""), description="Not used: routing keeps nothing")
    learned_dir: Path | None = Field(
        default=None, description="Models learnt from corrections; without it the product's own are used"
    )
