"""What a citizen typed, read into a submission."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.acceptance import check_submission
from services.intake.domain.form import ANONYMOUS, FIELDS, TYPED, UNKNOWN_TO_SERVICE, Form, read_form
from services.intake.domain.inbound import read_submission
from services.intake.domain.refusal import Refused
from services.intake.form_errors import MOST_CHARACTERS, told
from services.intake.form_words import WORDS
from tests.unit.intake.messages import LEUVEN, NOW, PROFILES, TEXT

ID = "0" * 32
RIGHT = {"form_id": ID, "text": TEXT}


def read(**typed: str) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(read_form(Form(RIGHT | typed), LEUVEN, NOW))
    return body


def wrong(**typed: str) -> dict[str, str]:
    """The code of each field that is refused."""
    with pytest.raises(Refused) as refusal:
        read(**typed)
    return {error["field"]: error["code"] for error in refusal.value.errors}


def on(name: str, day: str, month: str, year: str) -> dict[str, str]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def test_a_message_alone_is_enough_and_no_more_is_said_than_was_typed() -> None:
    assert read() == {
        "submission_id": f"form:{ID}",
        "organisation": "leuven",
        "channel": "web_form",
        "received_at": "2026-11-22T12:00:00.000+00:00",
        "text": TEXT,
    }
    assert read(subject="  ", email=" ", nature="", earlier="", facts_on_day="") == read()


def test_the_same_form_and_moment_make_the_same_bytes() -> None:
    typed = Form(RIGHT | {"name": "Jan", "topic": "taxes"})
    moved = NOW.astimezone(LEUVEN.zone)
    assert read_form(typed, LEUVEN, NOW) == read_form(typed, LEUVEN, moved)


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (("1", "2", "2026"), "2026-02-01"),
        (("01", "02", "2026"), "2026-02-01"),
        (("22", "11", "2026"), "2026-11-22"),
    ],
)
def test_days(parts: tuple[str, str, str], day: str) -> None:
    assert read(**on("facts_on", *parts))["facts_on"] == day


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("1", "", "2026"), "missing"),
        (("31", "2", "2026"), "wrong_form"),
        (("een", "2", "2026"), "wrong_form"),
        (("-1", "2", "2026"), "wrong_form"),
        (("1", "2", "20261"), "wrong_form"),
        (("٣", "2", "2026"), "wrong_form"),
        (("1", "2", "26"), "too_old"),
        (("23", "11", "2026"), "in_the_future"),
    ],
)
def test_days_that_cannot_be(parts: tuple[str, str, str], code: str) -> None:
    assert wrong(**on("facts_on", *parts)) == {"facts_on": code}
    assert wrong(earlier="no_answer", **on("earlier_on", *parts)) == {"earlier_on": code}


def test_today_is_the_organisations_own() -> None:
    almost_midnight = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    body = read_form(Form(RIGHT | on("facts_on", "23", "11", "2026")), LEUVEN, almost_midnight)
    assert orjson.loads(body)["facts_on"] == "2026-11-23"


def test_an_earlier_contact_needs_its_day_and_none_needs_nothing() -> None:
    assert wrong(earlier="no_answer") == {"earlier_on": "missing"}
    told_of = read(
        earlier="late_answer", earlier_reference="LEU-2026-000001", **on("earlier_on", "1", "10", "2026")
    )
    assert told_of["earlier_contact"] == {
        "on": "2026-10-01",
        "result": "late_answer",
        "reference": "LEU-2026-000001",
    }
    assert "earlier_contact" not in read(earlier_reference="x", **on("earlier_on", "31", "2", "99"))


def test_who_may_know_who_it_is() -> None:
    assert read(name="Jan", postal_code="3000")["citizen"] == {"name": "Jan", "address": {"postal_code": "3000"}}
    hidden = read(name="Jan", identity=UNKNOWN_TO_SERVICE)
    assert (hidden["anonymous_towards_service"], hidden["citizen"]) == (True, {"name": "Jan"})
    assert read(name="Jan", email="not an address", identity=ANONYMOUS) == read()
    assert wrong(identity=UNKNOWN_TO_SERVICE) == {"identity": "contradicts"}


def test_a_topic_with_its_subtopic() -> None:
    antwerp = PROFILES["antwerpen_stad"]
    for topic, about in (
        ("public_space", {"topic": "public_space"}),
        ("public_space.green_spaces", {"topic": "public_space", "subtopic": "green_spaces"}),
    ):
        body = orjson.loads(read_form(Form(RIGHT | {"topic": topic}), antwerp, NOW))
        assert body["about"] == about


def test_what_is_wrong_comes_at_once_and_in_the_order_of_the_page() -> None:
    typed = {"text": " ", "email": "x", "subject": "y" * 201, "nature": "z", "language": "?", "facts_on_day": "1"}
    found = wrong(**typed, earlier="no_answer", phone="\0")
    assert found == {
        "text": "missing",
        "subject": "too_long",
        "nature": "not_on_list",
        "facts_on": "missing",
        "language": "not_on_list",
        "earlier_on": "missing",
        "email": "wrong_form",
        "phone": "invalid",
    }
    assert list(found) == [name for name in FIELDS if name in found]
    assert wrong(topic="nonsense") == wrong(topic="Not an id") == {"topic": "not_on_list"}


def test_an_id_of_anybody_else_is_none() -> None:
    assert wrong(form_id="form-2021-000042") == {"form_id": "wrong_form"}


@pytest.mark.parametrize("organisation", sorted(PROFILES))
@given(typed=st.dictionaries(st.sampled_from(sorted(TYPED)), st.text(max_size=40)))
def test_whatever_is_typed_is_a_submission_or_told_in_words(organisation: str, typed: dict[str, str]) -> None:
    profile = PROFILES[organisation]
    try:
        body = read_form(Form(RIGHT | typed), profile, NOW)
    except Refused as refusal:
        for error in refusal.errors:
            assert error["field"] in FIELDS
            label = told(error, WORDS.get(error["field"]), typed.get(error["field"], ""))
            assert "{" not in label.nl + label.en
            assert "verwerkt" not in label.nl
    else:
        check_submission(read_submission(body).submission, profile, NOW + timedelta(seconds=1))


@pytest.mark.parametrize("field", sorted(MOST_CHARACTERS))
def test_the_limits_that_are_told_are_the_contracts(field: str) -> None:
    most = MOST_CHARACTERS[field]
    around = {"earlier": "no_answer", **on("earlier_on", "1", "10", "2026")}
    for length, fits in ((most, True), (most + 1, False)):
        typed = {field: "a@" + "b" * (length - 2)}
        if fits:
            read(**around, **typed)
        else:
            assert wrong(**around, **typed) == {field: "too_long"}
