"""Registrations that come when the contact has been decided, and those that come alone."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.deadlines.handlers import EventHandler
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.store import TimelineStore
from services.deadlines.telling import Teller
from shared.contracts.events import Event
from shared.messaging import IncomingMessage
from shared.messaging.topology import DEADLINES_REGISTERED
from shared.profiles import load_profiles
from tests.integration.deadlines.running import MovedClock, Recorder, own_store
from tests.unit.deadlines.courses import REFERENCE, local, registered, routed

PROFILES = load_profiles()
_RECEIVED = local("2026-03-02 10:00")
_MISSED = MovedClock(_RECEIVED + timedelta(days=90))


def _handler(store: TimelineStore, recorder: Recorder) -> EventHandler:
    metrics = DeadlinesMetrics(CollectorRegistry())
    return EventHandler(store, Teller(recorder, metrics), PROFILES, metrics, _MISSED)


def _incoming(event: Event) -> IncomingMessage:
    return IncomingMessage(DEADLINES_REGISTERED, event.body(), event.headers())


def _told(recorder: Recorder) -> list[str]:
    return sorted(message.routing_key for message in recorder.sent)


async def test_what_has_been_decided_is_left_alone(mongo_url: str, mongo_prefix: str) -> None:
    recorder = Recorder()
    async with own_store(mongo_url, mongo_prefix) as store:
        handler = _handler(store, recorder)
        await handler([_incoming(routed(_RECEIVED))])
        told, before = _told(recorder), await store.read([REFERENCE])
        assert "deadline.missed.v1" in told
        await handler.registrations([_incoming(registered(_RECEIVED))])
        assert (_told(recorder), await store.read([REFERENCE])) == (told, before)


async def test_what_comes_alone_is_taken_in(mongo_url: str, mongo_prefix: str) -> None:
    recorder = Recorder()
    async with own_store(mongo_url, mongo_prefix) as store:
        handler = _handler(store, recorder)
        await handler.registrations([_incoming(registered(_RECEIVED))])
        assert "deadline.scheduled.v1" in _told(recorder)


async def test_what_was_stored_and_never_told_is_told_when_it_comes_again(
    mongo_url: str, mongo_prefix: str
) -> None:
    silent = Recorder(failures=1)
    recorder = Recorder()
    async with own_store(mongo_url, mongo_prefix) as store:
        # Stored, and the process dies before all is published: what was missed is in the document alone.
        with pytest.raises(ConnectionError):
            await _handler(store, silent).registrations([_incoming(registered(_RECEIVED))])
        handler = _handler(store, recorder)
        await handler([_incoming(routed(_RECEIVED))])
        await handler.registrations([_incoming(registered(_RECEIVED))])
    missed = {message.message_id for message in recorder.sent if message.routing_key == "deadline.missed.v1"}
    assert len(silent.sent) < len(missed) == 2
