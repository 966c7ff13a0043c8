"""The answer to a refused message: the bytes as they came, and what was wrong with them."""

import hashlib
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from services.intake.domain.claims import once
from services.intake.domain.envelopes import correlation_of
from services.intake.domain.inbound import FOLLOW_UP_KEY, InboundKind, read_key
from shared.contracts.canonical import NotJson, parse_json
from shared.contracts.events import event_id
from shared.contracts.identifiers import Channel
from shared.contracts.rejection import MAX_ERRORS, FieldError
from shared.contracts.submission import MAX_BODY_BYTES

KEPT_OF_TOO_LARGE = 64 * 1024
"""So many first bytes are kept of a body over the limit."""
UNKNOWN = "unknown"
_MOST_OF_A_FIELD = 200
_MOST_OF_A_MESSAGE = 600
_MOST_OF_A_PROPERTY = 255
_MOST_OF_ALL = 48 * 1024
"""All headers together share one AMQP frame of 128 KiB at most."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A refused message. ``size`` and ``sha256`` are of the whole body, ``body`` is what is kept of it."""

    id: str
    organisation: str
    channel: str
    routing_key: str
    body: bytes = field(repr=False)
    content_type: str | None
    size: int
    sha256: str
    errors: tuple[FieldError, ...]
    rejected_at: datetime
    correlation_id: str | None

    @property
    def answer_key(self) -> str:
        """The routing key of the answer, which the adapter that sent it listens to."""
        return f"{self.organisation}.{self.channel}"

    @property
    def is_truncated(self) -> bool:
        return self.size > len(self.body)

    @property
    def codes(self) -> list[str]:
        """What was wrong, each once."""
        return once(error["code"] for error in self.errors)


def reject(
    body: bytes,
    routing_key: str,
    errors: tuple[FieldError, ...],
    *,
    organisations: Container[str],
    now: datetime,
    content_type: str | None = None,
    correlation_id: str | None = None,
) -> Rejection:
    """The rejection of these bytes under this key. The same bytes refused for the same reasons make the same id,
    so that a redelivery refuses once.

    ``correlation_id`` is the sender's own, kept where no contact's can be told.
    """
    value = _readable(body)
    organisation, channel = _addressed(routing_key, value, organisations)
    sha256 = hashlib.sha256(body).hexdigest()
    kept = body if len(body) <= MAX_BODY_BYTES else body[:KEPT_OF_TOO_LARGE]
    told = limited(errors)
    return Rejection(
        id=event_id("rejection", sha256, routing_key, *once(error["code"] for error in told)),
        organisation=organisation,
        channel=channel,
        routing_key=routing_key,
        body=kept,
        content_type=_sendable(content_type),
        size=len(body),
        sha256=sha256,
        errors=told,
        rejected_at=now,
        correlation_id=_correlation(value, organisation) or _sendable(correlation_id),
    )


def limited(errors: tuple[FieldError, ...]) -> tuple[FieldError, ...]:
    """As many errors, each as long, as fit into a header."""
    kept: list[FieldError] = []
    left = _MOST_OF_ALL
    for error in errors[:MAX_ERRORS]:
        short = FieldError(
            field=_shortened(error["field"], _MOST_OF_A_FIELD),
            code=error["code"],
            message=_shortened(error["message"], _MOST_OF_A_MESSAGE),
        )
        left -= len(orjson.dumps(short)) + 1
        if left < 0:
            break
        kept.append(short)
    return tuple(kept)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _sendable(name: str | None) -> str | None:
    # What was no text when it came reads as replacement characters, and may have become too long to be sent.
    return name if name is not None and len(name.encode()) <= _MOST_OF_A_PROPERTY else None


def _readable(body: bytes) -> dict[str, object]:
    if len(body) > MAX_BODY_BYTES:
        return {}
    try:
        value = parse_json(body)
    except NotJson:
        return {}
    return value if isinstance(value, dict) else {}


def _addressed(routing_key: str, value: dict[str, object], organisations: Container[str]) -> tuple[str, str]:
    # The key first: it is what the sender addressed, and so what it listens to.
    key = read_key(routing_key)
    candidates = [(value.get("organisation"), value.get("channel", FOLLOW_UP_KEY if "kind" in value else None))]
    if key is not None:
        detail = FOLLOW_UP_KEY if key.kind is InboundKind.FOLLOW_UP else key.detail
        candidates.insert(0, (key.organisation, detail))
    for organisation, channel in candidates:
        if not isinstance(organisation, str) or not isinstance(channel, str):
            continue
        if organisation in organisations and (channel == FOLLOW_UP_KEY or channel in _CHANNELS):
            return organisation, channel
    return UNKNOWN, UNKNOWN


_CHANNELS = frozenset(channel.value for channel in Channel)


def _correlation(value: dict[str, object], organisation: str) -> str | None:
    submission_id = value.get("submission_id")
    if organisation == UNKNOWN or value.get("organisation") != organisation or not isinstance(submission_id, str):
        return None
    return correlation_of(organisation, submission_id)
