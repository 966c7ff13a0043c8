"""``bench``: the measurements of ``benchmarks/``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.command_line.answers import AsJson, tell_json
from deploy.local.directory import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"

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
        *,
        as_json: AsJson = False,
    ) -> None:
        """Measure, on broker and database of its own, and keep the figures in benchmarks/results.

        Needs the packages for development (make bench).
        """
        before = kept()
        for name in what or _ALL:
            if name not in _COMMANDS:
                raise typer.BadParameter(f"there is no {name}; give any of {', '.join(_ALL)}")
            # For programs there is nothing on standard output but the figures.
            output = sys.stderr if as_json else None
            done = subprocess.run(  # noqa: S603  ours
                [sys.executable, "-m", *_COMMANDS[name]], cwd=PROJECT, stdout=output, check=False
            )
            if done.returncode:
                raise typer.Exit(done.returncode)
        if as_json:
            tell_json(figures(kept() - before))


def kept() -> set[Path]:
    """The files of all measurements so far."""
    return set(RESULTS.glob("*.json"))


def figures(files: set[Path]) -> dict[str, Any]:
    """What was measured, by what it was of: files are called after it and the moment."""
    return {file.stem.partition("-")[0]: json.loads(file.read_text(encoding="utf-8")) for file in sorted(files)}
