"""The service on the real broker and database."""

import asyncio
from collections import Counter
from datetime import timedelta

import aio_pika
from prometheus_client import CollectorRegistry

from services.deadlines.work_list import Filter
from shared.contracts.events import DeadlineMet, DeadlineMissed, DeadlineScheduled
from shared.contracts.identifiers import DeadlineState
from shared.messaging import topology
from shared.profiles import Profiles, load_profile
from tests.integration.deadlines.running import (
    MovedClock,
    eventually,
    listening,
    own_store,
    publishing,
    running,
    settings_for,
)
from tests.unit.deadlines.courses import REFERENCE, happened, local, registered, routed
from tests.unit.deadlines.test_examples import ORGANISATIONS

_RECEIVED = local("2026-01-08 10:00")


async def test_from_registration_to_answer(broker_url: str, mongo_url: str, mongo_prefix: str) -> None:
    clock = MovedClock(_RECEIVED)
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    async with running(settings, clock), publishing(broker_url) as publish, listening(broker_url) as heard:
        await publish([registered(_RECEIVED)])
        await eventually(lambda: len(heard.events) == 1)
        await publish([routed(_RECEIVED)])
        await eventually(lambda: len(heard.events) == 2)
        clock.now = _RECEIVED + timedelta(days=3)
        await publish([happened("answered", _RECEIVED + timedelta(days=2))])
        await eventually(lambda: len(heard.events) == 5)
        await publish([registered(_RECEIVED)])
        await eventually(lambda: len(heard.events) == 8)
    assert [each.revision for each in heard.of(DeadlineScheduled)] == [1, 2, 3, 3]
    assert [each.directorate for each in heard.of(DeadlineScheduled)] == [None, *["openbaar_domein"] * 3]
    assert [each.state for each in heard.of(DeadlineScheduled)[2].deadlines] == [DeadlineState.MET] * 2
    assert Counter(each.kind for each in heard.of(DeadlineMet)) == {"acknowledgement": 2, "answer": 2}
    # What came again was told again: the same events, with the same ids and the same words.
    told, again = heard.events[2:5], heard.events[5:]
    assert [(each.envelope.id, each.body()) for each in again] == [
        (each.envelope.id, each.body()) for each in told
    ]
    assert all(each.envelope.subject == REFERENCE for each in heard.events)


async def test_two_replicas_turn_thousands_once(broker_url: str, mongo_url: str, mongo_prefix: str) -> None:
    clock = MovedClock(_RECEIVED)
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    references = [f"LEU-2026-{number:06}" for number in range(2000)]
    async with (
        running(settings, clock),
        running(settings, clock),
        publishing(broker_url) as publish,
        listening(broker_url) as heard,
    ):
        await publish([registered(_RECEIVED, each) for each in references])
        await eventually(lambda: len(heard.events) == len(references))
        clock.now = _RECEIVED + timedelta(days=90)
        await eventually(lambda: len(heard.of(DeadlineMissed)) == 2 * len(references))
        await publish([happened("answered", _RECEIVED + timedelta(days=80), reference=references[0])])
        await eventually(lambda: len(heard.of(DeadlineMet)) == 2)
    told = Counter((each.envelope.subject, each.type, each.envelope.id) for each in heard.events)
    assert set(told.values()) == {1}
    assert len(heard.of(DeadlineMissed)) == 2 * len(references)


async def test_late_news_take_back_a_missed(broker_url: str, mongo_url: str, mongo_prefix: str) -> None:
    clock = MovedClock(_RECEIVED)
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    async with running(settings, clock), publishing(broker_url) as publish, listening(broker_url) as heard:
        await publish([registered(_RECEIVED)])
        await eventually(lambda: len(heard.events) == 1)
        clock.now = _RECEIVED + timedelta(days=60)
        await eventually(lambda: len(heard.of(DeadlineMissed)) == 2)
        await publish([happened("answered", _RECEIVED + timedelta(days=30))])
        await eventually(lambda: len(heard.of(DeadlineScheduled)) == 2)
    last = heard.of(DeadlineScheduled)[-1]
    assert last.revision > max(each.revision for each in heard.of(DeadlineMissed))
    assert [each.state for each in last.deadlines] == [DeadlineState.MET_LATE, DeadlineState.MET]


async def test_follow_ups_may_come_first(broker_url: str, mongo_url: str, mongo_prefix: str) -> None:
    clock = MovedClock(_RECEIVED + timedelta(days=90))
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    async with running(settings, clock), publishing(broker_url) as publish, listening(broker_url) as heard:
        await publish([happened("acknowledged", _RECEIVED + timedelta(days=1))])
        await publish([happened("escalated", _RECEIVED + timedelta(days=1), to="flemish_ombuds_service")])
        await publish([registered(_RECEIVED, historical=True)])
        await eventually(lambda: len(heard.of(DeadlineScheduled)) == 1)
    (scheduled,) = heard.of(DeadlineScheduled)
    assert [each.state for each in scheduled.deadlines] == [DeadlineState.MET, DeadlineState.MISSED]
    silent = [scheduled.silent, *(each.silent for each in heard.of(DeadlineMissed))]
    silent += [each.silent for each in heard.of(DeadlineMet)]
    assert silent == [True, True, True]


async def test_what_is_no_event_goes_to_the_dead_letters_alone(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    stranger = registered(_RECEIVED, "ANT-2026-000001")
    envelope = stranger.envelope.model_copy(update={"organisation": "atlantis"})
    bad = [
        stranger.model_copy(update={"envelope": envelope}),
        happened("answered", _RECEIVED).model_copy(
            update={
                "envelope": happened("answered", _RECEIVED).envelope.model_copy(
                    update={"organisation": "atlantis"}
                )
            }
        ),
    ]
    async with (
        running(settings, MovedClock(_RECEIVED)) as service,
        publishing(broker_url) as publish,
        listening(broker_url) as heard,
    ):
        await publish([bad[0], registered(_RECEIVED), bad[1]])
        await eventually(lambda: len(heard.events) == 1)
        assert await service.missing() == []
        async with await aio_pika.connect(broker_url) as connection:
            channel = await connection.channel()
            letters: list[object] = []
            for queue in (topology.DEADLINES_REGISTERED, topology.DEADLINES_EVENTS):
                dead = await channel.get_queue(topology.dead_queue(queue))
                while (letter := await dead.get(no_ack=True, fail=False)) is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                letters.append(letter.headers["id"])
    assert sorted(str(each) for each in letters) == sorted(each.envelope.id for each in bad)


async def test_a_calendar_that_ends_is_told_by_readiness_and_a_metric(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    schools = load_profile(ORGANISATIONS / "antwerpen_onderwijs.yaml").model_copy(update={"id": "leuven"})
    clock, registry = MovedClock(local("2026-11-22 10:00")), CollectorRegistry()
    settings = settings_for(broker_url, mongo_url, mongo_prefix)
    name = "contactpunt_deadlines_calendar_horizon"
    labels = {"organisation": "leuven", "calendar": "flemish_school_holidays"}
    async with (
        running(settings, clock, Profiles({"leuven": schools}), registry) as service,
        publishing(broker_url) as publish,
        own_store(mongo_url, mongo_prefix) as store,
    ):
        assert registry.get_sample_value(name, labels) == 1378
        clock.now = local("2030-08-20 10:00")
        (missing,) = await service.missing()
        assert "flemish_school_holidays of leuven is known until 2030-08-31 only" in missing
        assert registry.get_sample_value(name, labels) == 11
        await publish([registered(clock.now, nature="question")])
        while await store.uncounted() != {"flemish_school_holidays": 1}:  # noqa: ASYNC110  it is asked
            await asyncio.sleep(0.05)
        assert await store.work_list(Filter(), 10) == []
        assert [each.timeline.reference for each in await store.open_after("", 10)] == [REFERENCE]
