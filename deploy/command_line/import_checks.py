"""Whether a row would be taken in, told before it is handed in: by the same rules that intake has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from services.intake.domain.acceptance import check_follow_up_alone, check_submission, profile_of
from services.intake.domain.inbound import ReadSubmission, read_message
from services.intake.domain.refusal import Refused
from shared.contracts.rejection import FieldError
from shared.profiles import Profiles, load_profiles


@dataclass(frozen=True)
class Checks:
    """The rules, with the organisations' profiles."""

    profiles: Profiles

    @classmethod
    def of(cls, directory: Path | None) -> "Checks":
        return cls(load_profiles(directory))

    def errors(self, body: bytes, key: str) -> Sequence[FieldError]:
        """What is wrong with a message; empty where intake would take it, as far as it can be told alone."""
        now = datetime.now(UTC)
        try:
            read = read_message(body, key)
            if isinstance(read, ReadSubmission):
                check_submission(read.submission, profile_of(read.submission.organisation, self.profiles), now)
            else:
                check_follow_up_alone(read.follow_up, profile_of(read.follow_up.organisation, self.profiles), now)
        except Refused as refusal:
            return refusal.errors
        return ()


def routing_key(body: bytes) -> str:
    """The key under which a message of an import goes; one that it has no parts for is refused with a reason."""
    try:
        message: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        message = {}
    if not isinstance(message, dict):
        message = {}
    detail = "follow_up" if "follow_up_id" in message else message.get("channel")
    return f"import.{_word(message.get('organisation'))}.{_word(detail)}"


def _word(value: object) -> str:
    return value if isinstance(value, str) and value.replace("_", "").isalnum() and value.isascii() else "unknown"
