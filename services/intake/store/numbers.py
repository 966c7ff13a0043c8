"""Reference numbers, drawn in blocks outside transactions: never one twice, gaps allowed."""

import asyncio
from collections import defaultdict, deque

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.intake.domain.references import NumberSeries
from services.intake.store.claims import SubmissionClaims
from shared.mongo import Database


class ReferenceNumbers:
    """Hands out references. A process that dies takes the rest of its blocks with it."""

    def __init__(self, database: Database, claims: SubmissionClaims, *, block: int) -> None:
        self._counters = database["reference_counters"]
        self._claims = claims
        self._block = block
        self._drawn: defaultdict[NumberSeries, deque[str]] = defaultdict(deque)
        self._drawing: defaultdict[NumberSeries, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def next(self, series: NumberSeries) -> str:
        """A reference that nobody else gets. An imported contact may bring the same with it later: its claim, or
        that of the one who got it here, is refused by the database, and another is drawn.
        """
        async with self._drawing[series]:
            drawn = self._drawn[series]
            while not drawn:
                drawn.extend(await self._draw(series))
            return drawn.popleft()

    async def _draw(self, series: NumberSeries) -> list[str]:
        last = await self._advance(series)
        block = [series.reference(number) for number in range(last - self._block + 1, last + 1)]
        taken = await self._claims.find_by_reference(block)
        return [reference for reference in block if reference not in taken]

    async def _advance(self, series: NumberSeries) -> int:
        while True:
            try:
                counter = await self._counters.find_one_and_update(
                    {"_id": series.counter_id},
                    {"$inc": {"last": self._block}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:
                # Two replicas made the counter at the same moment; now it is there.
                continue
            return int(counter["last"])
