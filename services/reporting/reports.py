"""The reports: each question answered from counters where they can, from facts where they cannot, alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.reporting.annual_counts import AnnualCounts
from services.reporting.counted import count
from services.reporting.domain.annual import ReportingYear, context, report_table
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.figures import Group, measure, share, timeliness
from services.reporting.domain.question import Question
from services.reporting.store import Reading, ReadingRoom
from shared.clock import Clock
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import Profiles

__all__ = ["Answer", "Reports", "count"]

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
        reported = ReportingYear.of(profile, year)
        now = self._clock()
        today = profile.local_date(now)
        async with self._room.open() as reading:
            counts = await AnnualCounts.read(reading, organisation, reported, version.annual_report)
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
