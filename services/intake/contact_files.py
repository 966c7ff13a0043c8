"""A contact as it stands, put together from what is stored."""

from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.history import ContactPicture, HistoryEntry, picture
from services.intake.domain.registration import Contact
from services.intake.store import Store


async def open_file(store: Store, claim: SubmissionClaim) -> tuple[Contact | None, ContactPicture]:
    """The contact, None while it is accepted but not yet registered, and what its events come to."""
    contact = (await store.contacts.find([claim.reference])).get(claim.reference)
    entries = [event.entry() for event in await store.events.of([claim.reference])]
    if contact is not None:
        entries.append(HistoryEntry(contact.registered))
    return contact, picture(entries)
