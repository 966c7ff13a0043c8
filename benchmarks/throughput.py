"""Figures (a) and (g): contacts a second, as a ratio to a pipeline that does nothing, and with replicas."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import contacts
from benchmarks.contacts import write
from benchmarks.counting import Counter, expected_of, month_of, now
from benchmarks.loading import hand_in
from benchmarks.machine import Machine, wait_until
from benchmarks.measured import Measured
from benchmarks.noop import running_noop
from benchmarks.product import Product, running_product

_LONG = 3600.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Batches:
    """The same load twice: just after a start, and once more when all is warm."""

    cold: Measured
    warm: Measured


@dataclass(frozen=True)
class Repetition:
    """The two pipelines, one after the other."""

    services: Batches
    nothing: Batches

    @property
    def cold_ratio(self) -> float:
        return self.services.cold.per_second / self.nothing.cold.per_second

    @property
    def warm_ratio(self) -> float:
        return self.services.warm.per_second / self.nothing.warm.per_second


@dataclass(frozen=True)
class Throughput:
    """Contacts a second, medians over repetitions."""

    contacts: int
    services_cold: float
    services_warm: float
    nothing_cold: float
    nothing_warm: float
    cold_ratio: float
    warm_ratio: float
    repetitions: Sequence[Repetition]


def throughput(machine: Machine, count: int, repetitions: int, say: Say) -> Throughput:
    """Both pipelines in turn, each afresh for every repetition."""
    found = []
    for number in range(1, repetitions + 1):
        nothing = _nothing(machine, count, f"nothing{number}")
        services = services_of(machine, count, f"services{number}")
        one = Repetition(services, nothing)
        found.append(one)
        say(
            f"run {number} of {repetitions}: services {services.cold.per_second:.0f} and "
            f"{services.warm.per_second:.0f} a second, nothing {nothing.cold.per_second:.0f} and "
            f"{nothing.warm.per_second:.0f}; ratio {one.cold_ratio:.2f} cold, {one.warm_ratio:.2f} warm"
        )
    return Throughput(
        contacts=count,
        services_cold=statistics.median(one.services.cold.per_second for one in found),
        services_warm=statistics.median(one.services.warm.per_second for one in found),
        nothing_cold=statistics.median(one.nothing.cold.per_second for one in found),
        nothing_warm=statistics.median(one.nothing.warm.per_second for one in found),
        cold_ratio=statistics.median(one.cold_ratio for one in found),
        warm_ratio=statistics.median(one.warm_ratio for one in found),
        repetitions=found,
    )


def _nothing(machine: Machine, count: int, name: str) -> Batches:
    file = write(contacts.live(count, now(), "noop"), machine.home / f"{name}.messages")
    with running_noop(machine, name, count) as noop:
        return Batches(noop.measure(file), noop.measure(file))


def services_of(machine: Machine, count: int, name: str, *, replicas: int = 1) -> Batches:
    """The four services afresh, so many processes of each."""
    with running_product(machine, name, replicas=replicas) as product:
        return Batches(burst(product, count, "cold"), burst(product, count, "warm"))


def burst(product: Product, count: int, tag: str) -> Measured:
    """All at once, from the first publish until the reports count the last with its line and its open term.

    Raises ``WrongCountError`` where any service has another number of contacts in the end.
    """
    received_at = now()
    with Counter(product, month_of(received_at)) as counter:
        before = counter.counts()
        told = hand_in(product, contacts.live(count, received_at, tag), tag)
        wait_until(lambda: counter.whole() >= before.whole + count, "all contacts counted in the reports", _LONG)
        finished = time.monotonic()
        counter.check(before, expected_of(count))
    return Measured(count, finished - told.started, told.finished - told.started)
