"""Timers: what falls due is claimed, told, confirmed, and only then marked."""

import contextlib
from datetime import timedelta

import structlog

from services.deadlines.domain.timeline import Timeline
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.reservation import overtaken, policy_of
from services.deadlines.store import Claim, Stored, TimelineStore
from services.deadlines.telling import Teller
from shared.clock import Clock
from shared.contracts.events import Event
from shared.profiles import Profiles
from shared.timer import Timer

_log = structlog.get_logger("deadlines")


class Sweep:
    """Works off what is due, in groups, by any number of replicas at once.

    A replica that dies between telling and marking leaves its claim to run out; then the same events are told
    again, to the last byte: whoever takes a claim over reckons for the same moment at the same revisions.
    """

    def __init__(
        self,
        store: TimelineStore,
        teller: Teller,
        profiles: Profiles,
        metrics: DeadlinesMetrics,
        clock: Clock,
        *,
        lease: timedelta,
        group: int,
    ) -> None:
        self._store = store
        self._teller = teller
        self._profiles = profiles
        self._metrics = metrics
        self._clock = clock
        self._lease = lease
        self._group = group
        self._policy = policy_of(profiles)

    async def run(self) -> int:
        """Works off everything that is due and gives how many timers that were.

        What cannot be reckoned stays claimed, so that it holds nobody up and is tried again when its lease ends.
        """
        done = 0
        with self._metrics.sweep_seconds.time():
            while claim := await self._claim():
                done += len(claim.due)
                await self._work_off(claim)
        return done

    async def _claim(self) -> Claim | None:
        now = self._clock()
        return await self._store.claim_due(now, now + self._lease, self._group, self._policy)

    async def _work_off(self, claim: Claim) -> None:
        events: list[Event] = []
        changes: list[Stored] = []
        for stored in claim.due:
            told = self._turned(stored)
            if told is not None:
                changes.append(Stored(told[0], stored.version))
                events += told[1]
        try:
            await self._teller.tell(events)
            # Where another has written in the meantime it has reckoned the contact anew; nothing is left to mark.
            await self._store.write(changes)
        except BaseException:
            with contextlib.suppress(Exception):
                await self._store.release(claim)
            raise
        self._measure(claim, events)

    def _turned(self, stored: Stored) -> tuple[Timeline, list[Event]] | None:
        try:
            profile = self._profiles[stored.timeline.known.organisation]
            return overtaken(stored.timeline, stored.reserved, profile, self._policy)
        except Exception as error:  # noqa: BLE001  one contact must not stop everybody's timers
            self._metrics.sweep_failures.labels("contact").inc()
            _log.error(
                "a timer cannot be worked off", reference=stored.timeline.reference, error=type(error).__name__
            )
            return None

    def _measure(self, claim: Claim, events: list[Event]) -> None:
        told = {event.envelope.subject for event in events}
        now = self._clock()
        for timeline in (stored.timeline for stored in claim.due):
            if timeline.reference in told and timeline.turns_at is not None:
                self._metrics.firing_lag.observe((now - timeline.turns_at).total_seconds())


class Timers(Timer):
    """Sweeps at intervals for as long as it is started, whatever goes wrong in one sweep."""

    def __init__(self, sweep: Sweep, metrics: DeadlinesMetrics, *, every: float) -> None:
        def failed(error: Exception, others_are_away: bool) -> None:
            metrics.sweep_failures.labels("sweep").inc()
            tell = _log.warning if others_are_away else _log.error
            tell("a sweep broke off; the next one does what it left", error=type(error).__name__)

        super().__init__("the timers", sweep.run, every=every, failed=failed)
