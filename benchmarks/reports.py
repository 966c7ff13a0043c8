"""``python -m benchmarks.reports --facts 10000 --facts 1000000``: what reports cost at how many facts.

On a private broker and database, over HTTP, against the service as it runs, one question at a time. A million
facts are put in as they would have been written; the counters are the service's own recount of them.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine, private_machine, wait_until
from benchmarks.made_up_facts import FIRST, LAST, fill
from deploy.local.backends import Backends
from deploy.local.directory import RunDirectory, write_private
from deploy.local.ports import free_port
from deploy.local.services import is_ready, service_command, service_programs, service_url
from deploy.local.settings import LocalSettings
from deploy.local.supervision import supervised
from deploy.local.tokens import hashes, make_tokens
from services.reporting.domain.question import Question
from services.reporting.store import Collections, Committer, ReadingRoom, Slot
from shared.access import Role
from shared.clock import system_clock
from shared.mongo import open_client, open_database
from shared.profiles import load_profiles
from tests.unit.reporting.made_up import registered

RESULTS = Path(__file__).parent / "results"
ORGANISATION = "leuven"
_YEAR = LAST.year
_PATIENCE = 900.0
_WARM = 200
_CHANGED = 25
_QUESTIONS: dict[int, Sequence[str]] = {
    1: ("channel", "service", "topic", "month"),
    2: ("channel,service", "district,qualification", "month,topic", "norm,line"),
    3: ("month,service,channel", "channel,line,qualification", "norm,topic,year", "district,service,state"),
}
_SPANS = {"one_year": (date(_YEAR, 1, 2), LAST), "ten_years": (date(FIRST.year, 1, 2), LAST)}
"""Not whole months, so that no counter can answer."""
_USER_TIME, _SYSTEM_TIME = 11, 12
"""Where the kernel tells them, behind the name of the program."""
Quantiles = dict[str, float]
app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Figures:
    """What was measured at one number of facts: seconds, mebibytes, and milliseconds by quantile."""

    facts: int
    counters: int
    rebuild_seconds: float
    load_seconds: float
    process_mebibytes: float
    process_most_mebibytes: float
    columns_mebibytes: float
    database_mebibytes: float
    database_seconds_for_three_dimensions: float
    export_facts_per_second: float
    milliseconds: dict[str, Quantiles]


class _Service:
    """Reporting as it runs."""

    def __init__(self, client: httpx.Client, pid: int) -> None:
        self._client = client
        self._pid = pid

    def timed(self, paths: Sequence[tuple[str, dict[str, str]]], times: int) -> Quantiles:
        """Asks them in turn, after each once for warmth."""
        for path, params in paths:
            self._ask(path, params)
        before = self.processor_seconds()
        seconds = [self._ask(path, params) for path, params in islice(cycle(paths), times)]
        return quantiles(seconds, self.processor_seconds() - before)

    def _ask(self, path: str, params: dict[str, str]) -> float:
        began = time.perf_counter()
        self._client.get(path, params=params).raise_for_status()
        return time.perf_counter() - began

    def annual(self) -> float:
        return self._ask(f"/reports/annual/{ORGANISATION}/{_YEAR}", {})

    def export(self) -> float:
        began = time.perf_counter()
        with self._client.stream("GET", "/reports/facts", params=_asked("one_year", format="csv")) as sent:
            sent.raise_for_status()
            lines = sum(chunk.count(b"\n") for chunk in sent.iter_bytes())
        return (lines - 1) / (time.perf_counter() - began)

    def metric(self, name: str) -> float:
        told = self._client.get("/metrics").text
        samples = (sample for family in text_string_to_metric_families(told) for sample in family.samples)
        ours = (each.value for each in samples if each.name == name and ORGANISATION in each.labels.values())
        return next(ours, 0)

    def processor_seconds(self) -> float:
        """Time that processors have worked for the process: the same whatever else the machine is doing."""
        told = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[_USER_TIME]) + int(told[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")

    def memory(self, kind: str) -> float:
        """Mebibytes by the name that the kernel gives them."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(kind)) / 1024


def quantiles(seconds: Sequence[float], processor_seconds: float) -> Quantiles:
    """Median and 99th percentile, and the service's processor time for one of them, in milliseconds."""
    return {
        "p50": statistics.median(seconds) * 1000,
        "p99": statistics.quantiles(seconds, n=100)[98] * 1000,
        "processor": processor_seconds / len(seconds) * 1000,
    }


def _asked(span: str, **params: str) -> dict[str, str]:
    first, last = _SPANS[span]
    return {"organisation": ORGANISATION, "from": str(first), "to": str(last), **params}


def _groups(dimensions: int, span: str, **more: str) -> list[tuple[str, dict[str, str]]]:
    named = _QUESTIONS[dimensions]
    return [("/reports/contacts", _asked(span, group_by=each, **more)) for each in named]


def measure(service: _Service, change: Callable[[], None]) -> dict[str, Quantiles]:
    """Every kind of question, warm; ``change`` writes an event as another replica would."""
    found = {"annual_report": service.timed([(f"/reports/annual/{ORGANISATION}/{_YEAR}", {})], _WARM)}
    after, processor = [], 0.0
    for _ in range(_CHANGED):
        change()
        before = service.processor_seconds()
        after.append(service.annual())
        processor += service.processor_seconds() - before
    found["annual_report_after_each_change"] = quantiles(after, processor)
    for span in ("one_year", "ten_years"):
        for dimensions in _QUESTIONS:
            found[f"{dimensions}_dimensions_{span}"] = service.timed(_groups(dimensions, span), _WARM)
        timeliness = [("/reports/timeliness", _asked(span, group_by="line", nature="complaint"))]
        found[f"timeliness_{span}"] = service.timed(timeliness, _WARM)
        measured = _groups(1, span, measures="median_days,p90_days,within_term,score")
        found[f"measures_{span}"] = service.timed(measured, _WARM // 2)
    return found


@contextmanager
def _running(machine: Machine, amqp_url: str, prefix: str) -> Iterator[_Service]:
    directory = RunDirectory(machine.home / prefix)
    directory.make()
    tokens = make_tokens()
    write_private(directory.tokens_file, hashes(tokens))
    settings = LocalSettings.model_validate({"reporting_port": free_port(21_430)})
    backends = Backends(amqp_url, machine.mongo_url, (), (), ())
    programs = [
        replace(each, environment={**each.environment, "MONGO_PREFIX": prefix})
        for each in service_programs(settings, directory, backends, service_command, rank=1)
        if each.name == "reporting"
    ]
    url = service_url(settings, "reporting")
    with supervised(directory.root, programs) as (supervisor, _):
        supervisor.wait_for("reporting", partial(is_ready, url), 120)
        pid = supervisor.pid_of("reporting") or 0
        headers = {"Authorization": f"Bearer {tokens[Role.REPORTING]}"}
        with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
            yield _Service(client, pid)


async def _open(mongo_url: str, prefix: str) -> Collections:
    return Collections(open_database(open_client(mongo_url, "bench"), prefix, "reporting"))


async def _in_the_database(collections: Collections) -> float:
    question = Question(ORGANISATION, *_SPANS["ten_years"], ("channel", "line", "qualification"))
    began = time.perf_counter()
    async with ReadingRoom(collections).open() as reading:
        await reading.counts(question)
    return time.perf_counter() - began


def _measure_on(machine: Machine, amqp_url: str, facts: int, say: Callable[[str], None]) -> Figures:
    prefix = f"bench_{facts}"
    profiles = load_profiles()
    with asyncio.Runner() as runner:
        collections = runner.run(_open(machine.mongo_url, prefix))
        filled = runner.run(fill(collections, profiles[ORGANISATION], facts, say))
        committer = Committer(collections, Slot(collections, system_clock), profiles, system_clock)
        numbers = iter(range(_CHANGED))

        def change() -> None:
            received = datetime(_YEAR, 6, 1, 12, tzinfo=UTC)
            runner.run(committer.commit([registered(f"LEU-NEW-{next(numbers):06d}", received)]))

        with _running(machine, amqp_url, prefix) as service:
            held = partial(service.metric, "contactpunt_reporting_columns_facts")
            wait_until(lambda: held() == facts, "facts in memory", _PATIENCE)
            load_seconds = service.metric("contactpunt_reporting_columns_load_seconds")
            say(f"{facts} facts in memory")
            found = measure(service, change)
            exported = service.export()
            figures = Figures(
                facts,
                filled.counters,
                filled.counted_seconds,
                load_seconds,
                service.memory("VmRSS"),
                service.memory("VmHWM"),
                service.metric("contactpunt_reporting_columns_bytes") / 2**20,
                runner.run(_resident(collections)),
                runner.run(_in_the_database(collections)),
                exported,
                found,
            )
        runner.run(_drop(collections))
    return figures


async def _resident(collections: Collections) -> float:
    status = await collections.client.admin.command("serverStatus")
    return float(status["mem"]["resident"])


async def _drop(collections: Collections) -> None:
    await collections.client.drop_database(collections.facts.database.name)
    collections.client.close()


@app.command()
def main(
    facts: Annotated[list[int] | None, typer.Option(min=1_000, help="How many facts there are")] = None,
) -> None:
    """Measure at each number, print a table, keep the figures below benchmarks/results."""
    console = Console()
    found: list[Figures] = []
    with private_machine(console.print) as machine:
        for number in facts or [10_000, 100_000, 1_000_000]:
            with machine.virtual_host(f"facts_{number}") as amqp_url:
                found.append(_measure_on(machine, amqp_url, number, console.print))
    console.print(_table(found))
    console.print(f"kept in {_keep(found, datetime.now(UTC))}")


def _table(found: Sequence[Figures]) -> Table:
    table = Table(title=f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f}; p50 / p99 / processor in ms")
    table.add_column("")
    for each in found:
        table.add_column(f"{each.facts:,} facts", justify="right")
    table.add_column("last to first", justify="right")
    for name in found[0].milliseconds:
        spread = [each.milliseconds[name] for each in found]
        ratios = [f"{spread[-1][kind] / spread[0][kind]:.2f}" for kind in ("p50", "processor") if spread[0][kind]]
        told = [f"{each['p50']:.1f} / {each['p99']:.1f} / {each['processor']:.1f}" for each in spread]
        table.add_row(name.replace("_", " "), *told, " / ".join(ratios))
    for name, value in asdict(found[0]).items():
        if isinstance(value, int | float) and name != "facts":
            numbers: list[Any] = [getattr(each, name) for each in found]
            ratio = numbers[-1] / numbers[0]
            table.add_row(name.replace("_", " "), *(f"{each:,.1f}" for each in numbers), f"{ratio:.2f}")
    return table


def _keep(found: Sequence[Figures], at: datetime) -> Path:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"reports-{at:%Y%m%dT%H%M%SZ}.json"
    told = {
        "measured_at": at.isoformat(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "figures": [asdict(one) for one in found],
    }
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    return file


if __name__ == "__main__":
    app()
