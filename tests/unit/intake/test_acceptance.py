from datetime import datetime, timedelta

import pytest

from services.intake.domain.acceptance import (
    check_follow_up,
    check_follow_up_alone,
    check_submission,
    profile_of,
)
from services.intake.domain.inbound import read_follow_up, read_submission
from services.intake.domain.refusal import Refused
from shared.profiles import Profile
from tests.unit.intake.messages import LEUVEN, NOW, PROFILES, extendable, follow_up, spelled, submission

RECEIVED = datetime.fromisoformat("2021-03-04T09:30:00+01:00")


def submission_codes(message: dict[str, object]) -> list[tuple[str, str]]:
    try:
        check_submission(read_submission(spelled(message)).submission, LEUVEN, NOW)
    except Refused as refusal:
        return [(error["field"], error["code"]) for error in refusal.errors]
    return []


def follow_up_codes(message: dict[str, object], profile: Profile = LEUVEN) -> list[tuple[str, str]]:
    try:
        check_follow_up(read_follow_up(spelled(message)).follow_up, profile, RECEIVED, NOW)
    except Refused as refusal:
        return [(error["field"], error["code"]) for error in refusal.errors]
    return []


def test_an_organisation_without_profile_is_refused() -> None:
    with pytest.raises(Refused, match="unknown_organisation"):
        profile_of("atlantis", PROFILES)


@pytest.mark.parametrize(
    ("received_at", "codes"),
    [
        ("1899-12-31T23:59:59Z", [("received_at", "too_old")]),
        ("1900-01-01T00:00:00Z", []),
        ((NOW + timedelta(minutes=5)).isoformat(), []),
        ((NOW + timedelta(minutes=5, seconds=1)).isoformat(), [("received_at", "in_the_future")]),
        ("9998-01-01T00:00:00-14:00", [("received_at", "in_the_future")]),
    ],
)
def test_the_moment_of_receipt_must_be_possible(received_at: str, codes: list[tuple[str, str]]) -> None:
    assert submission_codes(submission(received_at=received_at)) == codes


def test_codes_must_be_on_the_profiles_lists() -> None:
    about = {"directorate": "atlantis", "service": "afvalbeheer"}
    assert submission_codes(submission(about=about)) == [("about.directorate", "not_on_list")]


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (follow_up(), []),
        (follow_up(occurred_at="2020-01-01T00:00:00Z"), []),
        (follow_up(occurred_at="2027-01-01T00:00:00Z"), [("occurred_at", "in_the_future")]),
        (follow_up(occurred_at="1899-01-01T00:00:00Z"), [("occurred_at", "too_old")]),
        (follow_up("closed", {"qualification": "splendid"}), [("data.qualification", "not_on_list")]),
        (follow_up("escalated", {"to": "the_pope"}), [("data.to", "not_on_list")]),
    ],
)
def test_a_follow_up_must_be_possible(message: dict[str, object], codes: list[tuple[str, str]]) -> None:
    assert follow_up_codes(message) == codes


@pytest.mark.parametrize(
    ("data", "max_days", "codes"),
    [
        ({"days": 1}, None, [("data", "extension_not_allowed")]),
        ({"days": 28}, 28, []),
        ({"days": 29}, 28, [("data.days", "extension_not_allowed")]),
        # Leuven's longest term is 45 days: the furthest end is 45 + 28 days after the extension.
        ({"until": "2021-05-23"}, 28, []),
        ({"until": "2021-05-24"}, 28, [("data.until", "extension_not_allowed")]),
    ],
)
def test_an_extension_must_be_one_that_a_term_knows(
    data: dict[str, object], max_days: int | None, codes: list[tuple[str, str]]
) -> None:
    profile = LEUVEN if max_days is None else extendable(max_days)
    assert follow_up_codes(follow_up("extended", data | {"reason": "advies"}), profile) == codes


def test_without_its_contact_only_what_can_never_be_right_is_refused() -> None:
    check_follow_up_alone(read_follow_up(spelled(follow_up())).follow_up, LEUVEN, NOW)
    wrong = follow_up("closed", {"qualification": "splendid"})
    with pytest.raises(Refused, match="not_on_list"):
        check_follow_up_alone(read_follow_up(spelled(wrong)).follow_up, LEUVEN, NOW)
