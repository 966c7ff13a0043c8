"""``python -m benchmarks``: the figures of the product as a whole, one command each.

Each runs on a private broker and database that are gone afterwards, prints what it found and keeps it as JSON
below ``benchmarks/results``. None can fail by being slow; one that counts a contact too few or too many fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import costs as costs_
from benchmarks import drain as drain_
from benchmarks import latency as latency_
from benchmarks import memory as memory_
from benchmarks import overload as overload_
from benchmarks import replicas as replicas_
from benchmarks import throughput as throughput_
from benchmarks import year_import as year_import_
from benchmarks.machine import Machine, private_machine
from benchmarks.page import publish, write
from benchmarks.product import running_product
from benchmarks.results import keep
from benchmarks.tables import tables_of

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
console = Console()

Contacts = Annotated[int, typer.Option(min=10, help="Contacts of a run")]
Repetitions = Annotated[int, typer.Option(min=1, help="Runs; medians are told")]
Rate = Annotated[float, typer.Option(min=0.1, help="Contacts a second")]


@contextmanager
def _machine() -> Iterator[Machine]:
    with private_machine(console.print) as machine:
        yield machine


def _tell(figure: str, machine: Machine, options: dict[str, Any], result: Any) -> None:
    kept = keep(figure, machine, options, result)
    for table in tables_of(kept):
        console.print(table.as_rich())
    console.print(f"kept in {kept['file']}", soft_wrap=True)


@app.command()
def throughput(contacts: Contacts = 3_000, repetitions: Repetitions = 3) -> None:
    """(a) Contacts a second through the four services, as a ratio to a pipeline that does nothing."""
    with _machine() as machine:
        found = throughput_.throughput(machine, contacts, repetitions, console.print)
        _tell("throughput", machine, {"contacts": contacts, "repetitions": repetitions}, found)


@app.command()
def costs(
    contacts: Contacts = 3_000,
    rate: Rate = 20,
    idle_seconds: Annotated[float, typer.Option(min=1, help="How long to look at a product at rest")] = 20,
) -> None:
    """(e) What a contact costs: processor time of each service, broker and database; messages; bytes."""
    with _machine() as machine, running_product(machine, "costs") as product:
        found = costs_.costs(product, contacts, rate, idle_seconds)
        _tell("costs", machine, {"contacts": contacts, "rate": rate, "idle_seconds": idle_seconds}, found)


@app.command()
def latency(
    rate: Annotated[list[float] | None, typer.Option(min=0.1, help="Contacts a second; may be repeated")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long each rate is held")] = 60,
    repetitions: Repetitions = 3,
) -> None:
    """(b) From being published until being in the reports, at a steady 5, 20 and 50 contacts a second."""
    rates = rate or [5.0, 20.0, 50.0]
    with _machine() as machine, running_product(machine, "latency") as product:
        found = latency_.latency(product, rates, seconds, repetitions, console.print)
        _tell("latency", machine, {"rates": rates, "seconds": seconds, "repetitions": repetitions}, found)


@app.command()
def drain(
    backlog: Annotated[int, typer.Option(min=1, help="Contacts on the queue of imports")] = 50_000,
    rate: Annotated[float, typer.Option(min=0.1, help="Live contacts a second")] = 5,
) -> None:
    """(c) A backlog is worked off while live contacts come in: how long it takes, and how long these do."""
    with _machine() as machine, running_product(machine, "drain") as product:
        found = drain_.drain(product, backlog, rate, console.print)
        _tell("drain", machine, {"backlog": backlog, "rate": rate}, found)


@app.command("import")
def year_import(
    contacts: Annotated[int, typer.Option(min=1, help="Contacts, each with four follow-ups")] = 100_000,
) -> None:
    """(d) A year of contacts out of the past with four follow-ups each, handed in as fast as they are taken."""
    with _machine() as machine, running_product(machine, "import") as product:
        found = year_import_.year_import(product, contacts, console.print)
        _tell("import", machine, {"contacts": contacts}, found)


@app.command()
def memory(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long the load lasts")] = 60,
    rate: Rate = 20,
    idle_seconds: Annotated[float, typer.Option(min=1, help="How long to wait after the start")] = 20,
) -> None:
    """(f) Memory of each service, at rest and at work, and how it grows over an hour."""
    with _machine() as machine, running_product(machine, "memory") as product:
        found = memory_.memory(product, rate, minutes * 60, idle_seconds, console.print)
        _tell("memory", machine, {"minutes": minutes, "rate": rate, "idle_seconds": idle_seconds}, found)


@app.command()
def replicas(
    number: Annotated[list[int] | None, typer.Option(min=1, max=32, help="Processes of each; repeated")] = None,
    contacts: Contacts = 3_000,
    repetitions: Repetitions = 3,
) -> None:
    """(g) Throughput with one, two and four processes of each service."""
    numbers = number or [1, 2, 4]
    with _machine() as machine:
        found = replicas_.replicas(machine, numbers, contacts, repetitions, console.print)
        options = {"replicas": numbers, "contacts": contacts, "repetitions": repetitions}
        _tell("replicas", machine, options, found)


@app.command()
def overload(
    times: Annotated[float, typer.Option(min=1, help="How many times what the services can do is offered")] = 10,
    seconds: Annotated[float, typer.Option(min=1, help="How long")] = 30,
    calibration: Annotated[int, typer.Option(min=10, help="Contacts to find out what they can do")] = 2_000,
) -> None:
    """Ten times the load, over HTTP and over AMQP: what is taken in, what is turned away, memory, recovery."""
    with _machine() as machine, running_product(machine, "overload") as product:
        found = overload_.overload(product, times, seconds, calibration, console.print)
        _tell("overload", machine, {"times": times, "seconds": seconds, "calibration": calibration}, found)


@app.command()
def page() -> None:
    """Put the newest result of each figure into docs/performance.md, with tables and plots."""
    console.print(f"taken over: {', '.join(publish()) or 'nothing'}")
    write()


if __name__ == "__main__":
    app()
