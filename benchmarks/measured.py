"""What one run came to."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Contacts that went all the way. Seconds from the first publish; ``published`` is when the broker had
    confirmed the last.
    """

    contacts: int
    seconds: float
    published: float

    @property
    def per_second(self) -> float:
        return self.contacts / self.seconds


@dataclass(frozen=True)
class Spread:
    """How long it took, in milliseconds."""

    count: int
    p50: float
    p99: float
    p999: float
    most: float


def spread(seconds: Sequence[float]) -> Spread:
    """Quantiles by nearest rank: each is a time that somebody waited."""
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000

    return Spread(len(ordered), rank(0.5), rank(0.99), rank(0.999), ordered[-1] * 1000)


def median_spread(runs: Sequence[Spread]) -> Spread:
    """The median of each quantile over repetitions; of the longest wait the longest."""
    return Spread(
        sum(run.count for run in runs),
        statistics.median(run.p50 for run in runs),
        statistics.median(run.p99 for run in runs),
        statistics.median(run.p999 for run in runs),
        max(run.most for run in runs),
    )
