"""Monthly reports as they were made, what has been told of them, and who looks after them at the moment.

``monthly_months``   organisation | month -> when its reports were made, and until then how many contacts it had
                     when somebody last looked
``monthly_reports``  organisation | month | directorate | edition -> the report; ``to_announce`` until the broker
                     has confirmed that it was made
``leases``           what one replica does for all
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.reporting.domain.monthly.month import Month
from services.reporting.store.collections import Collections
from services.reporting.store.commit import SNAPSHOT
from services.reporting.store.monthly_documents import (
    Made,
    MadeMonth,
    made_month_of,
    made_of,
    month_document,
    month_id,
    report_document,
    report_id,
)
from shared.mongo import DURABLE, Document, Session

_LEASE: Final = "monthly"
_BY_MONTH: Final = "organisation_month"
_DUPLICATE_KEY: Final = 11000
_BARE: Final = {"content": 0}
_BY_PLACE: Final = [("directorate", ASCENDING), ("edition", ASCENDING)]


class MonthlyStore:
    """Keeps reports: none is ever changed, and of one edition there is one, whoever else makes it at the time."""

    def __init__(self, collections: Collections) -> None:
        self._client = collections.client
        self._months = collections.monthly_months
        self._reports = collections.monthly_reports
        self._leases = collections.leases
        self._owner = uuid4().hex

    async def prepare(self) -> None:
        """Makes the indexes; may be done by many replicas and any number of times."""
        by_month = [("organisation", ASCENDING), ("month", ASCENDING)]
        await self._reports.create_indexes(
            [
                IndexModel([*by_month, *_BY_PLACE], name=_BY_MONTH),
                IndexModel([("to_announce", ASCENDING)], name="to_announce", sparse=True),
            ]
        )
        await self._months.create_indexes([IndexModel(by_month, name=_BY_MONTH)])

    async def take_lease(self, now: datetime, until: datetime) -> bool:
        """Whether this replica looks after monthly reports until then, unless it says again that it does."""
        free = {"$or": [{"owner": self._owner}, {"until": {"$lte": now}}]}
        try:
            taken = await self._leases.update_one(
                {"_id": _LEASE, **free}, {"$set": {"owner": self._owner, "until": until}}, upsert=True
            )
        except DuplicateKeyError:
            # It is there and another's, which an upsert can only tell this way.
            return False
        return taken.matched_count == 1 or taken.upserted_id is not None

    async def release_lease(self) -> None:
        """Lets the next replica look at once."""
        await self._leases.delete_one({"_id": _LEASE, "owner": self._owner})

    async def seen(self, organisation: str, month: Month, contacts: int, now: datetime) -> datetime:
        """Since when the month has been seen with this number of contacts; notes that it has been now."""
        same = {"$eq": ["$seen.contacts", contacts]}
        since = {"$cond": [same, "$seen.since", now]}
        noted = await self._months.find_one_and_update(
            {"_id": month_id(organisation, month)},
            [
                {
                    "$set": {
                        "organisation": organisation,
                        "month": month.name,
                        "seen": {"contacts": contacts, "since": since},
                    }
                }
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        found: datetime = noted["seen"]["since"]
        return found

    async def keep(self, organisation: str, reports: Sequence[Document], month: MadeMonth | None = None) -> bool:
        """Keeps reports that have been made, all of them or none, with the month that they are all of where it is
        made for the first time; False where somebody else has kept one of them first.
        """

        async def write(session: Session) -> None:
            if month is not None:
                # Where it has been made already, this would make a second one of its name.
                await self._months.update_one(
                    {"_id": month_id(organisation, month.month), "made_at": {"$exists": False}},
                    {"$set": month_document(organisation, month)},
                    upsert=True,
                    session=session,
                )
            if reports:
                await self._reports.insert_many(
                    [report_document(each) for each in reports], ordered=True, session=session
                )

        async with await self._client.start_session() as session:
            try:
                await session.with_transaction(write, read_concern=SNAPSHOT, write_concern=DURABLE)
            except DuplicateKeyError:
                return False
            except BulkWriteError as error:
                if all(each["code"] == _DUPLICATE_KEY for each in error.details["writeErrors"]):
                    return False
                raise
        return True

    async def months(self, organisation: str, among: Sequence[Month] | None = None) -> dict[Month, MadeMonth]:
        """The months whose reports were made, the latest first; only those among the given ones."""
        wanted: Document = {"organisation": organisation, "made_at": {"$exists": True}}
        if among is not None:
            wanted["month"] = {"$in": [each.name for each in among]}
        found = self._months.find(wanted).sort("month", -1)
        made = [made_month_of(each) async for each in found]
        return {each.month: each for each in made}

    async def reports(self, organisation: str, month: Month) -> list[Made]:
        """All editions of all reports of a month, without what stands in them, by directorate and edition."""
        wanted = {"organisation": organisation, "month": month.name}
        found = self._reports.find(wanted, _BARE).sort(_BY_PLACE)
        return [made_of(each) async for each in found]

    async def counts(self, organisation: str) -> dict[Month, int]:
        """How many directorates there is a report of, by month."""
        grouped = {"_id": {"month": "$month", "directorate": "$directorate"}}
        counted = self._reports.aggregate(
            [
                {"$match": {"organisation": organisation}},
                {"$group": grouped},
                {"$group": {"_id": "$_id.month", "reports": {"$sum": 1}}},
            ]
        )
        return {month: each["reports"] async for each in counted if (month := Month.named(each["_id"]))}

    async def content(
        self, organisation: str, month: Month, directorate: str, edition: int | None
    ) -> dict[str, Any] | None:
        """What stands in a report, in its last edition where none is named; None where there is no such one."""
        wanted: Document = {"organisation": organisation, "month": month.name, "directorate": directorate}
        if edition is not None:
            wanted["edition"] = edition
        found = await self._reports.find_one(wanted, {"content": 1}, sort=[("edition", -1)])
        return None if found is None else dict(found["content"])

    async def to_announce(self, most: int) -> list[Made]:
        """Reports that nobody has been told of for certain, the first made first."""
        found = self._reports.find({"to_announce": {"$exists": True}}, _BARE).sort("to_announce", ASCENDING)
        return [made_of(each) async for each in found.limit(most)]

    async def announced(self, reports: Sequence[Made], now: datetime) -> None:
        """The broker has confirmed these."""
        await self._reports.update_many(
            {"_id": {"$in": [report_id(each) for each in reports]}},
            {"$set": {"announced_at": now}, "$unset": {"to_announce": ""}},
        )

    async def waiting_to_be_announced(self) -> dict[str, int]:
        """How many reports nobody has been told of for certain, by organisation."""
        counted = self._reports.aggregate(
            [
                {"$match": {"to_announce": {"$exists": True}}},
                {"$group": {"_id": "$organisation", "reports": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["reports"] async for each in counted}
