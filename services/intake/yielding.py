"""Contacts out of the past, and backlogs, let live ones pass behind intake too.

Intake has a queue for each, but those behind it are shared: what an import pours into them stands before the live
contact that comes next. So imports are taken in hand only while little waits there, and few contacts at a time.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

from services.intake.domain.inbound import InboundKind, read_key
from shared.errors import is_infrastructure
from shared.messaging.message import IncomingMessage
from shared.messaging.topology import DEADLINES_EVENTS, INTAKE_HISTORY, REPORTING_EVENTS, ROUTING_REQUESTED

BEHIND: Final = (ROUTING_REQUESTED, DEADLINES_EVENTS, REPORTING_EVENTS, INTAKE_HISTORY)
PATIENCE_SECONDS: Final = 60.0
"""After so long what is in hand goes through all the same: a service that is away for a day must not end in the
broker's taking back what has been in hand for half an hour.
"""
LOOK_SECONDS: Final = 0.05
Handle = Callable[[Sequence[IncomingMessage]], Awaitable[None]]


class Yielding:
    """Has imports wait while in any queue behind intake more than ``most`` messages are ready, and handles no more
    than ``contacts`` new contacts together.
    """

    def __init__(
        self,
        handle: Handle,
        *,
        depth: Callable[[str], Awaitable[int]],
        most: int,
        contacts: int,
        patience: float = PATIENCE_SECONDS,
        look: float = LOOK_SECONDS,
    ) -> None:
        self._handle = handle
        self._depth = depth
        self._most = most
        self._contacts = contacts
        self._patience = patience
        self._look = look
        self._stopping = asyncio.Event()

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Handles the group, part by part, each when it is its turn."""
        # By the clock, not by a timeout: a question to the broker may lose a cancellation.
        give_up = time.monotonic() + self._patience
        for part in parts(batch, self._contacts):
            await self._turn(give_up)
            await self._handle(part)

    async def _turn(self, give_up: float) -> None:
        while not self._stopping.is_set() and time.monotonic() < give_up and await self._is_crowded():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look):
                    await self._stopping.wait()

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


def parts(batch: Sequence[IncomingMessage], contacts: int) -> Iterator[Sequence[IncomingMessage]]:
    """The batch in parts with so many new contacts at most, order kept. It is contacts that those behind intake
    have work with; of what happened to them, which is much more in an import, many are little.
    """
    begin = new = 0
    for place, message in enumerate(batch):
        key = read_key(message.routing_key)
        if key is None or key.kind is not InboundKind.SUBMISSION:
            continue
        if new == contacts:
            yield batch[begin:place]
            begin, new = place, 0
        new += 1
    yield batch[begin:]
