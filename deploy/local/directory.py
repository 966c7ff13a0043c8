"""Where the local run keeps its things: everything below one directory, ``.local`` in the project's root."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
"""The project's root; processes of the project run in it."""


@dataclass(frozen=True)
class RunDirectory:
    """The files of one local run. Readable by their owner alone, since tokens and passwords are among them."""

    root: Path

    @property
    def environment_file(self) -> Path:
        """Addresses and tokens, one NAME=value a line; there only while everything runs."""
        return self.root / "env"

    @property
    def tokens_file(self) -> Path:
        """The hashes of the tokens, which is all that the services are given."""
        return self.root / "tokens.json"

    @property
    def credentials_file(self) -> Path:
        """Passwords of the private broker and database; lives and dies with their data."""
        return self.data / "credentials.json"

    @property
    def citizen_keys_file(self) -> Path:
        """What intake knows citizens again by. Kept when data are cleared: a database elsewhere outlives them."""
        return self.root / "citizen-keys"

    @property
    def models(self) -> Path:
        """What routing has trained. Kept when data are cleared, since it follows from the code alone."""
        return self.root / "models"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def pids(self) -> Path:
        return self.root / "pids"

    @property
    def programs(self) -> Path:
        """One small shell script per program: exactly how it is started."""
        return self.root / "programs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def pid(self, name: str) -> Path:
        return self.pids / f"{name}.pid"

    def make(self) -> None:
        """Makes what is not there yet."""
        for directory in (self.root, self.data, self.logs, self.pids, self.programs):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def clear_run(self) -> None:
        """Removes what is only true while something runs."""
        self.environment_file.unlink(missing_ok=True)
        self.tokens_file.unlink(missing_ok=True)
        shutil.rmtree(self.pids, ignore_errors=True)
        shutil.rmtree(self.programs, ignore_errors=True)

    def clear_store(self) -> None:
        """Removes all data of the private broker and database, and the logs that go with them."""
        for directory in (self.data, self.logs):
            if directory.exists():
                shutil.rmtree(directory)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, in one step: a reader sees the old text or the new."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log, indented, for a message; says so where there is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return f"    ({path} was not written)"
    return "\n".join(f"    {line[:400]}" for line in lines) or f"    ({path} is empty)"
