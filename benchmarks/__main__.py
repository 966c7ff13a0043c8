"""``python -m benchmarks``: the four services' throughput as a ratio to a FastStream pipeline that does nothing.

Both run on the same private broker and database, in turn, in the same run; the ratio is what compares machines.
"""

import os
import platform
import statistics
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.contacts import bodies
from benchmarks.machine import private_machine
from benchmarks.pipelines import Measured, measure_noop, measure_services

RESULTS = Path(__file__).parent / "results"
app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Repetition:
    """The two pipelines, one after the other."""

    services: Measured
    noop: Measured

    @property
    def ratio(self) -> float:
        return self.services.per_second / self.noop.per_second


@app.command()
def measure(
    contacts: Annotated[int, typer.Option(min=1, help="Contacts per run")] = 1_000,
    repetitions: Annotated[int, typer.Option(min=1, help="Runs of each pipeline")] = 3,
) -> None:
    """Measure, print a table, keep the figures below benchmarks/results."""
    console = Console()
    received_at = datetime.now(UTC) - timedelta(hours=1)
    with private_machine(console.print) as machine:
        file = machine.home / "bodies.jsonl"
        file.write_bytes(b"\n".join(bodies(contacts, received_at)))
        found = []
        for number in range(1, repetitions + 1):
            noop = measure_noop(machine, file, contacts, str(number))
            services = measure_services(machine, file, contacts, str(number), received_at)
            found.append(Repetition(services, noop))
            console.print(
                f"run {number} of {repetitions}: "
                f"services {services.per_second:.0f}/s, nothing {noop.per_second:.0f}/s"
            )
    console.print(_table(found))
    console.print(f"kept in {_keep(found, datetime.now(UTC))}")


def _table(found: list[Repetition]) -> Table:
    table = Table(title=f"{found[0].noop.contacts} contacts, published until counted; {os.cpu_count()} processors")
    for heading in ("run", "services s", "contacts/s", "nothing s", "contacts/s", "ratio"):
        table.add_column(heading, justify="right")
    for number, one in enumerate(found, start=1):
        table.add_row(str(number), *_figures(one.services), *_figures(one.noop), f"{one.ratio:.2f}")
    table.add_section()
    table.add_row(
        "median",
        "",
        f"{statistics.median(one.services.per_second for one in found):.0f}",
        "",
        f"{statistics.median(one.noop.per_second for one in found):.0f}",
        f"{statistics.median(one.ratio for one in found):.2f}",
    )
    return table


def _figures(measured: Measured) -> tuple[str, str]:
    return f"{measured.seconds:.2f}", f"{measured.per_second:.0f}"


def _keep(found: list[Repetition], at: datetime) -> Path:
    told = {
        "measured_at": at.isoformat(),
        "machine": {
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "repetitions": [
            {"services": asdict(one.services), "nothing": asdict(one.noop), "ratio": one.ratio} for one in found
        ],
        "median_ratio": statistics.median(one.ratio for one in found),
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"throughput-{at:%Y%m%dT%H%M%SZ}.json"
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    return file


if __name__ == "__main__":
    app()
