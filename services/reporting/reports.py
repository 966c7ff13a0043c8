"""The reports: each question answered from counters where they can, from facts where they cannot, alike."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import orjson

from services.reporting.annual_counts import AnnualCounts
from services.reporting.counted import count
from services.reporting.domain.annual import ReportingYear, context, report_table
from services.reporting.domain.counting import CONTACTS
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.figures import Group, Measured, share, timeliness
from services.reporting.domain.question import RECONCILIATION, Question
from services.reporting.domain.size import Extent, most_rows, too_big
from services.reporting.kept import KeptAnswers
from services.reporting.store import Reading, ReadingRoom
from services.reporting.store.yearly import YearlyCells
from shared.clock import Clock
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import Profiles

__all__ = ["Answer", "Reports", "count"]

Answer = dict[str, Any]
MOST_ROWS: Final = 50_000
"""An answer with more rows is refused before it is counted, unless it is set otherwise."""


class Reports:
    """Answers questions. ``vocabularies`` are by organisation."""

    def __init__(
        self,
        room: ReadingRoom,
        profiles: Profiles,
        vocabularies: Mapping[str, Vocabulary],
        clock: Clock,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._room = room
        self._profiles = profiles
        self.vocabularies = vocabularies
        self._clock = clock
        self._most_rows = most_rows
        self._yearly = YearlyCells()
        self.kept = KeptAnswers(room)

    def running_year(self, organisation: str) -> int:
        """The year that it is now, by the organisation's calendar."""
        return self._profiles[organisation].local_date(self._clock()).year

    def local(self, organisation: str, instant: str) -> datetime:
        """An instant in ISO 8601 by the organisation's clock."""
        return datetime.fromisoformat(instant).astimezone(self._profiles[organisation].zone)

    async def contacts(self, question: Question) -> Answer:
        """How many contacts there are by group, with their share of all that pass and what is measured."""
        async with self._room.open() as reading:
            await self._refuse_too_big(reading, question)
            if question.measures:
                return await self._measured(reading, question)
            counted = await count(reading, question)
            behind = await self._behind(reading, question)
        names = (*question.group_by, "count", "share")
        # Many rows, few different counts.
        shares = {number: share(number, counted.total) for number in set(counted.groups.values())}
        rows = [
            dict(zip(names, (*group, (number := counted.groups[group]), shares[number]), strict=True))
            for group in self._sorted(question, counted.groups)
        ]
        return {"rows": rows, "total": counted.total} | behind

    async def _measured(self, reading: Reading, question: Question) -> Answer:
        tally = await reading.outcomes(question, DeadlineKind.ANSWER)
        total = await reading.total(question)
        rows = []
        for group in self._sorted(question, tally):
            outcomes = tally[group]
            figures: Answer = {"count": outcomes.total(), "share": share(outcomes.total(), total)}
            measured = Measured(outcomes)
            figures |= {name: measured.figure(name) for name in question.measures}
            rows.append(self._row(question, group, figures))
        return {"rows": rows, "total": total} | await self._behind(reading, question)

    async def timeliness(self, question: Question) -> Answer:
        """How the deadlines of one kind were kept, by group."""
        async with self._room.open() as reading:
            await self._refuse_too_big(reading, question)
            tally = await reading.outcomes(question, question.kind)
            behind = await self._behind(reading, question)
        thresholds = self._thresholds(question)
        figures = [(group, timeliness(tally[group], thresholds)) for group in self._sorted(question, tally)]
        rows = [self._row(question, group, each._asdict()) for group, each in figures if each.received]
        return {"rows": rows, "kind": question.kind, "thresholds_days": thresholds} | behind

    async def behind(self, question: Question) -> Answer:
        """What an answer was made of: how many contacts pass, by their facts, and how many events made these."""
        async with self._room.open() as reading:
            contacts, events = await reading.extent(question)
        return {"contacts": contacts, "events": events}

    async def _behind(self, reading: Reading, question: Question) -> Answer:
        """The same at the moment of an answer, where it is asked for."""
        if not question.reconciled:
            return {}
        contacts, events = await reading.extent(question)
        return {RECONCILIATION: {"contacts": contacts, "events": events}}

    def _thresholds(self, question: Question) -> list[int]:
        profile = self._profiles[question.organisation]
        terms = [term for version in profile.versions for term in version.terms if term.kind is question.kind]
        return sorted({days for term in terms for days in term.report_thresholds_days})

    async def _refuse_too_big(self, reading: Reading, question: Question) -> None:
        words = self.vocabularies[question.organisation]
        if most_rows(question, words) <= self._most_rows:
            return
        generation = await reading.generation(question.organisation)
        first, last = question.first.isoformat()[:7], question.last.isoformat()[:7]
        cells = (await reading.cells(generation, {CONTACTS}, first, last))[CONTACTS]
        rows = most_rows(question, words, Extent(sum(cells.values()), {month for month, _ in cells}))
        if rows > self._most_rows:
            raise too_big(question, words, rows, self._most_rows)

    def _sorted(self, question: Question, groups: Collection[Group]) -> list[Group]:
        """In the order of the values of the first dimension, then of the second."""
        words = self.vocabularies[question.organisation]
        keys = [0] * len(groups)
        # Many rows share a few values: these are sorted, and rows by the numbers of their values.
        for name, column in zip(question.group_by, zip(*groups, strict=True), strict=False):
            values = sorted(set(column), key=partial(words.place, name))
            number = {value: place for place, value in enumerate(values)}
            keys = [key * len(values) + number[value] for key, value in zip(keys, column, strict=True)]
        found = list(groups)
        return [found[place] for place in sorted(range(len(found)), key=keys.__getitem__)]

    def _row(self, question: Question, group: Group, figures: Answer) -> Answer:
        return dict(zip(question.group_by, group, strict=True)) | figures

    async def annual_json(self, organisation: str, year: int) -> bytes:
        """``annual`` as JSON, made again only where something that it tells has changed."""
        profile = self._profiles[organisation]
        today, last = profile.local_date(self._clock()), profile.reporting_year(year)[1]

        async def make() -> bytes:
            return orjson.dumps(await self.annual(organisation, year))

        return await self.kept.answer(organisation, last.year, ("annual", "json", year, today), make)

    async def annual(self, organisation: str, year: int) -> Answer:
        """Every table of the organisation's annual report, after the profile version of 31 December."""
        profile, words = self._profiles[organisation], self.vocabularies[organisation]
        version = profile.version_on(date(year, 12, 31))
        reported = ReportingYear.of(profile, year)
        now = self._clock()
        today = profile.local_date(now)
        async with self._room.open() as reading:
            counts = await AnnualCounts.read(reading, self._yearly, organisation, reported, version)
            tables = [
                report_table(table, reported, await counts.of(table, today), version, words)
                for table in version.annual_report
            ]
        return {
            "organisation": organisation,
            "name": profile.name.model_dump(),
            "year": year,
            "from": reported.first.isoformat(),
            "to": reported.last.isoformat(),
            "year_running": today <= reported.last,
            "generated_at": now.isoformat(),
            "profile_version": profile.version_name(version),
            "tables": tables,
            "context": context(version, year),
            "reconciliation": {"contacts": counts.contacts(year), "events": counts.events(year)},
        }
