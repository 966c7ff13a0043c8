"""supervisord: starts programs, starts them again when they die, stops them in order.

Its configuration names nothing but paths relative to the run's directory, in which it runs: a project in a folder
with a very long name, or with blanks, quotes and percent signs in it, is then no special case, neither for the
configuration's syntax nor for the 108 bytes that the address of a Unix socket may have.
"""

import configparser
import http.client
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local import processes
from deploy.local.directory import RunDirectory, last_lines, write_private
from deploy.local.failure import LocalRunError
from deploy.local.program import Program, start_script

NAME = "supervisord"
_SOCKET = "supervisor.sock"
_CONFIGURATION = "supervisord.conf"
_START_SECONDS = 20.0
_MOST_STARTS = 2
_NO_WAIT = False
_NOT_HANDED_ON = ("RABBITMQ_", "ERL_", "SUPERVISOR_")
"""Variables with these beginnings would bend the private broker or the supervisor to somebody else's settings."""


@dataclass(frozen=True)
class ProcessState:
    """How a program is doing: the supervisor's word for it, its pid (0 where there is none), seconds up."""

    name: str
    state: str
    pid: int
    seconds_up: int


def configuration(programs: Sequence[Program]) -> str:
    """supervisord.conf for these programs. Programs of one rank form a group that stops together."""
    sections: dict[str, dict[str, object]] = {
        NAME: {
            "nodaemon": "true",
            "silent": "true",
            "pidfile": f"pids/{NAME}.pid",
            "logfile": f"log/{NAME}.log",
            "logfile_maxbytes": "2MB",
            "logfile_backups": 1,
            "childlogdir": "log",
            "umask": "077",
            **({"user": "root"} if os.geteuid() == 0 else {}),
        },
        # supervisord makes paths absolute; this one stays short.
        "unix_http_server": {"file": f"/proc/self/cwd/{_SOCKET}", "chmod": "0600"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    for program in programs:
        group = sections.setdefault(f"group:{_group(program)}", {"priority": program.rank, "programs": ""})
        group["programs"] = ",".join(filter(None, [str(group["programs"]), program.name]))
        sections[f"program:{program.name}"] = _section(program)
    text = io.StringIO()
    parser = configparser.RawConfigParser()
    parser.read_dict(sections)
    parser.write(text)
    return text.getvalue()


def _section(program: Program) -> dict[str, object]:
    return {
        "command": f"/bin/sh programs/{program.name}.sh",
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 1,
        # The wait between two starts grows by a second each; with so many it never gets to give up.
        "startretries": 100_000,
        "stopsignal": program.stop_signal,
        "stopwaitsecs": program.stop_seconds,
        "redirect_stderr": "true",
        "stdout_logfile": f"log/{program.name}.log",
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 2,
    }


def _group(program: Program) -> str:
    return f"rank{program.rank}"


class Supervisor:
    """The supervisor of one run directory."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The supervisor's pid while it runs; a pid file that is left over, or names a stranger, is no pid."""
        return self.pid_of(NAME)

    def pid_of(self, name: str) -> int | None:
        """The pid of a program of this run while it runs, from its pid file."""
        pid = processes.pid_in(self._run.pid(name))
        return pid if pid is not None and processes.is_marked(pid, self._run.root) else None

    def runs(self) -> bool:
        """Whether the supervisor is there and not about to end."""
        try:
            return self.pid is not None and self._call("getState")["statename"] == "RUNNING"
        except (OSError, xmlrpc.client.Fault):  # a supervisor that is stopping answers any call with a fault
            return False

    def start(self, programs: Sequence[Program], *, outlive_caller: bool) -> None:
        """Starts the supervisor, not yet its programs. Unless it may outlive its caller it ends when that dies."""
        self._run.make()
        setpriv = shutil.which("setpriv")
        for program in programs:
            script = self._run.programs / f"{program.name}.sh"
            write_private(script, start_script(program, self._run, tether=setpriv))
        write_private(self._run.root / _CONFIGURATION, configuration(programs))
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", _CONFIGURATION]
        if setpriv and not outlive_caller:
            command = [setpriv, "--pdeathsig", "TERM", *command]
        environment = {n: v for n, v in os.environ.items() if not n.startswith(_NOT_HANDED_ON)}
        with (self._run.logs / "supervisord.out").open("wb") as output:
            self._child = subprocess.Popen(
                command,
                cwd=self._run.root,
                env={**environment, processes.MARK: str(self._run.root)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C goes to the caller alone, which then stops everything in order
            )
        self._await_answer(self._child)

    def _await_answer(self, child: "subprocess.Popen[bytes]") -> None:
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up and child.poll() is None:
            try:
                self._call("getState")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise LocalRunError(f"supervisord did not start:\n{last_lines(self._run.logs / 'supervisord.out')}")

    def begin(self, programs: Iterable[Program]) -> None:
        """Begins these programs without waiting for them."""
        for program in programs:
            self._call("startProcess", f"{_group(program)}:{program.name}", _NO_WAIT)

    def states(self) -> list[ProcessState]:
        """How every program is doing, in the order of their ranks."""
        found = self._call("getAllProcessInfo")
        return [
            ProcessState(
                name=str(one["name"]),
                state=str(one["statename"]).lower(),
                pid=int(one["pid"]),
                seconds_up=max(0, int(one["now"]) - int(one["start"])) if one["pid"] else 0,
            )
            for one in found
        ]

    def wait_for(self, name: str, ready: Callable[[], bool], patience: float) -> None:
        """Waits until the program is ready.

        Raises ``LocalRunError`` with the end of its log where it keeps dying or is not ready within ``patience``
        seconds.
        """
        seen: set[int] = set()
        give_up = time.monotonic() + patience
        while not ready():
            if not self.runs():
                raise LocalRunError(f"The run was stopped while it waited for {name}.")
            # Each start writes the pid file anew, also one that ends before anybody could look at the process.
            seen |= {pid for pid in [processes.pid_in(self._run.pid(name))] if pid}
            late = time.monotonic() > give_up
            if late or len(seen) > _MOST_STARTS:
                what = f"is not ready after {patience:g} seconds" if late else "ends again and again"
                log = self._run.log(name)
                raise LocalRunError(f"{name} {what}. The end of {log}:\n{last_lines(log)}")
            time.sleep(0.1)

    def stop(self, *, kill: Iterable[str] = (), patience: float = 120.0) -> None:
        """Stops all programs in order, the highest rank first, then the supervisor. Fine where nothing runs.

        ``kill`` names programs that are not asked to stop: RabbitMQ, for one, does not listen while it starts.
        """
        pid = self.pid
        if pid is not None:
            processes.send([pid], signal.SIGTERM)
            # Only once the supervisor is stopping, or it would start them again.
            _wait(lambda: not self.runs(), _START_SECONDS)
            doomed = [self.pid_of(name) for name in kill]
            processes.send(filter(None, doomed), signal.SIGKILL)
            _wait(lambda: self.pid is None, patience)
        if self._child is not None:
            self._child.wait(timeout=patience)

    def _call(self, method: str, *arguments: object) -> Any:
        directory = os.open(self._run.root, os.O_RDONLY | os.O_DIRECTORY)
        # Through the open directory the socket's address is short however deep the project lies.
        transport = SupervisorTransport(None, None, f"unix:///proc/self/fd/{directory}/{_SOCKET}")
        try:
            proxy = xmlrpc.client.ServerProxy("http://localhost", transport=transport)
            return getattr(proxy.supervisor, method)(*arguments)
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            transport.close()
            os.close(directory)


def _wait(holds: Callable[[], bool], patience: float) -> None:
    give_up = time.monotonic() + patience
    while not holds() and time.monotonic() < give_up:
        time.sleep(0.05)


@contextmanager
def supervised(root: Path, programs: Sequence[Program]) -> Iterator[tuple[Supervisor, RunDirectory]]:
    """A supervisor for as long as the block lasts, with all programs begun; nothing of it is left afterwards.

    The programs are killed in the end rather than asked: what they keep is thrown away with the directory.
    """
    run = RunDirectory(root)
    supervisor = Supervisor(run)
    killed = [replace(program, stop_signal="KILL") for program in programs]
    try:
        supervisor.start(killed, outlive_caller=False)
        supervisor.begin(killed)
        yield supervisor, run
    finally:
        supervisor.stop()
        processes.end_marked(root, patience=5)
