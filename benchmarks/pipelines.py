"""The two pipelines, each run once from the first publish to the last count."""

import calendar
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import httpx

from benchmarks.contacts import CHANNEL
from benchmarks.machine import Machine, wait_until
from deploy.local.backends import Backends
from deploy.local.directory import PROJECT, RunDirectory, write_private
from deploy.local.ports import free_port
from deploy.local.program import Program
from deploy.local.services import SERVICES, is_ready, service_command, service_programs, service_url
from deploy.local.settings import LocalSettings
from deploy.local.supervision import supervised
from deploy.local.tokens import hashes, make_citizen_keys, make_tokens
from deploy.sample.moments import BRUSSELS
from shared.access import Role

HOPS = 4
_ORGANISATION = "leuven"


@dataclass(frozen=True)
class Measured:
    """One run. Seconds from the first publish; ``published`` is when the broker had confirmed the last."""

    contacts: int
    seconds: float
    published: float

    @property
    def per_second(self) -> float:
        return self.contacts / self.seconds


def measure_noop(machine: Machine, bodies: Path, count: int, run: str) -> Measured:
    """Four FastStream hops that do nothing. All ``count`` messages must arrive, each told from the others."""
    queues = [f"noop.{hop}" for hop in range(1, HOPS + 1)]
    with machine.virtual_host(f"noop-{run}") as amqp_url, ExitStack() as stack:
        # The last first: each hop finds the queue that it publishes to.
        hops = [
            stack.enter_context(_hop(amqp_url, source, destination, count))
            for source, destination in reversed(list(zip(queues, [*queues[1:], ""], strict=True)))
        ]
        for hop in hops:
            _expect(hop, "ready")
        told = _generate(amqp_url, "", queues[0], bodies)
        finished = float(json.loads(_line(hops[0]))["finished"])
    return Measured(count, finished - told["started"], told["finished"] - told["started"])


@contextmanager
def _hop(amqp_url: str, source: str, destination: str, count: int) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "benchmarks.noop_hop", source, destination, str(count)]
    with subprocess.Popen(  # noqa: S603  our own program
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            _tell(process.stdin, amqp_url)
            yield process
        finally:
            process.kill()


def _tell(stream: IO[str] | None, line: str) -> None:
    if stream is None:
        raise RuntimeError("the process was started without a pipe")
    stream.write(f"{line}\n")
    stream.flush()


def _line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise RuntimeError("the process was started without a pipe")
    return process.stdout.readline().strip()


def _expect(process: "subprocess.Popen[str]", word: str) -> None:
    found = _line(process)
    if found != word:
        raise RuntimeError(f"a hop said {found!r} instead of {word!r}; its error is above")


def _generate(amqp_url: str, exchange: str, routing_key: str, bodies: Path) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", "benchmarks.load_generator", exchange, routing_key, str(bodies)],
        cwd=PROJECT,
        input=f"{amqp_url}\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def measure_services(machine: Machine, bodies: Path, count: int, run: str, received_at: datetime) -> Measured:
    """The four services, from the first publish until the reports count every contact with line and open term.

    Raises ``RuntimeError`` where they count anything but ``count`` in the end.
    """
    with machine.virtual_host(f"services-{run}") as amqp_url, _services(machine, amqp_url, run) as client:
        query = {
            "organisation": _ORGANISATION,
            "group_by": "line,nature,answered_in_term",
            **_month_of(received_at),
        }
        told = _generate(amqp_url, "contacts.inbound", f"submission.{_ORGANISATION}.{CHANNEL}", bodies)
        wait_until(lambda: _counted(client, query)[0] >= count, "all contacts counted in the reports")
        finished = time.monotonic()
        whole, total = _counted(client, query)
        if (whole, total) != (count, count):
            raise RuntimeError(f"{count} contacts published, {total} counted, {whole} of them with line and term")
    return Measured(count, finished - told["started"], told["finished"] - told["started"])


def _month_of(moment: datetime) -> dict[str, str]:
    """The city's month: whole months are answered out of counters, so that asking costs next to nothing."""
    day = moment.astimezone(BRUSSELS).date()
    last = calendar.monthrange(day.year, day.month)[1]
    return {"from": str(day.replace(day=1)), "to": str(day.replace(day=last))}


def _counted(client: httpx.Client, query: dict[str, str]) -> tuple[int, int]:
    """Contacts that have passed through all four services, and contacts in all."""
    answer = client.get("/reports/contacts", params=query)
    answer.raise_for_status()
    told = answer.json()
    return sum(row["count"] for row in told["rows"] if _is_whole(row)), told["total"]


def _is_whole(row: dict[str, str]) -> bool:
    # Only a complaint of ours has a term to wait for; the text may have made something else of what was declared.
    owed = row["nature"] == "complaint" and row["line"] in ("first", "second")
    return row["line"] != "unknown" and (row["answered_in_term"] == "open" or not owed)


@contextmanager
def _services(machine: Machine, amqp_url: str, run: str) -> Iterator[httpx.Client]:
    directory = RunDirectory(machine.home / f"services-{run}")
    directory.make()
    tokens = make_tokens()
    write_private(directory.tokens_file, hashes(tokens))
    make_citizen_keys(directory)
    start = 21_000
    ports = {f"{name}_port": start + 10 * place for place, name in enumerate(SERVICES)}
    settings = LocalSettings.model_validate({name: free_port(port) for name, port in ports.items()})
    backends = Backends(amqp_url, machine.mongo_url, (), (), ())
    programs = [
        _with_prefix(program, run)
        for program in service_programs(settings, directory, backends, service_command, rank=1)
    ]
    with supervised(directory.root, programs) as (supervisor, _):
        for name in SERVICES:
            supervisor.wait_for(name, partial(is_ready, service_url(settings, name)), 180)
        headers = {"Authorization": f"Bearer {tokens[Role.REPORTING]}"}
        with httpx.Client(base_url=service_url(settings, "reporting"), headers=headers, timeout=30) as client:
            yield client


def _with_prefix(program: Program, run: str) -> Program:
    return replace(program, environment={**program.environment, "MONGO_PREFIX": f"bench{run}"})
