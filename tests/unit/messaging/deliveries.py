"""Deliveries as the broker would hand them over."""

from typing import Any

from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared.messaging.message import Delivery, received
from shared.messaging.topology import INTAKE_LIVE

_NO_CHANNEL: Any = None


def delivery(
    body: bytes = b"{}",
    *,
    exchange: str = "contacts.inbound",
    routing_key: str = "submission.leuven.email",
    tag: int = 1,
    redelivered: bool = False,
    queue: str = INTAKE_LIVE,
    **properties: Any,
) -> Delivery:
    """A message that has come in on ``queue``."""
    deliver = Basic.Deliver(
        consumer_tag="c", delivery_tag=tag, redelivered=redelivered, exchange=exchange, routing_key=routing_key
    )
    header = ContentHeader(body_size=len(body), properties=Basic.Properties(**properties))
    return received(DeliveredMessage(deliver, header, body, _NO_CHANNEL), queue)
