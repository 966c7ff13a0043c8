"""Intake on a bench: the real database, messages by hand, a publisher that remembers or fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import orjson

from services.intake.metrics import IntakeMetrics
from services.intake.parking import ParkingSweep
from services.intake.runtime import Parts
from services.intake.store import Store
from shared.errors import InfrastructureError
from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.mongo import Database
from tests.unit.intake.messages import spelled

PATIENCE = timedelta(minutes=10)


@dataclass
class Said:
    """A publisher that remembers what was said, unless it is told to fail."""

    messages: list[OutgoingMessage] = field(default_factory=list)
    fails: bool = False

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        if self.fails:
            raise InfrastructureError("the broker is away")
        self.messages += messages

    def of(self, exchange: str) -> list[OutgoingMessage]:
        return [message for message in self.messages if message.exchange == exchange]

    @property
    def events(self) -> list[OutgoingMessage]:
        return self.of("contacts.events")

    @property
    def rejected(self) -> list[OutgoingMessage]:
        return self.of("contacts.rejected")

    @property
    def codes(self) -> list[str]:
        """The codes of all rejections, in order."""
        return [error["code"] for message in self.rejected for error in orjson.loads(message.headers["errors"])]

    def types(self) -> list[str]:
        return sorted(message.routing_key for message in self.events)


@dataclass
class Bench:
    """``now`` is what intake takes for the present."""

    database: Database
    store: Store
    said: Said
    metrics: IntakeMetrics
    now: datetime
    queued: dict[str, int] = field(default_factory=dict)
    parts: Parts = field(init=False)

    async def take_in(self, *messages: IncomingMessage) -> None:
        await self.parts.inbound.handle(messages)

    async def sweep(self) -> None:
        await self.sweeper.sweep()

    @cached_property
    def sweeper(self) -> ParkingSweep:
        async def depth(queue: str) -> int:
            return self.queued.get(queue, 0)

        return ParkingSweep(
            store=self.store,
            follow_ups=self.parts.follow_ups,
            refusals=self.parts.refusals,
            publisher=self.said,
            queue_depth=depth,
            metrics=self.metrics,
            clock=lambda: self.now,
            patience=PATIENCE,
        )

    async def stored(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that is stored, for comparison."""
        names = ["claims", "follow_up_claims", "contacts", "events", "parked", "rejections"]
        return {name: [each async for each in self.database[name].find().sort("_id", 1)] for name in names}


def inbound(message: object, routing_key: str | None = None) -> IncomingMessage:
    """A message as it comes in, under the key that fits it."""
    if routing_key is None:
        assert isinstance(message, dict)
        kind = "follow_up" if "kind" in message else "submission"
        routing_key = f"{kind}.{message['organisation']}.{message.get('kind', message.get('channel'))}"
    body = message if isinstance(message, bytes) else spelled(message)
    return IncomingMessage("intake.live.v1", body, routing_key=routing_key, content_type="application/json")
