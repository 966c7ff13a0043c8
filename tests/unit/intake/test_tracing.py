"""What intake says names the message that it follows from."""

import hashlib
from typing import Any

import pytest

from services.intake.domain.envelopes import correlation_of
from services.intake.domain.follow_ups import tell_follow_up
from services.intake.domain.inbound import read_follow_up
from services.intake.domain.refusal import refused
from services.intake.domain.rejection import reject
from services.intake.telling import rejection_message
from services.intake.tracing import inbound_causes
from shared.messaging.message import IncomingMessage
from shared.messaging.topology import INTAKE_LIVE
from tests.unit.intake.messages import NOW, follow_up, spelled, submission


def causes_of(body: bytes) -> list[str]:
    return list(inbound_causes(IncomingMessage(INTAKE_LIVE, body, message_id="theirs", correlation_id="theirs")))


def test_a_submission_is_the_cause_of_all_that_carries_its_contacts_correlation() -> None:
    assert correlation_of("leuven", "form-1") in causes_of(spelled(submission()))


def test_a_follow_up_is_the_cause_of_its_event_and_of_nothing_else_about_the_contact() -> None:
    body = spelled(follow_up())
    told = tell_follow_up(read_follow_up(body).follow_up, reference="LEU-2021-000001", submission_id="form-1")
    assert told.event.envelope.causation_id in causes_of(body)
    assert told.event.envelope.correlation_id not in causes_of(body)


@pytest.mark.parametrize("body", [spelled(submission(text="")), b"nonsense", b"[]", b"7", b"\xff", b"{" * 5000])
def test_a_refused_message_is_the_cause_of_its_answer(body: bytes) -> None:
    errors = refused("", "not_json", "is not JSON").errors
    answer = rejection_message(reject(body, "submission.leuven.email", errors, organisations=("leuven",), now=NOW))
    assert answer.headers["sha256"] in causes_of(body)


def test_of_what_is_too_large_nothing_but_its_checksum_is_told() -> None:
    body = spelled(submission(text="x" * 2**20))
    assert causes_of(body) == [hashlib.sha256(body).hexdigest()]


@pytest.mark.parametrize(
    "value", [{"organisation": 7}, {"organisation": "leuven", "submission_id": 7}, {"organisation": "leuven"}]
)
def test_ids_that_are_none_are_no_causes(value: dict[str, Any]) -> None:
    body = spelled(value)
    assert causes_of(body) == [hashlib.sha256(body).hexdigest()]
