"""The reports: each question answered from counters where they can, from facts where they cannot, alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson

from services.reporting.domain.annual import YEARS_BEFORE, Counted, report_table
from services.reporting.domain.counting import CONTACTS, EVENTS, Table, covering_table, project
from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary
from services.reporting.domain.figures import Group, measure, share, timeliness
from services.reporting.domain.question import Question
from services.reporting.domain.size import Extent, most_rows, too_big
from services.reporting.kept import KeptAnswers
from services.reporting.store import Reading, ReadingRoom
from services.reporting.store.collections import Generation
from services.reporting.store.reading import MonthlyCells
from services.reporting.store.yearly import YearCells, YearlyCells
from shared.clock import Clock
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import Profiles, ProfileVersion
from shared.profiles.model import ReportTable

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

    async def contacts(self, question: Question) -> Answer:
        """How many contacts there are by group, with their share of all that pass and what is measured."""
        async with self._room.open() as reading:
            await self._refuse_too_big(reading, question)
            if question.measures:
                return await self._measured(reading, question)
            counted = await count(reading, question)
        rows = [
            self._row(question, group, {"count": number, "share": share(number, counted.total)})
            for group, number in self._sorted(question, counted.groups)
        ]
        return {"rows": rows, "total": counted.total}

    async def _measured(self, reading: Reading, question: Question) -> Answer:
        tally = await reading.outcomes(question, DeadlineKind.ANSWER)
        total = await reading.total(question)
        rows = []
        for group, outcomes in self._sorted(question, tally):
            figures: Answer = {"count": outcomes.total(), "share": share(outcomes.total(), total)}
            figures |= {name: measure(name, outcomes) for name in question.measures}
            rows.append(self._row(question, group, figures))
        return {"rows": rows, "total": total}

    async def timeliness(self, question: Question) -> Answer:
        """How the deadlines of one kind were kept, by group."""
        async with self._room.open() as reading:
            await self._refuse_too_big(reading, question)
            tally = await reading.outcomes(question, question.kind)
        thresholds = self._thresholds(question)
        figures = [(group, timeliness(outcomes, thresholds)) for group, outcomes in self._sorted(question, tally)]
        rows = [self._row(question, group, each._asdict()) for group, each in figures if each.received]
        return {"rows": rows, "kind": question.kind, "thresholds_days": thresholds}

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

    def _sorted(self, question: Question, groups: Mapping[Group, Any]) -> list[tuple[Group, Any]]:
        words = self.vocabularies[question.organisation]
        # Many rows share a few values.
        places = [
            {value: words.place(name, value) for value in {group[column] for group in groups}}
            for column, name in enumerate(question.group_by)
        ]
        return sorted(
            groups.items(), key=lambda each: [of[value] for of, value in zip(places, each[0], strict=True)]
        )

    def _row(self, question: Question, group: Group, figures: Answer) -> Answer:
        return dict(zip(question.group_by, group, strict=True)) | figures

    async def annual_json(self, organisation: str, year: int) -> bytes:
        """``annual`` as JSON, made again only where something that it tells has changed."""
        today = self._profiles[organisation].local_date(self._clock())

        async def make() -> bytes:
            return orjson.dumps(await self.annual(organisation, year))

        return await self.kept.answer(organisation, year, ("annual", "json", today), make)

    async def annual(self, organisation: str, year: int) -> Answer:
        """Every table of the organisation's annual report, after the profile version of 31 December."""
        profile, words = self._profiles[organisation], self.vocabularies[organisation]
        version = profile.version_on(date(year, 12, 31))
        async with self._room.open() as reading:
            counts = await _YearCounts.read(reading, self._yearly, organisation, year, version)
            tables = [
                report_table(table, year, await counts.of(table), version, words)
                for table in version.annual_report
            ]
        now = self._clock()
        return {
            "organisation": organisation,
            "name": profile.name.model_dump(),
            "year": year,
            "year_running": profile.local_date(now) <= date(year, 12, 31),
            "generated_at": now.isoformat(),
            "profile_version": profile.version_name(version),
            "tables": tables,
            "reconciliation": {"contacts": counts.contacts(year), "events": counts.events(year)},
        }


async def count(reading: Reading, question: Question, *, from_facts: bool = False) -> Counted:
    """Contacts by group and in all. ``from_facts`` leaves the counters aside: the answer has to be the same."""
    if question.months is not None and not from_facts:
        generation = await reading.generation(question.organisation)
        tables = _tables_for(question, generation)
        if tables is not None:
            return _from_cells(question, tables, await reading.cells(generation, set(tables), *question.months))
    groups = await reading.counts(question)
    several = SEVERAL.intersection(question.group_by)
    return Counted(groups, await reading.total(question) if several else groups.total())


def _tables_for(question: Question, generation: Generation) -> tuple[Table, Table] | None:
    """The tables that answer for rows and for the total, None where not both can be had."""
    filters = frozenset((name, len(values) > 1) for name, values in question.filters.items())
    rows = covering_table(generation.tables, question.group_by, filters)
    if rows is None or SEVERAL.isdisjoint(question.group_by):
        # Rows that count each contact once add up to the total.
        return None if rows is None else (rows, rows)
    totals = covering_table(generation.tables, (), filters)
    return None if totals is None else (rows, totals)


def _from_cells(question: Question, tables: tuple[Table, Table], cells: Mapping[Table, MonthlyCells]) -> Counted:
    rows, totals = tables
    groups = project(cells[rows], rows, question.group_by, question.filters)
    if rows == totals:
        return Counted(groups, groups.total())
    return Counted(groups, project(cells[totals], totals, (), question.filters).total())


class _YearCounts:
    """The counters behind an annual report, for the year and the years before it."""

    def __init__(
        self, reading: Reading, generation: Generation, year: int, years: Mapping[int, YearCells]
    ) -> None:
        self._reading = reading
        self._generation = generation
        self._year = year
        self._years = years

    @classmethod
    async def read(
        cls, reading: Reading, yearly: YearlyCells, organisation: str, year: int, version: ProfileVersion
    ) -> "_YearCounts":
        generation = await reading.generation(organisation)
        tables: set[Table] = {CONTACTS, EVENTS}
        for table in version.annual_report:
            tables.update(_tables_for(_question(organisation, year, table), generation) or ())
        years = range(year, year - 1 - YEARS_BEFORE, -1)
        return cls(reading, generation, year, await yearly.read(reading, generation, tables, years))

    def contacts(self, year: int) -> int:
        return sum(self._years[year].whole[CONTACTS].values())

    def events(self, year: int) -> int:
        return sum(self._years[year].whole[EVENTS].values())

    async def of(self, table: ReportTable) -> dict[int, Counted | None]:
        """The table's counts in each year; None for an earlier year without any contact."""
        return {
            year: await self._count(table, year) if year == self._year or self.contacts(year) else None
            for year in range(self._year, self._year - 1 - YEARS_BEFORE, -1)
        }

    async def _count(self, table: ReportTable, year: int) -> Counted:
        question = _question(self._generation.organisation, year, table)
        tables = _tables_for(question, self._generation)
        if tables is None:
            return await count(self._reading, question, from_facts=True)
        cells = self._years[year]
        asked = (table.by, frozenset(question.filters.items()))
        counted: Counted | None = cells.made.get(asked)
        if counted is None:
            # Most tables show no months, and then there is a twelfth to add up.
            shows_periods = not set(PERIODS).isdisjoint({*table.by, *table.where})
            counted = _from_cells(question, tables, cells.monthly if shows_periods else cells.whole)
            cells.made[asked] = counted
        return counted


def _question(organisation: str, year: int, table: ReportTable) -> Question:
    filters = {name: frozenset(values) for name, values in table.where.items()}
    return Question(organisation, date(year, 1, 1), date(year, 12, 31), table.by, filters)
