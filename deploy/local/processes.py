"""Which processes are ours, and how they are ended.

Every process that a run starts carries the variable ``CONTACTPUNT_RUN`` with the run's own directory, and hands
it to its children. A pid from a file says nothing once the machine has restarted or the number was used again; the
mark does.
"""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "CONTACTPUNT_RUN"
_PROC = Path("/proc")


def pid_in(file: Path) -> int | None:
    """The number that a pid file holds, or None where there is no file or no number in it."""
    try:
        return int(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def is_marked(pid: int, directory: Path) -> bool:
    """Whether that process is alive and was started by a run in that directory."""
    process = _PROC / str(pid)
    try:
        marked = f"{MARK}={directory}".encode() in (process / "environ").read_bytes().split(b"\0")
        status = (process / "stat").read_bytes()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False
    # The state follows the command's name, which stands in brackets and may hold anything.
    return marked and status.rpartition(b")")[2].split()[0] != b"Z"


def marked(directory: Path) -> list[int]:
    """All living processes that were started by a run in that directory, this one left out."""
    pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return sorted(pid for pid in pids if pid != os.getpid() and is_marked(pid, directory))


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Sends a signal to each; one that has gone meanwhile needs none."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def end_marked(directory: Path, patience: float) -> list[int]:
    """Ends every process of a run in that directory, politely first, and answers which there were.

    ``patience`` is how many seconds they get before they are killed.
    """
    found = marked(directory)
    send(found, signal.SIGTERM)
    give_up = time.monotonic() + patience
    while marked(directory) and time.monotonic() < give_up:
        time.sleep(0.1)
    while remaining := marked(directory):
        send(remaining, signal.SIGKILL)
        time.sleep(0.05)
    return found
