"""Figure (d): a year of contacts out of the past, each with what happened to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from benchmarks import contacts
from benchmarks.contacts import FOLLOW_UPS
from benchmarks.counting import PAST, Counter, expected_of
from benchmarks.loading import hand_in
from benchmarks.machine import wait_until
from benchmarks.measured import Measured
from benchmarks.product import Product
from benchmarks.usage import processor_seconds, usage

_LONG = 24 * 3600.0
_SAID_EVERY_SECONDS = 60.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class YearImport:
    """``imported`` from the first publish until the reports had closed the last; ``milliseconds`` of processor
    time a contact by service, broker and database, its follow-ups included. ``course`` is for the plot: how many
    were closed after how many seconds.
    """

    follow_ups: int
    imported: Measured
    milliseconds: dict[str, float]
    course: Sequence[tuple[float, int]]


def year_import(product: Product, count: int, say: Say) -> YearImport:
    """Each contact with its follow-ups right behind it, all as fast as the broker takes them."""
    with Counter(product, PAST) as counter:
        before, used = counter.counts(), usage(product.pids)
        told = hand_in(product, contacts.past(count, "past"), "past")
        said = monotonic()
        course: list[tuple[float, int]] = []

        def done() -> bool:
            nonlocal said
            closed = counter.in_state("closed") - before.closed
            course.append((monotonic() - told.started, closed))
            if monotonic() - said > _SAID_EVERY_SECONDS:
                said = monotonic()
                say(f"{closed} of {count}: {closed / (said - told.started):.0f} a second")
            return closed >= count

        wait_until(done, "all contacts closed in the reports", _LONG, every=1.0)
        finished = monotonic()
        counter.check(before, expected_of(count, follow_ups=FOLLOW_UPS * count, closed=count))
    spent = processor_seconds(used, usage(product.pids))
    return YearImport(
        FOLLOW_UPS,
        Measured(count, finished - told.started, told.finished - told.started),
        {what: each * 1000 / count for what, each in spent.items()},
        course,
    )
