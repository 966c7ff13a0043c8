"""All MongoDB of reporting: facts, the events behind them, counters and their slots, and reports that are kept."""

from services.reporting.store.collections import Collections, prepare
from services.reporting.store.commit import Commit, Committer
from services.reporting.store.listing import FactListing
from services.reporting.store.monthly import MonthlyStore
from services.reporting.store.monthly_documents import Made, MadeMonth
from services.reporting.store.reading import Reading, ReadingRoom
from services.reporting.store.reviews import Waiting, waiting_reviews
from services.reporting.store.slots import Slot

__all__ = [
    "Collections",
    "Commit",
    "Committer",
    "FactListing",
    "Made",
    "MadeMonth",
    "MonthlyStore",
    "Reading",
    "ReadingRoom",
    "Slot",
    "Waiting",
    "prepare",
    "waiting_reviews",
]
