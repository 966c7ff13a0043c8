"""A local run in a directory and on ports of its own, driven as a person drives it: from the command line."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local import processes
from deploy.local.directory import PROJECT, RunDirectory
from deploy.local.ports import free_port

SERVICES = ("intake", "routing", "deadlines", "reporting")
_PORTS = (
    *(f"{name.upper()}_PORT" for name in SERVICES),
    "AMQP_PORT",
    "MONGO_PORT",
    "RABBITMQ_MANAGEMENT_PORT",
    "RABBITMQ_PROMETHEUS_PORT",
)
_NOT_FROM_OUTSIDE = {"AMQP_URL", "MONGO_URL", "DETACH", "KEEP", "SAMPLE", "STAND_IN", *_PORTS}
_COMMAND = (sys.executable, "-m", "tests.integration.local_run.run_with_stand_ins")
_LONGEST = 150


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Waits until it holds; fails where it never does."""
    give_up = time.monotonic() + _LONGEST
    while not holds():
        assert time.monotonic() < give_up, f"never came true: {what}"
        time.sleep(0.05)


def own_ports() -> dict[str, str]:
    """A free port for everything that listens."""
    ports: dict[str, str] = {}
    number = 15_500
    for name in _PORTS:
        number = free_port(number)
        ports[name] = str(number)
        number += 1
    return ports


@dataclass
class Terminal:
    """What a person types, and what lies in the run's directory afterwards."""

    root: Path
    variables: dict[str, str] = field(default_factory=own_ports)

    @property
    def run(self) -> RunDirectory:
        return RunDirectory(self.root)

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if name not in _NOT_FROM_OUTSIDE}
        return {**outside, "LOCAL_DIR": str(self.root), **self.variables, **more}

    def type(self, command: str, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end."""
        return subprocess.run(
            [*_COMMAND, command, *arguments],
            cwd=PROJECT,
            env=self.environment(more),
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )

    def begin(self, command: str, **more: str) -> "subprocess.Popen[str]":
        """Begins a command and leaves it running."""
        return subprocess.Popen(
            [*_COMMAND, command],
            cwd=PROJECT,
            env=self.environment(more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pid(self, name: str) -> int:
        """The pid that the run says a program has."""
        pid = processes.pid_in(self.run.pid(name))
        assert pid is not None, f"there is no pid file for {name}"
        return pid

    def kill(self, name: str) -> None:
        """Kills a program and waits until another one runs in its place."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        eventually(
            lambda: self.pid(name) != before and processes.is_marked(self.pid(name), self.root),
            f"{name} runs again after it was killed",
        )

    def values(self) -> dict[str, str]:
        """What the run tells of itself in its environment file."""
        lines = self.run.environment_file.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def nothing_runs(self) -> bool:
        return processes.marked(self.root) == []


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Exit code and output of a command that is about to end."""
    output, _ = process.communicate(timeout=_LONGEST)
    return process.returncode, output


def await_line(process: "subprocess.Popen[str]", part: str) -> None:
    """Reads what the process prints until a line has that in it."""
    assert process.stdout is not None
    for line in process.stdout:
        if part in line:
            return
    pytest.fail(f"it ended without having said {part!r}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The run's directory. Long and full of characters that shells and configurations take for their own."""
    return tmp_path.resolve() / ("a folder " * 12) / "with 100% 'all' \"sorts\"; #of é" / ".local"


@pytest.fixture
def terminal(root: Path) -> Iterator[Terminal]:
    """A run that starts its own broker and database, as far as the test does not name others."""
    made = Terminal(root)
    yield made
    processes.end_marked(root, patience=0)


@pytest.fixture
def quick(terminal: Terminal, amqp_url: str, mongo_url: str) -> Terminal:
    """A run that uses the tests' broker and database instead of its own, and is up at once."""
    terminal.variables |= {"AMQP_URL": amqp_url, "MONGO_URL": mongo_url}
    return terminal
