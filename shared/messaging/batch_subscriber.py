"""A subscriber for consumers that write: its handler gets many messages at once."""

from collections.abc import Awaitable, Callable, Sequence

from shared.errors import is_infrastructure
from shared.messaging.bundle import opened
from shared.messaging.message import Delivery, IncomingMessage, is_bundle
from shared.messaging.session import Session
from shared.messaging.settler import Settler
from shared.messaging.slow_start import SUSPECT_FROM, halves

BatchHandler = Callable[[Sequence[IncomingMessage]], Awaitable[None]]
"""Handles the messages together or raises. It must be idempotent: a batch that fails is handed over again in
parts, and any message may come again."""


class BatchSubscriber:
    """Hands batches to the handler. One that fails is halved until the message that fails is found; the messages
    of a bundle that fails come again one by one.
    """

    def __init__(self, handler: BatchHandler, settler: Settler) -> None:
        self._handler = handler
        self._settler = settler

    async def work(self, session: Session, batch: Sequence[Delivery]) -> None:
        """Handles and settles a batch, oldest first."""
        if len(batch) == 1 and batch[0].message.delivery_count >= SUSPECT_FROM and is_bundle(batch[0].message):
            # One of them may be what brings consumers down: the others are not to be counted with it.
            await self._settler.parted(session, batch[0])
            return
        error = await self._settler.verdict(session, lambda: self._handle(batch))
        if error is None:
            await self._settler.succeeded(session, batch)
        elif len(batch) > 1 and not is_infrastructure(error):
            for half in halves(batch):
                await self.work(session, half)
        elif is_bundle(batch[0].message) and not is_infrastructure(error):
            await self._settler.parted(session, batch[0], error)
        else:
            for delivery in batch:
                await self._settler.failed(session, delivery, error)

    async def _handle(self, batch: Sequence[Delivery]) -> None:
        await self._handler(opened(each.message for each in batch))
