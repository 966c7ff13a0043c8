"""Ten thousand deadlines pass, one of two replicas is killed meanwhile, and the reports count each once."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from deploy.local.ports import free_port
from services.deadlines.store import TimelineStore
from services.reporting.store import Collections
from shared.clock import system_clock
from shared.contracts.events import Event
from shared.contracts.identifiers import DeadlineState
from shared.messaging.topology import REPORTING_EVENTS
from shared.mongo import open_client, open_database
from tests.integration.deadlines.processes import emptied, hearing, ready, recount, service
from tests.integration.deadlines.running import eventually, own_store, publishing
from tests.unit.deadlines.courses import routed

_CONTACTS = 10_000
_LATER = timedelta(days=90)
_SWEEPING = {"SWEEP_SECONDS": "0.1", "SWEEP_GROUP": "500", "LEASE_SECONDS": "3"}
_MOVED = {**_SWEEPING, "CLOCK_OFFSET_SECONDS": str(_LATER.total_seconds())}
_WHOSE = {"directorate": "gemeente_leiden", "service": "klachtenambtenaren"}


def complaint(received: datetime, number: int) -> Event:
    """A complaint in Leiden, where only an answer is owed."""
    made = routed(received, f"LEI-2026-{number:06}", submission_id=f"s-{number}", **_WHOSE)
    return Event(envelope=made.envelope.model_copy(update={"organisation": "leiden"}), data=made.data)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Waits for something that has to come about; the test's own time limit ends the wait."""
    while not await true():  # noqa: ASYNC110  what is waited for comes from outside
        await asyncio.sleep(0.5)


async def timeliness(reports: httpx.AsyncClient, received: datetime) -> dict[str, Any]:
    day = received.astimezone(ZoneInfo("Europe/Amsterdam")).date().isoformat()
    asked = {"organisation": "leiden", "kind": "answer", "from": day, "to": day}
    response = await reports.get("/reports/timeliness", params=asked)
    rows = response.json()["rows"]
    return dict(rows[0]) if rows else {}


async def told_missed(collections: Collections) -> Counter[int]:
    """Of how many contacts the reports have heard so many times that the answer was missed."""
    per_contact = collections.histories.aggregate(
        [
            {"$unwind": "$events"},
            {"$match": {"events.type": "deadline.missed.v1"}},
            {"$group": {"_id": "$_id", "times": {"$sum": 1}}},
        ]
    )
    return Counter([each["times"] async for each in per_contact])


async def states(store: TimelineStore) -> Counter[DeadlineState]:
    found = Counter[DeadlineState]()
    after = ""
    while page := await store.open_after(after, 2_000):
        found.update(each.deadline.state for stored in page for each in stored.timeline.deadlines)
        after = page[-1].timeline.reference
    return found


@pytest.mark.timeout(600)
async def test_each_deadline_is_missed_once_in_the_reports(
    broker_url: str, mongo_url: str, mongo_prefix: str, tmp_path: Path
) -> None:
    received = system_clock() - timedelta(minutes=1)
    where = {"AMQP_URL": broker_url, "MONGO_URL": mongo_url, "MONGO_PREFIX": mongo_prefix}
    ports = [free_port(21_000 + 10 * number) for number in range(4)]
    async with service("reporting", ports[0], tmp_path, **where, REPORTING_BATCH="500") as (_, reports):

        async def all_count_as(state: str) -> bool:
            return (await timeliness(reports, received)).get(state) == _CONTACTS

        async with (
            service("deadlines", ports[1], tmp_path, **where) as (_, deadlines),
            publishing(broker_url) as publish,
        ):
            await asyncio.gather(ready(reports), ready(deadlines))
            await publish([complaint(received, number) for number in range(_CONTACTS)])
            await until(lambda: all_count_as("open_in_term"))
        async with (
            hearing(broker_url, "deadline.missed.v1") as heard,
            service("deadlines", ports[2], tmp_path, **where, **_MOVED) as (killed, _),
            service("deadlines", ports[3], tmp_path, **where, **_MOVED) as (_, surviving),
        ):
            await eventually(lambda: heard.messages >= _CONTACTS // 4)
            killed.send_signal(signal.SIGKILL)
            assert len(heard.bodies) < _CONTACTS
            await ready(surviving)
            await until(lambda: all_count_as("missed_open"))
            async with own_store(mongo_url, mongo_prefix) as store:

                async def all_marked() -> bool:
                    return await states(store) == {DeadlineState.MISSED: _CONTACTS}

                await until(all_marked)
        await emptied(broker_url, REPORTING_EVENTS)
        row = await timeliness(reports, received)
    # What the killed one had told and not marked was told again, to the last byte.
    assert Counter(len(bodies) for bodies in heard.bodies.values()) == {1: _CONTACTS}
    counted = ("received", "met", "met_late", "missed_open", "open_in_term", "cancelled")
    assert [row[each] for each in counted] == [_CONTACTS, 0, 0, _CONTACTS, 0, 0]
    client = open_client(mongo_url, "test")
    try:
        assert await told_missed(Collections(open_database(client, mongo_prefix, "reporting"))) == {1: _CONTACTS}
    finally:
        client.close()
    code, said = await recount(where, "leiden")
    assert (code, f"over {_CONTACTS} facts" in said) == (0, True), said
