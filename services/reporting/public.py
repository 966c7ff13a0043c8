"""Reports for everybody: one set of tables a year, protected together, and questions that those tables answer.

Whatever is asked, the answer is a part of the one public annual report of that year; so there are no two answers
whose difference tells what the report leaves out.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from services.reporting.domain.public_report import Hidden, hidden_of_year, public_report
from services.reporting.domain.public_tables import TERMS, Ended
from services.reporting.domain.question import BadQuestion, Question
from services.reporting.domain.suppression import Counts, left_out
from services.reporting.reports import Answer, Reports
from shared.contracts.identifiers import DeadlineKind
from shared.contracts.rejection import FieldError
from shared.profiles import Profiles, ProfileVersion
from shared.profiles.model import ReportTable

_ENDS = ("met", "met_late", "missed_open", "open_in_term", "cancelled")


class PublicReports:
    """Answers with what everybody may see. ``smallest`` is the smallest number of contacts that is shown."""

    def __init__(self, reports: Reports, profiles: Profiles, smallest: int) -> None:
        self._reports = reports
        self._profiles = profiles
        self._smallest = smallest
        self._solving = asyncio.Lock()

    async def annual(self, organisation: str, year: int) -> Answer:
        """The annual report of a year that is over. Raises ``BadQuestion`` for one that is not."""
        self._is_over(organisation, year)
        report = await self._reports.annual(organisation, year)
        return public_report(report, await self._hidden(report))

    async def contacts(self, question: Question) -> Answer:
        """A table of the public annual report. Raises ``BadQuestion`` for anything else, with what is allowed."""
        table = self._asked(question)
        report = await self.annual(question.organisation, question.first.year)
        shown = next(each for each in report["tables"] if each["id"] == table.id)
        rows = [
            {name: row["key"][name] for name in question.group_by}
            | {"count": row["count"], "share": row["share"]}
            | ({"suppressed": row["suppressed"]} if "suppressed" in row else {})
            for row in shown["rows"]
            if row["count"] != 0
        ]
        return {"rows": rows, "total": shown["total"], "suppressed": sum("suppressed" in row for row in rows)}

    async def timeliness(self, question: Question) -> Answer:
        """How a deadline was kept in a year, over the whole organisation. Raises ``BadQuestion`` otherwise."""
        year = self._year(question)
        if question.group_by or question.filters:
            raise _refused("group_by", "is for the whole organisation only; leave out group_by and filters")
        report = await self._reports.annual(question.organisation, year)
        hidden = (await self._hidden(report))[year]
        answer = await self._reports.timeliness(question)
        if question.kind in hidden.ended:
            rows = [dict.fromkeys(row) | {"suppressed": sorted(row)} for row in answer["rows"]]
        else:
            rows = [self._within(row) for row in answer["rows"]]
        return answer | {"rows": rows, "suppressed": sum("suppressed" in row for row in rows)}

    def _within(self, row: Answer) -> Answer:
        """Shares of a few contacts tell how many they are."""
        within = row["within"]
        few = any(0 < round(part * row["received"]) < self._smallest for part in within.values())
        return row | {"within": dict.fromkeys(within), "suppressed": ["within"]} if few else row

    def _version(self, organisation: str, year: int) -> ProfileVersion:
        return self._profiles[organisation].version_on(date(year, 12, 31))

    def _is_over(self, organisation: str, year: int) -> None:
        running = self._reports.running_year(organisation)
        if year >= running:
            last = running - 1
            raise _refused(
                "to", f"is in a year that is not over; public figures are there up to {last}", "year_running"
            )

    def _year(self, question: Question) -> int:
        year = question.first.year
        if (question.first, question.last) != (date(year, 1, 1), date(year, 12, 31)):
            raise _refused(
                "from", "does not begin a whole year that to ends; give 1 January and 31 December of one"
            )
        if question.measures:
            raise _refused("measures", "are in the public annual report only, where it has them; leave them out")
        self._is_over(question.organisation, year)
        return year

    def _asked(self, question: Question) -> ReportTable:
        tables = list(_askable(self._version(question.organisation, self._year(question))))
        for table in tables:
            filters = {name: frozenset(values) for name, values in table.where.items()}
            if set(table.by) == set(question.group_by) and filters == question.filters:
                return table
        raise _refused("group_by", f"and filters are no table of the annual report; allowed are {_listed(tables)}")

    async def _hidden(self, report: Answer) -> dict[int, Hidden]:
        organisation: str = report["organisation"]
        version = self._version(organisation, report["year"])
        before = sorted({int(year) for table in report["tables"] for year in table["previous"]})
        hidden = {}
        for year in (*before, report["year"]):
            ended = [await self._ended(organisation, year, kind) for kind in TERMS]
            # A solver takes seconds: others go on meanwhile, and who asks for the same waits for the one answer.
            async with self._solving:
                hidden[year] = await asyncio.to_thread(
                    hidden_of_year, report, year, version, ended, smallest=self._smallest, left_out=self._left_out
                )
        return hidden

    async def _ended(self, organisation: str, year: int, kind: DeadlineKind) -> Ended:
        question = Question(organisation, date(year, 1, 1), date(year, 12, 31), kind=kind)
        rows = (await self._reports.timeliness(question))["rows"]
        contacts = (await self._reports.contacts(replace(question)))["total"]
        counts = {end: rows[0][end] if rows else 0 for end in _ENDS}
        return Ended(kind, counts | {"without": max(0, contacts - sum(counts.values()))})

    def _left_out(self, counts: Counts) -> frozenset[int]:
        return _remembered(counts, self._smallest)


@lru_cache(maxsize=256)
def _remembered(counts: Counts, smallest: int) -> frozenset[int]:
    # A year that is over hardly changes, and the same counts always give the same answer. The solver is loaded
    # when it is first asked: it takes a third of the service's memory, and many cities publish once a year.
    from services.reporting.attacker import Attacker  # noqa: PLC0415

    return left_out(counts, smallest, Attacker(counts, smallest).exposed)


def _askable(version: ProfileVersion) -> Iterator[ReportTable]:
    """The tables whose rows are single values, as a question has them."""
    for table in version.annual_report:
        if not table.groups and not table.lines and table.share_of is None:
            yield table


def _listed(tables: Sequence[ReportTable]) -> str:
    return "; ".join(sorted({_spelled(table) for table in tables}))


def _spelled(table: ReportTable) -> str:
    filters = [f"{name}={value}" for name, values in table.where.items() for value in values]
    return (
        "&".join([f"group_by={','.join(table.by)}", *filters]) if table.by else "&".join(filters) or "no group_by"
    )


def _refused(name: str, message: str, code: str = "not_public") -> BadQuestion:
    return BadQuestion([FieldError(field=name, code=code, message=message)])
