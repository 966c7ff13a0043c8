"""Past contacts, group by group, so that a store of any size can be handed out."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from typing import NamedTuple

from services.intake.domain.past_contacts import past_contact
from services.intake.domain.registration import Contact
from services.intake.store import Store
from shared.contracts.events import Event
from shared.contracts.past_contact import PastContact

GROUP = 100
"""Contacts that are in memory at a time."""


class Wanted(NamedTuple):
    """Which contacts: an organisation's, those after a reference, at most so many, only what people decided on."""

    organisation: str
    after: str = ""
    limit: int | None = None
    corrected: bool = False


async def past_contacts(store: Store, wanted: Wanted) -> AsyncIterator[list[PastContact]]:
    """The contacts in order of their references, in groups; a group may be empty. Each group is a question of its
    own, so a reader may be as slow as it likes.
    """
    place, left = wanted.after, wanted.limit
    while left is None or left > 0:
        contacts = await store.contacts.page(wanted.organisation, after=place, limit=GROUP)
        if not contacts:
            return
        place = contacts[-1].reference
        found = await _with_their_events(store, contacts)
        group = [each for each in found if each.decided_by_people or not wanted.corrected][:left]
        left = None if left is None else left - len(group)
        yield group


async def _with_their_events(store: Store, contacts: Sequence[Contact]) -> list[PastContact]:
    stored = await store.events.of([contact.reference for contact in contacts])
    ours = [event.entry().event for event in stored if str(event.headers["type"]).startswith("contact.")]
    events = {subject: list(each) for subject, each in groupby(sorted(ours, key=_subject), key=_subject)}
    return [past_contact(contact, events.get(contact.reference, ())) for contact in contacts]


def _subject(event: Event) -> str:
    return event.envelope.subject
