"""Reading counters and facts, all at one moment, so that rows and totals of one answer agree."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar

from services.reporting.columns.answers import Answers
from services.reporting.columns.sight import Follower, Sight
from services.reporting.domain.counting import Table, table_name, table_of
from services.reporting.domain.dimensions import PERIODS, SEVERAL, UNKNOWN, period_of_month
from services.reporting.domain.figures import Group, Outcome, Outcomes
from services.reporting.domain.question import Question
from services.reporting.store.collections import Collections, Generation
from services.reporting.store.documents import cells_of, expression, field
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Document, Session

MOST_MILLISECONDS: Final = 30_000
"""A query over facts that takes longer is given up, and the asker told to try again."""

_MANY: Final = 50_000
P = ParamSpec("P")
T = TypeVar("T")
MonthlyCells = dict[tuple[str, str], int]
"""(month, key) -> count, the slots added up."""


class ReadingRoom:
    """Opens readings; with a follower they answer from memory what it has there."""

    def __init__(
        self,
        collections: Collections,
        follower: Follower | None = None,
        answered: Callable[[str], None] | None = None,
    ) -> None:
        self._collections = collections
        self._follower = follower
        self._answered = answered or (lambda _source: None)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Reading"]:
        """A reading of the database as it is now, whatever is written meanwhile."""
        async with await self._collections.client.start_session(snapshot=True) as session:
            sight = await self._follower.advance(session) if self._follower else Sight({}, None)
            yield Reading(self._collections, session, sight, self._answered)

    async def facts(self) -> int:
        """How many facts there are, about."""
        return await self._collections.facts.estimated_document_count()


class Reading:
    """One moment of the database. Facts are looked at in memory where they are there, as of the same moment."""

    def __init__(
        self, collections: Collections, session: Session, sight: Sight, answered: Callable[[str], None]
    ) -> None:
        self._collections = collections
        self._session = session
        self._facts = collections.facts
        self._sight = sight
        self._answered = answered

    def stamp(self, organisation: str, year: int) -> int | None:
        """The same number as at another moment means: no fact of the year or of one before it, and no counter of
        them, has changed in between. None where that cannot be told.
        """
        stamps = self._sight.stamps
        return None if stamps is None else stamps.until(organisation, year)

    def stamps_of(self, organisation: str, months: Sequence[str]) -> Sequence[int] | None:
        """The like of each month alone."""
        stamps = self._sight.stamps
        return None if stamps is None else [stamps.of(organisation, month) for month in months]

    async def generation(self, organisation: str) -> Generation:
        """The organisation's counters that hold."""
        document = await self._collections.generations.find_one({"_id": organisation}, session=self._session)
        return Generation(document or {"_id": organisation, "current": 0, "tables": []})

    async def cells(
        self, generation: Generation, tables: Collection[Table], first_month: str, last_month: str
    ) -> dict[Table, MonthlyCells]:
        """The counters of tables over months, both included."""
        cells: dict[Table, MonthlyCells] = {table: defaultdict(int) for table in tables}
        documents = self._collections.counters.find(
            {
                "organisation": generation.organisation,
                "generation": generation.number,
                "table": {"$in": sorted(table_name(table) for table in tables)},
                "month": {"$gte": first_month, "$lte": last_month},
            },
            {"_id": 0, "table": 1, "month": 1, "cells": 1},
            session=self._session,
        )
        async for document in documents:
            counts = cells[table_of(document["table"])]
            for key, count in cells_of(document).items():
                counts[document["month"], key] += count
        return cells

    async def counts(self, question: Question) -> Counter[Group]:
        """Contacts by group, out of the facts."""
        answers = self._answers(question)
        if answers is not None:
            return await _told(answers, answers.counts, question)
        counts: Counter[Group] = Counter()
        async for row in self._grouped(question, {}):
            counts[_group(row, question)] = row["count"]
        return counts

    async def total(self, question: Question) -> int:
        """The contacts that pass, out of the facts."""
        answers = self._answers(question)
        if answers is not None:
            return await _told(answers, answers.total, question)
        found: int = await self._collections.facts.count_documents(
            passing(question), session=self._session, maxTimeMS=MOST_MILLISECONDS
        )
        return found

    async def closings(self, question: Question) -> Counter[Group]:
        """Contacts closed on the question's days, whenever received; its periods are those of closing."""
        answers = self._answers(question)
        if answers is not None:
            return await _told(answers, answers.closings, question)
        counts: Counter[Group] = Counter()
        rows = self._facts.aggregate(_closed(question), session=self._session, maxTimeMS=MOST_MILLISECONDS)
        async for row in rows:
            counts[_closed_group(row["_id"], question)] += row["count"]
        return counts

    async def extent(self, question: Question) -> tuple[int, int]:
        """How many contacts pass, and how many events they were made of."""
        answers = self._answers(question)
        if answers is not None:
            return await _told(answers, answers.extent, question)
        summed = {"$group": {"_id": None, "contacts": {"$sum": 1}, "events": {"$sum": "$events"}}}
        pipeline = [{"$match": passing(question)}, summed]
        rows = self._facts.aggregate(pipeline, session=self._session, maxTimeMS=MOST_MILLISECONDS)
        async for row in rows:
            return row["contacts"], row["events"]
        return 0, 0

    async def without_day_of_closing(self, organisation: str) -> bool:
        """Whether there are facts from before days of closing were kept."""
        found = await self._facts.find_one(
            {"organisation": organisation, "closed_on": {"$exists": False}}, {"_id": 1}, session=self._session
        )
        return found is not None

    async def outcomes(self, question: Question, kind: DeadlineKind) -> dict[Group, Outcomes]:
        """Contacts by group and by what came of them, out of the facts.

        Days are those to the first answer, or for another kind of deadline those to what it asks for.
        """
        answers = self._answers(question)
        if answers is not None:
            return await _told(answers, answers.outcomes, question, kind)
        days = "$days" if kind is DeadlineKind.ANSWER else f"$deadlines.{kind}.days"
        measured = {"#days": days, "#state": f"$deadlines.{kind}.state", "#score": "$score"}
        tally: dict[Group, Outcomes] = defaultdict(Counter)
        async for row in self._grouped(question, measured):
            found = row["_id"]
            state = found.get("#state")
            outcome = Outcome(found.get("#days"), DeadlineState(state) if state else None, found.get("#score"))
            tally[_group(row, question)][outcome] += row["count"]
        return tally

    def _answers(self, question: Question) -> Answers | None:
        answers = self._sight.answers.get(question.organisation)
        self._answered("database" if answers is None else "columns")
        return answers

    def _grouped(self, question: Question, measured: Document) -> Any:
        several = [{"$unwind": f"$codes.{each}"} for each in question.group_by if each in SEVERAL]
        # Fields of _id need names that no dimension can have.
        names = {f"g{place}": expression(each) for place, each in enumerate(question.group_by)}
        measured = {name: {"$ifNull": [path, None]} for name, path in measured.items()}
        pipeline: list[Document] = [
            {"$match": passing(question)},
            *several,
            {"$group": {"_id": names | measured, "count": {"$sum": 1}}},
        ]
        return self._collections.facts.aggregate(pipeline, session=self._session, maxTimeMS=MOST_MILLISECONDS)


async def _told(answers: Answers, ask: Callable[P, T], *asked: P.args, **named: P.kwargs) -> T:
    # A few milliseconds are not worth a thread, and tens of them may not hold up everybody else.
    if answers.facts < _MANY:
        return ask(*asked, **named)
    return await asyncio.to_thread(ask, *asked, **named)


def passing(question: Question) -> Document:
    """What a fact document has to be like to pass."""
    match: Document = {
        "organisation": question.organisation,
        "received_on": {"$gte": question.first.isoformat(), "$lte": question.last.isoformat()},
    }
    return match | {field(name): {"$in": with_missing(values)} for name, values in question.filters.items()}


def with_missing(values: Iterable[str]) -> list[str | None]:
    """The values as they may stand in a document."""
    # An attribute that is younger than the fact is not in it: unknown.
    wanted: list[str | None] = [*sorted(values)]
    return [*wanted, None] if UNKNOWN in wanted else wanted


def _closed(question: Question) -> list[Document]:
    names = {"month": {"$substrBytes": ["$closed_on", 0, 7]}}
    named = [each for each in question.group_by if each not in PERIODS]
    names |= {f"g{place}": expression(each) for place, each in enumerate(named)}
    match = passing(question)
    match["closed_on"] = match.pop("received_on")
    several = [{"$unwind": f"$codes.{each}"} for each in named if each in SEVERAL]
    return [{"$match": match}, *several, {"$group": {"_id": names, "count": {"$sum": 1}}}]


def _closed_group(found: Document, question: Question) -> Group:
    places = iter(range(len(question.group_by)))
    return tuple(
        period_of_month(name, found["month"]) if name in PERIODS else found[f"g{next(places)}"]
        for name in question.group_by
    )


def _group(row: Document, question: Question) -> Group:
    return tuple(row["_id"][f"g{place}"] for place in range(len(question.group_by)))
