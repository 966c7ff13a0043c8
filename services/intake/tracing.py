"""How what intake says names the message that it follows from; asked where tracing is on."""

import hashlib
from collections.abc import Iterable

from services.intake.domain.envelopes import correlation_of, follow_up_message_id, submission_message_id
from shared.contracts.canonical import NotJson, parse_json
from shared.contracts.submission import MAX_BODY_BYTES
from shared.messaging.message import IncomingMessage


def inbound_causes(message: IncomingMessage) -> Iterable[str]:
    """The ids that its events carry, and the checksum that a refusal does; a channel's own ids say nothing."""
    causes = [hashlib.sha256(message.body).hexdigest()]
    value = _readable(message.body)
    organisation = value.get("organisation")
    if not isinstance(organisation, str):
        return causes
    if isinstance(follow_up := value.get("follow_up_id"), str):
        return [follow_up_message_id(organisation, follow_up), *causes]
    if isinstance(submission := value.get("submission_id"), str):
        named = [submission_message_id(organisation, submission), correlation_of(organisation, submission)]
        return [*named, *causes]
    return causes


def _readable(body: bytes) -> dict[str, object]:
    if len(body) > MAX_BODY_BYTES:
        return {}
    try:
        value = parse_json(body)
    except NotJson:
        return {}
    return value if isinstance(value, dict) else {}
