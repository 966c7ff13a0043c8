"""Which ids have been given away, and to which content."""

from collections.abc import Iterable, Sequence

from pymongo import ASCENDING

from services.intake.domain.claims import FollowUpClaim, Source, SubmissionClaim, once
from services.intake.store.writing import insert_new
from shared.mongo import Database, Document


class SubmissionClaims:
    """One document per accepted submission, by ``organisation:submission_id``; a reference is given out once."""

    def __init__(self, database: Database) -> None:
        self._claims = database["claims"]

    async def create_indexes(self) -> None:
        await self._claims.create_index([("reference", ASCENDING)], unique=True, name="reference_given_once")

    async def find(self, ids: Iterable[str]) -> dict[str, SubmissionClaim]:
        """Those of the claims that exist, by id."""
        found = self._claims.find({"_id": {"$in": once(ids)}})
        return {document["_id"]: _submission_claim(document) async for document in found}

    async def find_by_reference(self, references: Iterable[str]) -> dict[str, SubmissionClaim]:
        """Those of the claims that exist, by reference."""
        found = self._claims.find({"reference": {"$in": once(references)}})
        return {document["reference"]: _submission_claim(document) async for document in found}

    async def make(self, claims: Sequence[SubmissionClaim]) -> list[SubmissionClaim]:
        """Makes those whose id and reference are both still free, and gives those."""
        lost = await insert_new(self._claims, [_submission_document(claim) for claim in claims])
        return [claim for place, claim in enumerate(claims) if place not in lost]


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


def _submission_document(claim: SubmissionClaim) -> Document:
    return {
        "_id": claim.id,
        "organisation": claim.organisation,
        "submission_id": claim.submission_id,
        "reference": claim.reference,
        "content_hash": claim.content_hash,
        "received_at": claim.received_at,
        "claimed_at": claim.claimed_at,
        "source": claim.source.value,
    }


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
