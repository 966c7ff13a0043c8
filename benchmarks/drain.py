"""Figure (c): a backlog is worked off while live contacts come in, which wait for nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from benchmarks import contacts
from benchmarks.contacts import BACKLOG_CHANNEL, write
from benchmarks.counting import Counter, expected_of, month_of, now
from benchmarks.latency import spreads
from benchmarks.loading import generating, hand_in, inbound, told
from benchmarks.machine import wait_until
from benchmarks.measured import Measured, Spread
from benchmarks.product import Product
from benchmarks.seeing import Looks, journeys, seeing

_LONG = 6 * 3600.0
_LEAD_SECONDS = 5.0
_VERY_SLOW = 5.0
"""Contacts a second."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Drain:
    """``drained`` is the backlog, from its first publish until the reports had all of it; the rest are the live
    contacts that were due in that time, and how long they took.

    For the plot, by seconds from the first publish: ``course`` when each live contact was due and how many seconds
    it took, ``remaining`` how many of the backlog were not in the reports yet.
    """

    rate: float
    drained: Measured
    live: int
    confirmed: Spread
    counted: Spread
    whole: Spread
    generator_late: float
    looks: int
    course: Sequence[tuple[float, float]]
    remaining: Sequence[tuple[float, int]]


def drain(product: Product, backlog: int, rate: float, say: Say, *, lead: float = _LEAD_SECONDS) -> Drain:
    """Live contacts come in at a steady rate before, while and until the backlog is gone."""
    received_at, home = now(), product.machine.home
    # As many as come in if it goes very slowly; the generator is stopped long before.
    most = round(rate * (lead + 60 + backlog / _VERY_SLOW))
    file = write(contacts.live(most, received_at, "live"), home / "live.messages")
    times = home / "live.times"
    with Counter(product, month_of(received_at)) as counter:
        before = counter.counts()
        looks = Looks(counter, before)
        remaining: list[tuple[float, int]] = []
        with (
            seeing(product, "drain") as seen,
            generating(product.amqp_url, inbound(file, rate=rate, times=times)) as load,
        ):
            of_it = counter.of_channel(BACKLOG_CHANNEL)
            wait_until(lambda: looks.look() >= rate * lead, "live contacts counted", every=1.0)
            handed = hand_in(product, contacts.backlog(backlog, received_at, "backlog"), "backlog")
            say(f"{backlog} handed in, in {handed.finished - handed.started:.1f} s")

            def gone() -> bool:
                looks.look()
                remaining.append((monotonic(), backlog + of_it - counter.of_channel(BACKLOG_CHANNEL)))
                return remaining[-1][1] <= 0

            wait_until(gone, "all of the backlog counted", _LONG, every=1.0)
            finished = monotonic()
            load.close()
            sent = told(load)
            counter.check(before, expected_of(backlog + sent.published))
    if sent.published == most:
        raise RuntimeError(f"all {most} live contacts were sent before the backlog was gone: use a smaller one")
    on_the_way = journeys(product, times, seen).values()
    meanwhile = [each for each in on_the_way if handed.started <= each.due <= finished]
    return Drain(
        rate=rate,
        drained=Measured(backlog, finished - handed.started, handed.finished - handed.started),
        live=len(meanwhile),
        generator_late=sent.latest * 1000,
        looks=looks.check(seen),
        course=sorted((each.due - handed.started, each.whole - each.due) for each in meanwhile),
        remaining=[(at - handed.started, left) for at, left in remaining],
        **spreads(meanwhile),
    )
