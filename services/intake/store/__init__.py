"""All of intake's MongoDB, and nothing but that."""

from services.intake.store.claims import FollowUpClaims, SubmissionClaims
from services.intake.store.contacts import Contacts, Events
from services.intake.store.numbers import ReferenceNumbers
from services.intake.store.parked import Parked
from services.intake.store.rejections import Rejections
from shared.mongo import Database

__all__ = ["Store"]


class Store:
    """Intake's collections. The only ones anywhere that hold personal data."""

    def __init__(self, database: Database, *, reference_block: int) -> None:
        self.claims = SubmissionClaims(database)
        self.follow_up_claims = FollowUpClaims(database)
        self.contacts = Contacts(database)
        self.events = Events(database)
        self.parked = Parked(database)
        self.rejections = Rejections(database)
        self.numbers = ReferenceNumbers(database, self.claims, block=reference_block)

    async def create_indexes(self, *, keep_refused_days: int) -> None:
        """Makes every index exist; may be called at each start, by many replicas at once.

        ``keep_refused_days``: how long refused messages, and follow-ups whose contact never came, are kept.
        """
        await self.claims.create_indexes()
        await self.contacts.create_indexes()
        await self.events.create_indexes()
        await self.parked.create_indexes(keep_refused_days)
        await self.rejections.create_indexes(keep_refused_days)
