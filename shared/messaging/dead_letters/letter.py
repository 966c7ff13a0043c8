"""A dead letter as an administrator sees it: where it came from, why it was given up, never what is in it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shared.messaging.message import (
    DEAD_AT,
    DEAD_ATTEMPTS,
    DEAD_REASON,
    DELIVERY_COUNT,
    ORIGINAL_EXCHANGE,
    ORIGINAL_ROUTING_KEY,
    Delivery,
)

_LONGEST: Final = 200
_ID_LENGTH: Final = 16
_DEATHS: Final = "x-death"


@dataclass(frozen=True, slots=True)
class Letter:
    """``queue`` gave it up at ``given_up_at`` (UTC; None where nobody said) after so many ``attempts``.

    ``exchange`` and ``routing_key`` are those that it was first published with. ``id`` is made of what it holds,
    so that it is the same each time somebody looks. ``type``, ``reference``, ``organisation`` and
    ``correlation_id`` come from its headers and are None where it has none.
    """

    id: str
    queue: str
    reason: str
    attempts: int
    given_up_at: datetime | None
    exchange: str
    routing_key: str
    type: str | None
    reference: str | None
    organisation: str | None
    correlation_id: str | None
    size: int
    sha256: str


def letter_of(delivery: Delivery, queue: str) -> Letter:
    """The letter that a delivery out of the dead-letter queue of ``queue`` is. Whatever a sender wrote into its
    headers, this does not fail.
    """
    headers = delivery.message.headers
    sha256 = hashlib.sha256(delivery.message.body).hexdigest()
    death = _death(headers, queue)
    return Letter(
        id=_id(queue, delivery.message.message_id, sha256),
        queue=queue,
        reason=_text(headers.get(DEAD_REASON)) or _text(death.get("reason")) or "unknown",
        attempts=_attempts(headers),
        given_up_at=_moment(headers.get(DEAD_AT)) or _moment(death.get("time")),
        exchange=_first_text(headers.get(ORIGINAL_EXCHANGE), death.get("exchange")),
        routing_key=_first_text(headers.get(ORIGINAL_ROUTING_KEY), *_listed(death.get("routing-keys")), queue),
        type=_text(headers.get("type")),
        reference=_text(headers.get("subject")),
        organisation=_text(headers.get("organisation")),
        correlation_id=_text(headers.get("correlation_id")) or _text(delivery.message.correlation_id),
        size=len(delivery.message.body),
        sha256=sha256,
    )


def _id(queue: str, message_id: str | None, sha256: str) -> str:
    return hashlib.sha256(f"{queue}\n{message_id or ''}\n{sha256}".encode()).hexdigest()[:_ID_LENGTH]


def _death(headers: Mapping[str, Any], queue: str) -> Mapping[str, Any]:
    """What the broker itself wrote down of this queue giving the message up."""
    deaths = [each for each in _listed(headers.get(_DEATHS)) if isinstance(each, dict)]
    return next((each for each in deaths if each.get("queue") == queue), {})


def _attempts(headers: Mapping[str, Any]) -> int:
    # Its consumers died with it in hand: each time the broker had it back was an attempt.
    for value in (headers.get(DEAD_ATTEMPTS), headers.get(DELIVERY_COUNT)):
        if isinstance(value, int):
            return value
    return 0


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value.isprintable() and value else None


def _first_text(*values: object) -> str:
    return next((value for value in values if isinstance(value, str)), "")
