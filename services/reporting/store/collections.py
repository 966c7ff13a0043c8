"""The collections of reporting's database, and what has to be there before the first event.

``facts``        one small document per contact: the codes and numbers that reports are made of
``histories``    the events behind each fact, apart from it so that a scan over facts stays small
``counters``     generation | organisation | month | table | slot -> cells
``generations``  per organisation: which generation of counters holds, and which tables it counts
``slots``        which replica writes which part of the counters, and how often it has
``keys``         what pseudonyms are made with

``monthly_months``, ``monthly_reports`` and ``leases`` are told of in ``store/monthly.py``.
"""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.errors import OperationFailure

from services.reporting.domain.counting import Table, table_name, table_of
from shared.contracts.identifiers import ContactState
from shared.mongo import Database, Document

Collection = AsyncIOMotorCollection[Document]
BY_DAY = "organisation_day_reference"
"""The index that facts are read by in order."""
IN_REVIEW = "in_review"
"""The index of the contacts that wait for a person's review: no others are in it, however many there are."""
SLOTS = 32
"""The most replicas that can write at a time."""


class Collections:
    """Reporting's collections by name."""

    def __init__(self, database: Database) -> None:
        self.client = database.client
        self.facts: Collection = database["facts"]
        self.histories: Collection = database["histories"]
        self.counters: Collection = database["counters"]
        self.generations: Collection = database["generations"]
        self.slots: Collection = database["slots"]
        self.keys: Collection = database["keys"]
        self.monthly_months: Collection = database["monthly_months"]
        self.monthly_reports: Collection = database["monthly_reports"]
        self.leases: Collection = database["leases"]


async def prepare(collections: Collections, tables: Mapping[str, frozenset[Table]]) -> None:
    """Makes indexes, slots and every organisation's first generation. May be called again, by several at once."""
    await collections.facts.create_indexes(
        [
            IndexModel(
                [("organisation", ASCENDING), ("received_on", ASCENDING), ("_id", ASCENDING)],
                name=BY_DAY,
            ),
            # Facts of before there were marks are in nobody's way.
            IndexModel([("mark.slot", ASCENDING), ("mark.commit", ASCENDING)], name="mark", sparse=True),
            IndexModel([("organisation", ASCENDING), ("closed_on", ASCENDING)], name="organisation_closed"),
            IndexModel(
                [("codes.state", ASCENDING), ("organisation", ASCENDING), ("received_on", ASCENDING)],
                name=IN_REVIEW,
                partialFilterExpression={"codes.state": ContactState.IN_REVIEW.value},
            ),
        ]
    )
    if "organisation_day" in await collections.facts.index_information():
        with contextlib.suppress(OperationFailure):  # another replica was first
            await collections.facts.drop_index("organisation_day")
    await collections.counters.create_indexes(
        [
            IndexModel(
                [
                    ("organisation", ASCENDING),
                    ("generation", ASCENDING),
                    ("table", ASCENDING),
                    ("month", ASCENDING),
                ],
                name="organisation_generation_table_month",
            )
        ]
    )
    # Made beforehand, so that a rebuild can stop every slot there can be by touching all of them.
    await collections.slots.bulk_write(
        [UpdateOne({"_id": n}, {"$setOnInsert": {"owner": None}}, upsert=True) for n in range(SLOTS)],
        ordered=False,
    )
    for organisation, wanted in tables.items():
        await _first_generation(collections, organisation, wanted)


async def _first_generation(collections: Collections, organisation: str, wanted: frozenset[Table]) -> None:
    names = table_names(wanted)
    await collections.generations.update_one(
        {"_id": organisation}, {"$setOnInsert": {"current": 1, "tables": names}}, upsert=True
    )
    if await collections.facts.find_one({"organisation": organisation}, {"_id": 1}) is None:
        # Without contacts there is nothing to count anew: the profile's tables simply hold from now on. The
        # condition on events makes it safe where another replica has just written the first.
        await collections.generations.update_one(
            {"_id": organisation, "begun": {"$ne": True}}, {"$set": {"tables": names}}
        )


def table_names(tables: Iterable[Table]) -> list[str]:
    return sorted(table_name(table) for table in tables)


class Generation:
    """An organisation's counters that hold: their number and the tables they count. ``refolds`` goes up with every
    step of a rebuild that writes facts anew; ``rebuilding`` while one is announced.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.organisation: str = document["_id"]
        self.number: int = document["current"]
        self.tables = frozenset(table_of(name) for name in document["tables"])
        self.begun: bool = document.get("begun", False)
        self.refolds: int = document.get("refolds", 0)
        self.rebuilding: bool = "rebuilding" in document
