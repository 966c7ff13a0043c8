"""What runs beside HTTP: the consumer of events, the lease of the counter slot, and the monthly reports."""

import asyncio
import contextlib
from collections.abc import Mapping

import structlog
from pymongo.errors import PyMongoError

from services.reporting.columns.copies import Copies
from services.reporting.domain.counting import Table
from services.reporting.metrics import ReportingMetrics
from services.reporting.monthly.office import Monthly
from services.reporting.review_watch import ReviewWatch
from services.reporting.store import Collections, ReadingRoom, Slot, prepare
from services.reporting.store.slots import RENEW_SECONDS
from shared.errors import InfrastructureError
from shared.messaging.messaging import Messaging
from shared.mongo import Client, ping

_log = structlog.get_logger()


class ReportingRuntime:
    """Starts and stops the work of one replica."""

    def __init__(
        self,
        *,
        client: Client,
        collections: Collections,
        slot: Slot,
        messaging: Messaging,
        room: ReadingRoom,
        copies: Copies,
        reviews: ReviewWatch,
        metrics: ReportingMetrics,
        tables: Mapping[str, frozenset[Table]],
        monthly: Monthly,
    ) -> None:
        self._client = client
        self._collections = collections
        self._slot = slot
        self._messaging = messaging
        self._room = room
        self._copies = copies
        self._reviews = reviews
        self._metrics = metrics
        self._tables = tables
        self._monthly = monthly
        self._beside: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Makes the broker and the database ready, takes a slot, and consumes."""
        # The broker first: what others publish finds its queue also while the database is away.
        await self._messaging.start()
        await prepare(self._collections, self._tables)
        await self._monthly.store.prepare()
        await self._tell_uncounted()
        await self._slot.claim()
        await self._messaging.consume()
        beside = (self._renew(), self._copies.keep(), self._reviews.keep())
        self._beside = [asyncio.create_task(each) for each in beside]
        self._monthly.timer.start()

    async def stop(self) -> None:
        """Finishes the batch in hand, gives the slot back, and disconnects."""
        await self._monthly.timer.stop()
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        await self._messaging.stop()
        # Without a database the lease simply runs out.
        with contextlib.suppress(PyMongoError):
            await self._slot.release()
        self._client.close()

    async def missing(self) -> list[str]:
        """Broker, consumer, database, the lease of the counter slot, and the timer of monthly reports."""
        missing = [*await self._messaging.ready(), *self._monthly.timer.missing()]
        try:
            await ping(self._client)
        except PyMongoError:
            missing.append("the database does not answer")
        if self._slot.number is None:
            missing.append("no counter slot is held")
        return missing

    async def _renew(self) -> None:
        while True:
            try:
                await self._slot.renew()
                self._metrics.facts.set(await self._room.facts())
            except (PyMongoError, InfrastructureError) as error:
                _log.warning("the counter slot could not be renewed", error=type(error).__name__)
            await asyncio.sleep(RENEW_SECONDS)

    async def _tell_uncounted(self) -> None:
        for organisation, wanted in self._tables.items():
            async with self._room.open() as reading:
                generation = await reading.generation(organisation)
                older = await reading.without_day_of_closing(organisation)
            if older:
                _log.warning(
                    "facts know no day of closing; reports on closing lack contacts until facts are made anew",
                    organisation=organisation,
                    command=f"python -m services.reporting.rebuild --facts --organisation {organisation}",
                )
            if wanted != generation.tables:
                _log.warning(
                    "the profile's counter tables have changed; reports read facts until counters are rebuilt",
                    organisation=organisation,
                    command=f"python -m services.reporting.rebuild --organisation {organisation}",
                )
