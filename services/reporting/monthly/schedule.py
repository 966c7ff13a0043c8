"""When monthly reports are made without being asked: soon after each month, and after downtime those missed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import structlog

from services.reporting.domain.monthly.month import Month, months_due
from services.reporting.metrics import MonthlyMetrics
from services.reporting.monthly.counting import contacts_by_month
from services.reporting.monthly.maker import MonthlyMaker
from services.reporting.monthly.telling import ReportTeller
from services.reporting.store import MonthlyStore, ReadingRoom
from shared.clock import Clock
from shared.errors import is_infrastructure
from shared.profiles import Profiles

LEASE: Final = timedelta(minutes=2)
_log = structlog.get_logger("reporting")


class Waiting(NamedTuple):
    """A month whose reports are due and not made, and how many contacts it has."""

    month: Month
    contacts: int


class MonthlySchedule:
    """Looks what is due; one replica at a time makes it.

    The lease only keeps replicas from doing the same work: that nothing is made or told twice in effect is the
    store's doing, and that of the ids of events.

    ``settle`` is for how long the number of a month's contacts has to stay what it is before its reports are made:
    after downtime, and while the past is brought in, contacts of the month are still on their way. ``most_months``
    is how far back what was missed is made up for.
    """

    def __init__(
        self,
        store: MonthlyStore,
        room: ReadingRoom,
        maker: MonthlyMaker,
        teller: ReportTeller,
        *,
        profiles: Profiles,
        metrics: MonthlyMetrics,
        clock: Clock,
        settle: timedelta,
        most_months: int,
    ) -> None:
        self._store = store
        self._room = room
        self._maker = maker
        self._teller = teller
        self._profiles = profiles
        self._metrics = metrics
        self._clock = clock
        self._settle = settle
        self._most_months = most_months

    async def look(self) -> None:
        """Makes and tells what is due, where no other replica is about it; says what is left in any case."""
        now = self._clock()
        waiting = await self._measured()
        if await self._store.take_lease(now, now + LEASE):
            try:
                await self._work_off(waiting)
                await self._teller.tell()
            finally:
                await self._store.release_lease()
            await self._measured()

    async def waiting(self) -> dict[str, Sequence[Waiting]]:
        """What is due and not made, the earliest month first, by organisation."""
        return {name: await self._waiting(name) for name in self._profiles}

    async def _waiting(self, organisation: str) -> Sequence[Waiting]:
        due = months_due(self._profiles[organisation], self._clock(), self._most_months)
        made = await self._store.months(organisation, due)
        missing = [month for month in due if month not in made]
        if not missing:
            return []
        async with self._room.open() as reading:
            contacts = await contacts_by_month(reading, organisation, missing[0], missing[-1])
        return [Waiting(month, contacts[month]) for month in missing if month in contacts]

    async def _work_off(self, waiting: Mapping[str, Sequence[Waiting]]) -> None:
        for organisation, months in waiting.items():
            try:
                await self._make(organisation, months)
            except Exception as error:
                if is_infrastructure(error):
                    raise
                # One organisation must not keep the others from their reports.
                self._metrics.failures.inc()
                _log.exception("monthly reports cannot be made", organisation=organisation)

    async def _make(self, organisation: str, months: Sequence[Waiting]) -> None:
        for month, contacts in months:
            # In order: whoever follows the announcements sees one month after the other.
            if not await self._has_settled(organisation, month, contacts):
                return
            await self._maker.make(organisation, month)

    async def _has_settled(self, organisation: str, month: Month, contacts: int) -> bool:
        now = self._clock()
        since = await self._store.seen(organisation, month, contacts, now)
        return now - since >= self._settle

    async def _measured(self) -> dict[str, Sequence[Waiting]]:
        """What is waiting, told as numbers at once: also where making it is going to fail."""
        waiting = await self.waiting()
        to_announce = await self._store.waiting_to_be_announced()
        for organisation, months in waiting.items():
            self._metrics.waiting.labels(organisation).set(len(months))
            self._metrics.to_announce.labels(organisation).set(to_announce.get(organisation, 0))
        return waiting
