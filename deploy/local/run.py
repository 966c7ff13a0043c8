"""The local run from beginning to end: what ``make run``, ``make stop`` and ``make status`` do."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from deploy.local import paper, processes
from deploy.local.backends import Backends, plan_backends
from deploy.local.directory import PROJECT, RunDirectory, write_private
from deploy.local.failure import LocalRunError
from deploy.local.lock import RunLock
from deploy.local.ports import check_ports
from deploy.local.progress import Progress
from deploy.local.services import (
    SERVICES,
    ServiceCommand,
    is_ready,
    service_command,
    service_ports,
    service_programs,
    service_url,
)
from deploy.local.settings import LocalSettings
from deploy.local.stopping import StopRequested, stop_signals_ignored, stop_signals_raise
from deploy.local.supervision import Supervisor
from deploy.local.tokens import hashes, make_citizen_keys, make_tokens

SAMPLE = (sys.executable, "-m", "deploy.sample")
_SERVICE_RANK = 30
_INTERRUPTED = 130
_NOT_RUNNING = 3
_STOP_SECONDS = 150.0
_NOTICE_SECONDS = 0.5
_ALIVE = ("starting", "running")
"""The supervisor calls a program starting for its first second."""


class LocalRun:
    """Everything on this machine.

    ``command`` says how a service is started. ``sample`` is the command that, with ``load`` or ``table`` behind
    it, loads the sample year or prints its table.
    """

    def __init__(
        self,
        settings: LocalSettings,
        command: ServiceCommand = service_command,
        sample: Sequence[str] = SAMPLE,
    ) -> None:
        self._settings = settings
        self._command = command
        self._sample = tuple(sample)
        self._run = RunDirectory(settings.local_dir.resolve())
        self._lock = RunLock(self._run.lock_file)
        self._supervisor = Supervisor(self._run)
        self._progress = Progress()
        self._not_ready_yet: set[str] = set()

    def up(self) -> int:
        """Starts everything and, unless detached, stays until it is told to stop. Answers the exit code.

        Raises ``LocalRunError`` where it cannot; nothing is then left running.
        """
        if self._runs_already():
            self._progress.plain("It runs already; make stop ends it.")
            self._print_addresses()
            return 0
        with stop_signals_raise(), self._lock.held():
            stays = False
            try:
                self._start()
                self._load_sample()
                self._progress.say("ready")
                stays = not self._settings.detach
                self._progress.plain(
                    "It runs until Ctrl-C." if stays else "It goes on running; make stop ends it."
                )
                if stays:
                    self._stay()
            except StopRequested:
                self._stop()
                return 0 if stays else _INTERRUPTED
            except BaseException:
                self._stop()
                raise
        return 0

    def down(self) -> None:
        """Stops everything: services first, then database and broker. Fine where nothing runs."""
        if self._lock.ask_holder_to_stop(_STOP_SECONDS):
            self._progress.say("stopped")
            return
        with self._lock.held():
            self._stop()

    def status(self) -> int:
        """Prints how everything is doing. Answers 0 where all runs and is ready, 3 where not."""
        if not self._supervisor.runs():
            self._progress.plain("Nothing runs. make run starts it.")
            return _NOT_RUNNING
        fine, urls = True, self._environment() if self._run.environment_file.exists() else {}
        for one in self._supervisor.states():
            ready = one.name not in SERVICES or is_ready(urls.get(f"{one.name.upper()}_URL", ""))
            fine = fine and ready and one.state in _ALIVE
            note = "" if ready else "  not ready"
            self._progress.plain(f"{one.name:<12}{one.state:<10}pid {one.pid:<8}{one.seconds_up:>7} s{note}")
        return 0 if fine else _NOT_RUNNING

    def _runs_already(self) -> bool:
        return self._run.environment_file.exists() and self._supervisor.runs()

    def _start(self) -> None:
        self._clear_what_a_crash_left()
        settings, say = self._settings, self._progress.say
        paper.ensure_installed(say)
        services = service_ports(settings)
        check_ports([*services, *settings.broker_ports(), *settings.database_ports()])
        if not settings.keep:
            self._run.clear_store()
        self._run.make()
        backends = plan_backends(settings, self._run, say)
        backends.check_given(say)
        tokens = make_tokens()
        write_private(self._run.tokens_file, hashes(tokens))
        make_citizen_keys(self._run)
        programs = service_programs(settings, self._run, backends, self._command, _SERVICE_RANK)
        self._supervisor.start([*backends.programs, *programs], outlive_caller=settings.detach)
        self._start_backends(backends)
        say(f"starting {', '.join(SERVICES)}")
        self._supervisor.begin(programs)
        for name in SERVICES:
            url = service_url(settings, name)
            self._supervisor.wait_for(name, partial(is_ready, url), settings.patience)
            say(f"{name} is ready on {url}")
        time.sleep(max((one.settle_seconds for one in backends.private), default=0))
        self._write_environment(backends, {f"{role.upper()}_TOKEN": token for role, token in tokens.items()})
        self._print_addresses()

    def _start_backends(self, backends: Backends) -> None:
        if backends.programs:
            self._progress.say(f"starting {' and '.join(one.title for one in backends.private)}")
            self._not_ready_yet = {one.name for one in backends.private}
            self._supervisor.begin(backends.programs)
        for one in backends.private:
            self._supervisor.wait_for(one.name, one.answers, self._settings.patience)
            self._not_ready_yet.remove(one.name)
            self._progress.say(f"{one.title} is ready on {one.address}")

    def _write_environment(self, backends: Backends, tokens: dict[str, str]) -> None:
        urls = {f"{name.upper()}_URL": service_url(self._settings, name) for name in SERVICES}
        values = {"AMQP_URL": backends.amqp_url, "MONGO_URL": backends.mongo_url, **urls, **tokens}
        write_private(self._run.environment_file, "".join(f"{name}={value}\n" for name, value in values.items()))

    def _environment(self) -> dict[str, str]:
        lines = self._run.environment_file.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def _print_addresses(self) -> None:
        values = self._environment()
        width = max(len(name) for name in SERVICES)
        self._progress.plain("")
        for name in SERVICES:
            self._progress.plain(f"  {name:<{width}}  {values[f'{name.upper()}_URL']}/docs")
        self._progress.plain(f"  {'tokens':<{width}}  {self._run.environment_file}")
        self._progress.plain(f"  {'logs':<{width}}  {self._run.logs}\n")

    def _load_sample(self) -> None:
        if self._settings.sample == "none":
            return
        self._progress.say("loading the sample year; SAMPLE=none leaves it out")
        ended = self._sample_step("load")
        if ended:
            raise LocalRunError(
                f"The sample year: load ended with exit code {ended}, see above.\n"
                f"       The services' logs are in {self._run.logs}; SAMPLE=none starts without it."
            )
        # A kept store may hold contacts of its own in that year: the table tells, and nothing is stopped for it.
        self._sample_step("table")

    def _sample_step(self, step: str) -> int:
        environment = {**os.environ, **self._environment()}
        return subprocess.run([*self._sample, step], cwd=PROJECT, env=environment, check=False).returncode

    def _stay(self) -> NoReturn:
        while self._supervisor.runs():
            time.sleep(_NOTICE_SECONDS)
        raise LocalRunError(f"The supervisor has ended; its log is {self._run.log('supervisord')}.")

    def _clear_what_a_crash_left(self) -> None:
        if processes.marked(self._run.root):
            self._progress.say("clearing away what a run left that ended badly")
            self._stop()
        self._run.clear_run()

    def _stop(self) -> None:
        with stop_signals_ignored():
            if self._supervisor.pid is not None:
                self._progress.say("stopping: services, then database, then broker")
                self._supervisor.stop(kill=self._not_ready_yet)
                self._progress.say("stopped")
            processes.end_marked(self._run.root, patience=20)
            self._run.clear_run()
