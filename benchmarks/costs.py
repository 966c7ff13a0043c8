"""Figure (e): what one contact costs in processor time, messages and bytes."""

import time
from collections import Counter as Numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient

from benchmarks import contacts
from benchmarks.contacts import write
from benchmarks.counting import Counter, expected_of, month_of, now
from benchmarks.loading import generate, inbound
from benchmarks.machine import wait_until
from benchmarks.product import Product
from benchmarks.throughput import burst
from benchmarks.usage import processor_seconds, usage

_LONG = 3600.0


@dataclass(frozen=True)
class Cost:
    """Of one contact, on average. ``rate`` is contacts a second that were handed in, 0 all at once.

    ``milliseconds`` of processor time by service, broker and database; ``published`` messages by who published
    them and to which exchange, ``handled`` by queue; ``stored`` bytes on disk by database, indexes included, as
    compressed there; ``oplog`` bytes of the database's log of operations; ``written`` bytes to disk by process.
    """

    rate: float
    contacts: int
    seconds: float
    milliseconds: dict[str, float]
    published: dict[str, float]
    handled: dict[str, float]
    stored: dict[str, float]
    oplog: float
    written: dict[str, float]


@dataclass(frozen=True)
class Costs:
    """``idle`` is milliseconds of processor time a second, of a product with nothing to do."""

    idle: dict[str, float]
    costs: list[Cost]


def costs(product: Product, count: int, rate: float, idle_seconds: float) -> Costs:
    """Of contacts that come all at once, in full groups, and of contacts that come one by one."""
    burst(product, count // 10 + 1, "costs-first")
    idle = _idle(product, idle_seconds)
    return Costs(idle, [_cost(product, count, 0.0), _cost(product, count, rate)])


def _idle(product: Product, seconds: float) -> dict[str, float]:
    before = usage(product.pids)
    time.sleep(seconds)
    used = processor_seconds(before, usage(product.pids))
    return {what: each * 1000 / seconds for what, each in used.items()}


@dataclass(frozen=True)
class _Standing:
    """What has been used and told up to now."""

    use: Mapping[str, Any]
    published: Numbers[tuple[str, ...]]
    handled: Numbers[tuple[str, ...]]
    stored: Mapping[str, int]
    oplog: int


def _cost(product: Product, count: int, rate: float) -> Cost:
    received_at = now()
    tag = f"costs-{rate:g}"
    file = write(contacts.live(count, received_at, tag), product.machine.home / f"{tag}.messages")
    with Counter(product, month_of(received_at)) as counter:
        counts = counter.counts()
        before = _standing(product)
        began = time.monotonic()
        generate(product.amqp_url, inbound(file, rate=rate))
        wait_until(lambda: counter.whole() >= counts.whole + count, "all contacts counted", _LONG)
        seconds = time.monotonic() - began
        counter.check(counts, expected_of(count))
    after = _standing(product)
    used = processor_seconds(before.use, after.use)
    return Cost(
        rate=rate,
        contacts=count,
        seconds=seconds,
        milliseconds={what: each * 1000 / count for what, each in used.items()},
        published=_each(before.published, after.published, count),
        handled=_each(before.handled, after.handled, count),
        stored={name: (after.stored[name] - before.stored[name]) / count for name in after.stored},
        oplog=(after.oplog - before.oplog) / count,
        written={what: (after.use[what].written - before.use[what].written) / count for what in after.use},
    )


def _standing(product: Product) -> _Standing:
    use = usage(product.pids)
    with MongoClient[dict[str, Any]](product.machine.mongo_url) as client:
        # What is in memory alone has no size on disk yet.
        client.admin.command("fsync")
        names = {name: f"{product.databases}_{name}" for name in ("intake", "deadlines", "reporting")}
        stored = {name: int(client[database].command("dbStats")["totalSize"]) for name, database in names.items()}
        oplog = int(client["local"].command("collStats", "oplog.rs")["size"])
    return _Standing(
        use,
        product.metric("contactpunt_messages_published_total", "exchange"),
        product.metric("contactpunt_messages_handled_total", "queue", "outcome"),
        stored,
        oplog,
    )


def _each(before: Numbers[tuple[str, ...]], after: Numbers[tuple[str, ...]], count: int) -> dict[str, float]:
    moved = {" ".join(key): (number - before[key]) / count for key, number in sorted(after.items())}
    return {key: each for key, each in moved.items() if each}
