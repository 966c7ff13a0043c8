"""From counted contacts to the figures of a report: counts, shares, days, terms and scores."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
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


class Measured:
    """What can be measured over contacts; what several figures are made of is counted once."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes

    def figure(self, name: str) -> float | int | None:
        """One of the ``MEASURES``. Days and score are None where no contact has them.

        ``within_term`` and ``outside_term`` are answers that came in time and too late; ``open_overdue`` are due
        and have none.
        """
        return _MEASURES[name](self)

    @cached_property
    def days(self) -> Mapping[int, int]:
        days: dict[int, int] = {}
        for (value, _, _), times in self._outcomes.items():
            if value is not None:
                days[value] = days.get(value, 0) + times
        return days

    @cached_property
    def scores(self) -> Mapping[int, int]:
        scores: dict[int, int] = {}
        for (_, _, value), times in self._outcomes.items():
            if value is not None:
                scores[value] = scores.get(value, 0) + times
        return scores

    @cached_property
    def states(self) -> Mapping[DeadlineState | None, int]:
        states: dict[DeadlineState | None, int] = dict.fromkeys(DeadlineState, 0)
        for (_, value, _), times in self._outcomes.items():
            states[value] = states.get(value, 0) + times
        return states


def measure(name: str, outcomes: Outcomes) -> float | int | None:
    """One of the ``MEASURES`` over contacts; see ``Measured``."""
    return Measured(outcomes).figure(name)


def _in(outcomes: Outcomes, *states: DeadlineState) -> int:
    return sum(times for each, times in outcomes.items() if each.state in states)


_MEASURES: Final[Mapping[str, Callable[[Measured], float | int | None]]] = {
    "mean_days": lambda measured: mean(measured.days),
    "median_days": lambda measured: nearest_rank(measured.days, 0.5),
    "p90_days": lambda measured: nearest_rank(measured.days, 0.9),
    "within_term": lambda measured: measured.states[DeadlineState.MET],
    "outside_term": lambda measured: measured.states[DeadlineState.MET_LATE],
    "open_overdue": lambda measured: measured.states[DeadlineState.MISSED],
    "score": lambda measured: mean(measured.scores),
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
