"""A monthly report out of what was counted: JSON that is kept as it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from services.reporting.domain.annual.figures import YearFigures
from services.reporting.domain.dimensions import SEVERAL, Vocabulary
from services.reporting.domain.findings import findings
from services.reporting.domain.monthly.counts import GROUPS, DirectorateMonth, MonthCounts
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.monthly.tables import ANSWERED, DAYS, ENDED, Answers, Counts, Ended, Shape, table
from services.reporting.domain.monthly.view import read_monthly
from services.reporting.domain.monthly.words import KINDS, LANGUAGES, definition
from services.reporting.domain.report_view import Text
from shared.contracts.identifiers import Line, Nature
from shared.profiles import Profile

Tables = list[dict[str, Any]]
_SINGLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "contacts": {},
    "complaints": {"nature": (Nature.COMPLAINT.value,)},
    "second_line": {"line": (Line.SECOND.value,)},
}
_APART: Final[dict[str, Any]] = {"reconciliation": {"contacts": None, "of": None, "rows": None}}
"""Of tables whose contacts are no part of those of the month, each once."""
RECEIVED_IN: Final = "received_in"
KIND: Final = "kind"


def monthly_report(
    profile: Profile,
    words: Vocabulary,
    directorate: str,
    month: Month,
    counted: DirectorateMonth,
    *,
    made_at: datetime,
    edition: int,
) -> dict[str, Any]:
    """The whole report, after the profile version of the month's last day."""
    version = profile.version_on(month.last)
    report = {
        "report": "monthly",
        "organisation": profile.id,
        "name": profile.name.model_dump(),
        "directorate": directorate,
        "directorate_name": words.label("directorate", directorate).model_dump(),
        "month": month.name,
        "from": month.first.isoformat(),
        "to": month.last.isoformat(),
        "edition": edition,
        "generated_at": made_at.isoformat(),
        "profile_version": profile.version_name(version),
        "where": {"directorate": [directorate]},
        "tables": monthly_tables(words, directorate, month, counted),
        "reconciliation": {"contacts": counted.contacts, "events": counted.events},
    }
    return report | {"findings": _findings(report)}


def _findings(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    shown = read_monthly(report)
    told = zip(*(findings(shown, language) for language in LANGUAGES), strict=True)
    return [
        {"table": each[0].table.id, "text": dict(zip(LANGUAGES, (one.sentence for one in each), strict=True))}
        for each in told
    ]


def monthly_tables(words: Vocabulary, directorate: str, month: Month, counted: DirectorateMonth) -> Tables:
    """The tables alone, which is all of the report that figures are in."""
    make = _Tables(words, words.label("directorate", directorate).model_dump(), month, counted)
    return [*make.singles(), *make.groups(), make.answers(), make.days(), make.deadlines(), make.overdue()]


class _Tables:
    def __init__(self, words: Vocabulary, directorate: Text, month: Month, counted: DirectorateMonth) -> None:
        self._words = words
        self._directorate = directorate
        self._month = month
        self._counted = counted

    def singles(self) -> Iterator[dict[str, Any]]:
        for name, where in _SINGLES.items():
            shape = self._shape(name, (), ("count", "share"), where)
            yield self._within(shape, partial(_single, where=where))

    def groups(self) -> Iterator[dict[str, Any]]:
        for name, by in GROUPS.items():
            yield self._within(self._shape(name, by, ("count", "share")), partial(_group, name=name))

    def answers(self) -> dict[str, Any]:
        shape = self._shape("answers", ("nature",), ANSWERED)
        return self._within(shape, lambda counts: Answers(counts.answers, ANSWERED))

    def days(self) -> dict[str, Any]:
        made = self._compared(self._shape("days", ("nature",), DAYS), lambda counts: Answers(counts.answers, DAYS))
        return made | {
            "reconciliation": {"contacts": made["total"], "of": self._counted.now.total, "rows": None},
        }

    def deadlines(self) -> dict[str, Any]:
        # A contact may have a deadline of each kind, so that rows overlap.
        shape = self._shape("deadlines", (KIND,), ENDED, several=True)
        return self._compared(shape, lambda counts: Ended(counts.ended)) | _APART

    def overdue(self) -> dict[str, Any]:
        overdue = self._counted.overdue
        shape = self._shape("overdue", (RECEIVED_IN,), ("count", "share"))
        return table(shape, Counts(overdue, overdue.total()), {}) | _APART

    def _shape(
        self,
        name: str,
        by: tuple[str, ...],
        columns: Sequence[str],
        where: Mapping[str, Sequence[str]] | None = None,
        *,
        several: bool = False,
    ) -> Shape:
        several = several or not SEVERAL.isdisjoint(by)
        told = definition(name, by, self._directorate, self._month.called, several=several)
        return Shape(name, by, columns, told, self._label, self._place, where or {}, several)

    def _within(self, shape: Shape, make: Callable[[MonthCounts], YearFigures]) -> dict[str, Any]:
        """A table of contacts of the month, which are told as a part of all of them."""
        made = self._compared(shape, make)
        rows = sum(row["count"] for row in made["rows"])
        return made | {
            "reconciliation": {"contacts": made["total"], "of": self._counted.now.total, "rows": rows},
        }

    def _compared(self, shape: Shape, make: Callable[[MonthCounts], YearFigures]) -> dict[str, Any]:
        counted, month = self._counted, self._month
        before = {month.before.name: counted.before, month.a_year_before.name: counted.a_year_before}
        return table(
            shape, make(counted.now), {name: None if each is None else make(each) for name, each in before.items()}
        )

    def _label(self, dimension: str, value: str) -> Text:
        if dimension == KIND:
            return KINDS[value]
        if dimension == RECEIVED_IN:
            month = Month.named(value)
            return month.called if month else dict.fromkeys(LANGUAGES, value)
        return self._words.label(dimension, value).model_dump()

    def _place(self, dimension: str, value: str) -> tuple[int, str]:
        return self._words.place(dimension, value)


def _single(counts: MonthCounts, where: Mapping[str, tuple[str, ...]]) -> YearFigures:
    places = {name: place for place, name in enumerate(GROUPS["nature_and_line"])}
    passing = sum(
        count
        for group, count in counts.groups["nature_and_line"].items()
        if all(group[places[name]] in values for name, values in where.items())
    )
    return Counts(Counter({(): passing}), passing)


def _group(counts: MonthCounts, name: str) -> YearFigures:
    return Counts(counts.groups[name], counts.total)
