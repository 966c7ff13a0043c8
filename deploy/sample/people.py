"""Invented citizens: each with a name of their own, none of them anybody's."""

import yaml
from pydantic import BaseModel, ConfigDict

from deploy.sample.chance import Chance
from deploy.sample.published import HERE


class Elsewhere(BaseModel):
    """A place outside the city."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    postal_code: str
    municipality: str
    country: str


class Directory(BaseModel):
    """The names that people and places are made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]
    postal_codes: dict[str, str]
    elsewhere: tuple[Elsewhere, ...]
    handlers: tuple[str, ...]
    contact_persons: tuple[str, ...]


def directory() -> Directory:
    """The names that come along."""
    return Directory.model_validate(yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8")))


class People:
    """Makes citizens, no two with the same name."""

    def __init__(self, names: Directory, chance: Chance) -> None:
        self._names = names
        self._chance = chance
        pairs = [(first, last) for first in names.first_names for last in names.last_names]
        self._unused = chance.sample(pairs, len(pairs))

    def street(self) -> str:
        return self._chance.choice(self._names.streets)

    def citizen(self, district: str) -> dict[str, object]:
        """Somebody who lives there; ``unknown`` is somebody without an address."""
        first, last = self._unused.pop()
        who: dict[str, object] = {"name": f"{first} {last}"}
        if self._chance.likely(0.9):
            who["email"] = f"{first}.{last}@example.org".lower()
        if "email" not in who or self._chance.likely(0.4):
            who["phone"] = f"+32 16 0{self._chance.randrange(10)} {self._chance.randrange(100):02} 00"
        address = self._address(district)
        if address:
            who["address"] = address
        return who

    def _address(self, district: str) -> dict[str, str] | None:
        if district == "unknown":
            return None
        street = f"{self.street()} {self._chance.randrange(1, 180)}"
        if district == "elsewhere":
            return {"street": street, **self._chance.choice(self._names.elsewhere).model_dump()}
        code = {"postal_code": self._names.postal_codes[district]}
        named = {"district": district} if self._chance.likely(0.3) else {}
        return {"street": street, **code, "municipality": "Leuven", **named, "country": "BE"}
