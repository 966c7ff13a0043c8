import pytest

from services.intake.domain.inbound import (
    InboundKey,
    InboundKind,
    ReadFollowUp,
    ReadSubmission,
    read_key,
    read_message,
    read_submission,
)
from services.intake.domain.refusal import Refused
from shared.contracts.submission import MAX_BODY_BYTES
from tests.unit.intake.messages import follow_up, spelled, submission


def told(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in refusal.value.errors]


@pytest.mark.parametrize(
    ("routing_key", "meaning"),
    [
        ("submission.leuven.email", InboundKey(InboundKind.SUBMISSION, "leuven", "email")),
        ("follow_up.leuven.closed", InboundKey(InboundKind.FOLLOW_UP, "leuven", "closed")),
        ("import.leuven.email", InboundKey(InboundKind.SUBMISSION, "leuven", "email")),
        ("import.leuven.follow_up", InboundKey(InboundKind.FOLLOW_UP, "leuven", None)),
        ("submission.leuven", None),
        ("submission.leuven.email.x", None),
        ("contact.leuven.email", None),
        ("", None),
    ],
)
def test_a_routing_key_says_what_its_message_is(routing_key: str, meaning: InboundKey | None) -> None:
    assert read_key(routing_key) == meaning


def test_reads_a_submission_and_a_follow_up() -> None:
    assert isinstance(read_message(spelled(submission()), "submission.leuven.web_form"), ReadSubmission)
    assert isinstance(read_message(spelled(submission()), "import.leuven.web_form"), ReadSubmission)
    assert isinstance(read_message(spelled(follow_up()), "follow_up.leuven.answered"), ReadFollowUp)
    assert isinstance(read_message(spelled(follow_up()), "import.leuven.follow_up"), ReadFollowUp)


def test_the_same_content_is_known_however_it_is_spelled() -> None:
    one = read_submission(b'{"submission_id":"1","organisation":"leuven","channel":"email",'
                          b'"received_at":"2021-03-04T09:30:00+01:00","text":"caf\xc3\xa9"}')  # fmt: skip
    other = read_submission(b'{ "text": "caf\\u00e9", "channel":"email","received_at":"2021-03-04T09:30:00+01:00",'
                            b'"organisation":"leuven", "submission_id":"1"}')  # fmt: skip
    assert one.content_hash == other.content_hash


def test_other_content_is_other() -> None:
    hashes = {
        read_submission(spelled(submission(**change))).content_hash
        for change in ({}, {"text": "x"}, {"subject": None})
    }
    assert len(hashes) == 3


def test_a_key_that_is_not_known_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        read_message(spelled(submission()), "somewhere.else")
    assert told(refusal) == [("", "unknown_routing_key")]


def test_a_body_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused) as refusal:
        read_message(b"{" * (MAX_BODY_BYTES + 1), "submission.leuven.email")
    assert told(refusal) == [("", "too_large")]


@pytest.mark.parametrize(
    ("routing_key", "message", "fields"),
    [
        ("submission.leiden.web_form", submission(), ["organisation"]),
        ("submission.leuven.email", submission(), ["channel"]),
        ("import.leiden.email", submission(), ["organisation", "channel"]),
        ("follow_up.leuven.closed", follow_up(), ["kind"]),
        ("import.leiden.follow_up", follow_up(), ["organisation"]),
    ],
)
def test_a_key_that_contradicts_the_body_is_refused(
    routing_key: str, message: dict[str, object], fields: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        read_message(spelled(message), routing_key)
    assert told(refusal) == [(field, "routing_key_mismatch") for field in fields]


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"\xff\xfe{}", b'{"text": NaN}', b"[" * 100_000, b'{"text": "\\ud800"}', b"\x00"]
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    for routing_key in ("submission.leuven.email", "follow_up.leuven.closed"):
        with pytest.raises(Refused) as refusal:
            read_message(body, routing_key)
        assert told(refusal) == [("", "not_json")]


def test_a_refusal_does_not_repeat_what_the_citizen_wrote() -> None:
    with pytest.raises(Refused) as refusal:
        read_submission(spelled(submission(citizen={"email": "not an address of mine"}, surprise="my secret")))
    said = spelled(list(refusal.value.errors)).decode()
    assert "citizen.email" in said
    assert "not an address" not in said
    assert "my secret" not in said
