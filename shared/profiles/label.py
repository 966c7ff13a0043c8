"""What every part of a profile is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Closed and unchangeable: a misspelt key is an error, not a setting that has no effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """What a person reads: Dutch first, English second."""

    nl: Words
    en: Words
