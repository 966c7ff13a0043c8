"""What intake is told by its environment."""

from pathlib import Path

from pydantic import Field

from shared.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    intake_port: int = Field(default=8001, ge=1, le=65535, description="Port that HTTP listens on")
    citizen_keys_file: Path | None = Field(
        default=None, description="Secret keys that citizens' marks are made with; without it nothing is linked"
    )
    parking_seconds: float = Field(
        default=600,
        ge=0,
        description="How long a follow-up waits for its contact once intake has caught up with what came before",
    )
    sweep_seconds: float = Field(default=1, gt=0, description="Pause between looks at the parked follow-ups")
    keep_refused_days: int = Field(
        default=30,
        ge=1,
        description="How long refused messages, and follow-ups whose contact never came, are kept",
    )
    reference_block: int = Field(default=50, ge=1, le=10_000, description="Reference numbers drawn at a time")
    import_prefetch: int = Field(
        default=200, ge=1, le=2000, description="Most imported messages in hand, those in work included"
    )
    import_yields_at: int = Field(
        default=4,
        ge=0,
        description="Messages waiting in a queue behind intake over which imports let others pass; each may be a "
        "bundle of what was handled together",
    )
    import_batch: int = Field(default=100, ge=1, le=500, description="Most imported messages handled together")
    import_contacts: int = Field(
        default=25, ge=1, le=500, description="Most new contacts among them; fewer, so that live ones overtake"
    )
    http_in_hand_most: int = Field(
        default=100, ge=1, le=10_000, description="Most contacts and follow-ups dealt with at a time over HTTP"
    )
    live_queue_most: int = Field(
        default=10_000, ge=1, description="Messages waiting in the live queue over which HTTP takes in no more"
    )
    import_queue_most: int = Field(
        default=200_000, ge=1, description="The same of the queue of imports, for contacts out of the past"
    )
