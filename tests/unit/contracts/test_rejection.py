import json

import pytest
from pydantic import ValidationError

from shared.contracts.follow_up import FOLLOW_UP
from shared.contracts.identifiers import Channel, FollowUpKind
from shared.contracts.rejection import MAX_ERRORS, MAX_PATH, field_errors
from shared.contracts.submission import Submission
from tests.unit.contracts.samples import ATTACHMENT, follow_up_body, submission_body, submission_errors

FRAME_MAX = 131_072
"""Bytes of a frame as RabbitMQ negotiates it: a message's headers have to fit in one."""


def test_errors_have_an_end() -> None:
    assert len(submission_errors(submission_body(**{f"x{n}": n for n in range(500)}))) == MAX_ERRORS


def test_errors_fit_in_a_header_whatever_the_sender_calls_his_fields() -> None:
    errors = submission_errors(submission_body(**{f"{n:04}{'€' * 5000}": n for n in range(150)}))
    assert all(len(error["field"]) <= MAX_PATH for error in errors)
    assert errors[0]["field"].startswith("0000€")
    assert errors[0]["field"].endswith("…")
    assert len(json.dumps(errors).encode()) < FRAME_MAX


def test_a_path_of_the_longest_length_is_told_whole() -> None:
    (error,) = submission_errors(submission_body(**{"x" * MAX_PATH: 1}))
    assert error["field"] == "x" * MAX_PATH


def test_the_path_leads_into_lists() -> None:
    (error,) = submission_errors(submission_body(attachments=[ATTACHMENT, ATTACHMENT | {"size": "1"}]))
    assert error["field"] == "attachments.1.size"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (submission_body(channel="fax"), [f"'{channel}'" for channel in Channel]),
        (submission_body(text="x" * 20_001), ["20000"]),
        (submission_body(received_at="2021-03-04T09:30:00"), ["offset", "2021-03-04T09:30:00+01:00"]),
        (submission_body(received_at=5), ["RFC 3339", "2021-03-04T09:30:00+01:00"]),
        (submission_body(reference="LEU-1"), ["historical"]),
        (submission_body(misspelt=1), ["check the spelling"]),
    ],
)
def test_a_message_says_what_would_be_right(body: bytes, says: list[str]) -> None:
    (error,) = submission_errors(body)
    assert all(part in error["message"] for part in says)


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValidationError) as caught:
        FOLLOW_UP.validate_json(follow_up_body("answered", kind="lost"))
    (error,) = field_errors(caught.value, drop=FollowUpKind)
    assert all(kind in error["message"] for kind in FollowUpKind)
    assert "lost" not in error["message"]


def test_only_pydantics_own_step_is_left_out_of_a_path() -> None:
    with pytest.raises(ValidationError) as caught:
        FOLLOW_UP.validate_json(follow_up_body("answered", answered=1, closed=2))
    assert [error["field"] for error in field_errors(caught.value, drop=FollowUpKind)] == ["answered", "closed"]


def test_an_error_never_shows_its_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Submission.model_validate_json(submission_body(text={"geheim": "Geheim-7431"}, channel="Geheim-7431"))
    assert "Geheim-7431" not in str(caught.value)
    assert "Geheim-7431" not in str(field_errors(caught.value))
