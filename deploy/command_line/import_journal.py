"""How far an import has come, kept beside its file, so that the same command goes on after an interruption."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from deploy.command_line.failure import CommandError
from shared.contracts.rejection import FieldError

_CHUNK = 1 << 20


class Journal:
    """Of one import. ``keeps`` is False for a dry run, which leaves nothing behind but its errors."""

    def __init__(self, file: Path, errors_file: Path | None, *, keeps: bool) -> None:
        # A look ahead leaves alone what an import has told that is to go on later.
        errors_name = f"{file.name}.errors.jsonl" if keeps else f"{file.name}.dry-run.errors.jsonl"
        self.errors_file = errors_file or file.with_name(errors_name)
        self.done = 0
        self._file = file
        self._state = file.with_name(f"{file.name}.progress")
        self._keeps = keeps
        self._sha256 = ""
        self._told: set[bytes] = set()

    def open(self, *, restart: bool) -> None:
        """Finds out how many rows are done. Raises ``CommandError`` where the file is not the one it was."""
        if not self._keeps:
            self.errors_file.unlink(missing_ok=True)
            return
        self._sha256 = _sha256(self._file)
        if self._state.exists() and not restart:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            if state["sha256"] != self._sha256:
                raise CommandError(
                    f"{self._file} has changed since {state['rows']} of its rows were handed in.",
                    "Begin anew with --restart: what was handed in already is recognised by its id.",
                )
            self.done = state["rows"]
            self._told = self._whole_lines()
            return
        self.errors_file.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    def advance(self, rows: int) -> None:
        """So many rows more are done; returns when that is on disk."""
        self.done += rows
        if not self._keeps:
            return
        fresh = self._state.with_name(f"{self._state.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"sha256": self._sha256, "rows": self.done}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._state)

    def tell(self, line: int, errors: Sequence[FieldError], body: bytes) -> None:
        """Writes down a row that is not taken in, with why."""
        told = {"line": line, "errors": list(errors), "message": body.decode(errors="replace")}
        written = json.dumps(told, ensure_ascii=False) + "\n"
        if hashlib.sha256(written.encode()).digest() in self._told:
            return
        # What citizens wrote stands in it.
        descriptor = os.open(self.errors_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(written)

    def _whole_lines(self) -> set[bytes]:
        """What the interrupted run told; the group that it was at is told again. Half a line is taken away."""
        if not self.errors_file.exists():
            return set()
        lines = self.errors_file.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            os.truncate(self.errors_file, sum(map(len, lines[:-1])))
            lines.pop()
        return {hashlib.sha256(line).digest() for line in lines}


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
