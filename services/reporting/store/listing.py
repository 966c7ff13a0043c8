"""Facts one by one, in the order of their day of receipt, page by page."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Final

from services.reporting.domain.listing import Listing, Place, pseudonym
from services.reporting.domain.question import Question
from services.reporting.store.collections import Collections
from services.reporting.store.documents import MARK, field
from services.reporting.store.reading import MOST_MILLISECONDS, passing, with_missing
from shared.mongo import Document, Session

_ORDER: Final = [("received_on", 1), ("_id", 1)]
_INDEX: Final = "organisation_day_reference"
_UNTOLD: Final = {"periods": 0, MARK: 0}
_KEY_BYTES: Final = 32
_EXPORTED_AT_A_TIME: Final = 5_000


class FactListing:
    """Reads facts and their references."""

    def __init__(self, collections: Collections) -> None:
        self._facts = collections.facts
        self._client = collections.client
        self._keys = collections.keys
        self._key: bytes | None = None

    async def key(self) -> bytes:
        """What pseudonyms and cursors are made with, the same for all replicas."""
        if self._key is None:
            await self._keys.update_one(
                {"_id": "pseudonyms"}, {"$setOnInsert": {"key": secrets.token_bytes(_KEY_BYTES)}}, upsert=True
            )
            found = await self._keys.find_one({"_id": "pseudonyms"})
            if found is None:
                raise AssertionError("just made")
            self._key = bytes(found["key"])
        return self._key

    async def page(self, question: Question, after: Place | None, limit: int) -> Sequence[Document]:
        """So many facts that pass, after a place whose contact is its reference."""
        found = self._facts.find(
            _wanted(question, {}, after),
            _UNTOLD,
            sort=_ORDER,
            hint=_INDEX,
            limit=limit,
            batch_size=limit,
            max_time_ms=MOST_MILLISECONDS,
        )
        return await found.to_list(limit)

    async def pages(self, question: Question) -> AsyncIterator[Sequence[Document]]:
        """All facts that pass, a page at a time; none is held open in between."""
        after = None
        while page := await self.page(question, after, _EXPORTED_AT_A_TIME):
            yield page
            if len(page) < _EXPORTED_AT_A_TIME:
                return
            after = place_of(page[-1])

    async def named(self, question: Question, place: Place, key: bytes) -> Place | None:
        """The place by the contact's reference instead of its pseudonym; None where there is no such contact."""
        of_day = self._facts.find(
            {"organisation": question.organisation, "received_on": place.received_on.isoformat()},
            {"_id": 1},
            hint=_INDEX,
            max_time_ms=MOST_MILLISECONDS,
        )
        async for fact in of_day:
            if pseudonym(key, question.organisation, fact["_id"]) == place.contact:
                return Place(place.received_on, fact["_id"])
        return None

    async def references(self, listing: Listing) -> tuple[Sequence[Place], int]:
        """A page of the contacts that a listing names, and how many they are in all, at one moment."""
        cell = dict(zip(listing.question.group_by, listing.cell, strict=False))
        async with await self._client.start_session(snapshot=True) as session:
            total = await self._count(listing.question, cell, session)
            found = self._facts.find(
                _wanted(listing.question, cell, listing.after),
                {"received_on": 1},
                sort=_ORDER,
                hint=_INDEX,
                limit=listing.limit,
                session=session,
                max_time_ms=MOST_MILLISECONDS,
            )
            places = [place_of(each) async for each in found]
        return places, total

    async def _count(self, question: Question, cell: Mapping[str, str], session: Session) -> int:
        counted: int = await self._facts.count_documents(
            _wanted(question, cell, None), session=session, hint=_INDEX, maxTimeMS=MOST_MILLISECONDS
        )
        return counted


def place_of(fact: Document) -> Place:
    """Where a fact stands in the order."""
    return Place(date.fromisoformat(fact["received_on"]), fact["_id"])


def _wanted(question: Question, cell: Mapping[str, str], after: Place | None) -> Document:
    wanted = passing(question)
    if cell:
        # Beside the filters: a dimension with several values may be asked for in both.
        wanted["$and"] = [{field(name): {"$in": with_missing([value])}} for name, value in cell.items()]
    if after is not None:
        day = after.received_on.isoformat()
        wanted["received_on"] = wanted["received_on"] | {"$gte": day}
        wanted["$nor"] = [{"received_on": day, "_id": {"$lte": after.contact}}]
    return wanted
