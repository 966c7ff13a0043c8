"""The contacts that wait for a person's review: how many, and since when."""

from datetime import date
from typing import NamedTuple

from services.reporting.store.collections import IN_REVIEW, Collections
from shared.contracts.identifiers import ContactState


class Waiting(NamedTuple):
    """So many contacts wait; ``oldest`` is the first local day on which one of them was received, None without."""

    contacts: int
    oldest: date | None


async def waiting_reviews(collections: Collections, organisation: str) -> Waiting:
    """What waits at an organisation. Reads an index of what waits and nothing else."""
    which = {"codes.state": ContactState.IN_REVIEW.value, "organisation": organisation}
    contacts = await collections.facts.count_documents(which, hint=IN_REVIEW)
    oldest = await collections.facts.find_one(
        which, {"_id": 0, "received_on": 1}, sort=[("received_on", 1)], hint=IN_REVIEW
    )
    return Waiting(contacts, date.fromisoformat(oldest["received_on"]) if oldest else None)
