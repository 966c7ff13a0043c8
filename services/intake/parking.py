"""Follow-ups that came before their contact: refused when it has not come in time, and kept even then."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.intake.domain.inbound import read_follow_up
from services.intake.following_up import FollowUps, PendingFollowUp
from services.intake.metrics import IntakeMetrics
from services.intake.rejecting import Refusals
from services.intake.store import Store
from services.intake.store.parked import ParkedFollowUp
from services.intake.telling import Publishes, each_once, event_message
from shared.clock import Clock
from shared.messaging.topology import INTAKE_IMPORT, INTAKE_LIVE, retry_queue

_log = structlog.get_logger("intake")

AHEAD_OF_INTAKE: Final = (
    # Retries first: what comes back from there while we look is seen where it went.
    retry_queue(INTAKE_LIVE),
    retry_queue(INTAKE_IMPORT),
    INTAKE_LIVE,
    INTAKE_IMPORT,
)
"""Where a submission may still wait that was published before a follow-up was parked."""


class ParkingSweep:
    """Refuses parked follow-ups whose time is up. Any number of replicas may sweep at the same time."""

    def __init__(
        self,
        *,
        store: Store,
        follow_ups: FollowUps,
        refusals: Refusals,
        publisher: Publishes,
        queue_depth: Callable[[str], Awaitable[int]],
        metrics: IntakeMetrics,
        clock: Clock,
        patience: timedelta,
    ) -> None:
        self._store = store
        self._follow_ups = follow_ups
        self._refusals = refusals
        self._publisher = publisher
        self._queue_depth = queue_depth
        self._metrics = metrics
        self._clock = clock
        self._patience = patience
        self._seen_empty: dict[str, datetime] = {}

    async def sweep(self, now: datetime | None = None) -> None:
        """``patience`` runs from when intake was seen to have caught up with everything published before."""
        now = now or self._clock()
        await self._look_at_queues(now)
        # Each queue at a moment of its own: under load they are never all empty at once.
        if len(self._seen_empty) == len(AHEAD_OF_INTAKE):
            await self._store.parked.note_caught_up(parked_before=min(self._seen_empty.values()), seen_at=now)
        while due := await self._store.parked.lease_due(now - self._patience, now):
            await self._settle(due, now)
        self._metrics.parked.set(await self._store.parked.count_waiting())

    async def _look_at_queues(self, now: datetime) -> None:
        for queue in AHEAD_OF_INTAKE:
            if not await self._queue_depth(queue):
                self._seen_empty[queue] = now

    async def _settle(self, due: ParkedFollowUp, now: datetime) -> None:
        outcome = await self._follow_ups.take_in([pending(due)], may_park=False)
        answers = await self._refusals.keep(list(outcome.refused))
        await self._publisher.publish_all(each_once([*map(event_message, outcome.events), *answers]))
        # Marked after it was told: a crash in between tells it once more, under the same id.
        if outcome.no_longer_parked:
            await self._store.parked.remove(outcome.no_longer_parked)
        else:
            await self._store.parked.note_refused(due.id, now)
            _log.warning("no contact came for a parked follow-up", parked_at=due.parked_at.isoformat())


def pending(parked: ParkedFollowUp) -> PendingFollowUp:
    """A parked follow-up on its way again. Its bytes were read before they were parked."""
    return PendingFollowUp(
        read=read_follow_up(parked.body),
        body=parked.body,
        routing_key=parked.routing_key,
        content_type=parked.content_type,
        correlation_id=parked.correlation_id,
        parked_id=parked.id,
    )
