"""Counting anew: the sum of what every fact contributes, compared with the counters or put in their place.

Comparing reads one moment of the database and needs nobody to wait. Writing makes replicas wait: the rebuild is
announced by touching every slot, so that no transaction that did not see the announcement can commit; what is
counted is written as a new generation, and the last step switches to it, or fails where the rebuild was given up
for dead meanwhile.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from pymongo import ReplaceOne

from services.reporting.columns.answers import Answers
from services.reporting.columns.mirror import Mirror
from services.reporting.domain.counting import EVENTS, SEPARATOR, Cell, Table, contributions, table_of, tables_of
from services.reporting.domain.fold import fold
from services.reporting.domain.question import Question
from services.reporting.store.collections import Collections, Generation, table_names
from services.reporting.store.commit import SNAPSHOT
from services.reporting.store.documents import (
    cell_path,
    cells_of,
    counter_key,
    events_of,
    fact_document,
    fact_of,
    unmarked,
)
from shared.clock import Clock
from shared.mongo import DURABLE, Document, Session
from shared.profiles import Profile

PATIENCE: Final = timedelta(seconds=60)
"""A rebuild that gives no sign of life for so long is given up, and replicas count on as before."""
REBUILT_SLOT: Final = -1
_GROUP: Final = 2000
Cells = Counter[Cell]


def _cells(answers: Answers, organisation: str, table: Table) -> dict[Cell, int]:
    dimensions = () if table == EVENTS else table
    asked = Question(organisation, date.min, date.max, ("month", *dimensions))
    counted = answers.events(asked) if table == EVENTS else answers.counts(asked)
    return {Cell(month, table, SEPARATOR.join(values)): count for (month, *values), count in counted.items()}


class Abandoned(Exception):  # noqa: N818  it is told to the operator as a fact
    """The rebuild took so long between two signs of life that replicas went on without it. Nothing was changed."""


class Comparison(NamedTuple):
    """``counted`` is what the counters hold, ``summed`` what the facts come to; ``unfolded`` are the contacts
    whose fact is not what their events come to, where that was looked at.
    """

    facts: int
    counted: Cells
    summed: Cells
    unfolded: list[str]

    @property
    def differences(self) -> list[Cell]:
        cells = {*self.counted, *self.summed}
        return sorted(cell for cell in cells if self.counted[cell] != self.summed[cell])


class Recount:
    """Counts one organisation's contacts anew."""

    def __init__(self, collections: Collections, profile: Profile, clock: Clock) -> None:
        self._collections = collections
        self._profile = profile
        self._organisation = profile.id
        self._clock = clock
        self._owner = uuid4().hex

    async def compare(self, *, fold_anew: bool = False) -> Comparison:
        """Counters against facts and, where asked, facts against their events, as they are at one moment."""
        async with await self._collections.client.start_session(snapshot=True) as session:
            generation = await self._generation(session)
            counted = await self._counted(generation, session)
            summed, facts = await self._summed(generation.tables, session)
            unfolded = await self._unfolded(session) if fold_anew else []
        return Comparison(facts, counted, summed, unfolded)

    async def write(self, *, fold_anew: bool = False) -> tuple[int, int]:
        """Puts new counters, by the profile's tables as they are now, in place of the old; returns how many
        counters there are and over how many facts. Events wait meanwhile. Raises ``Abandoned``.
        """
        tables = tables_of(self._profile)
        async with self._announced() as generation:
            if fold_anew:
                await self._refold()
            summed, facts = await self._summed_at_once(tables)
            number = generation.number + 1
            await self._put(number, summed)
            await self._switch(number, tables)
        await self._collections.counters.delete_many(
            {"organisation": self._organisation, "generation": {"$ne": number}}
        )
        return len(summed), facts

    async def _generation(self, session: Session | None = None) -> Generation:
        found = await self._collections.generations.find_one({"_id": self._organisation}, session=session)
        return Generation(found or {"_id": self._organisation, "current": 0, "tables": []})

    async def _counted(self, generation: Generation, session: Session) -> Cells:
        counted: Cells = Counter()
        wanted = {"organisation": self._organisation, "generation": generation.number}
        async for document in self._collections.counters.find(wanted, session=session):
            table = table_of(document["table"])
            for key, count in cells_of(document).items():
                counted[Cell(document["month"], table, key)] += count
        return Counter({cell: count for cell, count in counted.items() if count})

    async def _summed(self, tables: frozenset[Table], session: Session) -> tuple[Cells, int]:
        """Contact by contact, as replicas count: what is compared is counted in another way than it is written."""
        summed: Cells = Counter()
        facts = 0
        async for document in self._collections.facts.find({"organisation": self._organisation}, session=session):
            summed.update(contributions(fact_of(document), tables))
            facts += 1
        return summed, facts

    async def _summed_at_once(self, tables: frozenset[Table]) -> tuple[Cells, int]:
        """The same by columns, in a small part of the time: events wait for it."""
        mirror = Mirror(sorted({name for table in tables for name in table}))
        found = self._collections.facts.find({"organisation": self._organisation}, batch_size=_GROUP)
        while documents := await found.to_list(_GROUP):
            mirror.load(documents)
            await self._live_on()
        mirror.tidy()
        answers = Answers(mirror.moment())
        summed: Cells = Counter()
        for table in [*tables, EVENTS]:
            summed.update(_cells(answers, self._organisation, table))
            await self._live_on()
        return summed, answers.facts

    async def _unfolded(self, session: Session) -> list[str]:
        different = []
        async for history in self._collections.histories.find(
            {"organisation": self._organisation}, session=session
        ):
            fact = fold(events_of(history), self._profile)
            stored = await self._collections.facts.find_one({"_id": history["_id"]}, session=session)
            if (fact_document(fact) if fact else None) != unmarked(stored):
                different.append(history["_id"])
        return different

    async def _refold(self) -> None:
        writes: list[ReplaceOne[Document]] = []
        async for history in self._collections.histories.find({"organisation": self._organisation}):
            fact = fold(events_of(history), self._profile)
            if fact is not None:
                writes.append(ReplaceOne({"_id": fact.reference}, fact_document(fact), upsert=True))
            if len(writes) >= _GROUP:
                await self._replace(writes)
                writes = []
        if writes:
            await self._replace(writes)

    async def _replace(self, writes: Sequence[ReplaceOne[Document]]) -> None:
        async def replace(session: Session) -> None:
            # Together: once replicas have gone on, no fact of theirs may be overwritten.
            await self._live_on(session)
            # Facts that no commit has written: who follows commits has to read them all anew.
            await self._collections.generations.update_one(
                {"_id": self._organisation}, {"$inc": {"refolds": 1}}, session=session
            )
            await self._collections.facts.bulk_write(writes, ordered=False, session=session)

        async with await self._collections.client.start_session() as session:
            await session.with_transaction(replace, read_concern=SNAPSHOT, write_concern=DURABLE)

    @asynccontextmanager
    async def _announced(self) -> AsyncIterator[Generation]:
        async def announce(session: Session) -> None:
            await self._collections.generations.update_one(
                {"_id": self._organisation}, {"$set": {"rebuilding": self._sign_of_life()}}, session=session
            )
            # Any transaction that is under way has touched its slot, or will: it or this one is run again.
            await self._collections.slots.update_many({}, {"$set": {"touched_by": self._owner}}, session=session)

        async with await self._collections.client.start_session() as session:
            await session.with_transaction(announce, read_concern=SNAPSHOT, write_concern=DURABLE)
        try:
            yield await self._generation()
        finally:
            await self._collections.generations.update_one(self._mine(), {"$unset": {"rebuilding": ""}})

    def _sign_of_life(self) -> Document:
        return {"owner": self._owner, "until": self._clock() + PATIENCE}

    def _mine(self) -> Document:
        return {"_id": self._organisation, "rebuilding.owner": self._owner}

    async def _live_on(self, session: Session | None = None) -> None:
        alive = await self._collections.generations.update_one(
            self._mine(), {"$set": {"rebuilding": self._sign_of_life()}}, session=session
        )
        if alive.matched_count == 0:
            raise Abandoned(f"counting {self._organisation} anew took too long; run it again")

    async def _put(self, number: int, cells: Mapping[Cell, int]) -> None:
        await self._collections.counters.delete_many({"organisation": self._organisation, "generation": number})
        documents: dict[str, Document] = {}
        for cell, count in cells.items():
            key = counter_key(number, self._organisation, cell.month, cell.table, REBUILT_SLOT)
            stored = documents.setdefault(key["_id"], key | {"cells": {}})
            stored["cells"][cell_path(cell).removeprefix("cells.")] = count
        written = list(documents.values())
        for start in range(0, len(written), _GROUP):
            await self._collections.counters.insert_many(written[start : start + _GROUP], ordered=False)
            await self._live_on()

    async def _switch(self, number: int, tables: frozenset[Table]) -> None:
        switched = await self._collections.generations.update_one(
            self._mine(),
            {
                "$set": {"current": number, "tables": table_names(tables), "begun": True},
                "$unset": {"rebuilding": ""},
            },
        )
        if switched.matched_count == 0:
            raise Abandoned(f"counting {self._organisation} anew took too long; run it again")
