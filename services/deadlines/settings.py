"""What deadlines is told by its environment."""

from pydantic import Field

from shared.settings import ServiceSettings


class DeadlinesSettings(ServiceSettings):
    deadlines_port: int = Field(default=8003, ge=1, le=65535, description="Port that HTTP listens on")
    sweep_seconds: float = Field(default=1.0, gt=0, description="Pause between two looks at what falls due")
    lease_seconds: float = Field(
        default=30.0,
        gt=0,
        description="For how long a replica has what falls due to itself; longer than a sweep takes",
    )
    sweep_group: int = Field(default=500, ge=1, le=5000, description="Contacts that are claimed at once")
    clock_offset_seconds: float = Field(
        default=0.0, description="For rehearsals only: by how much the service's clock is ahead of the machine's"
    )
