"""Reading counters and facts, all at one moment, so that rows and totals of one answer agree."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from services.reporting.domain.counting import Table, table_name, table_of
from services.reporting.domain.dimensions import SEVERAL, UNKNOWN
from services.reporting.domain.figures import Group, Outcome, Outcomes
from services.reporting.domain.question import Question
from services.reporting.store.collections import Collections, Generation
from services.reporting.store.documents import cells_of, expression, field
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Document, Session

MOST_MILLISECONDS: Final = 30_000
"""A query over facts that takes longer is given up, and the asker told to try again."""

MonthlyCells = dict[tuple[str, str], int]
"""(month, key) -> count, the slots added up."""


class ReadingRoom:
    """Opens readings."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Reading"]:
        """A reading of the database as it is now, whatever is written meanwhile."""
        async with await self._collections.client.start_session(snapshot=True) as session:
            yield Reading(self._collections, session)

    async def facts(self) -> int:
        """How many facts there are, about."""
        return await self._collections.facts.estimated_document_count()


class Reading:
    """One moment of the database."""

    def __init__(self, collections: Collections, session: Session) -> None:
        self._collections = collections
        self._session = session

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
        counts: Counter[Group] = Counter()
        async for row in self._grouped(question, {}):
            counts[_group(row, question)] = row["count"]
        return counts

    async def total(self, question: Question) -> int:
        """The contacts that pass, out of the facts."""
        found: int = await self._collections.facts.count_documents(
            _passing(question), session=self._session, maxTimeMS=MOST_MILLISECONDS
        )
        return found

    async def behind(self, question: Question) -> tuple[int, int]:
        """The contacts that pass and the events that they were made of, out of the facts."""
        together = {"$group": {"_id": None, "contacts": {"$sum": 1}, "events": {"$sum": "$events"}}}
        pipeline: list[Document] = [{"$match": _passing(question)}, together]
        found = self._collections.facts.aggregate(pipeline, session=self._session, maxTimeMS=MOST_MILLISECONDS)
        async for each in found:
            return each["contacts"], each["events"]
        return 0, 0

    async def outcomes(self, question: Question, kind: DeadlineKind) -> dict[Group, Outcomes]:
        """Contacts by group and by what came of them, out of the facts.

        Days are those to the first answer, or for another kind of deadline those to what it asks for.
        """
        days = "$days" if kind is DeadlineKind.ANSWER else f"$deadlines.{kind}.days"
        measured = {"#days": days, "#state": f"$deadlines.{kind}.state", "#score": "$score"}
        tally: dict[Group, Outcomes] = defaultdict(Counter)
        async for row in self._grouped(question, measured):
            found = row["_id"]
            state = found.get("#state")
            outcome = Outcome(found.get("#days"), DeadlineState(state) if state else None, found.get("#score"))
            tally[_group(row, question)][outcome] += row["count"]
        return tally

    def _grouped(self, question: Question, measured: Document) -> Any:
        several = [{"$unwind": f"$codes.{each}"} for each in question.group_by if each in SEVERAL]
        # Fields of _id need names that no dimension can have.
        names = {f"g{place}": expression(each) for place, each in enumerate(question.group_by)}
        measured = {name: {"$ifNull": [path, None]} for name, path in measured.items()}
        pipeline: list[Document] = [
            {"$match": _passing(question)},
            *several,
            {"$group": {"_id": names | measured, "count": {"$sum": 1}}},
        ]
        return self._collections.facts.aggregate(pipeline, session=self._session, maxTimeMS=MOST_MILLISECONDS)


def _passing(question: Question) -> Document:
    match: Document = {
        "organisation": question.organisation,
        "received_on": {"$gte": question.first.isoformat(), "$lte": question.last.isoformat()},
    }
    return match | {field(name): {"$in": _with_missing(values)} for name, values in question.filters.items()}


def _with_missing(values: Iterable[str]) -> list[str | None]:
    # An attribute that is younger than the fact is not in it: unknown.
    wanted: list[str | None] = [*sorted(values)]
    return [*wanted, None] if UNKNOWN in wanted else wanted


def _group(row: Document, question: Question) -> Group:
    return tuple(row["_id"][f"g{place}"] for place in range(len(question.group_by)))
