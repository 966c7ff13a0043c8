import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.follow_up import FOLLOW_UP, FOLLOW_UP_MODELS, Acknowledged, Closed, Transferred
from shared.contracts.identifiers import FollowUpKind
from tests.unit.contracts.samples import FOLLOW_UPS, follow_up_body, follow_up_errors, told


@pytest.mark.parametrize("kind", FollowUpKind)
def test_each_kind_is_taken(kind: FollowUpKind) -> None:
    assert FOLLOW_UP.validate_json(follow_up_body(kind)).kind is kind


def test_each_kind_has_its_model() -> None:
    assert [type(FOLLOW_UP.validate_json(follow_up_body(kind))) for kind in FollowUpKind] == list(FOLLOW_UP_MODELS)


@pytest.mark.parametrize(
    "kind", [kind for kind, data in FOLLOW_UPS.items() if data in ({}, FOLLOW_UPS[FollowUpKind.CLOSED])]
)
def test_data_may_be_left_out_where_nothing_is_required(kind: FollowUpKind) -> None:
    body = json.loads(follow_up_body(kind))
    del body["data"]
    assert follow_up_errors(json.dumps(body).encode()) == []


@pytest.mark.parametrize(
    ("kind", "data", "field", "code"),
    [
        ("acknowledged", {"contact_person": ""}, "data.contact_person", "too_short"),
        ("acknowledged", {"contact_person": "a\x00"}, "data.contact_person", "invalid"),
        ("acknowledged", {"person": "x"}, "data.person", "unknown_field"),
        ("information_requested", {"reason": "x"}, "data.reason", "unknown_field"),
        ("information_received", {"days": 1}, "data.days", "unknown_field"),
        ("extended", {"reason": "x"}, "data", "invalid"),
        ("extended", {"reason": "x", "days": 1, "until": "2021-04-01"}, "data", "invalid"),
        ("extended", {"days": 5}, "data.reason", "missing"),
        ("extended", {"days": 5, "reason": ""}, "data.reason", "too_short"),
        ("extended", {"days": 5, "reason": "x" * 2001}, "data.reason", "too_long"),
        ("extended", {"days": 5, "reason": "\x00"}, "data.reason", "invalid"),
        ("extended", {"days": 0, "reason": "x"}, "data.days", "out_of_range"),
        ("extended", {"days": 10**30, "reason": "x"}, "data.days", "out_of_range"),
        ("extended", {"days": "5", "reason": "x"}, "data.days", "wrong_type"),
        ("extended", {"days": 5.5, "reason": "x"}, "data.days", "wrong_type"),
        ("extended", {"until": "2021-02-30", "reason": "x"}, "data.until", "wrong_form"),
        ("extended", {"until": "9999-12-31", "reason": "x"}, "data.until", "out_of_range"),
        ("extended", {"until": 18000, "reason": "x"}, "data.until", "wrong_type"),
        ("transferred", {"reason": "x"}, "data", "invalid"),
        ("transferred", {"service": "waste"}, "data.reason", "missing"),
        ("transferred", {"reason": "x", "line": "third"}, "data.line", "not_on_list"),
        ("transferred", {"reason": "x", "handled_by": "me"}, "data.handled_by", "not_on_list"),
        ("transferred", {"reason": "x", "service": "$where"}, "data.service", "wrong_form"),
        ("transferred", {"reason": "x", "other_directorates": ["a"] * 51}, "data.other_directorates", "too_many"),
        ("answered", {"text": "hallo"}, "data.text", "unknown_field"),
        ("closed", {"qualification": "Founded!"}, "data.qualification", "wrong_form"),
        ("closed", {"norms_violated": "a"}, "data.norms_violated", "wrong_type"),
        ("closed", {"topics": [{"$gt": ""}]}, "data.topics.0", "wrong_type"),
        ("reopened", {}, "data.reason", "missing"),
        ("withdrawn", {"why": "x"}, "data.why", "unknown_field"),
        ("escalated", {}, "data.to", "missing"),
        ("escalated", {"to": None}, "data.to", "wrong_type"),
        ("surveyed", {}, "data.score", "missing"),
        ("surveyed", {"score": 0}, "data.score", "out_of_range"),
        ("surveyed", {"score": 11}, "data.score", "out_of_range"),
        ("surveyed", {"score": 7.5}, "data.score", "wrong_type"),
        ("surveyed", {"score": True}, "data.score", "wrong_type"),
        ("surveyed", [], "data", "wrong_type"),
    ],
)
def test_bad_data_is_told_by_field(kind: str, data: Any, field: str, code: str) -> None:
    assert told(follow_up_errors(follow_up_body(kind, data))) == [(field, code)]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "forgotten"}, "kind", "not_on_list"),
        ({"kind": None}, "kind", "not_on_list"),
        ({"kind": {"$ne": "answered"}}, "kind", "not_on_list"),
        ({"submission_id": "form-1"}, "", "invalid"),
        ({"reference": None}, "", "invalid"),
        ({"reference": "LEU 1"}, "reference", "wrong_form"),
        ({"follow_up_id": ""}, "follow_up_id", "too_short"),
        ({"follow_up_id": "a\x00"}, "follow_up_id", "invalid"),
        ({"follow_up_id": "x" * 201}, "follow_up_id", "too_long"),
        ({"organisation": "LEUVEN"}, "organisation", "wrong_form"),
        ({"occurred_at": "2021-03-11T14:05:00"}, "occurred_at", "offset_missing"),
        ({"occurred_at": 1615467900}, "occurred_at", "invalid"),
        ({"occurred_at": "9999-12-31T23:59:59-12:00"}, "occurred_at", "invalid"),
        ({"actor": "x" * 201}, "actor", "too_long"),
        ({"actor": "a\x00"}, "actor", "invalid"),
        ({"other": 1}, "other", "unknown_field"),
        ({"answered": 1}, "answered", "unknown_field"),
    ],
)
def test_bad_follow_up_is_told_by_field(changes: dict[str, Any], field: str, code: str) -> None:
    assert told(follow_up_errors(follow_up_body("answered", **changes))) == [(field, code)]


def test_kind_is_missing() -> None:
    body = json.loads(follow_up_body("answered"))
    del body["kind"]
    (error,) = follow_up_errors(json.dumps(body).encode())
    assert (error["field"], error["code"]) == ("kind", "missing")
    assert "answered" in error["message"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"NaN", b"[" * 100_000, b"\xff", b'{"kind": "\\ud800"}'])
def test_body_that_is_no_message(body: bytes) -> None:
    (error,) = follow_up_errors(body)
    assert error["field"] == ""


def test_null_is_told_from_an_omission() -> None:
    taken = FOLLOW_UP.validate_json(follow_up_body("transferred", {"reason": "x", "service": None}))
    assert isinstance(taken, Transferred)
    assert taken.data.model_fields_set == {"reason", "service"}


def test_closing_without_data_leaves_all_unknown() -> None:
    closed = FOLLOW_UP.validate_json(follow_up_body("closed", {}))
    assert isinstance(closed, Closed)
    assert closed.data.norms_violated is None


def test_the_contact_may_be_named_by_its_submission() -> None:
    taken = FOLLOW_UP.validate_json(follow_up_body("acknowledged", reference=None, submission_id="form-1"))
    assert isinstance(taken, Acknowledged)
    assert (taken.reference, taken.submission_id) == (None, "form-1")


@given(
    st.sampled_from(FollowUpKind), st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.floats())
)
def test_whatever_data_come_in_get_an_answer(kind: FollowUpKind, data: dict[str, Any]) -> None:
    for error in follow_up_errors(follow_up_body(kind, data)):
        assert error["field"].startswith("data")
        assert error["code"]
        assert error["message"]
