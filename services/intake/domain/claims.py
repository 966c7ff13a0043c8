"""A claim: whoever sees a message first, HTTP or a consumer, gives its id away once and for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """The way a submission came."""

    HTTP = "http"
    AMQP = "amqp"


@dataclass(frozen=True, slots=True)
class SubmissionClaim:
    """A submission that was accepted: its content, its number. ``claimed_at`` is when it is registered.

    Moments are UTC and whole milliseconds, as the database keeps them, so that what is made of a claim is the same
    before and after it was stored.
    """

    id: str
    organisation: str
    submission_id: str
    reference: str
    content_hash: str
    received_at: datetime
    claimed_at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class FollowUpClaim:
    """A follow-up that was accepted, and for which contact."""

    id: str
    content_hash: str
    reference: str


def to_milliseconds(moment: datetime) -> datetime:
    """The moment without what the database does not keep."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def once(things: Iterable[str]) -> list[str]:
    """Each once, in the order of first appearance."""
    return list(dict.fromkeys(things))
