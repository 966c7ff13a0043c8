"""A contact as it stands, put together from what is stored."""

from typing import NamedTuple

from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.history import ContactPicture, HistoryEntry, picture
from services.intake.domain.registration import Contact
from services.intake.store import Store
from services.intake.store.contacts import LaterContacts


class OpenFile(NamedTuple):
    """The contact, None while it is accepted but not yet registered, what its events come to, and the later
    contacts that are linked to it.
    """

    contact: Contact | None
    now: ContactPicture
    later: LaterContacts


async def open_file(store: Store, claim: SubmissionClaim) -> OpenFile:
    """What there is to know of a contact."""
    contact = (await store.contacts.find([claim.reference])).get(claim.reference)
    entries = [event.entry() for event in await store.events.of([claim.reference])]
    if contact is not None:
        entries.append(HistoryEntry(contact.registered))
    return OpenFile(contact, picture(entries), await store.contacts.linked_to(claim.reference))
