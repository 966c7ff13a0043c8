"""Contacts as they were registered, and every event of theirs, other services' too."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from pymongo import ASCENDING

from services.intake.domain.claims import once
from services.intake.domain.envelopes import SOURCE
from services.intake.domain.history import HistoryEntry
from services.intake.domain.registration import Contact
from services.intake.store.writing import insert_new
from shared.contracts.events import FOLLOW_UP_EVENT_TYPES, Event, parse_event
from shared.contracts.identifiers import FollowUpKind
from shared.contracts.submission import Submission
from shared.mongo import Database, Document

LINKS: Final = ("repeat_of", "possible_duplicate_of")
_DEALT_WITH: Final = [
    FOLLOW_UP_EVENT_TYPES[kind] for kind in (FollowUpKind.ANSWERED, FollowUpKind.CLOSED, FollowUpKind.WITHDRAWN)
]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it went over the wire, to the byte, so that it can be told again."""

    headers: dict[str, Any]
    body: bytes = field(repr=False)
    private: dict[str, str] = field(default_factory=dict, repr=False)

    def entry(self) -> HistoryEntry:
        return HistoryEntry(parse_event(dict(self.headers), self.body), self.private)


class LaterContacts(NamedTuple):
    """References of later contacts that were linked to one."""

    repeated_by: list[str]
    possible_duplicates: list[str]


class Contacts:
    """One document per contact, by reference, written once; what happens to it are events."""

    def __init__(self, database: Database) -> None:
        self._contacts = database["contacts"]

    async def create_indexes(self) -> None:
        await self._contacts.create_index(
            [("organisation", ASCENDING), ("_id", ASCENDING)], name="by_organisation"
        )
        for link in LINKS:
            await self._contacts.create_index(
                [(link, ASCENDING)], name=f"by_{link}", partialFilterExpression={link: {"$exists": True}}
            )

    async def add(self, contacts: Sequence[Contact]) -> list[Contact]:
        """Stores those that are new, and gives those. Of the others the first one stored stays."""
        known = await insert_new(self._contacts, [_contact_document(contact) for contact in contacts])
        return [contact for place, contact in enumerate(contacts) if place not in known]

    async def find(self, references: Iterable[str]) -> dict[str, Contact]:
        """Those of the contacts that are registered, whole, by reference."""
        found = self._contacts.find({"_id": {"$in": once(references)}})
        return {document["_id"]: _contact(document) async for document in found}

    async def registered(self, references: Iterable[str]) -> set[str]:
        """Which of the references are registered by now."""
        found = self._contacts.find({"_id": {"$in": once(references)}}, {"_id": 1})
        return {document["_id"] async for document in found}

    async def linked_to(self, reference: str) -> LaterContacts:
        """The contacts that name this one as what they repeat, or may double, in the order of their references."""
        which: Document = {"$or": [{link: reference} for link in LINKS]}
        found = self._contacts.find(which, dict.fromkeys(LINKS, 1)).sort("_id", ASCENDING)
        linked = [document async for document in found]
        repeats, doubles = ([each["_id"] for each in linked if each.get(link) == reference] for link in LINKS)
        return LaterContacts(repeats, doubles)

    async def each(self, organisation: str | None, reference: str | None) -> AsyncIterator[Contact]:
        """All contacts, or those of an organisation, or one, by reference."""
        async for document in self._contacts.find(_which(organisation, reference)).sort("_id", ASCENDING):
            yield _contact(document)

    async def page(self, organisation: str, *, after: str, limit: int) -> list[Contact]:
        """The organisation's contacts whose references come after one, the first ``limit`` of them."""
        which = {"organisation": organisation, "_id": {"$gt": after}}
        found = self._contacts.find(which).sort("_id", ASCENDING).limit(limit)
        return [_contact(document) async for document in found]

    async def count(self, organisation: str | None, reference: str | None) -> int:
        """How many ``each`` gives."""
        return await self._contacts.count_documents(_which(organisation, reference))


class Events:
    """One document per event, by its id, but for the registration, which the contact itself holds."""

    def __init__(self, database: Database) -> None:
        self._events = database["events"]

    async def create_indexes(self) -> None:
        await self._events.create_index([("reference", ASCENDING)], name="by_reference")

    async def add(self, events: Sequence[StoredEvent]) -> list[StoredEvent]:
        """Stores those that are new, and gives those."""
        known = await insert_new(self._events, [_event_document(event) for event in events])
        return [event for place, event in enumerate(events) if place not in known]

    async def of(self, references: Sequence[str], *, only_own: bool = False) -> list[StoredEvent]:
        """The contacts' events, in no order. ``only_own`` leaves out what other services told."""
        which: Document = {"reference": {"$in": list(references)}}
        if only_own:
            which["headers.source"] = SOURCE
        return [
            StoredEvent(document["headers"], document["body"].encode(), document["private"])
            async for document in self._events.find(which)
        ]

    async def dealt_with(self, references: Iterable[str]) -> dict[str, datetime]:
        """When contacts were first answered, closed or withdrawn, as far as is known; those that were. Nothing is
        read for none.
        """
        asked = once(references)
        first: dict[str, datetime] = {}
        if not asked:
            return first
        which: Document = {"reference": {"$in": asked}, "headers.type": {"$in": _DEALT_WITH}}
        async for document in self._events.find(which, {"reference": 1, "headers.time": 1}):
            happened = datetime.fromisoformat(document["headers"]["time"])
            first[document["reference"]] = min(happened, first.get(document["reference"], happened))
        return first


def stored(event: Event, private: dict[str, str] | None = None) -> StoredEvent:
    """An event as it is kept and sent."""
    return StoredEvent(dict(event.headers()), event.body(), private or {})


def _which(organisation: str | None, reference: str | None) -> Document:
    which: Document = {}
    if organisation is not None:
        which["organisation"] = organisation
    if reference is not None:
        which["_id"] = reference
    return which


def _event_document(event: StoredEvent) -> Document:
    # The body stays a text: whatever a later version of a service puts into it comes out again unchanged.
    return {
        "_id": event.headers["id"],
        "reference": event.headers["subject"],
        "headers": event.headers,
        "body": event.body.decode(),
        "private": event.private,
    }


def _contact_document(contact: Contact) -> Document:
    registered = stored(contact.registered)
    links = {link: linked for link, linked in contact.link._asdict().items() if linked is not None}
    return links | {
        "_id": contact.reference,
        "organisation": contact.organisation,
        "submission_id": contact.submission_id,
        "received_at": contact.received_at,
        "language": contact.language,
        "submission": contact.submission.model_dump(mode="json", exclude_unset=True),
        "registered": {"headers": registered.headers, "body": registered.body.decode()},
    }


def _contact(document: Document) -> Contact:
    registered = document["registered"]
    return Contact(
        reference=document["_id"],
        organisation=document["organisation"],
        submission=Submission.model_validate_json(orjson.dumps(document["submission"])),
        language=document["language"],
        received_at=document["received_at"],
        registered=parse_event(registered["headers"], registered["body"].encode()),
    )
