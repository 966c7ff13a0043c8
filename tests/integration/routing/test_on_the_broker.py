"""Routing on the real broker: requests in, events out, and nothing that takes it down."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from prometheus_client import CollectorRegistry

from services.routing.main import app_for, runtime_for
from services.routing.runtime import RoutingRuntime
from shared.access import Tokens
from shared.contracts.events import ContactRouted, event_id, parse_event
from shared.messaging.topology import CONTACTS_EVENTS, CONTACTS_ROUTING, ROUTING_REQUESTED, dead_queue
from tests import organisations

PROFILES = organisations.PROFILES
PATIENCE_SECONDS = 60
Inbox = asyncio.Queue[AbstractIncomingMessage]


def request(**fields: Any) -> bytes:
    told = {
        "submission_id": "form-1",
        "channel": "web_form",
        "received_at": "2021-03-01T10:00:00+01:00",
        "registered_at": "2021-03-01T09:00:05Z",
        "district": "leuven",
        "nature": "complaint",
        "about": {"service": "groen"},
        "earlier_contact": {"on": "2021-01-10", "result": "no_answer"},
        "text": "De haag staat over het voetpad.",
        "language": "nl",
    }
    return json.dumps(told | fields).encode()


def headers(reference: str = "LEU-2021-000001", **fields: str) -> dict[str, str]:
    told = {
        "id": event_id("routing.requested.v1", reference),
        "type": "routing.requested.v1",
        "source": "contactpunt/intake",
        "subject": reference,
        "time": "2021-03-01T09:00:05Z",
        "organisation": "leuven",
        "correlation_id": event_id("correlation", reference),
        "causation_id": event_id("contact.registered.v1", reference),
        "schema": "1",
    }
    return told | fields


@dataclass
class Routing:
    """A running service, and the broker seen from outside."""

    channel: AbstractChannel
    events: Inbox
    dead: Inbox
    http: httpx.AsyncClient
    runtime: RoutingRuntime

    async def ask(self, told: dict[str, str], body: bytes) -> None:
        exchange = await self.channel.get_exchange(CONTACTS_ROUTING, ensure=False)
        message = aio_pika.Message(
            body,
            headers=dict(told),
            content_type="application/json",
            message_id=told.get("id"),
            correlation_id=told.get("correlation_id"),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await exchange.publish(message, routing_key="routing.requested.v1")


async def _next(inbox: Inbox) -> AbstractIncomingMessage:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await inbox.get()


async def _inbox(queue: AbstractQueue) -> Inbox:
    inbox = Inbox()
    await queue.consume(inbox.put, no_ack=True)
    return inbox


@pytest.fixture
async def routing(broker_url: str) -> AsyncIterator[Routing]:
    registry = CollectorRegistry()
    runtime = runtime_for(broker_url, PROFILES, registry, prefetch=20)
    app = app_for(runtime, PROFILES, Tokens(), registry)
    await runtime.start()
    connection = await aio_pika.connect(broker_url)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://routing")
    async with connection, http:
        channel = await connection.channel()
        events = await channel.declare_queue("probe", exclusive=True)
        await events.bind(CONTACTS_EVENTS, "contact.#")
        dead = await channel.declare_queue(dead_queue(ROUTING_REQUESTED), passive=True)
        yield Routing(channel, await _inbox(events), await _inbox(dead), http, runtime)
        await runtime.stop()


async def test_a_request_becomes_a_decision_that_all_can_read(routing: Routing) -> None:
    await routing.ask(headers(), request())
    message = await _next(routing.events)
    event = parse_event(dict(message.headers), message.body)
    assert isinstance(event.data, ContactRouted)
    assert (message.routing_key, message.message_id) == ("contact.routed.v1", event.envelope.id)
    assert (message.content_type, message.delivery_mode) == ("application/json", 2)
    assert (event.data.line, event.data.handled_by) == ("second", "ombuds_service")
    assert (event.data.directorate, event.data.service) == ("openbaar_domein", "groen")
    assert event.envelope.causation_id == headers()["id"]
    assert b"haag" not in message.body


async def test_a_repeated_request_makes_the_same_events_again(routing: Routing) -> None:
    for _ in range(2):
        await routing.ask(headers(), request(nature=None, earlier_contact=None))
    told = [await _next(routing.events) for _ in range(4)]
    by_type: dict[str | None, list[tuple[str | None, bytes]]] = {}
    for message in told:
        by_type.setdefault(message.routing_key, []).append((message.message_id, message.body))
    assert sorted(str(key) for key in by_type) == ["contact.review_requested.v1", "contact.routed.v1"]
    for first, second in by_type.values():
        assert first == second


@pytest.mark.parametrize(
    ("told", "body", "reason"),
    [
        (headers(), b"{", "not_a_routing_request"),
        (headers(), b"\xff\xfe\x00", "not_a_routing_request"),
        (headers(), request(text=None), "not_a_routing_request"),
        ({}, request(), "not_a_routing_request"),
        (headers(type="other"), request(), "other_type"),
        (headers(organisation="atlantis"), request(), "unknown_organisation"),
    ],
)
async def test_what_can_never_be_decided_is_kept_for_a_person_and_the_work_goes_on(
    routing: Routing, told: dict[str, str], body: bytes, reason: str
) -> None:
    await routing.ask(told, body)
    dead = await _next(routing.dead)
    assert dead.body == body
    assert dead.headers["x-dead-reason"] == reason
    await routing.ask(headers("LEU-2021-000002"), request(submission_id="form-2"))
    message = await _next(routing.events)
    assert message.headers["subject"] == "LEU-2021-000002"
    assert routing.dead.empty()


async def test_many_requests_are_each_answered_once(routing: Routing) -> None:
    references = [f"LEU-2021-{number:06}" for number in range(200)]
    for reference in references:
        await routing.ask(headers(reference), request(submission_id=reference))
    answered = [str((await _next(routing.events)).headers["subject"]) for _ in references]
    assert sorted(answered) == references


async def test_what_was_asked_while_nobody_was_there_is_answered_later(routing: Routing, broker_url: str) -> None:
    await routing.runtime.stop()
    await routing.ask(headers(), request())
    assert routing.events.empty()
    later = runtime_for(broker_url, PROFILES, CollectorRegistry(), prefetch=20)
    await later.start()
    assert (await _next(routing.events)).headers["subject"] == "LEU-2021-000001"
    await later.stop()


async def test_readiness_and_numbers_tell_of_the_work(routing: Routing) -> None:
    assert await routing.runtime.missing() == []
    await routing.ask(headers(), request())
    await _next(routing.events)
    # Stopping finishes what is in hand, and only then is it counted for certain.
    await routing.runtime.stop()
    assert await routing.runtime.missing() != []
    numbers = (await routing.http.get("/metrics")).text
    assert 'contactpunt_contacts_routed_total{line="second",organisation="leuven",review="false"} 1.0' in numbers
    assert "contactpunt_routing_decision_seconds_count 1.0" in numbers
