"""Counts what monthly reports are made of: of every directorate at once, or of one alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from services.reporting.counted import count
from services.reporting.domain.dimensions import FALSE, NONE, UNKNOWN
from services.reporting.domain.figures import Group
from services.reporting.domain.monthly.counts import GROUPS, DirectorateMonth, MonthCounts
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.question import Question
from services.reporting.store import Reading
from shared.contracts.identifiers import ContactState, DeadlineKind, DeadlineState

LONG_AGO: Final = date(1900, 1, 1)
"""Nothing older is taken in."""
NOT_WITHDRAWN: Final = frozenset(state.value for state in ContactState if state is not ContactState.WITHDRAWN)
NO_DIRECTORATE: Final = frozenset({NONE, UNKNOWN})
_BY: Final = "directorate"
T = TypeVar("T")


async def contacts_by_month(reading: Reading, organisation: str, first: Month, last: Month) -> dict[Month, int]:
    """How many contacts each month has, of those that have any."""
    counted = await count(reading, Question(organisation, first.first, last.last, ("month",)))
    return {month: number for (name,), number in counted.groups.items() if (month := Month.named(name))}


async def contacts_by_directorate(reading: Reading, organisation: str, month: Month) -> dict[str, int]:
    """How many contacts of a month each directorate has; those of none stand under ``none`` and ``unknown``."""
    counted = await count(reading, Question(organisation, month.first, month.last, (_BY,)))
    return {directorate: number for (directorate,), number in sorted(counted.groups.items())}


class MonthCounting:
    """Counts one month of an organisation, with the two that stand beside it, at the moment of one reading."""

    def __init__(self, reading: Reading, organisation: str, month: Month, directorate: str | None = None) -> None:
        self._reading = reading
        self._organisation = organisation
        self._month = month
        self._filters = {} if directorate is None else {_BY: frozenset({directorate})}
        self._only = directorate

    async def directorates(self) -> dict[str, DirectorateMonth]:
        """By directorate those that had contacts in the month; the one that was asked for also without any."""
        now, before, earlier = [
            await self._counts(each) for each in (self._month, self._month.before, self._month.a_year_before)
        ]
        overdue = await self._overdue()
        asked = [self._only] if self._only else sorted((now or {}).keys() - NO_DIRECTORATE)
        return {
            each: DirectorateMonth(
                _of(now, each) or _NOTHING,
                _of(before, each),
                _of(earlier, each),
                overdue.get(each, Counter()),
                *await self._extent(each),
            )
            for each in asked
        }

    async def _counts(self, month: Month) -> dict[str, MonthCounts] | None:
        """By directorate; None where the organisation has no contact of that month at all."""
        everybody = await count(self._reading, Question(self._organisation, month.first, month.last))
        if not everybody.total:
            return None
        groups = {
            name: _by_directorate((await count(self._reading, self._question(month, *by))).groups)
            for name, by in GROUPS.items()
        }
        answers = await self._reading.outcomes(self._question(month, "nature"), DeadlineKind.ANSWER)
        ended = {kind: await self._reading.outcomes(self._question(month), kind) for kind in DeadlineKind}
        by_nature = _by_directorate(answers)
        return {
            directorate: MonthCounts(
                {name: Counter(counts.get(directorate, {})) for name, counts in groups.items()},
                by_nature.get(directorate, {}),
                {kind: outcomes.get((directorate,), Counter()) for kind, outcomes in ended.items()},
            )
            for directorate in groups["nature_and_line"]
        }

    async def _overdue(self) -> dict[str, Counter[Group]]:
        # A deadline that is missed and not met makes a contact that is not answered in term.
        filters = self._filters | {"answered_in_term": frozenset({FALSE}), "state": NOT_WITHDRAWN}
        question = Question(self._organisation, LONG_AGO, self._month.last, (_BY, "month"), filters)
        outcomes = await self._reading.outcomes(question, DeadlineKind.ANSWER)
        counts = {
            group: sum(times for each, times in tally.items() if each.state is DeadlineState.MISSED)
            for group, tally in outcomes.items()
        }
        by_directorate = _by_directorate({group: number for group, number in counts.items() if number})
        return {directorate: Counter(groups) for directorate, groups in by_directorate.items()}

    async def _extent(self, directorate: str) -> tuple[int, int]:
        filters = {_BY: frozenset({directorate})}
        month = self._month
        return await self._reading.extent(Question(self._organisation, month.first, month.last, (), filters))

    def _question(self, month: Month, *by: str) -> Question:
        return Question(self._organisation, month.first, month.last, (_BY, *by), self._filters)


_NOTHING: Final = MonthCounts({name: Counter() for name in GROUPS})


def _of(counts: Mapping[str, MonthCounts] | None, directorate: str) -> MonthCounts | None:
    return None if counts is None else counts.get(directorate, _NOTHING)


def _by_directorate(groups: Mapping[Group, T]) -> dict[str, dict[Group, T]]:
    found: dict[str, dict[Group, Any]] = defaultdict(dict)
    for (directorate, *rest), value in groups.items():
        found[directorate][tuple(rest)] = value
    return found
