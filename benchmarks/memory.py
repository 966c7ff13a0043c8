"""Figure (f): the memory of each service, at rest and at work, and whether it grows."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import contacts
from benchmarks.contacts import write
from benchmarks.counting import Counter, expected_of, month_of, now
from benchmarks.loading import generating, inbound, told
from benchmarks.machine import wait_until
from benchmarks.product import Product
from benchmarks.usage import MEBIBYTE, Sample, usage, watching_memory

_LONG = 3600.0
_SAMPLES = 300
_SETTLED = 1 / 3
"""Growth is looked for behind this share of the time: caches and pools fill first."""
_HOUR = 3600.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class MemoryOf:
    """One service, broker or database, in mebibytes: after a start, in the median of the last quarter of the load,
    at most. ``resident`` is the last counted as most programs show it: what processes share counts in each.
    ``growth`` is mebibytes an hour over the settled part of the load, by the median of the slopes between any two
    moments (Theil and Sen: single peaks do not bend it).
    """

    idle: float
    loaded: float
    most: float
    resident: float
    growth: float


@dataclass(frozen=True)
class MemoryUse:
    """``seconds`` of load at ``rate`` contacts a second. ``samples`` are for the plot."""

    rate: float
    seconds: float
    contacts: int
    of: dict[str, MemoryOf]
    samples: Sequence[Sample]


def memory(product: Product, rate: float, seconds: float, idle_seconds: float, say: Say) -> MemoryUse:
    """First at rest, then at a steady rate for so long."""
    time.sleep(idle_seconds)
    with watching_memory(product.pids, max(1.0, seconds / _SAMPLES)) as watched:
        idle = watched.look()
        began = idle.at
        received_at, count = now(), max(1, round(rate * seconds))
        file = write(contacts.live(count, received_at, "memory"), product.machine.home / "memory.messages")
        with Counter(product, month_of(received_at)) as counter:
            before = counter.counts()
            with generating(product.amqp_url, inbound(file, rate=rate)) as load:
                sent = told(load)
            say(f"{sent.published} contacts sent")
            wait_until(lambda: counter.whole() - before.whole >= count, "all contacts counted", _LONG, every=1.0)
            last = usage(product.pids)
            counter.check(before, expected_of(count))
    samples = [each for each in watched.samples if each.at >= began]
    found = {
        what: MemoryOf(
            idle=idle.mebibytes[what],
            loaded=statistics.median(_of(what, _behind(samples, 0.75))),
            most=max(_of(what, samples)),
            resident=last[what].resident / MEBIBYTE,
            growth=growth(_behind(samples, _SETTLED), what),
        )
        for what in idle.mebibytes
    }
    return MemoryUse(rate, seconds, count, found, samples)


def growth(samples: Sequence[Sample], what: str) -> float:
    """Mebibytes an hour: the median of the slopes between any two moments; 0 where there are none."""
    slopes = [
        (later.mebibytes[what] - earlier.mebibytes[what]) / (later.at - earlier.at)
        for place, earlier in enumerate(samples)
        for later in samples[place + 1 :]
        if later.at > earlier.at
    ]
    return statistics.median(slopes) * _HOUR if slopes else 0.0


def _behind(samples: Sequence[Sample], share: float) -> Sequence[Sample]:
    return samples[int(len(samples) * share) :]


def _of(what: str, samples: Sequence[Sample]) -> list[float]:
    return [each.mebibytes[what] for each in samples]
