"""Messages that were sent once are understood for ever, and are written the same way still."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from deploy.documents.schemas import DECISION, FOLLOW_UP, REJECTION_ERRORS, SUBMISSION, schemas
from shared.contracts.decision import Decision
from shared.contracts.events import EVENT_TYPES, Envelope, parse_event
from shared.contracts.follow_up import FOLLOW_UP as FOLLOW_UPS
from shared.contracts.identifiers import FollowUpKind
from shared.contracts.past_contact import PAST_CONTACT, PastContact
from shared.contracts.rejection import FieldError
from shared.contracts.routing_request import ROUTING_REQUESTED, RoutingRequested
from shared.contracts.submission import Submission
from tests.contract.golden_messages import Golden, golden_messages

EVENTS = golden_messages("contact.", "deadline.", "report.")
ENVELOPED = [*EVENTS, *golden_messages(ROUTING_REQUESTED)]


def wire(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def as_sent(model: BaseModel) -> Any:
    return model.model_dump(mode="json", exclude_unset=True)


@pytest.mark.parametrize("golden", golden_messages(SUBMISSION), ids=str)
def test_submission_keeps_parsing(golden: Golden) -> None:
    parsed = Submission.model_validate_json(wire(golden.content))
    assert as_sent(parsed) == golden.content


@pytest.mark.parametrize("golden", golden_messages(FOLLOW_UP), ids=str)
def test_follow_up_keeps_parsing(golden: Golden) -> None:
    parsed = FOLLOW_UPS.validate_json(wire(golden.content))
    assert as_sent(parsed) == golden.content


@pytest.mark.parametrize("golden", EVENTS, ids=str)
def test_event_keeps_parsing(golden: Golden) -> None:
    event = parse_event(golden.content["headers"], wire(golden.content["body"]))
    assert event.type == golden.message
    assert event.headers() == golden.content["headers"]
    assert json.loads(event.body()) == golden.content["body"]


@pytest.mark.parametrize("golden", EVENTS, ids=str)
def test_event_of_tomorrow_is_understood_today(golden: Golden) -> None:
    headers = golden.content["headers"] | {"tomorrow": "yes"}
    event = parse_event(headers, wire(golden.content["body"] | {"tomorrow": {"is": ["another", "day"]}}))
    assert json.loads(event.body()) == golden.content["body"]


@pytest.mark.parametrize("golden", EVENTS, ids=str)
def test_event_without_its_facts_is_refused(golden: Golden) -> None:
    with pytest.raises(ValidationError):
        parse_event(golden.content["headers"], b"{}")


@pytest.mark.parametrize("golden", golden_messages(ROUTING_REQUESTED), ids=str)
def test_routing_request_keeps_parsing(golden: Golden) -> None:
    assert (
        Envelope.model_validate(golden.content["headers"]).model_dump(mode="json", by_alias=True)
        == (golden.content["headers"])
    )
    parsed = RoutingRequested.model_validate_json(wire(golden.content["body"]))
    assert parsed.model_dump(mode="json") == golden.content["body"]


@pytest.mark.parametrize("golden", golden_messages(DECISION), ids=str)
def test_decision_keeps_parsing(golden: Golden) -> None:
    assert Decision.model_validate_json(wire(golden.content)).model_dump(mode="json") == golden.content


@pytest.mark.parametrize("golden", golden_messages(PAST_CONTACT), ids=str)
def test_past_contact_keeps_parsing(golden: Golden) -> None:
    parsed = PastContact.model_validate_json(wire(golden.content | {"tomorrow": {"is": "another day"}}))
    assert parsed.model_dump(mode="json", by_alias=True) == golden.content


@pytest.mark.parametrize("golden", golden_messages(REJECTION_ERRORS), ids=str)
def test_rejection_keeps_parsing(golden: Golden) -> None:
    assert TypeAdapter(list[FieldError]).validate_json(wire(golden.content)) == golden.content


@pytest.mark.parametrize("golden", ENVELOPED, ids=str)
def test_headers_and_body_are_as_the_committed_schema_says(golden: Golden) -> None:
    described = schemas()
    Draft202012Validator(described["envelope.v1"]).validate(golden.content["headers"])
    Draft202012Validator(described[golden.message]).validate(golden.content["body"])


@pytest.mark.parametrize(
    "golden", golden_messages(SUBMISSION, FOLLOW_UP, DECISION, PAST_CONTACT, REJECTION_ERRORS), ids=str
)
def test_message_without_envelope_is_as_the_committed_schema_says(golden: Golden) -> None:
    Draft202012Validator(schemas()[golden.message]).validate(golden.content)


def test_every_message_has_a_golden_one() -> None:
    without = {"envelope.v1"}
    assert {golden.message for golden in golden_messages()} == schemas().keys() - without
    assert EVENT_TYPES.keys() <= schemas().keys()


def test_every_kind_of_follow_up_has_a_golden_one() -> None:
    assert {golden.content["kind"] for golden in golden_messages(FOLLOW_UP)} == set(FollowUpKind)
