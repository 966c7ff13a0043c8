"""Refused messages are kept, then answered."""

from collections.abc import Container, Sequence

import structlog

from services.intake.domain.refusal import Refused
from services.intake.domain.rejection import Rejection, reject
from services.intake.following_up import PendingFollowUp
from services.intake.metrics import IntakeMetrics
from services.intake.store import Store
from services.intake.telling import rejection_message
from shared.clock import Clock
from shared.messaging.message import IncomingMessage, OutgoingMessage

_log = structlog.get_logger("intake")


class Refusals:
    """Keeps refusals and makes their answers."""

    def __init__(self, store: Store, organisations: Container[str], clock: Clock, metrics: IntakeMetrics) -> None:
        self._store = store
        self._organisations = organisations
        self._clock = clock
        self._metrics = metrics

    async def keep(
        self, refused: Sequence[tuple[IncomingMessage | PendingFollowUp, Refused]]
    ) -> list[OutgoingMessage]:
        """The answers to publish; by then the refused bytes are kept."""
        rejections = [self._rejection(message, refusal) for message, refusal in refused]
        await self._store.rejections.keep(rejections)
        for rejection in rejections:
            self._tell_log(rejection)
        return [rejection_message(rejection) for rejection in rejections]

    def _rejection(self, message: IncomingMessage | PendingFollowUp, refusal: Refused) -> Rejection:
        return reject(
            message.body,
            message.routing_key,
            refusal.errors,
            organisations=self._organisations,
            now=self._clock(),
            content_type=message.content_type,
            correlation_id=message.correlation_id,
        )

    def _tell_log(self, rejection: Rejection) -> None:
        self._metrics.rejections.labels(rejection.organisation, rejection.codes[0]).inc()
        _log.warning(
            "message refused",
            rejection_id=rejection.id,
            organisation=rejection.organisation,
            codes=rejection.codes,
            size=rejection.size,
        )
