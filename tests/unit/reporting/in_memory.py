"""Reports over facts that are held in memory, counted one by one: what the database has to answer as well."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import product
from typing import Any, cast

from services.reporting.domain.dimensions import PERIODS, Vocabulary, period
from services.reporting.domain.fact import Fact
from services.reporting.domain.figures import Group, Outcome, Outcomes
from services.reporting.domain.question import Question
from services.reporting.reports import Reports
from services.reporting.store import Reading, ReadingRoom
from services.reporting.store.collections import Generation
from shared.contracts.identifiers import DeadlineKind
from tests import organisations

Weighted = tuple[Fact, int]
"""A fact, and how many contacts are like it."""


class FactsInMemory:
    """Stands in for a reading of the database. There are no counters: everything is counted out of the facts."""

    def __init__(self, facts: Iterable[Weighted]) -> None:
        self._facts = list(facts)

    async def generation(self, organisation: str) -> Generation:
        return Generation({"_id": organisation, "current": 1, "tables": []})

    def stamps_of(self, *_: object) -> None:
        """Nothing may be kept for later."""

    async def cells(self, *_: object) -> dict[Any, Any]:
        return defaultdict(dict)

    async def counts(self, question: Question) -> Counter[Group]:
        counts: Counter[Group] = Counter()
        for fact, times in self._passing(question):
            for group in product(*(fact.values(name) for name in question.group_by)):
                counts[group] += times
        return counts

    async def total(self, question: Question) -> int:
        return sum(times for _, times in self._passing(question))

    async def extent(self, question: Question) -> tuple[int, int]:
        passing = list(self._passing(question))
        return sum(times for _, times in passing), sum(fact.events * times for fact, times in passing)

    async def outcomes(self, question: Question, kind: DeadlineKind) -> dict[Group, Outcomes]:
        tally: dict[Group, Outcomes] = defaultdict(Counter)
        for fact, times in self._passing(question):
            deadline = fact.deadlines.get(kind)
            days = fact.days if kind is DeadlineKind.ANSWER else deadline and deadline.days
            for group in product(*(fact.values(name) for name in question.group_by)):
                tally[group][Outcome(days, deadline.state if deadline else None, fact.score)] += times
        return tally

    async def closings(self, question: Question) -> Counter[Group]:
        counts: Counter[Group] = Counter()
        for fact, times in self._facts:
            closed = fact.closed_on
            if closed is None or not question.first <= closed <= question.last or not _passes(fact, question):
                continue
            values: Sequence[Sequence[str]] = [
                (period(name, closed),) if name in PERIODS else fact.values(name) for name in question.group_by
            ]
            for group in product(*values):
                counts[group] += times
        return counts

    def _passing(self, question: Question) -> Iterable[Weighted]:
        for fact, times in self._facts:
            if question.first <= fact.received_on <= question.last and _passes(fact, question):
                yield fact, times


def _passes(fact: Fact, question: Question) -> bool:
    return fact.organisation == question.organisation and all(
        values.intersection(fact.values(name)) for name, values in question.filters.items()
    )


class RoomInMemory:
    """Opens readings of facts in memory."""

    def __init__(self, facts: Iterable[Weighted]) -> None:
        self._reading = FactsInMemory(facts)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Reading]:
        yield cast(Reading, self._reading)


async def annual_in_memory(
    organisation: str, year: int, facts: Iterable[Weighted], now: datetime
) -> dict[str, Any]:
    """The annual report out of facts that are counted one by one."""
    profiles = organisations.PROFILES
    words = {name: Vocabulary(profile) for name, profile in profiles.items()}
    return await Reports(room(facts), profiles, words, lambda: now).annual(organisation, year)


def room(facts: Iterable[Weighted]) -> ReadingRoom:
    """Facts in memory where reports look for a database."""
    return cast(ReadingRoom, RoomInMemory(facts))
