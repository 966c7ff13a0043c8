"""The reports: each question answered from counters where they can, from facts where they cannot, alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.reporting.domain.annual import YEARS_BEFORE, Counted, report_table
from services.reporting.domain.counting import CONTACTS, EVENTS, Table, covering_table, project
from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary
from services.reporting.domain.figures import Group, measure, share, timeliness
from services.reporting.domain.question import Question
from services.reporting.store import Reading, ReadingRoom
from services.reporting.store.collections import Generation
from services.reporting.store.reading import MonthlyCells
from shared.clock import Clock
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import Profiles, ProfileVersion
from shared.profiles.model import ReportTable

Answer = dict[str, Any]


class Reports:
    """Answers questions. ``vocabularies`` are by organisation."""

    def __init__(
        self, room: ReadingRoom, profiles: Profiles, vocabularies: Mapping[str, Vocabulary], clock: Clock
    ) -> None:
        self._room = room
        self._profiles = profiles
        self.vocabularies = vocabularies
        self._clock = clock

    def running_year(self, organisation: str) -> int:
        """The year that it is now, by the organisation's calendar."""
        return self._profiles[organisation].local_date(self._clock()).year

    async def contacts(self, question: Question) -> Answer:
        """How many contacts there are by group, with their share of all that pass and what is measured."""
        async with self._room.open() as reading:
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
            tally = await reading.outcomes(question, question.kind)
        thresholds = self._thresholds(question)
        figures = [(group, timeliness(outcomes, thresholds)) for group, outcomes in self._sorted(question, tally)]
        rows = [self._row(question, group, each._asdict()) for group, each in figures if each.received]
        return {"rows": rows, "kind": question.kind, "thresholds_days": thresholds}

    async def behind(self, question: Question) -> Answer:
        """What an answer was made of: how many contacts pass, by their facts, and how many events made these."""
        async with self._room.open() as reading:
            contacts, events = await reading.behind(question)
        return {"contacts": contacts, "events": events}

    def _thresholds(self, question: Question) -> list[int]:
        profile = self._profiles[question.organisation]
        terms = [term for version in profile.versions for term in version.terms if term.kind is question.kind]
        return sorted({days for term in terms for days in term.report_thresholds_days})

    def _sorted(self, question: Question, groups: Mapping[Group, Any]) -> list[tuple[Group, Any]]:
        words = self.vocabularies[question.organisation]
        return sorted(
            groups.items(),
            key=lambda each: [words.place(*of) for of in zip(question.group_by, each[0], strict=True)],
        )

    def _row(self, question: Question, group: Group, figures: Answer) -> Answer:
        return dict(zip(question.group_by, group, strict=True)) | figures

    async def annual(self, organisation: str, year: int) -> Answer:
        """Every table of the organisation's annual report, after the profile version of 31 December."""
        profile, words = self._profiles[organisation], self.vocabularies[organisation]
        version = profile.version_on(date(year, 12, 31))
        async with self._room.open() as reading:
            counts = await _YearCounts.read(reading, organisation, year, version)
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
    """The counters behind an annual report, read at once for the year and the years before it."""

    def __init__(
        self, reading: Reading, generation: Generation, year: int, cells: Mapping[Table, MonthlyCells]
    ) -> None:
        self._reading = reading
        self._generation = generation
        self._year = year
        self._years = {each: _of_year(each, cells) for each in range(year, year - 1 - YEARS_BEFORE, -1)}
        # Most tables show no months, and then there is a twelfth to add up.
        self._whole_years = {
            each: {table: _months_together(monthly) for table, monthly in of_year.items()}
            for each, of_year in self._years.items()
        }

    @classmethod
    async def read(cls, reading: Reading, organisation: str, year: int, version: ProfileVersion) -> "_YearCounts":
        generation = await reading.generation(organisation)
        tables: set[Table] = {CONTACTS, EVENTS}
        for table in version.annual_report:
            tables.update(_tables_for(_question(organisation, year, table), generation) or ())
        first, last = f"{year - YEARS_BEFORE:04d}-01", f"{year:04d}-12"
        return cls(reading, generation, year, await reading.cells(generation, tables, first, last))

    def contacts(self, year: int) -> int:
        return sum(self._years[year][CONTACTS].values())

    def events(self, year: int) -> int:
        return sum(self._years[year][EVENTS].values())

    async def of(self, table: ReportTable) -> dict[int, Counted | None]:
        """The table's counts in each year; None for an earlier year without any contact."""
        return {
            year: await self._count(table, year) if year == self._year or self.contacts(year) else None
            for year in self._years
        }

    async def _count(self, table: ReportTable, year: int) -> Counted:
        question = _question(self._generation.organisation, year, table)
        tables = _tables_for(question, self._generation)
        if tables is None:
            return await count(self._reading, question, from_facts=True)
        shows_periods = not set(PERIODS).isdisjoint({*table.by, *table.where})
        return _from_cells(question, tables, (self._years if shows_periods else self._whole_years)[year])


def _of_year(year: int, cells: Mapping[Table, MonthlyCells]) -> dict[Table, MonthlyCells]:
    begins = f"{year:04d}-"
    return {
        table: {place: number for place, number in monthly.items() if place[0].startswith(begins)}
        for table, monthly in cells.items()
    }


def _months_together(monthly: MonthlyCells) -> MonthlyCells:
    together: MonthlyCells = {}
    for (month, key), number in monthly.items():
        january = (f"{month[:4]}-01", key)
        together[january] = together.get(january, 0) + number
    return together


def _question(organisation: str, year: int, table: ReportTable) -> Question:
    filters = {name: frozenset(values) for name, values in table.where.items()}
    return Question(organisation, date(year, 1, 1), date(year, 12, 31), table.by, filters)
