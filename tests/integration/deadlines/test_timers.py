"""Timers on the real database: once in effect, whoever dies when."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.deadlines.domain.announcements import announcements
from services.deadlines.domain.timeline import advance, follow
from services.deadlines.handlers import EventHandler
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.reservation import policy_of
from services.deadlines.store import Stored, TimelineStore
from services.deadlines.telling import Teller
from shared.contracts.events import DeadlineMissed, DeadlineScheduled, parse_event
from shared.contracts.identifiers import DeadlineState
from shared.messaging import IncomingMessage, OutgoingMessage
from tests.integration.deadlines.running import PROFILES, MovedClock, Recorder, own_store, sweeping
from tests.unit.deadlines.courses import LEUVEN, happened, local, registered

_RECEIVED = local("2026-01-08 10:00")
_AFTER_ALL = local("2026-03-01 10:00")
_POLICY = policy_of(PROFILES)


@pytest.fixture
async def store(mongo_url: str, mongo_prefix: str) -> AsyncIterator[TimelineStore]:
    async with own_store(mongo_url, mongo_prefix) as prepared:
        yield prepared


async def open_contacts(store: TimelineStore, how_many: int) -> set[str]:
    references = [f"LEU-2026-{number:06}" for number in range(how_many)]
    timelines = [
        follow(None, reference, [registered(_RECEIVED, reference)], LEUVEN, _RECEIVED)[0]
        for reference in references
    ]
    assert await store.write([Stored(each) for each in timelines]) == set()
    return set(references)


def missed(sent: list[OutgoingMessage]) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for message in sent:
        event = parse_event(dict(message.headers), message.body)
        if isinstance(event.data, DeadlineMissed):
            found[event.envelope.subject, event.data.kind] += 1
    return found


def each_once(references: set[str]) -> Counter[tuple[str, str]]:
    return Counter((reference, kind) for reference in references for kind in ("acknowledgement", "answer"))


async def states(store: TimelineStore, references: set[str]) -> Counter[DeadlineState]:
    found = await store.read(list(references))
    return Counter(each.deadline.state for stored in found.values() for each in stored.timeline.deadlines)


async def test_two_sweepers_at_once_tell_each_turn_once(store: TimelineStore) -> None:
    references = await open_contacts(store, 3000)
    recorder, clock = Recorder(), MovedClock(_AFTER_ALL)
    sweeps = [sweeping(store, recorder, clock, group=70) for _ in range(2)]
    done = await asyncio.gather(*(sweep.run() for sweep in sweeps))
    assert sum(done) == len(references)
    assert missed(recorder.sent) == each_once(references)
    assert await states(store, references) == {DeadlineState.MISSED: 2 * len(references)}
    assert await store.claim_due(_AFTER_ALL + timedelta(days=400), _AFTER_ALL, 1, _POLICY) is None


async def test_nothing_is_told_twice_while_time_goes_by(store: TimelineStore) -> None:
    references = await open_contacts(store, 20)
    recorder, clock = Recorder(), MovedClock(_RECEIVED)
    for day in range(60):
        clock.now = _RECEIVED + timedelta(days=day)
        await sweeping(store, recorder, clock).run()
    ids = Counter(message.message_id for message in recorder.sent)
    assert Counter(message.routing_key for message in recorder.sent) == {
        "deadline.approaching.v1": 2 * len(references),
        "deadline.missed.v1": 2 * len(references),
    }
    assert set(ids.values()) == {1}


async def test_what_was_not_confirmed_is_told_again_with_the_same_ids(store: TimelineStore) -> None:
    references = await open_contacts(store, 50)
    recorder, clock = Recorder(failures=1), MovedClock(_AFTER_ALL)
    sweep = sweeping(store, recorder, clock)
    with pytest.raises(ConnectionError):
        await sweep.run()
    await sweep.run()
    ids = Counter(message.message_id for message in recorder.sent)
    assert len(ids) == 2 * len(references)
    assert sorted(set(ids.values())) == [1, 2]
    assert len({(message.message_id, message.body) for message in recorder.sent}) == len(ids)
    assert await states(store, references) == {DeadlineState.MISSED: 2 * len(references)}


async def claim_and_tell(store: TimelineStore, clock: MovedClock, policy: str = _POLICY) -> dict[str, bytes]:
    """What a replica that claims everything due tells of it: bytes by id."""
    claim = await store.claim_due(clock(), clock() + timedelta(seconds=30), 100, policy)
    assert claim is not None
    first: dict[str, bytes] = {}
    for stored in claim.due:
        timeline, told = advance(stored.timeline, LEUVEN, clock())
        first |= {event.envelope.id: event.body() for event in announcements(timeline, told, LEUVEN)}
    return first


def sent(recorder: Recorder) -> dict[str, bytes]:
    bodies = {message.message_id: message.body for message in recorder.sent}
    assert len(bodies) == len(recorder.sent)
    return bodies


async def test_who_takes_over_days_later_first_tells_what_was_begun(store: TimelineStore) -> None:
    references = await open_contacts(store, 5)
    clock = MovedClock(local("2026-01-16 10:00"))
    first = await claim_and_tell(store, clock)
    clock.now = _AFTER_ALL
    recorder = Recorder()
    await sweeping(store, recorder, clock).run()
    bodies = sent(recorder)
    assert {each: bodies.pop(each) for each in first} == first
    assert missed(recorder.sent) == each_once(references)
    lowest = min(json.loads(body)["revision"] for body in bodies.values())
    assert lowest > max(json.loads(body)["revision"] for body in first.values())


async def test_what_was_begun_by_another_policy_is_told_above_it(store: TimelineStore) -> None:
    references = await open_contacts(store, 5)
    clock = MovedClock(_AFTER_ALL)
    first = await claim_and_tell(store, clock, "the terms of yesterday")
    clock.now += timedelta(seconds=30)
    recorder = Recorder()
    assert await sweeping(store, recorder, clock).run() == len(references)
    bodies = sent(recorder)
    assert bodies.keys() == first.keys()
    assert all(json.loads(bodies[each])["revision"] == json.loads(first[each])["revision"] + 2 for each in first)


async def test_an_event_in_between_tells_what_was_begun_as_it_was(store: TimelineStore) -> None:
    (reference,) = await open_contacts(store, 1)
    clock = MovedClock(_AFTER_ALL)
    first = await claim_and_tell(store, clock)
    recorder, metrics = Recorder(), DeadlinesMetrics(CollectorRegistry())
    handler = EventHandler(store, Teller(recorder, metrics), PROFILES, metrics, clock)
    clock.now += timedelta(hours=1)
    handed_over = happened("transferred", clock(), 0, reference, directorate="financien", decided=["directorate"])
    await handler([IncomingMessage("q", handed_over.body(), handed_over.headers())])
    bodies = sent(recorder)
    assert {each: bodies.pop(each) for each in first} == first
    (scheduled,) = [json.loads(body) for body in bodies.values()]
    assert scheduled["directorate"] == "financien"
    assert scheduled["revision"] > max(json.loads(body)["revision"] for body in first.values())
    clock.now += timedelta(seconds=30)
    assert await sweeping(store, recorder, clock).run() == 0


async def test_a_replica_that_died_after_telling_is_followed_by_another(store: TimelineStore) -> None:
    references = await open_contacts(store, 40)
    clock = MovedClock(_AFTER_ALL)
    first = await claim_and_tell(store, clock)
    # Here it dies: told, not marked.
    recorder = Recorder()
    assert await sweeping(store, recorder, clock).run() == 0
    clock.now += timedelta(seconds=30)
    assert await sweeping(store, recorder, clock).run() == len(references)
    assert sent(recorder) == first
    assert await states(store, references) == {DeadlineState.MISSED: 2 * len(references)}


async def test_what_becomes_known_during_a_claim_is_told_at_a_higher_revision(store: TimelineStore) -> None:
    (reference,) = await open_contacts(store, 1)
    clock = MovedClock(_AFTER_ALL)
    claim = await store.claim_due(clock(), clock() + timedelta(seconds=30), 100, _POLICY)
    assert claim is not None
    turned, told = advance(claim.due[0].timeline, LEUVEN, clock())
    by_timer = announcements(turned, told, LEUVEN)
    recorder, metrics = Recorder(), DeadlinesMetrics(CollectorRegistry())
    handler = EventHandler(store, Teller(recorder, metrics), PROFILES, metrics, clock)
    answered = happened("answered", _RECEIVED + timedelta(days=1), reference=reference)
    await handler([IncomingMessage("q", answered.body(), answered.headers())])
    assert await store.write([Stored(turned, claim.due[0].version)]) == {reference}
    (scheduled,) = [m for m in recorder.sent if m.routing_key == "deadline.scheduled.v1"]
    data = parse_event(dict(scheduled.headers), scheduled.body).data
    assert isinstance(data, DeadlineScheduled)
    revisions = [each.data.revision for each in by_timer if isinstance(each.data, DeadlineMissed)]
    assert len(revisions) == 2
    assert max(revisions) < data.revision
    assert await states(store, {reference}) == {DeadlineState.MET: 2}
    assert await sweeping(store, recorder, clock).run() == 0


async def test_a_contact_that_cannot_be_reckoned_holds_nobody_up(store: TimelineStore) -> None:
    references = await open_contacts(store, 3)
    stranger, _ = follow(None, "XXX-1", [registered(_RECEIVED, "XXX-1")], LEUVEN, _RECEIVED)
    known = stranger.known.__class__("nowhere", stranger.known.cause, stranger.known.registered)
    await store.write([Stored(stranger.__class__("XXX-1", known, turns_at=stranger.turns_at))])
    recorder, clock = Recorder(), MovedClock(_AFTER_ALL)
    await sweeping(store, recorder, clock, group=2).run()
    assert missed(recorder.sent) == each_once(references)


@pytest.mark.parametrize("known_before", [True, False])
async def test_of_two_writers_the_later_begins_again(store: TimelineStore, *, known_before: bool) -> None:
    reference = "LEU-2026-000000"
    if known_before:
        await open_contacts(store, 1)
    metrics, clock = DeadlinesMetrics(CollectorRegistry()), MovedClock(_RECEIVED + timedelta(days=9))
    recorder = Recorder()
    handlers = [EventHandler(store, Teller(recorder, metrics), PROFILES, metrics, clock) for _ in range(4)]
    events = [
        happened("information_requested", _RECEIVED + timedelta(days=1), number, reference) for number in range(4)
    ]
    await asyncio.gather(
        *(
            handler([IncomingMessage("q", event.body(), event.headers())])
            for handler, event in zip(handlers, events, strict=True)
        )
    )
    stored = (await store.read([reference]))[reference]
    assert len(stored.timeline.known.follow_ups) == 4


async def test_how_late_timers_fire_is_measured(store: TimelineStore) -> None:
    references = await open_contacts(store, 5)
    registry = CollectorRegistry()
    # An hour after the acknowledgement has come near.
    clock = MovedClock(local("2026-01-15 01:00"))
    await sweeping(store, Recorder(), clock, registry=registry).run()
    lag = "contactpunt_deadline_firing_lag_seconds"
    assert registry.get_sample_value(f"{lag}_count") == len(references)
    assert registry.get_sample_value(f"{lag}_sum") == 3600 * len(references)
    fired = {"type": "deadline.approaching.v1", "kind": "acknowledgement"}
    assert registry.get_sample_value("contactpunt_deadline_events_total", fired) == len(references)
    failed = {"what": "contact"}
    assert registry.get_sample_value("contactpunt_deadline_sweep_failures_total", failed) == 0
