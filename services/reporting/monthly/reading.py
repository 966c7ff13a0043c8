"""Reads monthly reports as they were made, and says what has moved since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.monthly.announcement import path
from services.reporting.domain.monthly.month import Month, due_at, is_over, months_due
from services.reporting.domain.monthly.moved import since
from services.reporting.domain.monthly.report import monthly_tables
from services.reporting.kept import KeptAnswers
from services.reporting.monthly.counting import NO_DIRECTORATE, MonthCounting, contacts_by_directorate
from services.reporting.store import Made, MonthlyStore, ReadingRoom
from shared.clock import Clock
from shared.profiles import Profiles

Answer = dict[str, Any]


class MonthlyReports:
    """Answers questions about monthly reports. ``vocabularies`` are by organisation."""

    def __init__(
        self,
        store: MonthlyStore,
        room: ReadingRoom,
        kept: KeptAnswers,
        *,
        profiles: Profiles,
        vocabularies: Mapping[str, Vocabulary],
        clock: Clock,
        most_months: int,
    ) -> None:
        self._store = store
        self._room = room
        self._kept = kept
        self._profiles = profiles
        self._vocabularies = vocabularies
        self._clock = clock
        self._most_months = most_months

    def is_over(self, organisation: str, month: Month) -> bool:
        """Whether a report can be made of the month."""
        return is_over(month, self._profiles[organisation], self._clock())

    def this_month(self, organisation: str) -> Month:
        """The month that it is now by the organisation's own calendar."""
        return Month.of(self._profiles[organisation].local_date(self._clock()))

    def local(self, organisation: str, instant: datetime) -> str:
        """An instant in ISO 8601 by the organisation's own clock, to the second."""
        return instant.astimezone(self._profiles[organisation].zone).isoformat(timespec="seconds")

    def _due_at(self, organisation: str, month: Month) -> str | None:
        due = due_at(month, self._profiles[organisation])
        return self.local(organisation, due) if due else None

    def _state(self, organisation: str, month: Month, *, made: bool) -> str:
        profile, now = self._profiles[organisation], self._clock()
        if made:
            return "made"
        if not self.is_over(organisation, month):
            return "running"
        if month in months_due(profile, now, self._most_months):
            return "due"
        due = due_at(month, profile)
        return "not_due" if due and now < due and self._most_months else "by_hand"

    async def months(self, organisation: str) -> Answer:
        """The months that reports were made of, the latest first, and when the next ones are due."""
        made = await self._store.months(organisation)
        counts = await self._store.counts(organisation)
        month = self.this_month(organisation)
        return {
            "organisation": organisation,
            "name": self._profiles[organisation].name.model_dump(),
            "months": [
                {
                    "month": each.month.name,
                    "label": each.month.called,
                    "made_at": self.local(organisation, each.made_at),
                    "reports": counts.get(each.month, 0),
                    "contacts": each.contacts,
                }
                for each in made.values()
            ],
            "next": {"month": month.name, "due_at": self._due_at(organisation, month)},
        }

    async def month(self, organisation: str, month: Month) -> Answer:
        """The last editions of a month's reports, and the contacts that each directorate has now."""
        made = (await self._store.months(organisation, [month])).get(month)
        reports = {each.directorate: each for each in await self._store.reports(organisation, month)}
        async with self._room.open() as reading:
            now = await contacts_by_directorate(reading, organisation, month)
        words = self._vocabularies[organisation]
        without = sum(count for name, count in now.items() if name in NO_DIRECTORATE)
        names = sorted({*reports, *now} - NO_DIRECTORATE, key=lambda each: words.place("directorate", each))
        return {
            "organisation": organisation,
            "name": self._profiles[organisation].name.model_dump(),
            "month": month.name,
            "label": month.called,
            "due_at": self._due_at(organisation, month),
            "made_at": self.local(organisation, made.made_at) if made else None,
            "state": self._state(organisation, month, made=made is not None),
            "reports": [
                {
                    "directorate": each,
                    "label": words.label("directorate", each).model_dump(),
                    "contacts_now": now.get(each, 0),
                    "made": self._told(reports[each]) if each in reports else None,
                }
                for each in names
            ],
            "reconciliation": {
                "contacts": sum(now.values()),
                "without_directorate": without,
                "contacts_when_made": made.contacts if made else None,
                "without_directorate_when_made": made.without_directorate if made else None,
            },
        }

    async def report(
        self, organisation: str, month: Month, directorate: str, edition: int | None
    ) -> Answer | None:
        """A report as it was made, and under ``since`` what has moved; None where there is no such one."""
        content = await self._store.content(organisation, month, directorate, edition)
        if content is None:
            return None
        now = orjson.loads(await self._now(organisation, month, directorate))
        editions = [
            each.edition
            for each in await self._store.reports(organisation, month)
            if each.directorate == directorate
        ]
        return content | {"since": since(content, now["tables"], now["contacts"], now["events"], editions)}

    async def _now(self, organisation: str, month: Month, directorate: str) -> bytes:
        async def count() -> bytes:
            async with self._room.open() as reading:
                counted = await MonthCounting(reading, organisation, month, directorate).directorates()
            found = counted[directorate]
            tables = monthly_tables(self._vocabularies[organisation], directorate, month, found)
            return orjson.dumps({"tables": tables, "contacts": found.contacts, "events": found.events})

        return await self._kept.answer(organisation, month.year, ("monthly", month, directorate), count)

    def _told(self, made: Made) -> Answer:
        announced_at = made.announced_at and self.local(made.organisation, made.announced_at)
        return {
            "edition": made.edition,
            "made_at": self.local(made.organisation, made.made_at),
            "announced_at": announced_at,
            "contacts": made.contacts,
            "events": made.events,
            "profile_version": made.profile_version,
            "path": path(made.organisation, made.month, made.directorate, made.edition),
        }
