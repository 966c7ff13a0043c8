"""Chance that falls alike every time."""

from random import Random


class Chance(Random):
    """A source of chance for one purpose."""

    def likely(self, share: float) -> bool:
        """True in that share of cases, 0 to 1."""
        return self.random() < share


def chance_for(purpose: str) -> Chance:
    """Chance of its own for each purpose, so that a change in one place moves nothing elsewhere."""
    return Chance(f"leuven 2021: {purpose}")
