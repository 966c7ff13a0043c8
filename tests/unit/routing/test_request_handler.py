"""A request off the broker, without a broker."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from services.routing.handlers import RequestHandler
from services.routing.metrics import RoutingMetrics
from shared.contracts.events import ContactRouted, ReviewRequested, parse_event
from shared.errors import DeadLetter, InfrastructureError
from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.messaging.topology import ROUTING_REQUESTED
from tests.unit.routing.cases import PROFILES, REFERENCE, TEXT, headers, request


class _Publisher:
    def __init__(self, error: Exception | None = None) -> None:
        self.published: list[OutgoingMessage] = []
        self._error = error

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        if self._error:
            raise self._error
        self.published.extend(messages)


def _handler(publisher: _Publisher, registry: CollectorRegistry | None = None) -> RequestHandler:
    metrics = RoutingMetrics(registry or CollectorRegistry())
    return RequestHandler(PROFILES, publisher, metrics)


def _body(**fields: Any) -> bytes:
    return request(**fields).model_dump_json().encode()


def _message(told: dict[str, Any], body: bytes) -> IncomingMessage:
    return IncomingMessage(queue=ROUTING_REQUESTED, body=body, headers=told)


async def test_a_clear_request_makes_one_event() -> None:
    publisher, registry = _Publisher(), CollectorRegistry()
    await _handler(publisher, registry).handle([_message(headers(), _body())])
    (message,) = publisher.published
    assert (message.exchange, message.routing_key) == ("contacts.events", "contact.routed.v1")
    assert message.mandatory is True
    event = parse_event(dict(message.headers), message.body)
    assert isinstance(event.data, ContactRouted)
    assert event.envelope.id == message.message_id
    assert (event.envelope.subject, event.envelope.causation_id) == (REFERENCE, headers()["id"])
    assert event.envelope.correlation_id == message.correlation_id == headers()["correlation_id"]
    assert event.envelope.time == event.data.registered_at
    assert (event.data.line, event.data.directorate) == ("first", "openbaar_domein")
    counted = {"organisation": "leuven", "line": "first", "review": "false"}
    assert registry.get_sample_value("contactpunt_contacts_routed_total", counted) == 1


async def test_what_is_not_clear_asks_for_review_as_well() -> None:
    publisher = _Publisher()
    await _handler(publisher).handle([_message(headers(), _body(nature=None))])
    assert [message.routing_key for message in publisher.published] == [
        "contact.routed.v1",
        "contact.review_requested.v1",
    ]
    routed, review = (parse_event(dict(each.headers), each.body).data for each in publisher.published)
    assert isinstance(routed, ContactRouted)
    assert isinstance(review, ReviewRequested)
    assert routed.needs_review is True
    assert review.undecided == ("nature", "line")
    assert (review.profile_revision, review.model_version) == (routed.profile_revision, routed.model_version)


async def test_the_same_request_makes_the_same_events() -> None:
    publisher = _Publisher()
    handler = _handler(publisher)
    await handler.handle([_message(headers(), _body(nature=None))])
    await handler.handle([_message(headers(), _body(nature=None))])
    assert publisher.published[:2] == publisher.published[2:]


async def test_extra_headers_of_the_broker_do_no_harm() -> None:
    publisher = _Publisher()
    await _handler(publisher).handle([_message(headers(**{"x-delivery-count": 3}), _body())])
    assert len(publisher.published) == 1


@pytest.mark.parametrize(
    ("told", "body", "reason"),
    [
        (headers(), b"", "not_a_routing_request"),
        (headers(), b"{", "not_a_routing_request"),
        (headers(), b"\xff\xfe", "not_a_routing_request"),
        (headers(), b"[" * 100_000, "not_a_routing_request"),
        (headers(), b'{"text": NaN}', "not_a_routing_request"),
        (headers(), json.dumps({"text": TEXT}).encode(), "not_a_routing_request"),
        ({}, _body(), "not_a_routing_request"),
        (headers(subject=3), _body(), "not_a_routing_request"),
        (headers(type="contact.registered.v1"), _body(), "other_type"),
        (headers(organisation="atlantis"), _body(), "unknown_organisation"),
    ],
)
async def test_what_can_never_be_decided_is_given_up_without_telling_the_text(
    told: dict[str, Any], body: bytes, reason: str
) -> None:
    publisher, registry = _Publisher(), CollectorRegistry()
    with capture_logs() as logs, pytest.raises(DeadLetter) as raised:
        await _handler(publisher, registry).handle([_message(told, body)])
    assert raised.value.reason == reason
    assert publisher.published == []
    (line,) = logs
    assert (line["reason"], line["log_level"]) == (reason, "error")
    assert TEXT not in str(logs)
    assert registry.get_sample_value("contactpunt_routing_requests_refused_total", {"reason": reason}) == 1


async def test_without_a_broker_nothing_is_counted() -> None:
    registry = CollectorRegistry()
    with pytest.raises(InfrastructureError):
        await _handler(_Publisher(InfrastructureError("away")), registry).handle([_message(headers(), _body())])
    counted = {"organisation": "leuven", "line": "first", "review": "false"}
    assert registry.get_sample_value("contactpunt_contacts_routed_total", counted) is None


async def test_several_are_decided_together_each_as_if_alone() -> None:
    together, alone = _Publisher(), _Publisher()
    messages = [_message(headers(), _body(nature=nature)) for nature in (None, "complaint", "question", None)]
    await _handler(together).handle(messages)
    for message in messages:
        await _handler(alone).handle([message])
    assert together.published == alone.published


async def test_what_can_never_be_decided_is_told_once_it_is_alone() -> None:
    publisher, registry = _Publisher(), CollectorRegistry()
    handler = _handler(publisher, registry)
    bad = _message(headers(type="other"), _body())
    with capture_logs() as logs:
        for batch in ([_message(headers(), _body()), bad], [bad]):
            with pytest.raises(DeadLetter):
                await handler.handle(batch)
    assert publisher.published == []
    assert len(logs) == 1
    assert registry.get_sample_value("contactpunt_routing_requests_refused_total", {"reason": "other_type"}) == 1
