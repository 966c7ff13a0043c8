"""Looks at intervals at the contacts that wait for a person's review, for the metrics."""

import asyncio
import time
from datetime import UTC, date, datetime
from typing import Final

import structlog

from services.reporting.metrics import ReportingMetrics
from services.reporting.store import Collections, waiting_reviews
from shared.clock import Clock
from shared.profiles import Profile, Profiles

_EVERY_SECONDS: Final = 15.0
_PAUSE_PER_LOOK: Final = 50
_log = structlog.get_logger("reporting")


class ReviewWatch:
    """Keeps the gauges of waiting reviews true, for every organisation that there is a profile of."""

    def __init__(
        self, collections: Collections, profiles: Profiles, metrics: ReportingMetrics, clock: Clock
    ) -> None:
        self._collections = collections
        self._profiles = profiles
        self._metrics = metrics
        self._clock = clock

    async def look(self) -> None:
        """Sets the gauges. Raises pymongo's error where the database does not answer."""
        for profile in self._profiles.values():
            waiting = await waiting_reviews(self._collections, profile.id)
            now = self._clock()
            since = now if waiting.oldest is None else min(now, _begins(profile, waiting.oldest))
            self._metrics.show_reviews(profile.id, waiting.contacts, now - since)

    async def keep(self) -> None:
        """Looks again and again, until it is cancelled."""
        while True:
            began = time.monotonic()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  numbers for operators must not stop the work
                _log.warning("waiting reviews could not be counted", error=type(error).__name__)
            # However many wait, counting them takes a small part of the time.
            took = time.monotonic() - began
            await asyncio.sleep(max(_EVERY_SECONDS, _PAUSE_PER_LOOK * took))


def _begins(profile: Profile, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=profile.zone).astimezone(UTC)
