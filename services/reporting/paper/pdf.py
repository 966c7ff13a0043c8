"""PDF in a process of its own: the service neither waits for it nor carries the library that makes it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from services.reporting.paper.libraries import DEBIAN_PACKAGES
from services.reporting.paper.pdf_worker import CANNOT_LOAD
from shared.problems import Problem, not_available

WORKER: Final = (sys.executable, "-P", str(Path(__file__).with_name("pdf_worker.py")))
_GIVEN: Final = ("PATH", "HOME", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
"""Of the environment the worker gets no more than this: the rest holds addresses and passwords."""
_log = structlog.get_logger()
_MOST_TOLD: Final = 200
_PATIENCE: Final = 180.0
"""Seconds that one document may take."""
_MOST_WAITING: Final = 4


class PdfMaker:
    """Makes one document at a time. ``worker`` reads a page on its input and writes a PDF to its output."""

    def __init__(self, worker: Sequence[str] = WORKER, patience: float = _PATIENCE) -> None:
        self._worker = tuple(worker)
        self._patience = patience
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def make(self, page: str) -> bytes:
        """The page as a PDF. Raises ``Problem`` (503) where it cannot be made here, or not now."""
        if self._waiting >= _MOST_WAITING:
            raise not_available("Other PDFs are being made; try again in a minute.")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._run(page.encode())
        finally:
            self._waiting -= 1

    async def _run(self, page: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._worker, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment()
        )
        try:
            made, complaint = await asyncio.wait_for(process.communicate(page), self._patience)
        except TimeoutError:
            raise not_available("The PDF took too long; try the HTML report, and print it.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == CANNOT_LOAD:
            raise _cannot_here()
        if process.returncode:
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            _log.error("a PDF could not be made", exit_code=process.returncode, complaint=last[:_MOST_TOLD])
            raise not_available("The PDF could not be made; try the HTML report, and print it.")
        return made


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _GIVEN if name in os.environ}


def _cannot_here() -> Problem:
    packages = " ".join(DEBIAN_PACKAGES)
    detail = (
        "PDF cannot be made on this machine: libraries of Pango or HarfBuzz are missing. On Debian, install "
        f"them as root: apt-get install {packages}. Until then take the HTML report and print it."
    )
    return Problem(503, "Not available here", detail)
