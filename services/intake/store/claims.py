"""Which ids have been given away, and to which content."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from services.intake.domain.claims import FollowUpClaim, Source, SubmissionClaim, once
from services.intake.domain.links import Traced
from services.intake.domain.traces import Trace
from services.intake.store.traces import trace_document, trace_in
from services.intake.store.writing import insert_new
from shared.mongo import Database, Document

_LATEST_FIRST = [("received_at", DESCENDING), ("claimed_at", DESCENDING), ("_id", DESCENDING)]
_WITHOUT_TRACE = {"trace": 0}


class SubmissionClaims:
    """One document per accepted submission, by ``organisation:submission_id``; a reference is given out once."""

    def __init__(self, database: Database) -> None:
        self._claims = database["claims"]

    async def create_indexes(self) -> None:
        await self._claims.create_index([("reference", ASCENDING)], unique=True, name="reference_given_once")
        await self._claims.create_index(
            [("trace.marks", ASCENDING), *_LATEST_FIRST],
            name="by_citizen",
            partialFilterExpression={"trace.marks": {"$exists": True}},
        )

    async def find(self, ids: Iterable[str]) -> dict[str, SubmissionClaim]:
        """Those of the claims that exist, by id."""
        found = self._claims.find({"_id": {"$in": once(ids)}}, _WITHOUT_TRACE)
        return {document["_id"]: _submission_claim(document) async for document in found}

    async def find_by_reference(self, references: Iterable[str]) -> dict[str, SubmissionClaim]:
        """Those of the claims that exist, by reference."""
        found = self._claims.find({"reference": {"$in": once(references)}}, _WITHOUT_TRACE)
        return {document["reference"]: _submission_claim(document) async for document in found}

    async def make(
        self, claims: Sequence[SubmissionClaim], traces: Mapping[str, Trace] | None = None
    ) -> list[SubmissionClaim]:
        """Makes those whose id and reference are both still free, each with its trace (by id) where it has one.
        Gives those.
        """
        kept = traces or {}
        documents = [_submission_document(claim, kept.get(claim.id)) for claim in claims]
        lost = await insert_new(self._claims, documents)
        return [claim for place, claim in enumerate(claims) if place not in lost]

    async def marked(
        self,
        marks: Iterable[bytes],
        *,
        but: Sequence[str],
        earliest: datetime,
        until: datetime,
        claimed_by: datetime,
        most: int,
        latest: bool,
    ) -> list[Traced]:
        """At most so many contacts, ``but`` for these ids, with any of these marks that were received from
        ``earliest`` ``until`` a moment and claimed by then: the ``latest`` ones, or any.
        """
        which: Document = {
            "_id": {"$nin": list(but)},
            "trace.marks": {"$in": list(marks)},
            "received_at": {"$gte": earliest, "$lte": until},
            "claimed_at": {"$lte": claimed_by},
        }
        found = self._claims.find(which).limit(most)
        if latest:
            found = found.sort(_LATEST_FIRST)
        return [_traced(document) async for document in found]

    async def traced(self, references: Iterable[str]) -> dict[str, Traced]:
        """Those of the contacts that exist and have a trace, by reference. Nothing is read for none."""
        asked = once(references)
        if not asked:
            return {}
        found = self._claims.find({"reference": {"$in": asked}, "trace": {"$exists": True}})
        return {document["reference"]: _traced(document) async for document in found}


class FollowUpClaims:
    """One document per accepted follow-up, by ``organisation:follow_up_id``."""

    def __init__(self, database: Database) -> None:
        self._claims = database["follow_up_claims"]

    async def find(self, ids: Iterable[str]) -> dict[str, FollowUpClaim]:
        """Those of the claims that exist, by id."""
        found = self._claims.find({"_id": {"$in": once(ids)}})
        return {
            document["_id"]: FollowUpClaim(
                id=document["_id"], content_hash=document["content_hash"], reference=document["reference"]
            )
            async for document in found
        }

    async def make(self, claims: Sequence[FollowUpClaim]) -> list[FollowUpClaim]:
        """Makes those whose id is still free, and gives those."""
        documents = [
            {"_id": claim.id, "content_hash": claim.content_hash, "reference": claim.reference} for claim in claims
        ]
        lost = await insert_new(self._claims, documents)
        return [claim for place, claim in enumerate(claims) if place not in lost]


def _submission_document(claim: SubmissionClaim, trace: Trace | None) -> Document:
    document: Document = {
        "_id": claim.id,
        "organisation": claim.organisation,
        "submission_id": claim.submission_id,
        "reference": claim.reference,
        "content_hash": claim.content_hash,
        "received_at": claim.received_at,
        "claimed_at": claim.claimed_at,
        "source": claim.source.value,
    }
    return document | {"trace": trace_document(trace)} if trace else document


def _traced(document: Document) -> Traced:
    return Traced(_submission_claim(document), trace_in(document["trace"]))


def _submission_claim(document: Document) -> SubmissionClaim:
    return SubmissionClaim(
        id=document["_id"],
        organisation=document["organisation"],
        submission_id=document["submission_id"],
        reference=document["reference"],
        content_hash=document["content_hash"],
        received_at=document["received_at"],
        claimed_at=document["claimed_at"],
        source=Source(document["source"]),
    )
