"""However events arrive, facts and counters come out the same, and equal to the last cell."""

import asyncio
import random

import aio_pika
import pytest
from prometheus_client import CollectorRegistry

from services.reporting.domain.counting import CONTACTS, EVENTS, Cell, tables_of
from services.reporting.domain.fold import REGISTERED
from services.reporting.handlers import EventHandler
from services.reporting.metrics import ReportingMetrics
from services.reporting.store.recount import Abandoned
from shared.clock import system_clock
from shared.contracts.events import Event
from shared.messaging.message import IncomingMessage
from shared.messaging.topology import REPORTING_EVENTS, REPORTING_REGISTERED, dead_queue
from tests.integration.reporting.conftest import (
    Database,
    commit_all,
    counters_of,
    made_up_events,
    publishing,
    replicas,
    until,
)
from tests.unit.reporting.made_up import LEUVEN, happened, registered, routed


def shuffled(events: list[Event], seed: int) -> list[Event]:
    """Another order, and a third of them twice."""
    chance = random.Random(seed)
    again = events + chance.choices(events, k=len(events) // 3)
    chance.shuffle(again)
    return again


async def test_two_replicas_at_once_and_any_order_give_the_same_counters(database: Database) -> None:
    events = made_up_events()
    arriving = shuffled(events, 1)
    first, second = database.committer(), database.committer()
    # Alternating events of the same contacts: the two write the same facts at the same time.
    await asyncio.gather(commit_all(first, arriving[::2], 40), commit_all(second, arriving[1::2], 40))
    comparison = await database.comparison()
    assert comparison.counted == comparison.summed == counters_of(events)
    assert comparison.unfolded == []
    slots = await database.collections.counters.distinct("slot")
    assert slots == [0, 1]


async def test_the_same_events_once_more_in_another_order_change_nothing(filled: Database) -> None:
    before = await filled.comparison()
    await commit_all(filled.committer(), shuffled(made_up_events(), 2))
    assert await filled.comparison() == before


async def test_over_the_broker_with_two_replicas(broker_url: str, database: Database) -> None:
    events = made_up_events(60)
    async with replicas(broker_url, database, 2), publishing(broker_url) as publish:
        await publish(shuffled(events, 3))
        await publish(shuffled(events, 4))
        await database.until_it_knows(events)
    comparison = await database.comparison()
    assert comparison.counted == comparison.summed == counters_of(events)


async def test_dying_between_commit_and_acknowledgement_doubles_nothing(
    broker_url: str, database: Database
) -> None:
    events = made_up_events(5)
    handler = EventHandler(
        database.committer(), database.profiles, ReportingMetrics(CollectorRegistry()), system_clock
    )
    async with publishing(broker_url) as publish:
        await publish(events)
        # Written but never acknowledged: what a replica leaves behind that is killed in between.
        async with await aio_pika.connect(broker_url) as connection:
            channel = await connection.channel()
            registered, others = [
                await channel.get_queue(name) for name in (REPORTING_REGISTERED, REPORTING_EVENTS)
            ]
            taken = [
                await (registered if event.type == REGISTERED else others).get(timeout=10) for event in events
            ]
            await handler.handle(
                [IncomingMessage(REPORTING_EVENTS, each.body, dict(each.headers)) for each in taken if each]
            )
        assert (await database.comparison()).counted == counters_of(events)
        async with replicas(broker_url, database):
            extra = made_up_events(6)[len(events) :]
            await publish(extra)
            await database.until_it_knows([*events, *extra])
            assert (await database.comparison()).counted == counters_of([*events, *extra])
            async with await aio_pika.connect(broker_url) as connection:
                channel = await connection.channel()

                async def worked_off() -> bool:
                    names = (REPORTING_EVENTS, REPORTING_REGISTERED)
                    queues = [await channel.declare_queue(name, passive=True) for name in names]
                    return all(queue.declaration_result.message_count == 0 for queue in queues)

                await until(worked_off)


async def test_what_is_no_event_goes_to_the_dead_letters_and_holds_up_nothing(
    broker_url: str, database: Database
) -> None:
    good = routed()
    async with replicas(broker_url, database), await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("contacts.events")
        headers = good.headers()
        elsewhere = headers | {"organisation": "atlantis"}
        for bad_headers, body in ((headers, b"not json"), ({}, good.body()), (elsewhere, good.body())):
            await exchange.publish(aio_pika.Message(body, headers=dict(bad_headers)), "contact.routed.v1")
        await exchange.publish(aio_pika.Message(good.body(), headers=dict(headers)), "contact.routed.v1")

        async def three_dead_one_counted() -> bool:
            dead = await channel.declare_queue(dead_queue(REPORTING_EVENTS), passive=True)
            facts = await database.collections.facts.count_documents({})
            return dead.declaration_result.message_count == 3 and facts == 1

        await until(three_dead_one_counted)


async def test_events_ahead_of_the_registration_are_kept_and_count_with_it(database: Database) -> None:
    committer = database.committer()
    closing = happened("closed", 3, qualification="founded")
    await committer.commit([closing])
    assert (await database.comparison()).counted == {}
    await committer.commit([routed()])
    comparison = await database.comparison()
    assert comparison.counted == counters_of([closing, routed()])
    assert comparison.counted[Cell("2021-03", EVENTS, "")] == 2


async def test_a_replica_takes_over_the_slot_of_one_that_died(database: Database) -> None:
    slots = database.collections.slots
    await database.committer().commit([routed()])
    assert (await slots.find_one({"_id": 0}) or {})["owner"] is not None
    await slots.update_one({"_id": 0}, {"$set": {"until": routed().envelope.time}})
    await database.committer().commit([happened("answered", 2)])
    assert await database.collections.counters.distinct("slot") == [0]
    assert (await database.comparison()).differences == []


async def test_a_replica_that_lost_its_slot_writes_in_another(database: Database) -> None:
    committer = database.committer()
    await committer.commit([routed()])
    await database.collections.slots.update_one({"_id": 0}, {"$set": {"owner": "somebody else"}})
    with pytest.raises(Exception, match="the lease of the counter slot"):
        await committer.commit([happened("answered", 2)])
    await committer.commit([happened("answered", 2)])
    assert sorted(await database.collections.counters.distinct("slot")) == [0, 1]
    assert (await database.comparison()).differences == []


async def test_comparing_finds_a_counter_that_is_off_and_a_fact_that_is_not_what_its_events_say(
    filled: Database,
) -> None:
    counters, facts = filled.collections.counters, filled.collections.facts
    await counters.update_one({"table": "", "month": "2021-03"}, {"$inc": {"cells.*": 1}})
    cell = Cell("2021-03", CONTACTS, "")
    assert (await filled.comparison()).differences == [cell]
    await facts.update_one({"_id": "LEU-2021-000003"}, {"$set": {"codes.line": "external", "score": 11}})
    found = await filled.comparison()
    assert found.unfolded == ["LEU-2021-000003"]
    await filled.recount().write(fold_anew=True)
    mended = await filled.comparison()
    assert mended.counted == counters_of(made_up_events())
    assert mended.unfolded == []


async def test_counting_anew_while_events_come_in_loses_and_doubles_nothing(filled: Database) -> None:
    more = made_up_events(220)
    committer, other = filled.committer(), filled.committer()

    async def count_anew() -> None:
        for _ in range(3):
            await filled.recount().write()

    await asyncio.gather(commit_all(committer, more[::2], 20), commit_all(other, more[1::2], 20), count_anew())
    comparison = await filled.comparison()
    assert comparison.counted == comparison.summed == counters_of(more)
    generations = await filled.collections.counters.distinct("generation", {"organisation": LEUVEN.id})
    assert generations == [4]


async def test_an_abandoned_rebuild_is_called_off_by_the_next_event(filled: Database) -> None:
    generations = filled.collections.generations
    past = routed().envelope.time
    await generations.update_one({"_id": LEUVEN.id}, {"$set": {"rebuilding": {"owner": "dead", "until": past}}})
    await filled.committer().commit([routed("LEU-2021-777777")])
    assert "rebuilding" not in (await generations.find_one({"_id": LEUVEN.id}) or {})
    assert (await filled.comparison()).differences == []


async def test_a_rebuild_that_was_called_off_changes_nothing(filled: Database) -> None:
    before = await filled.comparison()
    recount = filled.recount()
    generations = filled.collections.generations
    async with recount._announced():
        await generations.update_one({"_id": LEUVEN.id}, {"$unset": {"rebuilding": ""}})
        with pytest.raises(Abandoned):
            await recount._refold()
        with pytest.raises(Abandoned):
            await recount._switch(99, tables_of(LEUVEN))
    assert await filled.comparison() == before


async def test_facts_from_before_days_of_closing_were_kept_are_told_and_made_anew(filled: Database) -> None:
    async with filled.room.open() as reading:
        assert not await reading.without_day_of_closing(LEUVEN.id)
    await filled.collections.facts.update_one({"organisation": LEUVEN.id}, {"$unset": {"closed_on": ""}})
    async with filled.room.open() as reading:
        assert await reading.without_day_of_closing(LEUVEN.id)
    await filled.recount().write(fold_anew=True)
    async with filled.room.open() as reading:
        assert not await reading.without_day_of_closing(LEUVEN.id)


async def test_of_a_contact_that_has_been_decided_the_registration_is_left_out(database: Database) -> None:
    handler = EventHandler(
        database.committer(), database.profiles, ReportingMetrics(CollectorRegistry()), system_clock
    )
    decided, undecided = routed(), registered("LEU-2021-000002")
    before = [_incoming(decided), _incoming(happened("answered", 4))]
    await handler.handle(before)
    await handler.registrations([_incoming(registered()), _incoming(undecided), _incoming(undecided)])
    known = {
        history["_id"]: [event["type"] for event in history["events"]]
        async for history in database.collections.histories.find({})
    }
    assert known == {
        decided.envelope.subject: ["contact.routed.v1", "contact.answered.v1"],
        undecided.envelope.subject: ["contact.registered.v1"],
    }
    # With the registration before, after or left out: the same fact, down to the number of its events.
    everything = [registered(), decided, happened("answered", 4), undecided]
    assert (await database.comparison()).counted == counters_of(everything)


def _incoming(event: Event) -> IncomingMessage:
    return IncomingMessage(REPORTING_EVENTS, event.body(), dict(event.headers()))
