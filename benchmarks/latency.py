"""Figure (b): how long a contact takes from being published until it is in the reports, at a steady rate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import contacts
from benchmarks.contacts import write
from benchmarks.counting import Counter, expected_of, month_of, now
from benchmarks.loading import generating, inbound, told
from benchmarks.machine import wait_until
from benchmarks.measured import Spread, median_spread, spread
from benchmarks.product import Product
from benchmarks.seeing import Journey, Looks, journeys, seeing

_LONG = 3600.0
_WARM_UP_SECONDS = 5.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Latency:
    """At one rate. All spreads begin when a contact was due to be sent, so that a load generator that was held up
    hides nothing: until the broker had confirmed it, until the reports counted it, until they had its line and its
    term (``whole``). ``generator_late`` is by how many milliseconds a contact was sent too late at most; ``looks``
    how often the reports were asked over HTTP as a check.
    """

    rate: float
    contacts: int
    confirmed: Spread
    counted: Spread
    whole: Spread
    generator_late: float
    looks: int
    runs: Sequence[Spread]


def latency(
    product: Product,
    rates: Sequence[float],
    seconds: float,
    repetitions: int,
    say: Say,
    *,
    warm_up: float = _WARM_UP_SECONDS,
) -> list[Latency]:
    """At each rate for so many seconds, so many times over; medians of the quantiles."""
    _run(product, rates[0], warm_up, "latency-first")
    found = []
    for rate in rates:
        runs = []
        for number in range(1, repetitions + 1):
            run = _run(product, rate, seconds, f"latency-{rate:g}-{number}")
            runs.append(run)
            p50, p99 = run.whole.p50, run.whole.p99
            say(f"{rate:g} a second, run {number} of {repetitions}: p50 {p50:.0f}, p99 {p99:.0f} milliseconds")
        found.append(_together(runs))
    return found


def _together(runs: Sequence[Latency]) -> Latency:
    return Latency(
        rate=runs[0].rate,
        contacts=sum(run.contacts for run in runs),
        confirmed=median_spread([run.confirmed for run in runs]),
        counted=median_spread([run.counted for run in runs]),
        whole=median_spread([run.whole for run in runs]),
        generator_late=max(run.generator_late for run in runs),
        looks=sum(run.looks for run in runs),
        runs=[run.whole for run in runs],
    )


def _run(product: Product, rate: float, seconds: float, tag: str) -> Latency:
    received_at, count = now(), max(1, round(rate * seconds))
    home = product.machine.home
    file = write(contacts.live(count, received_at, tag), home / f"{tag}.messages")
    times = home / f"{tag}.times"
    with Counter(product, month_of(received_at)) as counter:
        before = counter.counts()
        looks = Looks(counter, before)
        with (
            seeing(product, tag) as seen,
            generating(product.amqp_url, inbound(file, rate=rate, times=times)) as load,
        ):
            wait_until(lambda: looks.look() >= count, "all contacts counted", _LONG, every=1.0)
            sent = told(load)
            counter.check(before, expected_of(count))
    found = list(journeys(product, times, seen).values())
    return Latency(
        rate=rate,
        contacts=count,
        looks=looks.check(seen),
        generator_late=sent.latest * 1000,
        runs=(),
        **spreads(found),
    )


def spreads(found: Sequence[Journey]) -> dict[str, Spread]:
    """How long they took to each of the three points."""
    return {
        "confirmed": spread([each.confirmed - each.due for each in found]),
        "counted": spread([each.counted - each.due for each in found]),
        "whole": spread([each.whole - each.due for each in found]),
    }
