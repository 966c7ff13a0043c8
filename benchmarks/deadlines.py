"""``python -m benchmarks.deadlines --open 10000 --open 1000000``: what timers cost at how many open deadlines.

On a private broker and database. What is measured: taking in registrations, a sweep with nothing due, a page of
the work list, counting for the metrics, ten thousand deadlines that fall due at one moment, and the memory of it.
"""

import asyncio
import logging
import os
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import structlog
import typer
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.table import Table

from benchmarks.machine import private_machine
from services.deadlines.documents import timeline_document
from services.deadlines.domain.timeline import follow
from services.deadlines.handlers import EventHandler
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.store import TimelineStore
from services.deadlines.sweep import Sweep
from services.deadlines.telling import Teller
from services.deadlines.work_list import Filter
from shared.contracts.events import Event
from shared.messaging import IncomingMessage, Messaging
from shared.messaging.topology import DEADLINES_EVENTS
from shared.mongo import Database, open_client, open_database
from shared.profiles import Profiles, load_profiles
from tests.unit.deadlines.courses import happened, registered

RESULTS = Path(__file__).parent / "results"
DUE_AT_ONCE = 10_000
_SCHEDULED = 3_000
_AT_A_TIME = 300
_WRITTEN_AT_A_TIME = 5_000
_SAID_EVERY = 100_000
_DAYS_OF_RECEIPT = 36
_SWEEPS = 200
_LEASE = timedelta(seconds=60)
_NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Figures:
    """What was measured at one number of open deadlines; times in seconds."""

    open_deadlines: int
    scheduled_per_second: float
    nothing_due_median: float
    nothing_due_p95: float
    work_list_page: float
    work_list_of_directorate: float
    counts: float
    due_at_once_seconds: float
    due_at_once_per_second: float
    process_mebibytes: float
    database_mebibytes: float
    data_mebibytes: float
    index_mebibytes: float


class _Bench:
    def __init__(self, store: TimelineStore, database: Database, messaging: Messaging, profiles: Profiles) -> None:
        self.store = store
        self.database = database
        self.now = _NOW
        self._profile = profiles["leuven"]
        metrics = DeadlinesMetrics(CollectorRegistry())
        teller = Teller(messaging.publisher, metrics)
        self.sweep = Sweep(store, teller, profiles, metrics, self._clock, lease=_LEASE, group=500)
        self.handler = EventHandler(store, teller, profiles, metrics, self._clock)

    async def fill(self, deadlines: int, say: Callable[[str], None]) -> None:
        """Puts in contacts of the last five weeks, acknowledged and not answered: one open deadline each, none of
        which turns within the days of the measurement.
        """
        templates = [self._document(_NOW - timedelta(days=number)) for number in range(_DAYS_OF_RECEIPT)]
        for first in range(0, deadlines, _WRITTEN_AT_A_TIME):
            documents = [
                templates[number % _DAYS_OF_RECEIPT]
                | {"_id": f"OPEN-{number:08}", "directorate": f"unit_{number // 7 % 12}", "version": 1}
                for number in range(first, min(first + _WRITTEN_AT_A_TIME, deadlines))
            ]
            await self.database["timelines"].insert_many(documents, ordered=False)
            if first % _SAID_EVERY == 0:
                say(f"{first} of {deadlines} written")

    async def fill_due(self, contacts: int, at: datetime) -> None:
        """Puts in contacts whose acknowledgement is late from a moment on."""
        received = at - timedelta(days=10, hours=12)
        known = [registered(received, "TEMPLATE")]
        timeline, _ = follow(None, "TEMPLATE", known, self._profile, at - timedelta(seconds=1))
        document = timeline_document(timeline)
        await self.database["timelines"].insert_many(
            [document | {"_id": f"DUE-{number:06}", "version": 1} for number in range(contacts)], ordered=False
        )

    def _document(self, received: datetime) -> dict[str, Any]:
        known = [registered(received, "TEMPLATE"), happened("acknowledged", received, reference="TEMPLATE")]
        return timeline_document(follow(None, "TEMPLATE", known, self._profile, _NOW)[0])

    def _clock(self) -> datetime:
        return self.now


async def measure(bench: _Bench, deadlines: int, say: Callable[[str], None]) -> Figures:
    await bench.store.prepare()
    await bench.fill(deadlines, say)
    scheduled = await _took(lambda: _schedule(bench))
    looks = [await _took(bench.sweep.run) for _ in range(_SWEEPS)]
    page = await _took(lambda: bench.store.work_list(Filter(organisation="leuven"), 100))
    of_directorate = Filter(organisation="leuven", directorate="unit_3")
    page_of_directorate = await _took(lambda: bench.store.work_list(of_directorate, 100))
    counts = await _took(bench.store.counts)
    midnight = _NOW.replace(hour=23) + timedelta(days=1)
    await bench.fill_due(DUE_AT_ONCE, midnight)
    bench.now = midnight
    began = time.perf_counter()
    turned = await bench.sweep.run()
    due = time.perf_counter() - began
    assert turned == DUE_AT_ONCE, f"{turned} fell due"
    data = await bench.database.command("collStats", "timelines", scale=1024 * 1024)
    server = await bench.database.command("serverStatus")
    return Figures(
        open_deadlines=deadlines,
        scheduled_per_second=_SCHEDULED / scheduled,
        nothing_due_median=statistics.median(looks),
        nothing_due_p95=statistics.quantiles(looks, n=20)[-1],
        work_list_page=page,
        work_list_of_directorate=page_of_directorate,
        counts=counts,
        due_at_once_seconds=due,
        due_at_once_per_second=DUE_AT_ONCE / due,
        process_mebibytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        database_mebibytes=server["mem"]["resident"],
        data_mebibytes=data["size"],
        index_mebibytes=data["totalIndexSize"],
    )


async def _schedule(bench: _Bench) -> None:
    events = [registered(_NOW - timedelta(hours=1), f"NEW-{number:06}") for number in range(_SCHEDULED)]
    for first in range(0, _SCHEDULED, _AT_A_TIME):
        await bench.handler([_incoming(event) for event in events[first : first + _AT_A_TIME]])


def _incoming(event: Event) -> IncomingMessage:
    return IncomingMessage(DEADLINES_EVENTS, event.body(), event.headers())


async def _took(what: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await what()
    return time.perf_counter() - began


async def _measure_on(mongo_url: str, amqp_url: str, deadlines: int, say: Callable[[str], None]) -> Figures:
    client = open_client(mongo_url, "bench")
    database = open_database(client, f"bench_{deadlines}", "deadlines")
    messaging = Messaging(amqp_url, "bench", CollectorRegistry())
    await messaging.start()
    try:
        store = TimelineStore(client, database)
        return await measure(_Bench(store, database, messaging, load_profiles()), deadlines, say)
    finally:
        await messaging.stop()
        await client.drop_database(database.name)
        client.close()


@app.command()
def main(
    open_: Annotated[
        list[int] | None, typer.Option("--open", min=1_000, help="How many deadlines are open")
    ] = None,
) -> None:
    """Measure at each number, print a table, keep the figures below benchmarks/results."""
    # Ten thousand deadlines that fall due are ten thousand records; they are not what is to be read here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console()
    found: list[Figures] = []
    with private_machine(console.print) as machine:
        for deadlines in open_ or [10_000, 1_000_000]:
            with machine.virtual_host(f"open_{deadlines}") as amqp_url:
                found.append(asyncio.run(_measure_on(machine.mongo_url, amqp_url, deadlines, console.print)))
    console.print(_table(found))
    slower = found[-1].nothing_due_median / found[0].nothing_due_median
    console.print(f"a sweep with nothing due takes {slower:.2f} times as long at the last number as at the first")
    console.print(f"kept in {_keep(found, datetime.now(UTC))}")


def _table(found: Sequence[Figures]) -> Table:
    table = Table(title=f"{os.cpu_count()} processors; {DUE_AT_ONCE} fall due at once")
    table.add_column("")
    for each in found:
        table.add_column(f"{each.open_deadlines} open", justify="right")
    for name in list(asdict(found[0]))[1:]:
        table.add_row(name.replace("_", " "), *(f"{getattr(each, name):.4g}" for each in found))
    return table


def _keep(found: Sequence[Figures], at: datetime) -> Path:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"deadlines-{at:%Y%m%dT%H%M%SZ}.json"
    told = {"measured_at": at.isoformat(), "processors": os.cpu_count(), "figures": [asdict(one) for one in found]}
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    return file


if __name__ == "__main__":
    app()
