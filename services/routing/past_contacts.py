"""Fetches past contacts from intake into a file: ``python -m services.routing.past_contacts --organisation ID``.

The token of an admin is taken from ``ADMIN_TOKEN``. The file holds what citizens wrote: its owner alone can read
it, and should delete it once it has been learnt from.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.routing.learning.command_line import refuse
from services.routing.learning.fetching import NotFetched, admin_client, fetched

IntakeUrl = Annotated[str, typer.Option("--intake-url", envvar="INTAKE_URL", help="Where intake answers")]


def past_contacts(
    *,
    organisation: Annotated[str, typer.Option(help="Whose contacts")],
    to: Annotated[Path, typer.Option(help="The file to write, JSON Lines", dir_okay=False)],
    intake_url: IntakeUrl = "http://127.0.0.1:8001",
    corrected: Annotated[bool, typer.Option("--corrected", help="Only those that people decided on")] = False,
) -> None:
    """Writes every past contact of an organisation into a file that its owner alone can read."""
    beside = to.with_name(f"{to.name}.part")
    try:
        with admin_client(intake_url) as client, _private(beside) as file:
            contacts = _write(file, fetched(client, organisation, corrected=corrected))
    except (NotFetched, OSError) as error:
        beside.unlink(missing_ok=True)
        refuse(error)
    beside.replace(to)
    typer.echo(f"{contacts} contacts written to {to}; it holds personal data, delete it after use")


def _write(file: BinaryIO, lines: Iterator[bytes]) -> int:
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} contacts"), TimeElapsedColumn())
    written = 0
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        for written, line in enumerate(lines, start=1):
            file.write(line + b"\n")
            bar.update(task, completed=written)
    return written


def _private(file: Path) -> BinaryIO:
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


if __name__ == "__main__":
    typer.run(past_contacts)
