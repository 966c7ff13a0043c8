"""Makes monthly reports: those of one month together, at one moment, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog

from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.monthly.counts import DirectorateMonth
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.monthly.moved import moved
from services.reporting.domain.monthly.report import monthly_report, monthly_tables
from services.reporting.metrics import MonthlyMetrics
from services.reporting.monthly.counting import NO_DIRECTORATE, MonthCounting, contacts_by_directorate
from services.reporting.store import MadeMonth, MonthlyStore, ReadingRoom
from shared.clock import Clock
from shared.mongo import Document
from shared.profiles import Profiles

_TRIES: Final = 5
_log = structlog.get_logger("reporting")


class MonthlyMaker:
    """Makes what is not there yet. Whoever else does so at the same time, of each edition there is one."""

    def __init__(
        self,
        store: MonthlyStore,
        room: ReadingRoom,
        *,
        profiles: Profiles,
        vocabularies: Mapping[str, Vocabulary],
        metrics: MonthlyMetrics,
        clock: Clock,
    ) -> None:
        self._store = store
        self._room = room
        self._profiles = profiles
        self._vocabularies = vocabularies
        self._metrics = metrics
        self._clock = clock

    async def make(self, organisation: str, month: Month, *, again: bool = False, only: str | None = None) -> int:
        """Brings the reports of a month up to date and gives how many were made.

        A directorate that has contacts and no report gets one. With ``again`` one whose figures have moved since
        its last edition gets another, beside it; ``only`` names the one that is meant, once there are reports of
        the month. The month has to be over.
        """
        for _ in range(_TRIES):
            made = await self._made(organisation, month, again=again, only=only)
            if made is not None:
                self._metrics.made.labels(organisation).inc(made)
                return made
        raise AssertionError("every time somebody else made the same reports first")

    async def _made(self, organisation: str, month: Month, *, again: bool, only: str | None) -> int | None:
        """None where somebody else has kept a report of the month meanwhile."""
        is_first = month not in await self._store.months(organisation, [month])
        editions = {each.directorate: each.edition for each in await self._store.reports(organisation, month)}
        async with self._room.open() as reading:
            counted = await MonthCounting(reading, organisation, month).directorates()
            contacts = await contacts_by_directorate(reading, organisation, month)
            for name in editions.keys() - counted.keys() if again else ():
                # All its contacts have gone to others since.
                counted |= await MonthCounting(reading, organisation, month, name).directorates()
            now = self._clock()
        # As precise as the database keeps it, so that what is told of a report is what stands in it.
        made_at = now.replace(microsecond=now.microsecond // 1000 * 1000)
        reports = []
        for name, each in sorted(counted.items()):
            last = editions.get(name, 0)
            wanted = is_first or only in (None, name)
            if wanted and await self._is_news(organisation, month, name, each, last, again=again):
                reports.append(self._report(organisation, month, name, each, made_at=made_at, edition=last + 1))
        whole = _whole(month, made_at, contacts) if is_first else None
        if (reports or whole) and not await self._store.keep(organisation, reports, whole):
            return None
        if reports or whole:
            _log.info("monthly reports made", organisation=organisation, month=month.name, reports=len(reports))
        return len(reports)

    def _report(
        self,
        organisation: str,
        month: Month,
        directorate: str,
        counted: DirectorateMonth,
        *,
        made_at: datetime,
        edition: int,
    ) -> Document:
        profile, words = self._profiles[organisation], self._vocabularies[organisation]
        return monthly_report(profile, words, directorate, month, counted, made_at=made_at, edition=edition)

    async def _is_news(
        self,
        organisation: str,
        month: Month,
        directorate: str,
        counted: DirectorateMonth,
        edition: int,
        *,
        again: bool,
    ) -> bool:
        if not edition:
            return True
        if not again:
            return False
        last = await self._store.content(organisation, month, directorate, edition)
        now = monthly_tables(self._vocabularies[organisation], directorate, month, counted)
        return last is None or bool(moved(last["tables"], now))


def _whole(month: Month, made_at: datetime, contacts: Mapping[str, int]) -> MadeMonth:
    with_one = sorted(contacts.keys() - NO_DIRECTORATE)
    without = sum(count for name, count in contacts.items() if name in NO_DIRECTORATE)
    return MadeMonth(month, made_at, sum(contacts.values()), without, tuple(with_one))
