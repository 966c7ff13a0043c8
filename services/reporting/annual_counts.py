"""What the tables of an annual report ask of each year, read as cheaply as it can be had."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from services.reporting.counted import count, from_cells, tables_for
from services.reporting.domain.annual import Counted, LineCounts, ReportingYear, YearCounts
from services.reporting.domain.counting import CONTACTS, EVENTS, Table
from services.reporting.domain.dimensions import PERIODS
from services.reporting.domain.figures import Group
from services.reporting.domain.question import Question
from services.reporting.store import Reading
from services.reporting.store.collections import Generation
from services.reporting.store.yearly import YearCells, YearlyCells
from shared.contracts.identifiers import ContactState, DeadlineKind
from shared.profiles import ProfileVersion
from shared.profiles.model import ReportTable
from shared.profiles.report import Asked

_EXTENT = "extent"
_LONG_AGO = date(1900, 1, 1)
_NOT_WITHDRAWN = frozenset(state.value for state in ContactState if state is not ContactState.WITHDRAWN)


class AnnualCounts:
    """The counts behind an annual report: what is known of its years is counted once, until a fact changes."""

    def __init__(
        self,
        reading: Reading,
        generation: Generation,
        version: ProfileVersion,
        year: ReportingYear,
        cells: Mapping[int, YearCells],
    ) -> None:
        self._reading = reading
        self._generation = generation
        self._version = version
        self._year = year
        self._cells = cells
        self._extents: dict[int, tuple[int, int]] = {}

    @classmethod
    async def read(
        cls,
        reading: Reading,
        yearly: YearlyCells,
        organisation: str,
        year: ReportingYear,
        version: ProfileVersion,
    ) -> "AnnualCounts":
        """Of all tables of a version's annual report. A year that begins within a month is counted from facts."""
        asked = version.annual_report
        generation = await reading.generation(organisation)
        wanted: set[Table] = set()
        if year.is_of_the_calendar and CONTACTS in generation.tables:
            wanted = {CONTACTS, EVENTS}
            for question in (_question(organisation, year, each) for table in asked for each in table.asked()):
                wanted.update(tables_for(question, generation) or ())
        most = max((table.years_before for table in asked), default=0)
        years = [year.before(n) for n in range(most + 1)]
        cells = {
            each.name: await yearly.read(reading, generation, wanted, each.first, each.last) for each in years
        }
        counts = cls(reading, generation, version, year, cells)
        for each in years:
            counts._extents[each.name] = await counts._extent(each)
        return counts

    async def _extent(self, year: ReportingYear) -> tuple[int, int]:
        cells = self._cells[year.name]
        if CONTACTS in cells.tables:
            return sum(cells.whole(CONTACTS).values()), sum(cells.whole(EVENTS).values())
        extent: tuple[int, int] | None = cells.made.get(_EXTENT)
        if extent is None:
            question = _question(self._generation.organisation, year, Asked((), {}))
            extent = cells.made[_EXTENT] = await self._reading.extent(question)
        return extent

    def contacts(self, year: int) -> int:
        """All contacts of the year."""
        return self._extents[year][0]

    def events(self, year: int) -> int:
        """The events that they were made of."""
        return self._extents[year][1]

    async def of(self, table: ReportTable, today: date) -> dict[int, YearCounts | None]:
        """What the table asks of each year; None for an earlier year without any contact."""
        years = [self._year.before(n) for n in range(table.years_before + 1)]
        return {
            year.name: await self._known(table, year, today)
            if year == self._year or self.contacts(year.name)
            else None
            for year in years
        }

    async def _known(self, table: ReportTable, year: ReportingYear, today: date) -> YearCounts:
        if table.new_and_closed:
            # It tells of contacts of other years as well, which were closed in this one.
            return await self._counts(table, year, today)
        made = self._cells[year.name].made
        key = (self._version.valid_from, table.id)
        as_of, counts = made.get(key, (None, None))
        if as_of != today:
            counts = await self._counts(table, year, today)
            made[key] = today, counts
        known: YearCounts = counts
        return known

    async def _counts(self, table: ReportTable, year: ReportingYear, today: date) -> YearCounts:
        counts = YearCounts(
            counted=await self._count(year, Asked(table.by, table.where)),
            all_contacts=self.contacts(year.name),
            months=year.months_begun(today),
            share_of=None
            if table.share_of is None
            else (await self._count(year, Asked((), table.share_of))).total,
            rate_of=None if table.rate is None else await self._count(year, Asked(table.by, table.rate.of)),
            parts={part.id: await self._count(year, table.part(part)) for part in table.parts},
            lines={line.id: await self._line(year, *table.line(line)) for line in table.lines},
        )
        if table.needs_outcomes:
            counts = await self._with_outcomes(counts, table, year, today)
        return await self._with_closings(counts, table, year) if table.new_and_closed else counts

    async def _line(self, year: ReportingYear, counted: Asked, of: Asked) -> LineCounts:
        return LineCounts((await self._count(year, counted)).total, (await self._count(year, of)).total)

    async def _count(self, year: ReportingYear, asked: Asked) -> Counted:
        question = _question(self._generation.organisation, year, asked)
        made = self._cells[year.name].made
        key = (asked.by, frozenset(question.filters.items()))
        counted: Counted | None = made.get(key)
        if counted is None:
            counted = made[key] = await self._counted(year, asked, question)
        return counted

    async def _counted(self, year: ReportingYear, asked: Asked, question: Question) -> Counted:
        cells = self._cells[year.name]
        tables = tables_for(question, self._generation) if cells.tables else None
        if tables is None:
            return await count(self._reading, question, from_facts=True)
        # Most tables show no months, and then there is a twelfth to add up.
        shows_periods = not set(PERIODS).isdisjoint({*asked.by, *asked.where})
        of = cells.monthly if shows_periods else cells.whole
        return from_cells(question, tables, {table: of(table) for table in tables})

    async def _with_outcomes(
        self, counts: YearCounts, table: ReportTable, year: ReportingYear, today: date
    ) -> YearCounts:
        question = _question(self._generation.organisation, year, Asked(table.by, table.where))
        outcomes = await self._reading.outcomes(question, DeadlineKind.ANSWER)
        unanswered = {
            days: await self._unanswered(question, today - timedelta(days=days + 1))
            for days in table.unsolved_after_days
        }
        return replace(counts, outcomes=outcomes, unanswered=unanswered)

    async def _unanswered(self, question: Question, received_by: date) -> Counter[Group]:
        last = min(question.last, received_by)
        if last < question.first:
            return Counter()
        filters = {"state": _NOT_WITHDRAWN, **question.filters}
        outcomes = await self._reading.outcomes(replace(question, last=last, filters=filters), DeadlineKind.ANSWER)
        return Counter(
            {
                group: sum(times for each, times in tally.items() if each.days is None)
                for group, tally in outcomes.items()
            }
        )

    async def _with_closings(self, counts: YearCounts, table: ReportTable, year: ReportingYear) -> YearCounts:
        question = _question(self._generation.organisation, year, Asked(table.by, table.where))
        before = replace(question, first=_LONG_AGO, last=year.first - timedelta(days=1), group_by=())
        received = await self._reading.total(before)
        closed = (await self._reading.closings(before)).total()
        return replace(counts, closed=await self._reading.closings(question), open_before=received - closed)


def _question(organisation: str, year: ReportingYear, asked: Asked) -> Question:
    filters = {
        name: frozenset(year.period(name, value) if name in PERIODS else value for value in values)
        for name, values in asked.where.items()
    }
    return Question(organisation, year.first, year.last, asked.by, filters)
