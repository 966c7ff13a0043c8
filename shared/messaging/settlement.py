"""What becomes of a message whose handling failed: one decision, for every kind of subscriber.

A copy goes out, confirmed, before the original is acknowledged: a crash in between makes two of it, never none.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pamqp import encode
from pamqp.commands import Basic

from shared.errors import DeadLetter, RetryLater, is_infrastructure
from shared.messaging.bundle import members_of
from shared.messaging.group_publish import Publication
from shared.messaging.message import (
    ATTEMPT,
    DEAD_AT,
    DEAD_ATTEMPTS,
    DEAD_REASON,
    DELIVERY_COUNT,
    ORIGINAL_EXCHANGE,
    ORIGINAL_ROUTING_KEY,
    Delivery,
    IncomingMessage,
)
from shared.messaging.topology import CONTACTS_DEAD, SERVICES_RETURNS, has_retry_queue, retry_queue

MAX_ATTEMPTS: Final = 5
"""How often a message is handled, retries with delay included, before it is dead-lettered."""

# The broker's traces of earlier journeys, and headers that would send the copy to further queues.
_LEFT_BEHIND: Final = frozenset(
    {
        *("cc", "bcc", "x-death", "x-acquired-count"),
        *(DELIVERY_COUNT, ATTEMPT, DEAD_REASON, DEAD_ATTEMPTS, DEAD_AT),
    }
)
_LEFT_BEHIND_PREFIXES: Final = ("x-first-death-", "x-last-death-")


class Settlement(StrEnum):
    """What is done with a message. The values are those of the metric's label ``outcome``."""

    ACK = "acked"
    WAIT = "waited"
    RETRY = "retried"
    DEAD_LETTER = "dead_lettered"
    PART = "parted"


def decide(error: BaseException, attempt: int, *, has_retry: bool) -> Settlement:
    """How a message is settled after ``error``, raised at its ``attempt``-th handling (1 is the first).

    What nobody foresaw is treated like ``RetryLater``: it may have been the moment, not the message.
    """
    if is_infrastructure(error):
        return Settlement.WAIT
    if isinstance(error, DeadLetter) or not has_retry or attempt >= MAX_ATTEMPTS:
        return Settlement.DEAD_LETTER
    return Settlement.RETRY


def reason(error: BaseException) -> str:
    """A short code for logs and headers. Of a foreign error only its class: its text may quote a citizen."""
    return error.reason if isinstance(error, RetryLater | DeadLetter) else type(error).__name__


def retry_copy(delivery: Delivery, attempt: int) -> Publication:
    """The copy that comes back to the queue after a pause, to be handled for the ``attempt``-th time."""
    headers = _kept_headers(delivery) | _address(delivery) | {ATTEMPT: attempt}
    return _copy(delivery, SERVICES_RETURNS, retry_queue(delivery.message.queue), headers)


def dead_copy(delivery: Delivery, why: str, at: datetime) -> Publication:
    """The copy for the dead letters. The broker's own dead-lettering cannot say why; this does, and when."""
    told = {DEAD_REASON: why, DEAD_ATTEMPTS: delivery.message.attempt, DEAD_AT: at.isoformat()}
    headers = _kept_headers(delivery) | _address(delivery) | told
    return _copy(delivery, CONTACTS_DEAD, delivery.message.queue, headers)


def held_copy(delivery: Delivery) -> Publication:
    """The copy that waits in the retry queue for broker or database; it is no attempt."""
    return retry_copy(delivery, delivery.message.attempt)


def replayed_copy(delivery: Delivery, queue: str, exchange: str, routing_key: str) -> Publication:
    """The copy of a dead letter that goes back to ``queue``, to be handled as if it came for the first time.

    ``exchange`` and ``routing_key`` are those that it was first published with.
    """
    address = {ORIGINAL_EXCHANGE: exchange, ORIGINAL_ROUTING_KEY: routing_key}
    return _copy(delivery, SERVICES_RETURNS, queue, _kept_headers(delivery) | address)


def member_copies(delivery: Delivery) -> list[Publication]:
    """The messages in a bundle, each by itself, as they come back to its queue to be handled.

    Raises ``DeadLetter`` where it cannot be opened.
    """
    published = delivery.properties.timestamp
    return [_member_copy(member, published) for member in members_of(delivery.message)]


def _member_copy(member: IncomingMessage, published: datetime | None) -> Publication:
    address = {ORIGINAL_EXCHANGE: member.exchange, ORIGINAL_ROUTING_KEY: member.routing_key}
    properties = Basic.Properties(
        headers={**member.headers, **address},
        delivery_mode=2,
        content_type=member.content_type,
        correlation_id=member.correlation_id,
        message_id=member.message_id,
        timestamp=published,
    )
    return Publication(SERVICES_RETURNS, member.queue, member.body, properties, mandatory=True)


def may_wait_outside(delivery: Delivery) -> bool:
    """Whether the message may be put into a retry queue."""
    return has_retry_queue(delivery.message.queue)


def _address(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    return {ORIGINAL_EXCHANGE: message.exchange, ORIGINAL_ROUTING_KEY: message.routing_key}


def _kept_headers(delivery: Delivery) -> dict[str, Any]:
    # pamqp reads a string that is not UTF-8 as bytes, and writes bytes only as a bytearray.
    given = delivery.message.headers.items()
    writable = {key: bytearray(value) if isinstance(value, bytes) else value for key, value in given}
    return {key: value for key, value in writable.items() if _is_kept(key, value)}


def _is_kept(key: str, value: Any) -> bool:
    name = key.lower()
    if name in _LEFT_BEHIND or name.startswith(_LEFT_BEHIND_PREFIXES):
        return False
    return _is_encodable({key: value})


def _is_encodable(headers: Mapping[str, Any]) -> bool:
    # Not all that can be read off the wire can be written on it again.
    try:
        encode.field_table(dict(headers))
    except Exception:  # noqa: BLE001  whatever it is, the header cannot be sent
        return False
    return True


def _copy(delivery: Delivery, exchange: str, routing_key: str, headers: Mapping[str, Any]) -> Publication:
    given = delivery.properties
    # Left out: expiration (a copy must not vanish), user_id (the broker holds it against ours), reply_to.
    properties = Basic.Properties(
        headers=dict(headers),
        delivery_mode=2,
        content_type=given.content_type,
        content_encoding=given.content_encoding,
        correlation_id=given.correlation_id,
        message_id=given.message_id,
        message_type=given.message_type,
        timestamp=given.timestamp,
        app_id=given.app_id,
    )
    return Publication(exchange, routing_key, delivery.message.body, properties, mandatory=True)
