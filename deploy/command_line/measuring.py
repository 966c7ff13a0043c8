"""``bench``: the measurements of ``benchmarks/``."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer

from deploy.command_line.answers import AsJson, tell_json
from deploy.local.directory import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"


class _Figure(NamedTuple):
    """A module with its arguments, and those that end within minutes instead."""

    module: str
    arguments: Sequence[str] = ()
    quick: Sequence[str] = ()


def _of_the_product(name: str, quick: str) -> _Figure:
    return _Figure("benchmarks", (name,), (name, *quick.split()))


_OPEN: Final = ("--open", "10000")
_FACTS: Final = ("--facts", "10000")
_FIGURES: Final[Mapping[str, _Figure]] = {
    "throughput": _of_the_product("throughput", "--contacts 500 --repetitions 1"),
    "latency": _of_the_product("latency", "--seconds 15 --repetitions 1"),
    "drain": _of_the_product("drain", "--backlog 2000"),
    "import": _of_the_product("import", "--contacts 1000"),
    "costs": _of_the_product("costs", "--contacts 500 --idle-seconds 5"),
    "memory": _of_the_product("memory", "--minutes 2 --idle-seconds 5"),
    "replicas": _of_the_product("replicas", "--contacts 300 --repetitions 1"),
    "overload": _of_the_product("overload", "--seconds 10 --calibration 300"),
    "routing": _Figure("benchmarks.routing"),
    "deadlines": _Figure("benchmarks.deadlines", (*_OPEN, "--open", "1000000"), _OPEN),
    "reports": _Figure("benchmarks.reports", (*_FACTS, "--facts", "100000", "--facts", "1000000"), _FACTS),
}
_PAGE: Final = "page"
_KNOWN: Final = (*_FIGURES, _PAGE)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(epilog="Example: contactpunt bench --quick latency costs")
    def bench(
        what: Annotated[list[str] | None, typer.Argument(metavar="[WHAT]…", help=", ".join(_KNOWN))] = None,
        *,
        quick: Annotated[bool, typer.Option("--quick", help="Small sizes: each is done within minutes.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """Measure, on broker and database of its own; without WHAT everything, which takes hours.

        Results are kept below benchmarks/results; page puts the newest of each into docs/performance.md. A figure
        of the product with sizes of your own: python -m benchmarks FIGURE --help. Needs the packages for
        development (make bench).
        """
        before = kept()
        for name in what or _FIGURES:
            if name not in _KNOWN:
                raise typer.BadParameter(f"there is no {name}; give any of {', '.join(_KNOWN)}")
        for name in what or _FIGURES:
            # For programs there is nothing on standard output but the figures.
            output = sys.stderr if as_json else None
            done = subprocess.run(  # noqa: S603  ours
                [sys.executable, "-m", *_command(name, quick=quick)], cwd=PROJECT, stdout=output, check=False
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


def _command(name: str, *, quick: bool) -> list[str]:
    if name == _PAGE:
        return ["benchmarks", _PAGE]
    figure = _FIGURES[name]
    return [figure.module, *(figure.quick if quick else figure.arguments)]
