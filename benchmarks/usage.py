"""What processes use, as the kernel has it: processor time, memory, bytes to disk; children included."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

Pids = Mapping[str, Sequence[int]]
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Usage:
    """Of one service, broker or database, all its processes together.

    ``resident`` counts what processes share once in each of them, ``proportional`` divides it among them. Bytes.
    """

    processor_seconds: float
    resident: int
    proportional: int
    written: int


def usage(pids: Pids) -> dict[str, Usage]:
    """What each uses now, since it was started."""
    return {what: _of(each) for what, each in pids.items()}


def _of(pids: Sequence[int]) -> Usage:
    seconds, resident, proportional, written = 0.0, 0, 0, 0
    for process in _with_children(pids):
        try:
            with process.oneshot():
                times, memory, disk = process.cpu_times(), process.memory_full_info(), process.io_counters()
        except psutil.NoSuchProcess:
            continue
        # Of children that have ended, what their parent was told.
        seconds += times.user + times.system + times.children_user + times.children_system
        resident += memory.rss
        proportional += memory.pss
        written += disk.write_bytes
    return Usage(seconds, resident, proportional, written)


def _with_children(pids: Sequence[int]) -> Iterator[psutil.Process]:
    for pid in pids:
        process = psutil.Process(pid)
        yield process
        yield from process.children(recursive=True)


def processor_seconds(before: Mapping[str, Usage], after: Mapping[str, Usage]) -> dict[str, float]:
    """What was used in between."""
    return {what: after[what].processor_seconds - before[what].processor_seconds for what in after}


@dataclass(frozen=True)
class Sample:
    """Memory at one moment: seconds from the beginning, mebibytes that the processes hold, by proportion."""

    at: float
    mebibytes: dict[str, float]


class Memory:
    """Looks at memory every so often, in the background."""

    def __init__(self, pids: Pids) -> None:
        self._pids = pids
        self._began = time.monotonic()
        self.samples: list[Sample] = []

    def look(self) -> Sample:
        """Takes a sample now."""
        found = {what: each.proportional / MEBIBYTE for what, each in usage(self._pids).items()}
        sample = Sample(time.monotonic() - self._began, found)
        self.samples.append(sample)
        return sample


@contextmanager
def watching_memory(pids: Pids, every: float) -> Iterator[Memory]:
    """Samples every so many seconds, from now on, for as long as the block lasts."""
    memory, done = Memory(pids), threading.Event()

    def watch() -> None:
        while not done.wait(every):
            memory.look()

    memory.look()
    watcher = threading.Thread(target=watch, name="watch memory")
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()
        memory.look()
