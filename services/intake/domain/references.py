"""A contact's number: per organisation and year, like ``LEU-2021-000123``."""

from datetime import datetime
from typing import NamedTuple

from shared.profiles import Profile

DIGITS = 6
"""At least so many; a year with a million contacts gets more."""


class NumberSeries(NamedTuple):
    """The numbers of one organisation and one local year of receipt."""

    prefix: str
    year: int

    @property
    def counter_id(self) -> str:
        return f"{self.prefix}:{self.year}"

    def reference(self, number: int) -> str:
        """The reference with that number (from 1)."""
        return f"{self.prefix}-{self.year}-{number:0{DIGITS}d}"


def series_of(profile: Profile, received_at: datetime) -> NumberSeries:
    """The series that a contact received at that moment (aware) is numbered in."""
    return NumberSeries(profile.reference_prefix, profile.local_date(received_at).year)
