"""What every part of a profile is made of."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """What a person reads: Dutch first, English second."""

    nl: str
    en: str
