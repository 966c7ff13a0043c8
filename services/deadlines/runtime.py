"""What runs beside HTTP: the subscriber, the timers, and the numbers for the metrics."""

import asyncio
import time
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry

from services.deadlines.domain.horizon import horizons
from services.deadlines.handlers import EventHandler
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.settings import DeadlinesSettings
from services.deadlines.store import TimelineStore
from services.deadlines.sweep import Sweep, Timers
from services.deadlines.telling import Teller
from shared.clock import Clock
from shared.errors import is_infrastructure
from shared.messaging.messaging import EVENTS_PREFETCH, REST_SECONDS, RESTING_PREFETCH, Messaging
from shared.messaging.topology import DEADLINES_EVENTS, DEADLINES_REGISTERED
from shared.messaging.tracing import MessageTracing
from shared.profiles import Profiles

_TOGETHER = 200
_BUSY_LINGER_SECONDS = 0.05
_REGISTRATIONS_TOGETHER = 500
"""Of most nothing is left to do."""
_COUNT_EVERY_SECONDS = 30.0
_PAUSE_PER_COUNT = 50
_log = structlog.get_logger("deadlines")


class DeadlinesRuntime:
    """Connects broker and database, takes in events and turns what falls due."""

    def __init__(
        self,
        settings: DeadlinesSettings,
        profiles: Profiles,
        store: TimelineStore,
        registry: CollectorRegistry,
        clock: Clock,
        *,
        tracing: MessageTracing | None = None,
    ) -> None:
        self._profiles = profiles
        self._clock = clock
        self._store = store
        self._metrics = _metrics_for(profiles, registry, clock)
        amqp_url = settings.amqp_url.get_secret_value()
        self.messaging = Messaging(amqp_url, "deadlines", registry, settings.topology, tracing)
        teller = Teller(self.messaging.publisher, self._metrics)
        handler = EventHandler(store, teller, profiles, self._metrics, clock)
        self.messaging.batch_subscriber(
            DEADLINES_EVENTS,
            handler,
            max_batch=_TOGETHER,
            prefetch=min(settings.prefetch, EVENTS_PREFETCH),
            busy_linger=_BUSY_LINGER_SECONDS,
        )
        self.messaging.batch_subscriber(
            DEADLINES_REGISTERED,
            handler.registrations,
            max_batch=_REGISTRATIONS_TOGETHER,
            prefetch=RESTING_PREFETCH,
            rest=REST_SECONDS,
            behind=DEADLINES_EVENTS,
        )
        self.sweep = Sweep(
            store,
            teller,
            profiles,
            self._metrics,
            clock,
            lease=timedelta(seconds=settings.lease_seconds),
            group=settings.sweep_group,
        )
        self._timers = Timers(self.sweep, self._metrics, every=settings.sweep_seconds)
        self._counting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.messaging.start()
        await self._store.prepare()
        await self.messaging.consume()
        self._timers.start()
        self._counting = self._counting or asyncio.create_task(self._count())

    async def stop(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            await asyncio.gather(self._counting, return_exceptions=True)
            self._counting = None
        await self._timers.stop()
        await self.messaging.stop()
        self._store.close()

    async def missing(self) -> list[str]:
        """What keeps deadlines from being kept, in words for an operator."""
        missing = [*await self.messaging.ready(), *self._timers.missing(), *self._calendars()]
        try:
            await self._store.ping()
        except Exception as error:
            if not is_infrastructure(error):
                raise
            missing.append("the database does not answer")
        return missing

    def _calendars(self) -> list[str]:
        """The calendars that end before terms that begin today do."""
        ending = []
        for profile in self._profiles.values():
            today = profile.local_date(self._clock())
            for each in horizons(profile, today):
                days = (each.known_until - today).days
                self._metrics.horizon.labels(profile.id, each.calendar).set(days)
                if each.too_near:
                    ending.append(
                        f"the calendar {each.calendar} of {profile.id} is known until {each.known_until} only, "
                        "and terms that begin today end after it; add its next days"
                    )
        return ending

    async def _count(self) -> None:
        while True:
            began = time.monotonic()
            try:
                self._calendars()
                self._metrics.show_counts(await self._store.counts())
                self._metrics.show_uncounted(await self._store.uncounted())
            except Exception as error:  # noqa: BLE001  numbers for operators must not stop the work
                _log.warning("deadlines could not be counted", error=type(error).__name__)
            # However many there are, counting them takes a small part of the time.
            took = time.monotonic() - began
            await asyncio.sleep(max(_COUNT_EVERY_SECONDS, _PAUSE_PER_COUNT * took))


def _metrics_for(profiles: Profiles, registry: CollectorRegistry, clock: Clock) -> DeadlinesMetrics:
    terms = {
        (profile.id, str(term.kind))
        for profile in profiles.values()
        for version in profile.versions
        for term in version.terms
    }
    calendars = {
        each.calendar for profile in profiles.values() for each in horizons(profile, profile.local_date(clock()))
    }
    return DeadlinesMetrics(registry, terms, calendars)
