"""supervisord: starts programs, starts them again when they die, stops them in order.

Its configuration names nothing but paths relative to the run's directory, in which it runs: a project in a folder
with a very long name, or with blanks, quotes and percent signs in it, is then no special case, neither for the
configuration's syntax nor for the 108 bytes that the address of a Unix socket may have.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
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
_MOST_STARTS = 3
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
    """The configuration for these programs. Programs of one rank form a group that stops together."""
    sections = [
        "[supervisord]\nnodaemon=true\nlogfile=log/supervisord.log\nlogfile_maxbytes=2MB\nlogfile_backups=1\n"
        f"pidfile=pids/{NAME}.pid\nchildlogdir=log\numask=077\n" + ("user=root\n" if os.geteuid() == 0 else ""),
        f"[unix_http_server]\nfile={_SOCKET}\nchmod=0600\n",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
    ]
    for rank, members in groupby(sorted(programs, key=lambda p: p.rank), key=lambda p: p.rank):
        group = list(members)
        names = ",".join(program.name for program in group)
        sections.append(f"[group:{_group(rank)}]\nprograms={names}\npriority={rank}\n")
        sections.extend(_section(program) for program in group)
    return "\n".join(sections)


def _section(program: Program) -> str:
    # Retries are many because the wait between them grows by a second each: it never gets to give up.
    return (
        f"[program:{program.name}]\ncommand=/bin/sh programs/{program.name}.sh\n"
        "autostart=false\nautorestart=true\nstartsecs=1\nstartretries=100000\n"
        f"stopsignal=TERM\nstopwaitsecs={program.stop_seconds}\n"
        f"redirect_stderr=true\nstdout_logfile=log/{program.name}.log\n"
        "stdout_logfile_maxbytes=10MB\nstdout_logfile_backups=2\n"
    )


def _group(rank: int) -> str:
    return f"rank{rank}"


class Supervisor:
    """The supervisor of one run directory."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The supervisor's pid while it runs; a pid file that is left over, or names a stranger, is no pid."""
        pid = processes.pid_in(self._run.pid(NAME))
        return pid if pid is not None and processes.is_marked(pid, self._run.root) else None

    def runs(self) -> bool:
        """Whether the supervisor is there and not about to end."""
        try:
            return self.pid is not None and self._call("getState")["statename"] == "RUNNING"
        except OSError:
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
            self._call("startProcess", f"{_group(program.rank)}:{program.name}", _NO_WAIT)

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
            if self.pid is None:
                raise LocalRunError(f"The run was stopped while it waited for {name}.")
            seen |= {one.pid for one in self.states() if one.name == name and one.pid}
            late = time.monotonic() > give_up
            if late or len(seen) > _MOST_STARTS:
                what = f"is not ready after {patience:g} seconds" if late else "ends again and again"
                log = self._run.log(name)
                raise LocalRunError(f"{name} {what}. The end of {log}:\n{last_lines(log)}")
            time.sleep(0.1)

    def stop(self, patience: float = 120.0) -> None:
        """Stops all programs in order, the highest rank first, then the supervisor. Fine where nothing runs."""
        pid = self.pid
        if pid is not None:
            processes.send([pid], signal.SIGTERM)
            give_up = time.monotonic() + patience
            while self.pid == pid and time.monotonic() < give_up:
                time.sleep(0.05)
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


@contextmanager
def supervised(root: Path, programs: Sequence[Program]) -> Iterator[tuple[Supervisor, RunDirectory]]:
    """A supervisor for as long as the block lasts, with all programs begun; nothing of it is left afterwards."""
    run = RunDirectory(root)
    supervisor = Supervisor(run)
    try:
        supervisor.start(programs, outlive_caller=False)
        supervisor.begin(programs)
        yield supervisor, run
    finally:
        supervisor.stop()
        processes.end_marked(root, patience=5)
