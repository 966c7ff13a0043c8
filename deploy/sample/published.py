"""The published figures that the sample year is made to."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from shared.contracts.identifiers import Channel, Line, Nature

HERE = Path(__file__).parent
QUALIFICATIONS = ("founded", "partly_founded", "no_judgement", "unfounded")
FOUNDED = ("founded", "partly_founded")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Districts(_Part):
    """Residence of all citizens, and of those with a second-line dossier."""

    all: dict[str, int]
    second: dict[str, int]


class Referral(_Part):
    """A row of the referrals: how many, and the bodies that the report names in it."""

    count: int
    bodies: tuple[str, ...]


class Settlement(_Part):
    """How many dossiers were settled in this way."""

    intervention: str
    outcome: str
    count: int


class Settlements(_Part):
    founded: tuple[Settlement, ...]
    other: tuple[Settlement, ...]


class CrossDirectorate(_Part):
    """How many dossiers over several directorates there are of each kind."""

    founded_and_resolved: int
    unfounded: int
    no_judgement: int

    @property
    def total(self) -> int:
        return self.founded_and_resolved + self.unfounded + self.no_judgement


class Topic(_Part):
    """How many dossiers have the topic, and the services that they may be about."""

    count: int
    services: tuple[str, ...]


class Published(_Part):
    """The figures of the report for one year; ``second_line_services`` by ``QUALIFICATIONS``, in that order."""

    total: int
    lines: dict[Line, int]
    natures: dict[Line, dict[Nature, int]]
    months: dict[Line, tuple[int, ...]]
    channels: dict[Line, dict[Channel, int]]
    districts: Districts
    referrals: dict[str, Referral]
    first_line_directorates: dict[str, int]
    second_line_services: dict[str, tuple[int, int, int, int]]
    settlements: Settlements
    cross_directorate: CrossDirectorate
    topics: dict[str, Topic]


@cache
def leuven_2021() -> Published:
    """The report on 2021."""
    return Published.model_validate(yaml.safe_load((HERE / "published.yaml").read_text(encoding="utf-8")))
