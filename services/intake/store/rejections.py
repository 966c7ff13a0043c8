"""What was refused, kept for a while so that a refusal nobody listened to can still be found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pymongo import DESCENDING, UpdateOne

from services.intake.domain.rejection import Rejection
from services.intake.store.writing import update_all
from shared.mongo import Database, Document


class RejectionPlace(NamedTuple):
    """Where a rejection stands among all, newest first."""

    rejected_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class RejectionPage:
    """``next_after`` is what the next page is asked for with; None on the last."""

    rejections: list[Rejection]
    next_after: RejectionPlace | None


class Rejections:
    """One document per refused message; the same bytes under the same key are one."""

    def __init__(self, database: Database) -> None:
        self._rejections = database["rejections"]

    async def create_indexes(self, keep_days: int) -> None:
        await self._rejections.create_index(
            [("rejected_at", DESCENDING)], name="kept_for_a_while", expireAfterSeconds=keep_days * 24 * 3600
        )
        await self._rejections.create_index(
            [("rejected_at", DESCENDING), ("_id", DESCENDING)], name="newest_first"
        )

    async def keep(self, rejections: Sequence[Rejection]) -> None:
        """Keeps them; one that came again is kept from its last time on."""
        updates = [UpdateOne({"_id": each.id}, {"$set": _document(each)}, upsert=True) for each in rejections]
        await update_all(self._rejections, updates)

    async def page(self, *, organisation: str | None, after: RejectionPlace | None, limit: int) -> RejectionPage:
        """The newest first, from just after a place on."""
        which: Document = {}
        if organisation is not None:
            which["organisation"] = organisation
        if after is not None:
            same_moment = {"rejected_at": after.rejected_at, "_id": {"$lt": after.id}}
            which["$or"] = [{"rejected_at": {"$lt": after.rejected_at}}, same_moment]
        newest_first = [("rejected_at", DESCENDING), ("_id", DESCENDING)]
        found = self._rejections.find(which).sort(newest_first).limit(limit)
        rejections = [_rejection(document) async for document in found]
        last = rejections[-1] if len(rejections) == limit else None
        return RejectionPage(rejections, RejectionPlace(last.rejected_at, last.id) if last else None)

    async def find(self, rejection_id: str) -> Rejection | None:
        document = await self._rejections.find_one({"_id": rejection_id})
        return _rejection(document) if document else None


def _document(rejection: Rejection) -> Document:
    return {
        "organisation": rejection.organisation,
        "channel": rejection.channel,
        "routing_key": rejection.routing_key,
        "body": rejection.body,
        "content_type": rejection.content_type,
        "size": rejection.size,
        "sha256": rejection.sha256,
        "errors": [dict(error) for error in rejection.errors],
        "rejected_at": rejection.rejected_at,
        "correlation_id": rejection.correlation_id,
    }


def _rejection(document: Document) -> Rejection:
    return Rejection(
        id=document["_id"],
        organisation=document["organisation"],
        channel=document["channel"],
        routing_key=document["routing_key"],
        body=document["body"],
        content_type=document["content_type"],
        size=document["size"],
        sha256=document["sha256"],
        errors=tuple(document["errors"]),
        rejected_at=document["rejected_at"],
        correlation_id=document["correlation_id"],
    )
