"""A subscriber for consumers that write: its handler gets many messages at once."""

from collections.abc import Awaitable, Callable, Sequence

from shared.errors import is_infrastructure
from shared.messaging.message import Delivery, IncomingMessage
from shared.messaging.session import Session
from shared.messaging.settler import Settler
from shared.messaging.slow_start import halves

BatchHandler = Callable[[Sequence[IncomingMessage]], Awaitable[None]]
"""Handles the messages together or raises. It must be idempotent: a batch that fails is handed over again in
parts, and any message may come again."""


class BatchSubscriber:
    """Hands batches to the handler. One that fails is halved until the message that fails is found."""

    def __init__(self, handler: BatchHandler, settler: Settler) -> None:
        self._handler = handler
        self._settler = settler

    async def work(self, session: Session, batch: Sequence[Delivery]) -> None:
        """Handles and settles a batch, oldest first."""
        error = await self._settler.verdict(session, lambda: self._handler([each.message for each in batch]))
        if error is None:
            await self._settler.succeeded(session, batch)
        elif len(batch) == 1 or is_infrastructure(error):
            for delivery in batch:
                await self._settler.failed(session, delivery, error)
        else:
            for half in halves(batch):
                await self.work(session, half)
