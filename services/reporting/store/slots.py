"""A slot of the counters: each replica increments its own, so that none aborts another's transactions.

Slots are leased and added up on reading. A slot whose replica died is taken over when its lease has run out; what
it counted stays in it.
"""

import asyncio
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import uuid4

import structlog
from pymongo import ReturnDocument

from services.reporting.store.collections import SLOTS, Collections
from shared.clock import Clock
from shared.errors import InfrastructureError
from shared.mongo import Session

LEASE: Final = timedelta(seconds=30)
RENEW_SECONDS: Final = 10.0
_log = structlog.get_logger()


class NoSlotError(InfrastructureError):
    """All slots are held by others; one comes free when a replica stops or its lease runs out."""


class SlotLostError(InfrastructureError):
    """The lease ran out and another replica took the slot; the work is done again in a new one."""


class Mark(NamedTuple):
    """The transaction that a fact was last written in. Commits of a slot are numbered without gaps."""

    slot: int
    commit: int


class Slot:
    """This replica's slot."""

    def __init__(self, collections: Collections, clock: Clock) -> None:
        self._slots = collections.slots
        self._clock = clock
        self._owner = uuid4().hex
        self._lock = asyncio.Lock()
        self.number: int | None = None

    @property
    def lock(self) -> asyncio.Lock:
        """Held during a commit, so that renewing the lease never aborts the replica's own transaction."""
        return self._lock

    async def claim(self) -> int:
        """The slot's number; takes the lowest free one where none is held. Raises ``NoSlotError``."""
        if self.number is not None:
            return self.number
        now = self._clock()
        free = {"$or": [{"owner": None}, {"until": {"$lt": now}}]}
        taken = await self._slots.find_one_and_update(
            free,
            {"$set": {"owner": self._owner, "until": now + LEASE}},
            sort=[("_id", 1)],
            return_document=ReturnDocument.AFTER,
        )
        if taken is None:
            raise NoSlotError(f"all {SLOTS} slots of the counters are held by other replicas")
        number: int = taken["_id"]
        self.number = number
        _log.info("counter slot taken", slot=number)
        return number

    async def touch(self, session: Session) -> Mark:
        """Renews the lease within a transaction, which ties the transaction to holding it, and numbers the
        transaction: whoever sees the number in the slot sees all that was written under it and before.

        Raises ``SlotLostError``.
        """
        held = await self._slots.find_one_and_update(
            {"_id": self.number, "owner": self._owner},
            {"$set": {"until": self._clock() + LEASE}, "$inc": {"commits": 1}},
            projection={"commits": 1},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if held is None:
            self.number = None
            raise SlotLostError("the lease of the counter slot has gone to another replica")
        return Mark(held["_id"], held["commits"])

    async def renew(self) -> None:
        """Renews the lease, or takes another slot where it was lost."""
        async with self._lock:
            if self.number is not None and not await self._renewed():
                self.number = None
            await self.claim()

    async def release(self) -> None:
        """Lets go of the slot."""
        if self.number is not None:
            await self._slots.update_one(
                {"_id": self.number, "owner": self._owner}, {"$set": {"owner": None}, "$unset": {"until": ""}}
            )
            self.number = None

    async def _renewed(self) -> bool:
        renewed = await self._slots.update_one(
            {"_id": self.number, "owner": self._owner},
            {"$set": {"until": self._clock() + LEASE}},
        )
        return renewed.matched_count == 1
