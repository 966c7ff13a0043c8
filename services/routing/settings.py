"""What routing is told by its environment."""

from pathlib import Path

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    routing_port: int = Field(default=8002, ge=1, le=65535, description="Port that HTTP listens on")
    mongo_url: SecretStr = Field(default=SecretStr(""), description="Not used: routing keeps nothing")
    # What is held only stands before the contact that comes next.
    prefetch: int = Field(
        default=8,
        ge=1,
        le=2000,
        description="Most messages held unacknowledged, a bundle of up to fifty requests counting as one",
    )
    learned_dir: Path | None = Field(
        default=None, description="Models learnt from corrections; without it the product's own are used"
    )
    models_dir: Path | None = Field(
        default=None,
        description="Where the product's own models are kept, once trained; without it each start trains them",
    )
