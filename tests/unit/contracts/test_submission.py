import json
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from annotated_types import MaxLen
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints

from shared.contracts.submission import Submission
from tests.unit.contracts.samples import ATTACHMENT, SUBMISSION, submission_body, submission_errors, told

OFFSET_EXAMPLE = "2021-03-04T09:30:00+01:00"


def test_the_least_that_is_a_submission() -> None:
    submission = Submission.model_validate_json(submission_body())
    assert submission.citizen is None
    assert not submission.historical
    assert submission.received_at.isoformat() == OFFSET_EXAMPLE


@pytest.mark.parametrize("field", SUBMISSION)
def test_required_field_is_missing(field: str) -> None:
    body = json.dumps({name: value for name, value in SUBMISSION.items() if name != field}).encode()
    assert submission_errors(body) == [{"field": field, "code": "missing", "message": "is required; give it"}]


@pytest.mark.parametrize("field", SUBMISSION)
def test_required_field_is_null(field: str) -> None:
    assert [error["field"] for error in submission_errors(submission_body(**{field: None}))] == [field]


@pytest.mark.parametrize(
    "field",
    [
        "nature",
        "subject",
        "language",
        "citizen",
        "access_channel",
        "entity",
        "attributes",
        "about",
        "facts_on",
        "earlier_contact",
        "attachments",
        "reference",
    ],
)
def test_optional_field_may_be_null(field: str) -> None:
    assert submission_errors(submission_body(**{field: None})) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"text": ""}, "text", "too_short"),
        ({"text": " \n\t "}, "text", "invalid"),
        ({"text": "x" * 20_001}, "text", "too_long"),
        ({"text": 5}, "text", "wrong_type"),
        ({"text": ["a"]}, "text", "wrong_type"),
        ({"subject": "x" * 201}, "subject", "too_long"),
        ({"submission_id": ""}, "submission_id", "too_short"),
        ({"submission_id": "x" * 201}, "submission_id", "too_long"),
        ({"submission_id": 12}, "submission_id", "wrong_type"),
        ({"organisation": "Leuven"}, "organisation", "wrong_form"),
        ({"organisation": "leuven\n"}, "organisation", "wrong_form"),
        ({"organisation": ""}, "organisation", "wrong_form"),
        ({"channel": "fax"}, "channel", "not_on_list"),
        ({"channel": "E-MAIL"}, "channel", "not_on_list"),
        ({"nature": "vraag"}, "nature", "not_on_list"),
        ({"language": "nl_BE"}, "language", "wrong_form"),
        ({"language": "nl\n"}, "language", "wrong_form"),
        ({"received_at": "2021-03-04T09:30:00"}, "received_at", "offset_missing"),
        ({"received_at": 1614843000}, "received_at", "invalid"),
        ({"received_at": "1614843000"}, "received_at", "invalid"),
        ({"received_at": 1614843000.5}, "received_at", "invalid"),
        ({"received_at": True}, "received_at", "invalid"),
        ({"received_at": {}}, "received_at", "invalid"),
        ({"received_at": "2021-03-04"}, "received_at", "invalid"),
        ({"received_at": "4 maart 2021"}, "received_at", "invalid"),
        ({"received_at": "2021-03-04T09:30+01:00"}, "received_at", "invalid"),
        ({"received_at": "2021-03-04T09:30:00+0100"}, "received_at", "invalid"),
        ({"received_at": " 2021-03-04T09:30:00Z"}, "received_at", "invalid"),
        ({"received_at": "2021-13-04T09:30:00Z"}, "received_at", "wrong_form"),
        ({"received_at": "2021-02-29T09:30:00Z"}, "received_at", "wrong_form"),
        ({"received_at": "2021-03-04T25:30:00Z"}, "received_at", "wrong_form"),
        ({"received_at": "2021-03-04T09:30:00+99:00"}, "received_at", "wrong_form"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at", "invalid"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at", "invalid"),
        ({"facts_on": "2021-02-30"}, "facts_on", "wrong_form"),
        ({"facts_on": "2021-02-03T00:00:00Z"}, "facts_on", "wrong_form"),
        ({"facts_on": 18000}, "facts_on", "wrong_type"),
        ({"legal_proceedings": "true"}, "legal_proceedings", "wrong_type"),
        ({"historical": 1}, "historical", "wrong_type"),
        ({"anonymous_towards_service": None}, "anonymous_towards_service", "wrong_type"),
        ({"citizen": "Jan"}, "citizen", "wrong_type"),
        ({"citizen": {"email": "no address"}}, "citizen.email", "wrong_form"),
        ({"citizen": {"email": "a@b\n"}}, "citizen.email", "wrong_form"),
        ({"citizen": {"phone": "x" * 51}}, "citizen.phone", "too_long"),
        ({"citizen": {"address": {"postal_code": "9" * 21}}}, "citizen.address.postal_code", "too_long"),
        ({"citizen": {"address": {"planet": "Mars"}}}, "citizen.address.planet", "unknown_field"),
        ({"about": {"directorate": "$ne"}}, "about.directorate", "wrong_form"),
        ({"about": {"directorate": {"$ne": None}}}, "about.directorate", "wrong_type"),
        ({"about": {"other_directorates": ["a"] * 21}}, "about.other_directorates", "too_many"),
        ({"about": {"other_directorates": ["a", "B"]}}, "about.other_directorates.1", "wrong_form"),
        ({"attributes": {"stock": 1}}, "attributes.stock", "wrong_type"),
        ({"attributes": {"stock": {"$gt": ""}}}, "attributes.stock", "wrong_type"),
        ({"attributes": {"$set": "a"}}, "attributes.$set.[key]", "wrong_form"),
        ({"attributes": {"a.b": "a"}}, "attributes.a.b.[key]", "wrong_form"),
        ({"attributes": {f"a{n}": "b" for n in range(33)}}, "attributes", "too_many"),
        ({"attributes": []}, "attributes", "wrong_type"),
        ({"earlier_contact": {"on": "2021-01-01"}}, "earlier_contact.result", "missing"),
        (
            {"earlier_contact": {"on": "2021-01-01", "result": "angry"}},
            "earlier_contact.result",
            "not_on_list",
        ),
        ({"attachments": [ATTACHMENT] * 51}, "attachments", "too_many"),
        ({"attachments": [ATTACHMENT | {"size": -1}]}, "attachments.0.size", "out_of_range"),
        ({"attachments": [ATTACHMENT | {"size": 2**53}]}, "attachments.0.size", "out_of_range"),
        ({"attachments": [ATTACHMENT | {"size": 10**400}]}, "attachments.0.size", "out_of_range"),
        ({"attachments": [ATTACHMENT | {"size": 1.5}]}, "attachments.0.size", "wrong_type"),
        ({"attachments": [ATTACHMENT | {"sha256": "Z" * 64}]}, "attachments.0.sha256", "wrong_form"),
        ({"attachments": [ATTACHMENT | {"content": "AAAA"}]}, "attachments.0.content", "unknown_field"),
        ({"reference": "LEU-2021-000001"}, "", "invalid"),
        ({"reference": "../../etc", "historical": True}, "reference", "wrong_form"),
        ({"reference": "a\n", "historical": True}, "reference", "wrong_form"),
        ({"txet": "misspelt"}, "txet", "unknown_field"),
        ({"$where": "1"}, "$where", "unknown_field"),
    ],
)
def test_bad_input_is_told_by_field(changes: dict[str, Any], field: str, code: str) -> None:
    assert told(submission_errors(submission_body(**changes))) == [(field, code)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"not json", "not_json"),
        (b'{"text": "half', "not_json"),
        ('{"text": "é"}'.encode("latin-1"), "not_json"),
        ('{"text": "hallo"}'.encode("utf-16"), "not_json"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"text": "\\ud800"}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 100_000, "not_json"),
        (b"NaN", "wrong_type"),
        (b"null", "wrong_type"),
        (b"[]", "wrong_type"),
        (b'"text"', "wrong_type"),
        (b"7", "wrong_type"),
    ],
)
def test_body_that_is_no_message(body: bytes, code: str) -> None:
    assert told(submission_errors(body)) == [("", code)]


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity", b"1e400"])
def test_what_is_no_number_is_no_size(value: bytes) -> None:
    body = submission_body(attachments=[ATTACHMENT | {"size": "X"}]).replace(b'"X"', value)
    assert submission_errors(body)


@pytest.mark.parametrize(
    ("changes"),
    [
        {"text": "x" * 20_000},
        {"text": "€" * 20_000},
        {"subject": "x" * 200},
        {"subject": ""},
        {"submission_id": "x" * 200},
        {"text": "Het kost $5; {$where: 1} en $ne zijn woorden."},
        {"subject": "$set"},
        {"submission_id": "$gt"},
        {"citizen": {}},
        {"citizen": {"name": "$where"}},
        {"language": "zh-Hant-TW"},
        {"received_at": "2021-03-04T09:30:00Z"},
        {"received_at": "2021-03-04t09:30:00.123456789z"},
        {"received_at": "2021-03-04 09:30:00-05:30"},
        {"attachments": [ATTACHMENT | {"size": 2**53 - 1}]},
        {"attachments": [ATTACHMENT] * 50},
        {"attributes": {"stock": "social_housing"}},
        {"attributes": {}},
        {"reference": "OMB-2021.17", "historical": True},
        {"facts_on": "1999-12-31"},
    ],
)
def test_what_is_within_the_limits_is_taken(changes: dict[str, Any]) -> None:
    assert submission_errors(submission_body(**changes)) == []


def text_fields(model: type[BaseModel], *path: str) -> Iterator[tuple[str, ...]]:
    """The path of every field in which a sender writes a text, also within lists and parts."""
    for name, field in model.model_fields.items():
        for inner in models(field.annotation):
            yield from text_fields(inner, *path, name)
        if not models(field.annotation) and has_text(field.annotation, field.metadata):
            yield (*path, name)


def models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models(argument)]


def has_text(annotation: Any, metadata: list[Any]) -> bool:
    limited = any(isinstance(each, StringConstraints | MaxLen) for each in metadata)
    return annotation is str or limited or any(has_text(each, []) for each in get_args(annotation))


def placed(path: tuple[str, ...], text: str) -> bytes:
    """A submission that is right but for this text in this place."""
    value: Any = text
    for step in reversed(path):
        wrap: Callable[[Any], Any] = {
            "attributes": lambda inner: {"stock": inner},
            "other_directorates": lambda inner: [inner],
        }.get(step, lambda inner: inner)
        value = {step: wrap(value)}
    changes = value
    if path[0] == "attachments":
        changes = {"attachments": [ATTACHMENT | value["attachments"]]}
    if path[0] == "earlier_contact":
        changes = {"earlier_contact": {"on": "2021-01-01", "result": "no_answer"} | value["earlier_contact"]}
    return submission_body(**changes)


TEXT_FIELDS = list(text_fields(Submission))


def test_the_walk_finds_the_text_fields() -> None:
    assert len(TEXT_FIELDS) > 25
    assert {("text",), ("citizen", "address", "street"), ("attachments", "media_type")} <= set(TEXT_FIELDS)


@pytest.mark.parametrize("path", TEXT_FIELDS, ids=".".join)
@pytest.mark.parametrize("text", ["\x00", "a\x00b", "$where\x00"])
def test_nul_is_refused_everywhere(path: tuple[str, ...], text: str) -> None:
    errors = submission_errors(placed(path, text))
    assert errors
    assert all(error["field"].startswith(path[0]) for error in errors)


@pytest.mark.parametrize("key", ["a\x00", "\x00"])
def test_nul_is_refused_in_names(key: str) -> None:
    assert submission_errors(submission_body(**{key: 1}))
    assert submission_errors(submission_body(attributes={key: "a"}))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*Submission.model_fields, "other"]), json_values))
def test_whatever_comes_in_gets_an_answer(changes: dict[str, Any]) -> None:
    for error in submission_errors(submission_body(**changes)):
        assert error["code"]
        assert error["message"]
        assert error["field"] == "" or error["field"].split(".")[0] in {*Submission.model_fields, "other"}


@given(st.binary(max_size=200))
def test_whatever_bytes_come_in_get_an_answer(body: bytes) -> None:
    assert submission_errors(body)


SECRET = "Geheim-7431"


@pytest.mark.parametrize("path", TEXT_FIELDS, ids=".".join)
def test_an_answer_never_repeats_what_was_sent(path: tuple[str, ...]) -> None:
    assert SECRET not in json.dumps(submission_errors(placed(path, f"{SECRET}\x00" * 3000)))
