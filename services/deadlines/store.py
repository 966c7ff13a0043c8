"""All of this service's MongoDB: one document per contact, in the collection ``timelines``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import NamedTuple
from uuid import uuid4

from pymongo import ASCENDING, IndexModel, InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from services.deadlines.documents import timeline_document, timeline_of, to_do_key
from services.deadlines.domain.timeline import RESERVED_REVISIONS, Timeline
from services.deadlines.reservation import Reservation
from services.deadlines.work_list import TO_BE_DONE, Between, Filter, Line, Place, lines_of, query
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Client, Database, Document, ping

_DUPLICATE_KEY = 11000
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = dict.fromkeys(("organisation", "directorate", "service", "with_service_since", "silent", "deadlines"), 1)
_BY_ORGANISATION = "work_list"
_BY_DIRECTORATE = "work_list_of_directorate"


@dataclass(frozen=True)
class Stored:
    """A timeline and which version of its document it was read from; None where there is no document yet.

    ``reserved`` is what a sweep has set out to tell and nobody has marked yet. The timeline is the one from
    before.
    """

    timeline: Timeline
    version: int | None = None
    reserved: Reservation | None = None


class Claim(NamedTuple):
    """Timelines that fell due and are this replica's until the lease ends. Empty where another was faster."""

    token: str
    due: tuple[Stored, ...]


class TimelineStore:
    """Reads and writes timelines. Whoever writes says which version they read; of two writers in each other's
    way the later one is told so, and begins again with what the other has written.
    """

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._timelines = database["timelines"]

    async def prepare(self) -> None:
        """Makes the indexes; may be done by many replicas and any number of times."""
        by_organisation = ("organisation", ASCENDING)
        soonest = [("deadlines.state", ASCENDING), ("deadlines.due_at", ASCENDING), ("_id", ASCENDING)]
        await self._timelines.create_indexes(
            [
                # Only what time can still turn is in it: looking for what is due costs by what is due.
                IndexModel([("turns_at", ASCENDING)], name="due", sparse=True),
                IndexModel([by_organisation, *soonest], name=_BY_ORGANISATION),
                IndexModel([by_organisation, ("directorate", ASCENDING), *soonest], name=_BY_DIRECTORATE),
                IndexModel([("to_do", ASCENDING), by_organisation], name="to_do", sparse=True),
                IndexModel([("uncounted", ASCENDING)], name="uncounted", sparse=True),
            ]
        )

    async def ping(self) -> None:
        """Raises pymongo's error where the database does not answer."""
        await ping(self._client)

    def close(self) -> None:
        self._client.close()

    async def read(self, references: Sequence[str]) -> dict[str, Stored]:
        """What is stored of these contacts, by reference."""
        found = self._timelines.find({"_id": {"$in": list(references)}})
        return {each["_id"]: _stored(each) async for each in found}

    async def decided_before(self, references: Sequence[str]) -> set[str]:
        """Which of these contacts are known by their decision alone: their registration adds nothing to it, and
        nothing that follows from their registration can have been stored without being told.
        """
        wanted = {"_id": {"$in": list(references)}, "decision": {"$ne": None}, "registered.by_itself": False}
        return {each["_id"] async for each in self._timelines.find(wanted, {"_id": 1})}

    async def write(self, changes: Sequence[Stored]) -> set[str]:
        """Writes timelines whose documents are still those that were read, and lets go of claims on them.

        Gives the references that somebody else has written in the meantime; those are left as they are.
        """
        if not changes:
            return set()
        mark = uuid4().hex
        written = 0
        try:
            result = await self._timelines.bulk_write([_writing(each, mark) for each in changes], ordered=False)
            written = result.inserted_count + result.matched_count
        except BulkWriteError as error:
            _only_duplicates(error)
        if written == len(changes):
            return set()
        references = [each.timeline.reference for each in changes]
        mine = self._timelines.find({"_id": {"$in": references}, "written": mark}, {"_id": 1})
        return set(references) - {each["_id"] async for each in mine}

    async def claim_due(self, now: datetime, until: datetime, most: int, policy: str) -> Claim | None:
        """Timelines that time turns by ``now`` and nobody else has claimed, the earliest first; None where there
        are none.

        A claim reserves revisions, so that whatever becomes known meanwhile is told at a higher one, and the
        moment that is reckoned for. A claim that ran out is taken over with both, so that what its owner may have
        told is told as it was, unless the policy has become another.
        """
        free = {"turns_at": {"$lte": now}, "$or": [{"lease": None}, {"lease.until": {"$lte": now}}]}
        found = self._timelines.find(free, {"_id": 1}).sort("turns_at", ASCENDING).limit(most)
        due = [each["_id"] async for each in found]
        if not due:
            return None
        token = uuid4().hex
        await self._timelines.update_many({"_id": {"$in": due}, **free}, _claiming(token, now, until, policy))
        mine = self._timelines.find({"_id": {"$in": due}, "lease.token": token}).sort("turns_at", ASCENDING)
        return Claim(token, tuple([_stored(each) async for each in mine]))

    async def release(self, claim: Claim) -> None:
        """Lets go of what is still claimed, so that it need not wait for the lease to end. What was reserved stays
        so, since some of it may have been told.
        """
        references = [each.timeline.reference for each in claim.due]
        mine = {"_id": {"$in": references}, "lease.token": claim.token}
        await self._timelines.update_many(mine, {"$set": {"lease.until": _LONG_AGO}})

    async def open_after(self, reference: str, most: int) -> list[Stored]:
        """Contacts with something to be done or that could not be counted, by reference, behind the given one."""
        unsettled = [{"to_do": {"$gt": ""}}, {"uncounted": {"$gt": ""}}]
        found = (
            self._timelines.find({"_id": {"$gt": reference}, "$or": unsettled}).sort("_id", ASCENDING).limit(most)
        )
        return [_stored(each) async for each in found]

    async def mark_due(self, references: Sequence[str], now: datetime) -> None:
        """Has these contacts reckoned anew by the next sweep, whatever time would turn of them."""
        changed = {"$set": {"turns_at": now}, "$inc": {"version": 1}}
        await self._timelines.update_many({"_id": {"$in": list(references)}}, changed)

    async def work_list(self, wanted: Filter, most: int) -> list[Line]:
        """Deadlines that pass the filter, soonest first, at most so many."""
        lines: list[Line] = []
        for organisation in [wanted.organisation] if wanted.organisation else await self.organisations():
            for state in wanted.states:
                lines += await self._soonest(wanted, organisation, state, most)
        return sorted(lines, key=lambda line: line.place)[:most]

    async def _soonest(self, wanted: Filter, organisation: str, state: DeadlineState, most: int) -> list[Line]:
        """At least the soonest so many of one organisation and state, as far as there are that many.

        Thousands of deadlines are due at one midnight. So a page is put together of what is left of the moment it
        begins at, what is due between, and the first of the moment it ends at; none of the three reads much more
        than the page holds.
        """
        after = wanted.after.due_at if wanted.after else wanted.since
        lines: list[Line] = []
        if wanted.after:
            lines = await self._at(wanted, organisation, state, wanted.after, most)
            if len(lines) >= most:
                return lines
        open_end = Between(after, wanted.before)
        # Walked by the index these are the soonest; if they were not, the page would be as right and come later.
        sample = await self._find(wanted, organisation, state, open_end, most)
        if len(sample) < most:
            return lines + sample
        last = sorted(line.place.due_at for line in sample)[most - 1]
        lines += await self._find(wanted, organisation, state, Between(after, last))
        end = Place(last, "", wanted.kind or DeadlineKind.ACKNOWLEDGEMENT, 0)
        return lines + await self._at(wanted, organisation, state, end, most)

    async def _find(
        self, wanted: Filter, organisation: str, state: DeadlineState, due_at: Between, most: int = 0
    ) -> list[Line]:
        found = self._timelines.find(query(wanted, organisation, state, due_at), _SHOWN).limit(most)
        found = found.hint(_index_for(wanted))
        return [line async for each in found for line in lines_of(each, wanted, state, due_at)]

    async def _at(
        self, wanted: Filter, organisation: str, state: DeadlineState, place: Place, most: int
    ) -> list[Line]:
        due_at = place.due_at
        at_moment = query(wanted, organisation, state, due_at) | {"_id": {"$gte": place.reference}}
        # One more, since of the contact itself there may be nothing left.
        found = self._timelines.find(at_moment, _SHOWN).sort("_id", ASCENDING).limit(most + 1)
        found = found.hint(_index_for(wanted))
        return [line async for each in found for line in lines_of(each, wanted, state, due_at)]

    async def organisations(self) -> list[str]:
        """The organisations of which there are contacts."""
        found: list[str] = await self._timelines.distinct("organisation")
        return sorted(found)

    async def counts(self) -> list[tuple[str, str, str, int]]:
        """Deadlines still to be done: organisation, kind, state and how many. Reads nothing but an index."""
        counted = []
        for organisation in await self.organisations():
            for kind, state in product(DeadlineKind, sorted(TO_BE_DONE)):
                count = await self._count_to_do(organisation, kind, state)
                counted.append((organisation, kind.value, state.value, count))
        return [each for each in counted if each[-1]]

    async def _count_to_do(self, organisation: str, kind: DeadlineKind, state: DeadlineState) -> int:
        total, place = 0, 1
        while count := await self._timelines.count_documents(
            {"to_do": to_do_key(kind, state, place), "organisation": organisation}, hint="to_do"
        ):
            total, place = total + count, place + 1
        return total

    async def uncounted(self) -> dict[str, int]:
        """How many contacts cannot be counted because a calendar ends, by that calendar."""
        calendars = await self._timelines.distinct("uncounted", {"uncounted": {"$gt": ""}})
        return {each: await self._timelines.count_documents({"uncounted": each}) for each in calendars}


def _index_for(wanted: Filter) -> str:
    # The planner tries plans on few documents and may settle for one that reads everything that is open.
    return _BY_ORGANISATION if wanted.directorate is None else _BY_DIRECTORATE


def _stored(document: Document) -> Stored:
    timeline, lease = timeline_of(document), document.get("lease")
    if lease is None:
        return Stored(timeline, document["version"])
    before = replace(timeline, revision=timeline.revision - RESERVED_REVISIONS)
    # Leases from before there was a policy in them: taken to be of another one.
    reserved = Reservation(lease.get("at", lease["until"]), lease.get("policy", ""))
    return Stored(before, document["version"], reserved)


def _claiming(token: str, now: datetime, until: datetime, policy: str) -> list[Document]:
    taken_over = {"$eq": ["$lease.policy", policy]}
    reserved = {"$add": ["$revision", RESERVED_REVISIONS]}
    lease = {
        "token": token,
        "until": until,
        "policy": policy,
        "at": {"$cond": [taken_over, "$lease.at", now]},
    }
    # Taken over by another policy, what is told comes above what was reserved before.
    return [
        {
            "$set": {
                "revision": {"$cond": [taken_over, "$revision", reserved]},
                "version": {"$add": ["$version", 1]},
                "lease": lease,
            }
        }
    ]


def _writing(change: Stored, mark: str) -> InsertOne[Document] | ReplaceOne[Document]:
    document = timeline_document(change.timeline) | {"written": mark}
    reference = change.timeline.reference
    if change.version is None:
        return InsertOne({"_id": reference, **document, "version": 1})
    return ReplaceOne({"_id": reference, "version": change.version}, {**document, "version": change.version + 1})


def _only_duplicates(error: BulkWriteError) -> None:
    others = [each for each in error.details["writeErrors"] if each["code"] != _DUPLICATE_KEY]
    if others or error.details["writeConcernErrors"]:
        raise error
