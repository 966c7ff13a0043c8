"""Writing that may be repeated: what is there already stays as it is."""

from collections.abc import Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from shared.errors import InfrastructureError
from shared.mongo import Document

_DUPLICATE_KEY = 11000
Collection = AsyncIOMotorCollection[Document]


async def insert_new(collection: Collection, documents: Sequence[Document]) -> set[int]:
    """Inserts what is not there yet. Gives the places of those that were not inserted, for whichever unique key.

    Every other failure is raised; the same call may then simply be made again.
    """
    if not documents:
        return set()
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failures = _write_errors(error)
        if any(each["code"] != _DUPLICATE_KEY for each in failures):
            raise
        return {each["index"] for each in failures}
    return set()


async def update_all(collection: Collection, updates: Sequence[UpdateOne]) -> None:
    """Makes the updates in any order."""
    if not updates:
        return
    try:
        await collection.bulk_write(updates, ordered=False)
    except BulkWriteError as error:
        # Two replicas upserted the same document at the same moment: it is there.
        if any(each["code"] != _DUPLICATE_KEY for each in _write_errors(error)):
            raise


def _write_errors(error: BulkWriteError) -> list[Any]:
    details = error.details or {}
    if details.get("writeConcernErrors"):
        raise InfrastructureError("no majority of the database confirmed the write in time") from error
    return list(details.get("writeErrors", []))
