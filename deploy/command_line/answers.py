"""How commands answer: for people as tables, with ``--json`` for programs; errors go to standard error."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Annotated, Any, Final

import httpx
import typer
from rich.console import Console
from rich.table import Table

from deploy.command_line.failure import CommandError

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
FAILED: Final = 1
NOT_WELL: Final = 3
"""Exit code of ``status`` where something is wrong; 2 is for a command that was typed wrongly."""
_STANDARD_OUTPUT: Final = 1
_STANDARD_ERROR: Final = 2
_PROBLEM: Final = "application/problem+json"
# Elsewhere than on a terminal nothing is cut to fit: what reads it wants all of it.
console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 1000)
errors = Console(stderr=True, soft_wrap=True)


def tell_json(value: Any) -> None:
    """Writes the value to standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@contextmanager
def standard_output_for_json() -> Iterator[None]:
    """What is written meanwhile, by programs that are called as well, goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(_STANDARD_OUTPUT)
    os.dup2(_STANDARD_ERROR, _STANDARD_OUTPUT)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, _STANDARD_OUTPUT)
        os.close(kept)


def tell_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Writes a table; cells are text, whatever is in them."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _cell(value: object) -> str:
    from rich.markup import escape  # noqa: PLC0415

    return escape("" if value is None else str(value))


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer. Raises ``CommandError`` with what the service says is wrong, and the cure."""
    if response.is_success:
        told: dict[str, Any] = response.json()
        return told
    if response.headers.get("content-type", "").startswith(_PROBLEM):
        problem = response.json()
        wrong = "\n".join(_fault(each) for each in problem.get("errors", ()))
        again = response.headers.get("retry-after")
        when = f" Retry-After says {again} seconds." if again else ""
        raise CommandError(f"{problem['title']} ({response.status_code})", (wrong or problem["detail"]) + when)
    raise CommandError(f"The service answered {response.status_code}.", "Look at ./contactpunt status.")


def _fault(error: Mapping[str, str]) -> str:
    return f"{error['field'] or 'the message'} {error['message']} [{error['code']}]"
