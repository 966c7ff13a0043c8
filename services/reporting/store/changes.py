"""What has changed since a moment: read from the numbers of commits that the slots hold and the marks in facts.

Every transaction of a replica numbers itself in the replica's slot and marks the facts that it writes. Two
transactions of one slot cannot overlap, so a reading that sees commit 812 of a slot sees all facts of the commits
up to it; what another moment lacks is exactly the facts whose mark is beyond the numbers that it knows.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final, NamedTuple

from services.reporting.store.collections import Collections, Generation
from services.reporting.store.documents import MARK
from shared.mongo import Document, Session

Commits = Mapping[int, int]
"""Slot -> number of its last commit; slots that nobody has written in are left out."""
BATCH: Final = 2_000
EVERYTHING: Final = 1 << 62
_UNREAD: Final = {"periods": 0}


class Standing(NamedTuple):
    """Where the database stands at one moment."""

    commits: Commits
    generations: Mapping[str, Generation]


class Changes:
    """Reads facts by when they were written."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections

    async def standing(self, session: Session) -> Standing:
        """Where the database stands at the moment of the session."""
        slots = self._collections.slots.find({"commits": {"$exists": True}}, {"commits": 1}, session=session)
        commits = {each["_id"]: each["commits"] async for each in slots}
        found = self._collections.generations.find({}, session=session)
        return Standing(commits, {each["_id"]: Generation(each) async for each in found})

    async def since(
        self,
        known: Commits,
        standing: Standing,
        session: Session,
        *,
        organisation: str | None = None,
        most: int = EVERYTHING,
    ) -> list[Document] | None:
        """The facts that were written after the known commits; None where there are more than ``most``."""
        facts: list[Document] = []
        for slot, last in standing.commits.items():
            after = known.get(slot, 0)
            if last > after:
                wanted: Document = {f"{MARK}.slot": slot, f"{MARK}.commit": {"$gt": after}}
                if organisation is not None:
                    wanted["organisation"] = organisation
                found = self._collections.facts.find(wanted, _UNREAD, session=session, hint=MARK, batch_size=BATCH)
                facts += await found.to_list(most + 1 - len(facts))
                if len(facts) > most:
                    return None
        return facts

    async def everything(self, organisation: str, session: Session) -> AsyncIterator[list[Document]]:
        """All facts of an organisation by their day of receipt, in batches."""
        order = [("received_on", 1), ("_id", 1)]
        found = self._collections.facts.find(
            {"organisation": organisation}, _UNREAD, session=session, sort=order, batch_size=BATCH
        )
        while batch := await found.to_list(BATCH):
            yield batch
