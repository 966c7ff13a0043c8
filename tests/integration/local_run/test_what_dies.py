"""Processes that die: those that are kept running, and those that keep them running."""

import os
import signal

import httpx
import pytest

from deploy.local import processes
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.supervision import NAME
from tests.integration.local_run.conftest import SERVICES, Terminal, await_line, eventually


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", verify=NO_CERTIFICATES).status_code == 200
    except httpx.TransportError:
        return False


def test_a_service_that_dies_is_started_again_and_again(quick: Terminal) -> None:
    quick.type("up", DETACH="1", SAMPLE="none")
    for name in (*SERVICES, *SERVICES):
        quick.kill(name)
    for name in SERVICES:
        url = quick.values()[f"{name.upper()}_URL"]
        eventually(lambda url=url: answers(url), f"{name} answers again")  # type: ignore[misc]

    assert quick.type("down").returncode == 0
    assert quick.nothing_runs()


def test_what_a_killed_supervisor_leaves_is_cleared_away_by_the_next_start(quick: Terminal) -> None:
    quick.type("up", DETACH="1", SAMPLE="none")
    before = quick.values()

    os.kill(quick.pid(NAME), signal.SIGKILL)
    again = quick.type("up", DETACH="1", SAMPLE="none")

    assert again.returncode == 0, again.stderr
    assert "runs already" not in again.stdout
    assert quick.values()["ADMIN_TOKEN"] != before["ADMIN_TOKEN"]
    assert quick.type("status").returncode == 0


def test_nothing_outlives_a_killed_supervisor(quick: Terminal) -> None:
    quick.type("up", DETACH="1", SAMPLE="none")

    os.kill(quick.pid(NAME), signal.SIGKILL)

    eventually(quick.nothing_runs, "every program has ended")


def test_nothing_outlives_a_killed_terminal(quick: Terminal) -> None:
    process = quick.begin("up", SAMPLE="none")
    await_line(process, "until Ctrl-C")

    process.kill()
    process.communicate()

    eventually(quick.nothing_runs, "every program has ended")


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_pid_file_that_names_a_stranger_harms_nobody(quick: Terminal, command: str) -> None:
    quick.run.make()
    for name in (NAME, *SERVICES):
        quick.run.pid(name).write_text(f"{os.getpid()}\n", encoding="ascii")
    quick.run.environment_file.touch()

    done = quick.type(command, DETACH="1", SAMPLE="none")

    assert done.returncode == 0, done.stderr
    assert "runs already" not in done.stdout
    assert not processes.is_marked(os.getpid(), quick.root)
