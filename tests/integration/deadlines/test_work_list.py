"""The work list out of the real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.deadlines.domain.timeline import follow
from services.deadlines.store import Stored, TimelineStore
from services.deadlines.work_list import Filter, Line
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from tests.integration.deadlines.running import own_store
from tests.unit.deadlines.courses import LEUVEN, happened, local, registered, routed

_NOW = local("2026-02-20 12:00")
_CONTACTS = 25


@pytest.fixture
async def store(mongo_url: str, mongo_prefix: str) -> AsyncIterator[TimelineStore]:
    """Contacts of 25 successive days; every fifth is answered at once."""
    async with own_store(mongo_url, mongo_prefix) as prepared:
        changes = []
        for number in range(_CONTACTS):
            reference, received = f"LEU-2026-{number:06}", local("2026-01-05 10:00") + timedelta(days=number)
            directorate = ("financien", "openbaar_domein")[number % 2]
            events = [registered(received, reference), routed(received, reference, directorate=directorate)]
            if number % 5 == 0:
                events.append(happened("answered", received + timedelta(hours=1), reference=reference))
            changes.append(Stored(follow(None, reference, events, LEUVEN, _NOW)[0]))
        assert await prepared.write(changes) == set()
        yield prepared


async def pages(store: TimelineStore, wanted: Filter, size: int) -> list[Line]:
    lines: list[Line] = []
    while page := await store.work_list(
        Filter(
            wanted.states,
            wanted.organisation,
            wanted.directorate,
            wanted.kind,
            lines[-1].place if lines else None,
        ),
        size,
    ):
        lines += page
    return lines


async def test_what_is_to_be_done_soonest_first_in_any_size_of_page(store: TimelineStore) -> None:
    whole = await store.work_list(Filter(organisation="leuven"), 500)
    assert len(whole) == 2 * (_CONTACTS - _CONTACTS // 5)
    assert whole == sorted(whole, key=lambda each: each.place)
    assert await pages(store, Filter(organisation="leuven"), 7) == whole
    assert DeadlineState.MET not in {each.state for each in whole}


async def test_filters_narrow_it(store: TimelineStore) -> None:
    met = frozenset({DeadlineState.MET})
    assert len(await store.work_list(Filter(met), 500)) == 2 * _CONTACTS // 5
    near = await store.work_list(
        Filter(frozenset({DeadlineState.APPROACHING}), directorate="financien", kind=DeadlineKind.ANSWER), 500
    )
    assert near
    assert {(each.directorate, each.place.kind, each.state) for each in near} == {
        ("financien", DeadlineKind.ANSWER, DeadlineState.APPROACHING)
    }
    assert await store.work_list(Filter(organisation="leiden"), 500) == []


async def test_counts_are_those_of_the_list(store: TimelineStore) -> None:
    whole = await store.work_list(Filter(), 500)
    counts = await store.counts()
    assert sum(count for *_, count in counts) == len(whole)
    assert {(kind, state): count for _, kind, state, count in counts} == {
        (kind, state): sum(1 for each in whole if (each.place.kind, each.state) == (kind, state))
        for kind, state in {(each.place.kind, each.state) for each in whole}
    }


async def test_looking_for_what_is_due_reads_nothing_else(
    store: TimelineStore, mongo_url: str, mongo_prefix: str
) -> None:
    assert await store.claim_due(_NOW - timedelta(days=365), _NOW, 10) is None
    with MongoClient[dict[str, Any]](mongo_url) as client:
        timelines = client[f"{mongo_prefix}_deadlines"]["timelines"]
        plan = timelines.find({"turns_at": {"$lte": _NOW - timedelta(days=365)}}).sort("turns_at", 1).explain()
    stats = plan["executionStats"]
    assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (0, 0)
