"""One start at a time in one directory."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import processes
from deploy.local.failure import LocalRunError


class RunLock:
    """Held by whoever starts a run and stays with it. The system lets go of it when its holder dies."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock while the block lasts. Raises ``LocalRunError`` where another holds it."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._file.open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalRunError(
                    f"Another start in {self._file.parent} is under way. Wait for it; make stop breaks it off."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def holder(self) -> int | None:
        """The pid of whoever holds the lock, or None where nobody does."""
        try:
            with self._file.open("r", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return processes.pid_in(self._file)
        return None

    def ask_holder_to_stop(self, patience: float) -> bool:
        """Tells the holder to stop everything and waits until it has. False where there was none.

        Raises ``LocalRunError`` where it has not done so within ``patience`` seconds.
        """
        pid = self.holder()
        if pid is None:
            return False
        processes.send([pid], signal.SIGTERM)
        give_up = time.monotonic() + patience
        while self.holder() is not None:
            if time.monotonic() > give_up:
                raise LocalRunError(f"The run of process {pid} does not stop. End it with: kill -9 {pid}")
            time.sleep(0.1)
        return True
