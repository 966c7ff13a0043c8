"""Figure (g): throughput with one, two and four processes of each service."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.machine import Machine
from benchmarks.throughput import Batches, services_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Replicas:
    """So many processes of each service; contacts a second, medians over repetitions, and as a ratio to one."""

    replicas: int
    contacts: int
    cold: float
    warm: float
    ratio: float
    repetitions: Sequence[Batches]


def replicas(machine: Machine, numbers: Sequence[int], count: int, repetitions: int, say: Say) -> list[Replicas]:
    """Each number in turn, round after round, so that what the machine does meanwhile falls on all of them."""
    runs: dict[int, list[Batches]] = {number: [] for number in numbers}
    for turn in range(1, repetitions + 1):
        for number in numbers:
            found = services_of(machine, count, f"replicas{number}run{turn}", replicas=number)
            runs[number].append(found)
            say(
                f"run {turn} of {repetitions}, {number} of each: {found.cold.per_second:.0f} a second cold, "
                f"{found.warm.per_second:.0f} warm"
            )
    return [_told(number, count, runs[number], runs[numbers[0]]) for number in numbers]


def _told(number: int, count: int, runs: Sequence[Batches], first: Sequence[Batches]) -> Replicas:
    ratios = [run.warm.per_second / beside.warm.per_second for run, beside in zip(runs, first, strict=True)]
    return Replicas(
        replicas=number,
        contacts=count,
        cold=statistics.median(run.cold.per_second for run in runs),
        warm=statistics.median(run.warm.per_second for run in runs),
        ratio=statistics.median(ratios),
        repetitions=runs,
    )
