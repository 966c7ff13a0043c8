"""Where tracing takes hold of messages: a batch in hand, what is published, what fails.

The plain classes know nothing of it. Those of here stand in for them where a service traces, and only there.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from shared.messaging import settlement
from shared.messaging.consumer import Work
from shared.messaging.message import Delivery, OutgoingMessage
from shared.messaging.publisher import Publisher
from shared.messaging.session import Session
from shared.messaging.settler import Settler


class MessageTracing(Protocol):
    """What is told of messages to whoever keeps their traces."""

    def in_hand(self, queue: str, batch: Sequence[Delivery]) -> AbstractContextManager[None]:
        """As long as the batch is handled and settled. What is published meanwhile, in this task or one that it
        starts, is taken for what follows from one of its messages.
        """

    def outgoing(self, messages: Sequence[OutgoingMessage]) -> AbstractContextManager[Sequence[OutgoingMessage]]:
        """As long as they are published: the messages with headers that tell to which trace each belongs."""

    def not_handled(self, delivery: Delivery, reason: str) -> None:
        """A message of the batch in hand failed; ``reason`` is a code, never an error's own words."""


def traced_work(queue: str, work: Work, tracing: MessageTracing) -> Work:
    """The same work, traced."""

    async def traced(session: Session, batch: list[Delivery]) -> None:
        with tracing.in_hand(queue, batch):
            await work(session, batch)

    return traced


class TracedPublisher(Publisher):
    """Has every message that services publish carry its trace. Copies keep the headers that they came with."""

    def __init__(self, tracing: MessageTracing, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._tracing = tracing

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        with self._tracing.outgoing(messages) as traced:
            await super().publish_all(traced)


class TracedSettler(Settler):
    """Tells of messages that fail."""

    def __init__(self, tracing: MessageTracing, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._tracing = tracing

    async def failed(self, session: Session, delivery: Delivery, error: Exception) -> None:
        self._tracing.not_handled(delivery, settlement.reason(error))
        await super().failed(session, delivery, error)
