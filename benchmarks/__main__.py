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
from benchmarks import throughput as throughput_
from benchmarks.machine import Machine, private_machine
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


if __name__ == "__main__":
    app()
