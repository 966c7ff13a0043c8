"""Contacts out of the past, and backlogs, let live ones pass behind intake too.

Intake has a queue for each, but those behind it are shared: what an import pours into them stands before the live
contact that comes next. So imports are taken in hand only while little waits there.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from shared.errors import is_infrastructure
from shared.messaging.message import IncomingMessage
from shared.messaging.topology import DEADLINES_EVENTS, INTAKE_HISTORY, REPORTING_EVENTS, ROUTING_REQUESTED

BEHIND: Final = (ROUTING_REQUESTED, DEADLINES_EVENTS, REPORTING_EVENTS, INTAKE_HISTORY)
PATIENCE_SECONDS: Final = 60.0
"""After so long one group goes through all the same: a service that is away for a day must not end in the broker's
taking back what has been in hand for half an hour.
"""
LOOK_SECONDS: Final = 0.05
Handle = Callable[[Sequence[IncomingMessage]], Awaitable[None]]


class Yielding:
    """Has imports wait while in any queue behind intake more than ``most`` messages are ready."""

    def __init__(
        self,
        handle: Handle,
        *,
        depth: Callable[[str], Awaitable[int]],
        most: int,
        patience: float = PATIENCE_SECONDS,
        look: float = LOOK_SECONDS,
    ) -> None:
        self._handle = handle
        self._depth = depth
        self._most = most
        self._patience = patience
        self._look = look
        self._stopping = asyncio.Event()

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Handles the group when it is its turn."""
        # By the clock, not by a timeout: a question to the broker may lose a cancellation.
        give_up = time.monotonic() + self._patience
        while not self._stopping.is_set() and time.monotonic() < give_up and await self._is_crowded():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look):
                    await self._stopping.wait()
        await self._handle(batch)

    def stop(self) -> None:
        """From now on nothing is waited for: what is in hand is to be finished."""
        self._stopping.set()

    async def _is_crowded(self) -> bool:
        try:
            for queue in BEHIND:
                if await self._depth(queue) > self._most:
                    return True
        except Exception as error:
            # Whoever handles the group finds out that the broker is away, and knows what to do.
            if is_infrastructure(error):
                return False
            raise
        return False
