import hashlib
from typing import Any

import orjson
import pytest

from services.intake.domain.rejection import KEPT_OF_TOO_LARGE, Rejection, limited, reject
from services.intake.telling import rejection_message
from shared.contracts.events import event_id
from shared.contracts.rejection import FieldError
from shared.contracts.submission import MAX_BODY_BYTES
from tests.unit.intake.messages import NOW, PROFILES, follow_up, spelled, submission

ERROR = FieldError(field="text", code="missing", message="is required; give it")


def rejected(body: bytes, routing_key: str, **changes: Any) -> Rejection:
    return reject(body, routing_key, (ERROR,), organisations=PROFILES, now=NOW, **changes)


@pytest.mark.parametrize(
    ("routing_key", "body", "answer_key"),
    [
        ("submission.leuven.email", b"nonsense", "leuven.email"),
        ("import.leuven.letter", b"", "leuven.letter"),
        ("import.leuven.follow_up", b"", "leuven.follow_up"),
        ("follow_up.leuven.closed", b"", "leuven.follow_up"),
        # What the sender addressed goes before what it wrote.
        ("submission.leuven.email", spelled(submission(channel="phone")), "leuven.email"),
        ("somewhere.else", spelled(submission()), "leuven.web_form"),
        ("somewhere.else", spelled(follow_up()), "leuven.follow_up"),
        ("submission.atlantis.email", spelled(submission()), "leuven.web_form"),
        ("submission.atlantis.email", b"", "unknown.unknown"),
        ("submission.leuven.pigeon", b"[]", "unknown.unknown"),
        ("submission.leuven.pigeon", spelled({"organisation": {"$gt": ""}, "channel": []}), "unknown.unknown"),
        ("", b"", "unknown.unknown"),
    ],
)
def test_the_answer_goes_where_the_sender_listens(routing_key: str, body: bytes, answer_key: str) -> None:
    assert rejected(body, routing_key).answer_key == answer_key


def test_the_bytes_come_back_as_they_came() -> None:
    message = rejection_message(rejected(b"\xff\x00{", "submission.leuven.email", content_type="text/plain"))
    assert message.body == b"\xff\x00{"
    assert message.content_type == "text/plain"
    assert message.mandatory is False
    assert orjson.loads(message.headers["errors"]) == [ERROR]
    assert message.headers["original_routing_key"] == "submission.leuven.email"
    assert message.headers["rejected_at"] == "2026-11-22T12:00:00+00:00"


def test_of_a_body_over_the_limit_the_beginning_comes_back() -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    message = rejection_message(rejected(body, "submission.leuven.email"))
    assert message.body == body[:KEPT_OF_TOO_LARGE]
    assert message.headers["size"] == len(body)
    assert message.headers["sha256"] == hashlib.sha256(body).hexdigest()
    assert message.headers["truncated"] is True


def test_the_same_refusal_is_the_same_and_another_is_another() -> None:
    ids = [rejected(body, key).id for body, key in [(b"a", "k"), (b"a", "k"), (b"b", "k"), (b"a", "l")]]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_the_contacts_correlation_id_goes_before_the_senders() -> None:
    body = spelled(submission(text=""))
    assert rejected(body, "submission.leuven.email").correlation_id == event_id("correlation", "leuven", "form-1")
    assert rejected(b"x", "submission.leuven.email", correlation_id="mine").correlation_id == "mine"
    assert rejected(b"x", "submission.leuven.email").correlation_id is None


def test_errors_without_end_fit_into_a_header() -> None:
    errors = tuple(FieldError(field="é" * 900, code="unknown_field", message="é" * 5000) for _ in range(500))
    kept = limited(errors)
    assert 0 < len(kept) <= 50
    assert len(orjson.dumps(kept)) < 64 * 1024
    assert kept[0]["message"].endswith("…")


def test_what_cannot_be_sent_back_is_left_out() -> None:
    unreadable = "\ufffd" * 255
    rejection = rejected(b"x", "submission.leuven.email", content_type=unreadable, correlation_id=unreadable)
    assert (rejection.content_type, rejection.correlation_id) == (None, None)
