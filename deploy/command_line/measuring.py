"""``bench``: the measurements of ``benchmarks/``."""

import subprocess
import sys
from typing import Annotated

import typer

from deploy.local.directory import PROJECT

_ALL = ("throughput", "costs", "routing", "deadlines", "reports")
_COMMANDS = {
    "throughput": ("benchmarks", "throughput"),
    "costs": ("benchmarks", "costs"),
    "routing": ("benchmarks.routing",),
    "deadlines": ("benchmarks.deadlines", "--open", "10000", "--open", "1000000"),
    "reports": ("benchmarks.reports", "--facts", "10000", "--facts", "100000", "--facts", "1000000"),
}


def add_to(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(epilog="Example: contactpunt bench routing")
    def bench(
        what: Annotated[list[str] | None, typer.Argument(metavar="[WHAT]…", help=", ".join(_ALL))] = None,
    ) -> None:
        """Measure, on broker and database of its own. Needs the packages for development (make bench)."""
        for name in what or _ALL:
            if name not in _COMMANDS:
                raise typer.BadParameter(f"there is no {name}; give any of {', '.join(_ALL)}")
            done = subprocess.run([sys.executable, "-m", *_COMMANDS[name]], cwd=PROJECT, check=False)  # noqa: S603  ours
            if done.returncode:
                raise typer.Exit(done.returncode)
