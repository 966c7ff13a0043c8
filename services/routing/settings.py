"""What routing is told by its environment."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    routing_port: int = Field(default=8002, ge=1, le=65535, description="Port that HTTP listens on")
    mongo_url: SecretStr = Field(default=SecretStr(""), description="Not used: routing keeps nothing")
