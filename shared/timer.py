"""Work that is to be done again and again for as long as a service runs, whatever goes wrong in one go."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from shared.errors import is_infrastructure

PATIENCE_SECONDS = 30.0


class Timer:
    """Calls ``work`` at intervals of ``every`` seconds, the next one after the one before has ended.

    ``failed`` is told of an error, and whether broker or database are away; the next go does what was left.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[object]],
        *,
        every: float,
        failed: Callable[[Exception, bool], None],
    ) -> None:
        self._name = name
        self._work = work
        self._every = every
        self._failed = failed
        self._patience = max(PATIENCE_SECONDS, 10 * every)
        self._task: asyncio.Task[None] | None = None
        self._looked_at = 0.0

    def start(self) -> None:
        """May be called again; there is one of it."""
        self._looked_at = time.monotonic()
        if self._task is None:
            self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Lets what is in hand go: whoever does it next begins with what is stored."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def missing(self) -> list[str]:
        """Whether the work is being done, in words for an operator."""
        if self._task is None or self._task.done():
            return [f"{self._name} are not running"]
        silence = time.monotonic() - self._looked_at
        if silence > self._patience:
            return [f"{self._name} have not gone through for {silence:.0f} seconds"]
        return []

    async def _go_on(self) -> None:
        while True:
            try:
                await self._work()
                self._looked_at = time.monotonic()
            except Exception as error:  # noqa: BLE001  the next go does what this one left
                self._failed(error, is_infrastructure(error))
            await asyncio.sleep(self._every)
