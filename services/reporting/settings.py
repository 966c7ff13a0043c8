"""What reporting is told by its environment."""

from pydantic import Field

from shared.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Names in the environment are those of the fields, in capitals."""

    reporting_port: int = Field(default=8004, ge=1, le=65535, description="Port that HTTP listens on")
    reporting_columns_max_mb: int = Field(
        default=512,
        ge=0,
        description="MiB that the copy of the facts may take, in its file and in memory together; 0 keeps none",
    )
    reporting_columns_directory: str = Field(
        default="",
        description="Directory for that file, best on a disk; empty for the system's one for temporary files",
    )
    reporting_most_rows: int = Field(
        default=50_000, ge=1, description="Rows that an answer may have; questions for more are refused"
    )
    reporting_batch: int = Field(default=500, ge=1, le=1000, description="Most events written in one transaction")
    reporting_monthly_seconds: float = Field(
        default=60.0, gt=0, description="Pause between two looks at which monthly reports are due"
    )
    reporting_monthly_settle_seconds: float = Field(
        default=900.0,
        ge=0,
        description="For how long a month's number of contacts has to stay the same before its reports are made",
    )
    reporting_monthly_most_months: int = Field(
        default=12,
        ge=0,
        le=120,
        description="How many months back reports are made unasked; 0 for none",
    )
    reporting_public_smallest: int = Field(
        default=5, ge=3, le=100, description="The smallest number of contacts that public figures show"
    )
    reporting_public_open: bool = Field(
        default=False, description="Whether public figures may be read without a token"
    )
