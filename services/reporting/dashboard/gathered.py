"""The figures of the dashboard: answers of the reports to the questions that its addresses of JSON ask as well."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from services.reporting.dashboard.asked import Asked
from services.reporting.domain.question import Question
from services.reporting.domain.timespan import Timespan, months_of, whole_months
from shared.contracts.identifiers import DeadlineKind

Answer = dict[str, Any]
MEASURES: Final = ("median_days", "open_overdue")
BREAKDOWNS: Final = ("directorate", "line", "nature", "channel")
"""By what contacts are shown, in this order; ``qualification`` follows where any contact has one."""
_MOST_MONTHS: Final = 24
_GROUPS: Final = (*BREAKDOWNS, "qualification")


class Answers(Protocol):
    """What answers questions."""

    async def contacts(self, question: Question) -> Answer: ...
    async def timeliness(self, question: Question) -> Answer: ...
    async def behind(self, question: Question) -> Answer: ...


@dataclass(frozen=True)
class Figures:
    """A span of days in figures."""

    asked: Asked
    totals: Answer
    by: Mapping[str, Answer]
    kept: Mapping[DeadlineKind, Answer]
    kept_by_directorate: Answer

    @property
    def total(self) -> int:
        count: int = self.totals["total"]
        return count

    def count(self, dimension: str, values: Iterable[str]) -> int:
        wanted = set(values)
        return sum(row["count"] for row in self.by[dimension]["rows"] if row[dimension] in wanted)

    def measure(self, name: str) -> float | None:
        rows = self.totals["rows"]
        value: float | None = rows[0][name] if rows else None
        return value

    def on_time(self, kind: DeadlineKind) -> float | None:
        rows = self.kept[kind]["rows"]
        value: float | None = rows[0]["on_time_share"] if rows else None
        return value


@dataclass(frozen=True)
class Gathered:
    """Everything that a dashboard shows. ``stored_before``: whether there is any contact of the span before."""

    now: Figures
    before: Figures
    stored_before: bool
    trend: Answer
    trend_before: Answer
    trend_asked: Asked
    trend_by: str
    trend_periods: Sequence[str]
    contacts: int
    behind: Answer


async def gather(reports: Answers, asked: Asked) -> Gathered:
    """Asks for all of it, at once."""
    before = asked.during(asked.span.a_year_before())
    trend = asked.during(trend_span(asked.span))
    trend_by, periods = _periods(trend.span)
    everybody = Asked(asked.organisation, asked.span, asked.language)
    last_year = trend.during(trend.span.a_year_before())
    figures = asyncio.gather(_figures(reports, asked), _figures(reports, before))
    answers = asyncio.gather(
        reports.contacts(trend.question(trend_by)),
        reports.contacts(last_year.question(trend_by)),
        reports.contacts(everybody.question()),
        reports.contacts(everybody.during(before.span).question()),
        reports.behind(asked.question()),
    )
    now, then = await figures
    months, months_before, all_now, all_before, behind = await answers
    return Gathered(
        now=now,
        before=then,
        stored_before=all_before["total"] > 0,
        trend=months,
        trend_before=months_before,
        trend_asked=trend,
        trend_by=trend_by,
        trend_periods=periods,
        contacts=all_now["total"],
        behind=behind,
    )


def trend_span(span: Timespan) -> Timespan:
    """The months that a trend shows: those of the year that the span lies in, or all that it touches."""
    if span.first.year == span.last.year:
        return whole_months(span.first.year, 1, 12)
    return Timespan(span.first.replace(day=1), whole_months(span.last.year, span.last.month, span.last.month).last)


def _periods(span: Timespan) -> tuple[str, Sequence[str]]:
    """The months, or where these are too many to be told apart the years."""
    first, last = (12 * day.year + day.month - 1 for day in span)
    if last - first < _MOST_MONTHS:
        return "month", months_of(*span)
    return "year", [f"{year:04d}" for year in range(span.first.year, span.last.year + 1)]


async def _figures(reports: Answers, asked: Asked) -> Figures:
    groups = [reports.contacts(asked.question(name)) for name in _GROUPS]
    kept = [reports.timeliness(asked.question(kind=kind)) for kind in DeadlineKind]
    totals = reports.contacts(asked.question(measures=MEASURES))
    by_directorate = reports.timeliness(asked.question("directorate"))
    answers = await asyncio.gather(totals, by_directorate, *groups, *kept)
    by = dict(zip(_GROUPS, answers[2 : 2 + len(_GROUPS)], strict=True))
    ended = dict(zip(DeadlineKind, answers[2 + len(_GROUPS) :], strict=True))
    return Figures(asked, answers[0], by, ended, answers[1])
