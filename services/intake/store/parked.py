"""Follow-ups that came before their contact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pymongo import ASCENDING, ReturnDocument, UpdateOne

from services.intake.domain.claims import once
from services.intake.store.writing import update_all
from shared.mongo import Database, Document

LEASE = timedelta(seconds=30)
"""How long a replica has to refuse a follow-up before another may try."""


@dataclass(frozen=True, slots=True)
class ParkedFollowUp:
    """A follow-up as it came. ``waits_for`` is what names its contact; see ``waiting_for``."""

    id: str
    waits_for: str
    body: bytes = field(repr=False)
    routing_key: str
    content_type: str | None
    correlation_id: str | None
    parked_at: datetime


class Parked:
    """One document per follow-up and content; two contents under one id both wait, and the first gets the id."""

    def __init__(self, database: Database) -> None:
        self._parked = database["parked"]

    async def create_indexes(self, keep_days: int) -> None:
        await self._parked.create_index([("waits_for", ASCENDING)], name="by_contact")
        await self._parked.create_index(
            [("refused_at", ASCENDING), ("caught_up_at", ASCENDING), ("parked_at", ASCENDING)],
            name="by_what_is_next",
        )
        await self._parked.create_index(
            [("refused_at", ASCENDING)], name="kept_for_a_while", expireAfterSeconds=keep_days * 24 * 3600
        )

    async def add(self, follow_ups: Sequence[ParkedFollowUp]) -> None:
        """Parks them. One that waits already goes on waiting; one that was refused waits again from now on."""
        await update_all(self._parked, [update for each in follow_ups for update in _updates(each)])

    async def waiting_for(self, contacts: Iterable[str]) -> list[ParkedFollowUp]:
        """What waits for these contacts, refused or not, longest parked first."""
        found = self._parked.find({"waits_for": {"$in": once(contacts)}}).sort("parked_at", ASCENDING)
        return [_parked(document) async for document in found]

    async def remove(self, ids: Sequence[str]) -> None:
        if ids:
            await self._parked.delete_many({"_id": {"$in": list(ids)}})

    async def note_caught_up(self, parked_before: datetime, seen_at: datetime) -> None:
        """Everything published before ``parked_before`` has been taken in, as was seen at ``seen_at``."""
        await self._parked.update_many(
            {"refused_at": None, "caught_up_at": None, "parked_at": {"$lt": parked_before}},
            {"$set": {"caught_up_at": seen_at}},
        )

    async def lease_due(self, caught_up_by: datetime, now: datetime) -> ParkedFollowUp | None:
        """One whose time is up, for this replica alone for the time of the lease; None where there is none."""
        document = await self._parked.find_one_and_update(
            {
                "refused_at": None,
                "caught_up_at": {"$lte": caught_up_by, "$ne": None},
                "$or": [{"leased_until": None}, {"leased_until": {"$lte": now}}],
            },
            {"$set": {"leased_until": now + LEASE}},
            sort=[("caught_up_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return _parked(document) if document else None

    async def note_refused(self, follow_up_id: str, now: datetime) -> None:
        """It has been refused; kept all the same, for a contact that comes later."""
        await self._parked.update_one({"_id": follow_up_id}, {"$set": {"refused_at": now}})

    async def count_waiting(self) -> int:
        """How many wait and have not been refused."""
        return await self._parked.count_documents({"refused_at": None})


def _updates(follow_up: ParkedFollowUp) -> list[UpdateOne]:
    fields: Document = {
        "waits_for": follow_up.waits_for,
        "body": follow_up.body,
        "routing_key": follow_up.routing_key,
        "content_type": follow_up.content_type,
        "correlation_id": follow_up.correlation_id,
        "parked_at": follow_up.parked_at,
        "caught_up_at": None,
        "leased_until": None,
        "refused_at": None,
    }
    return [
        UpdateOne({"_id": follow_up.id}, {"$setOnInsert": fields}, upsert=True),
        UpdateOne({"_id": follow_up.id, "refused_at": {"$ne": None}}, {"$set": fields}),
    ]


def _parked(document: Document) -> ParkedFollowUp:
    return ParkedFollowUp(
        id=document["_id"],
        waits_for=document["waits_for"],
        body=document["body"],
        routing_key=document["routing_key"],
        content_type=document["content_type"],
        correlation_id=document["correlation_id"],
        parked_at=document["parked_at"],
    )
