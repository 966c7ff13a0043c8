"""Group commit: the events of a batch, their facts and the counters they move, in one transaction."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.read_concern import ReadConcern
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from services.reporting.domain.counting import Cell, moves
from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import ROUTED, fold
from services.reporting.store.collections import Collections, Generation
from services.reporting.store.documents import (
    MARK,
    cell_path,
    counter_key,
    event_document,
    events_of,
    fact_document,
    fact_of,
    mark_document,
)
from services.reporting.store.slots import Mark, Slot
from shared.clock import Clock
from shared.contracts.events import Event
from shared.errors import InfrastructureError
from shared.mongo import DURABLE, Document, Session
from shared.profiles import Profiles

SNAPSHOT: Final = ReadConcern("snapshot")
_ATTEMPTS: Final = 8
_PAUSE_SECONDS: Final = 0.005
_DUPLICATE: Final = 11000


class RecountingError(InfrastructureError):
    """Counters are being rebuilt; events wait in their queue until that is done."""


class ConflictingError(InfrastructureError):
    """The same contacts are being written elsewhere, or were by a replica that died; the database frees them."""


class Commit(NamedTuple):
    """What a batch came to. ``fresh`` are the events that were not known before; ``attempts`` transactions run."""

    fresh: Sequence[Event]
    new_facts: int
    attempts: int


class _Turn(NamedTuple):
    """One contact's fresh events, and its fact before and after them."""

    reference: str
    organisation: str
    fresh: Sequence[Event]
    old: Fact | None
    new: Fact | None


class Committer:
    """Writes batches of events. One at a time: a replica has one slot."""

    def __init__(self, collections: Collections, slot: Slot, profiles: Profiles, clock: Clock) -> None:
        self._collections = collections
        self._slot = slot
        self._profiles = profiles
        self._clock = clock
        self._attempts = 0

    async def commit(self, events: Sequence[Event]) -> Commit:
        """Writes the events that are not known yet and everything that follows from them, or nothing.

        Raises pymongo's errors, and infrastructure errors where the work has to wait.
        """
        by_contact: dict[str, dict[str, Event]] = defaultdict(dict)
        for event in events:
            by_contact[event.envelope.subject].setdefault(event.envelope.id, event)
        async with self._slot.lock:
            self._attempts = 0
            turns = await self._write(by_contact)
            return Commit(
                fresh=[event for turn in turns for event in turn.fresh],
                new_facts=sum(1 for turn in turns if turn.old is None and turn.new is not None),
                attempts=self._attempts,
            )

    async def decided(self, references: Sequence[str]) -> set[str]:
        """Which of these contacts are known with a decision."""
        wanted = {"_id": {"$in": list(references)}, "events.type": ROUTED}
        return {each["_id"] async for each in self._collections.histories.find(wanted, {"_id": 1})}

    async def _write(self, by_contact: Mapping[str, Mapping[str, Event]]) -> Sequence[_Turn]:
        # Two replicas may insert a contact's first document at once: the database then refuses one of them without
        # calling it transient, and a second attempt finds the document there.
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_SeenTwice), stop=stop_after_attempt(_ATTEMPTS), reraise=True
        )
        async for attempt in retrying:
            with attempt:
                return await self._transaction(by_contact)
        raise AssertionError("tenacity returns or raises")

    async def _transaction(self, by_contact: Mapping[str, Mapping[str, Event]]) -> Sequence[_Turn]:
        await self._slot.claim()

        async def attempt(session: Session) -> Sequence[_Turn]:
            await self._step_aside()
            return await self._within(session, by_contact)

        async with await self._collections.client.start_session() as session:
            try:
                turns: Sequence[_Turn] = await session.with_transaction(
                    attempt, read_concern=SNAPSHOT, write_concern=DURABLE
                )
            except (DuplicateKeyError, BulkWriteError) as error:
                if _is_duplicate(error):
                    raise _SeenTwice(str(error)) from None
                raise
        return turns

    async def _step_aside(self) -> None:
        """Lets whoever we conflict with finish; a transaction left behind by a dead replica takes longer."""
        if self._attempts >= _ATTEMPTS:
            raise ConflictingError("other transactions hold the same contacts")
        if self._attempts:
            await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS * 2**self._attempts))  # noqa: S311
        self._attempts += 1

    async def _within(self, session: Session, by_contact: Mapping[str, Mapping[str, Event]]) -> Sequence[_Turn]:
        references = list(by_contact)
        histories = await _by_id(self._collections.histories, references, session)
        fresh = {
            reference: news
            for reference, events in by_contact.items()
            if (news := _unknown(events, histories.get(reference)))
        }
        if not fresh:
            return []
        # Only where something is written: a batch of nothing but known events need not wait for anybody.
        mark = await self._slot.touch(session)
        facts = await _by_id(self._collections.facts, list(fresh), session)
        turns = [
            self._turn(reference, news, histories.get(reference), facts.get(reference))
            for reference, news in fresh.items()
        ]
        generations = await self._generations({turn.organisation for turn in turns}, session)
        await self._store(turns, mark, session)
        await self._count(turns, generations, session)
        return turns

    def _turn(
        self, reference: str, fresh: Sequence[Event], history: Document | None, fact: Document | None
    ) -> _Turn:
        organisation = fresh[0].envelope.organisation
        known = events_of(history) if history else []
        new = fold([*known, *fresh], self._profiles[organisation])
        return _Turn(reference, organisation, fresh, fact_of(fact) if fact else None, new)

    async def _generations(self, organisations: set[str], session: Session) -> dict[str, Generation]:
        documents = await _by_id(self._collections.generations, sorted(organisations), session)
        for organisation, document in documents.items():
            await self._hold_for_rebuild(organisation, document, session)
        return {organisation: Generation(document) for organisation, document in documents.items()}

    async def _hold_for_rebuild(self, organisation: str, document: Document, session: Session) -> None:
        rebuilding = document.get("rebuilding")
        if rebuilding is None and document.get("begun"):
            return
        if rebuilding is not None and rebuilding["until"] > self._clock():
            raise RecountingError(f"the counters of {organisation} are being rebuilt")
        # An abandoned rebuild is called off, so that it cannot switch over after we have counted in the old ones.
        await self._collections.generations.update_one(
            {"_id": organisation}, {"$set": {"begun": True}, "$unset": {"rebuilding": ""}}, session=session
        )

    async def _store(self, turns: Iterable[_Turn], mark: Mark, session: Session) -> None:
        histories, facts = [], []
        for turn in turns:
            events = [event_document(event) for event in turn.fresh]
            histories.append(
                UpdateOne(
                    {"_id": turn.reference},
                    {"$push": {"events": {"$each": events}}, "$setOnInsert": {"organisation": turn.organisation}},
                    upsert=True,
                )
            )
            if turn.new is not None:
                marked = fact_document(turn.new) | {MARK: mark_document(mark, turn.old, turn.new)}
                facts.append(ReplaceOne({"_id": turn.reference}, marked, upsert=True))
        await self._collections.histories.bulk_write(histories, ordered=False, session=session)
        if facts:
            await self._collections.facts.bulk_write(facts, ordered=False, session=session)

    async def _count(
        self, turns: Iterable[_Turn], generations: Mapping[str, Generation], session: Session
    ) -> None:
        turned: dict[str, list[tuple[Fact | None, Fact | None]]] = defaultdict(list)
        for turn in turns:
            turned[turn.organisation].append((turn.old, turn.new))
        writes = self._increments(
            {name: moves(each, generations[name].tables) for name, each in turned.items()}, generations
        )
        if writes:
            await self._collections.counters.bulk_write(writes, ordered=False, session=session)

    def _increments(
        self, moved: Mapping[str, Mapping[Cell, int]], generations: Mapping[str, Generation]
    ) -> list[UpdateOne]:
        slot = self._slot.number
        if slot is None:
            raise AssertionError("touched before, so it is held")
        documents: dict[str, tuple[Document, dict[str, int]]] = {}
        for organisation, each in moved.items():
            for cell, move in each.items():
                key = counter_key(generations[organisation].number, organisation, cell.month, cell.table, slot)
                _, cells = documents.setdefault(key["_id"], (key, {}))
                cells[cell_path(cell)] = move
        return [
            UpdateOne({"_id": name}, {"$inc": cells, "$setOnInsert": _rest(key)}, upsert=True)
            for name, (key, cells) in sorted(documents.items())
        ]


class _SeenTwice(Exception):  # noqa: N818  it is what happened, and it is tried again
    """Another replica inserted the same document at the same time."""


def _is_duplicate(error: DuplicateKeyError | BulkWriteError) -> bool:
    if isinstance(error, DuplicateKeyError):
        return True
    refused: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
    return bool(refused) and all(each.get("code") == _DUPLICATE for each in refused)


def _rest(key: Document) -> Document:
    return {name: value for name, value in key.items() if name != "_id"}


def _unknown(events: Mapping[str, Event], history: Document | None) -> list[Event]:
    known = {each["id"] for each in history["events"]} if history else set()
    return [event for name, event in events.items() if name not in known]


async def _by_id(collection: Any, names: Sequence[str], session: Session) -> dict[str, Document]:
    return {
        document["_id"]: document async for document in collection.find({"_id": {"$in": names}}, session=session)
    }
