"""The work list out of the real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.deadlines.domain.timeline import follow
from services.deadlines.store import Stored, TimelineStore
from services.deadlines.work_list import Filter, Line, query
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


async def test_what_has_no_directorate_yet(store: TimelineStore) -> None:
    reference, received = "LEU-2026-100000", local("2026-01-20 10:00")
    unassigned, _ = follow(None, reference, [registered(received, reference)], LEUVEN, _NOW)
    assert await store.write([Stored(unassigned)]) == set()
    lines = await store.work_list(Filter(organisation="leuven", directorate="none"), 500)
    assert {each.place.reference for each in lines} == {reference}
    assert [each.with_service_since for each in lines] == [None, None]
    (first, *_) = await store.work_list(Filter(organisation="leuven", directorate="financien"), 1)
    assert first.with_service_since == local("2026-01-07 10:00")


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
    assert await store.claim_due(_NOW - timedelta(days=365), _NOW, 10, "") is None
    with MongoClient[dict[str, Any]](mongo_url) as client:
        timelines = client[f"{mongo_prefix}_deadlines"]["timelines"]
        plan = timelines.find({"turns_at": {"$lte": _NOW - timedelta(days=365)}}).sort("turns_at", 1).explain()
    stats = plan["executionStats"]
    assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (0, 0)


async def test_a_page_is_right_where_thousands_are_due_at_one_moment(
    store: TimelineStore, mongo_url: str, mongo_prefix: str
) -> None:
    received = local("2026-02-01 10:00")
    same_day = [f"LEU-2026-1{number:05}" for number in range(150)]
    changes = [Stored(follow(None, each, [registered(received, each)], LEUVEN, _NOW)[0]) for each in same_day]
    assert await store.write(changes) == set()
    whole = await store.work_list(Filter(organisation="leuven"), 1000)
    assert whole == sorted(whole, key=lambda each: each.place)
    assert len({each.place for each in whole}) == len(whole)
    for size in (3, 40, 160):
        assert await pages(store, Filter(organisation="leuven"), size) == whole
    assert await pages(store, Filter(), 33) == whole
    due_at = next(each.place.due_at for each in whole if each.place.reference == same_day[0])
    with MongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        timelines = client[f"{mongo_prefix}_deadlines"]["timelines"]
        asked = query(Filter(), "leuven", DeadlineState.MISSED, due_at)
        plan = timelines.find(asked).sort("_id", 1).limit(10).hint("work_list").explain()
    assert plan["executionStats"]["totalDocsExamined"] == 10


async def test_between_two_moments(store: TimelineStore) -> None:
    whole = await store.work_list(Filter(), 500)
    since, before = whole[5].place.due_at, whole[20].place.due_at
    found = await store.work_list(Filter(since=since, before=before), 500)
    assert found == [each for each in whole if since < each.place.due_at < before]
    assert found
