"""What the supervisor keeps running, as data: a test can put other programs in its place."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.directory import PROJECT, RunDirectory
from deploy.local.processes import MARK


@dataclass(frozen=True)
class Program:
    """One row of the process table.

    Programs of a lower ``rank`` are stopped later; those of one rank are stopped together. ``stop_seconds`` is how
    long a program may take to end by itself before it is killed.
    """

    name: str
    command: tuple[str, ...]
    rank: int
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = PROJECT
    stop_seconds: int = 30
    stop_signal: str = "TERM"


def start_script(program: Program, run: RunDirectory, *, tether: str | None) -> str:
    """The shell script that becomes the program, so that the pid it writes is the program's own.

    ``tether`` is the path of ``setpriv`` where the machine has one: the program then gets a SIGTERM when the
    supervisor dies without having been able to stop it.
    """
    pid_file = shlex.quote(str(run.pid(program.name)))
    variables = {**program.environment, MARK: str(run.root)}
    command = (tether, "--pdeathsig", "TERM", *program.command) if tether else program.command
    return "\n".join(
        [
            "#!/bin/sh -e",
            f"echo $$ > {pid_file}.new",
            f"mv {pid_file}.new {pid_file}",
            *(f"export {name}={shlex.quote(value)}" for name, value in variables.items()),
            f"cd {shlex.quote(str(program.directory))}",
            f"exec {shlex.join(command)}",
            "",
        ]
    )
