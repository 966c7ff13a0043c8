"""From counted contacts to the figures of a report: counts, shares, days, terms and scores."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

from shared.contracts.identifiers import DeadlineState

Group = tuple[str, ...]
"""One value for each dimension that is grouped by."""


class Outcome(NamedTuple):
    """What is measured of one contact. ``days``: local days to the act that the deadline asks for, less pauses."""

    days: int | None = None
    state: DeadlineState | None = None
    score: int | None = None


Outcomes = Counter[Outcome]
"""How many contacts came out how."""
Tally = Mapping[Group, Outcomes]


def nearest_rank(values: Mapping[int, int], share: float) -> int | None:
    """The smallest value with at least this share of all values at or below it; None for no values.

    ``values`` is value -> how often.
    """
    rank = ceil(round(share * sum(values.values()), 9))
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if seen >= rank:
            return value
    return None


def mean(values: Mapping[int, int]) -> float | None:
    """The mean, to two decimals; None for no values."""
    count = sum(values.values())
    return round(sum(value * times for value, times in values.items()) / count, 2) if count else None


def measure(name: str, outcomes: Outcomes) -> float | int | None:
    """One of the ``MEASURES`` over contacts. Days and score are None where no contact has them.

    ``within_term`` and ``outside_term`` are answers that came in time and too late; ``open_overdue`` are due and
    have none.
    """
    return _MEASURES[name](outcomes)


def _days(outcomes: Outcomes) -> Counter[int]:
    return _histogram((each.days, times) for each, times in outcomes.items())


def _histogram(values: Iterable[tuple[int | None, int]]) -> Counter[int]:
    histogram: Counter[int] = Counter()
    for value, times in values:
        if value is not None:
            histogram[value] += times
    return histogram


def _scores(outcomes: Outcomes) -> Counter[int]:
    return _histogram((each.score, times) for each, times in outcomes.items())


def _in(outcomes: Outcomes, *states: DeadlineState) -> int:
    return sum(times for each, times in outcomes.items() if each.state in states)


_MEASURES: Final[Mapping[str, Callable[[Outcomes], float | int | None]]] = {
    "mean_days": lambda outcomes: mean(_days(outcomes)),
    "median_days": lambda outcomes: nearest_rank(_days(outcomes), 0.5),
    "p90_days": lambda outcomes: nearest_rank(_days(outcomes), 0.9),
    "within_term": lambda outcomes: _in(outcomes, DeadlineState.MET),
    "outside_term": lambda outcomes: _in(outcomes, DeadlineState.MET_LATE),
    "open_overdue": lambda outcomes: _in(outcomes, DeadlineState.MISSED),
    "score": lambda outcomes: mean(_scores(outcomes)),
}
MEASURES: Final = tuple(_MEASURES)


class Timeliness(NamedTuple):
    """How a deadline was kept. ``within`` is threshold in days -> share of ``received`` answered within it."""

    received: int
    met: int
    met_late: int
    missed_open: int
    open_in_term: int
    cancelled: int
    on_time_share: float | None
    within: dict[str, float]


def timeliness(outcomes: Outcomes, thresholds: Sequence[int]) -> Timeliness:
    """The figures over the contacts that have the deadline; ``outcomes`` without a state are no part of it."""
    met = _in(outcomes, DeadlineState.MET)
    late = _in(outcomes, DeadlineState.MET_LATE)
    missed = _in(outcomes, DeadlineState.MISSED)
    received = _in(outcomes, *DeadlineState)
    due = met + late + missed
    return Timeliness(
        received=received,
        met=met,
        met_late=late,
        missed_open=missed,
        open_in_term=_in(outcomes, DeadlineState.OPEN, DeadlineState.PAUSED, DeadlineState.APPROACHING),
        cancelled=_in(outcomes, DeadlineState.CANCELLED),
        on_time_share=share(met, due) if due else None,
        within={str(days): share(_answered_within(outcomes, days), received) for days in thresholds},
    )


def _answered_within(outcomes: Outcomes, days: int) -> int:
    return sum(
        times
        for each, times in outcomes.items()
        if each.days is not None
        and each.days <= days
        and each.state in (DeadlineState.MET, DeadlineState.MET_LATE)
    )


def share(count: int, total: int) -> float:
    """A part of the whole, to six decimals, so that sums of shares stay right to a ten-thousandth of a percent."""
    return round(count / total, 6) if total else 0.0
