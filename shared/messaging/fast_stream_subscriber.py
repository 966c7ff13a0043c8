"""An ordinary FastStream subscriber on our consumer: FastStream parses, injects and calls; we consume and settle.

FastStream's own consumer has one fixed prefetch and settles by its own policies; with ours, its handlers get the
slow start, the waiting and the typed errors that all other consumers have. It opens no bundles (``bundle``).
"""

import asyncio
from collections.abc import Sequence

from aio_pika import IncomingMessage as AioPikaMessage
from faststream.rabbit.subscriber import RabbitSubscriber

from shared.messaging.message import Delivery
from shared.messaging.session import Session
from shared.messaging.settler import Settler


class FastStreamSubscriber:
    """Calls a FastStream subscriber's handlers for each message, several at a time; each settled for itself."""

    def __init__(self, subscriber: RabbitSubscriber, settler: Settler) -> None:
        self._subscriber = subscriber
        self._settler = settler

    async def prepare(self) -> None:
        """Has FastStream build the handlers' models. Call it once, before messages come."""
        # The start of the class above RabbitSubscriber: all of it but the consuming.
        await super(RabbitSubscriber, self._subscriber).start()

    async def work(self, session: Session, batch: Sequence[Delivery]) -> None:
        """Handles the messages side by side and settles them, oldest first."""
        verdicts = await asyncio.gather(*(self._verdict(session, each) for each in batch))
        settled = 0
        for index, (delivery, error) in enumerate(zip(batch, verdicts, strict=True)):
            if error is not None:
                if settled < index:
                    await self._settler.succeeded(session, batch[settled:index])
                await self._settler.failed(session, delivery, error)
                settled = index + 1
        if settled < len(batch):
            await self._settler.succeeded(session, batch[settled:])

    async def _verdict(self, session: Session, delivery: Delivery) -> Exception | None:
        return await self._settler.verdict(session, lambda: self._call(delivery))

    async def _call(self, delivery: Delivery) -> None:
        await self._subscriber.process_message(AioPikaMessage(delivery.raw))
