"""What waits for a person's review, told from an index that holds nothing else."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from services.reporting.metrics import ReportingMetrics
from services.reporting.review_watch import ReviewWatch
from services.reporting.store import Waiting, waiting_reviews
from services.reporting.store.collections import IN_REVIEW
from shared.contracts.events import Event
from tests.integration.reporting.conftest import Database, commit_all, facts_of, replicas, until
from tests.unit.reporting.made_up import happened, registered, routed

RECEIVED = datetime(2021, 3, 31, 21, 30, tzinfo=UTC)
"""23:30 in Leuven."""
DECISIONS: dict[str, dict[str, Any]] = {
    "acknowledged": {},
    "answered": {},
    "closed": {},
    "reopened": {},
    "transferred": {"directorate": "politie", "decided": ["directorate"]},
    "withdrawn": {},
}
CONTACTS = "contactpunt_reporting_reviews_waiting"
OLDEST = "contactpunt_reporting_oldest_review_seconds"


def reference(number: int) -> str:
    return f"LEU-2021-{number:06}"


async def undecided(database: Database, contacts: int) -> None:
    """So many contacts that wait, each received a day after the one before."""
    for number in range(contacts):
        at = RECEIVED + timedelta(days=number)
        events = [registered(reference(number), at), routed(reference(number), at, needs_review=True)]
        await commit_all(database.committer(), events)


async def test_a_contact_waits_until_a_person_decides_answers_or_closes(database: Database) -> None:
    await undecided(database, 4)
    assert await waiting_reviews(database.collections, "leuven") == Waiting(4, date(2021, 3, 31))
    decisions = [
        happened("transferred", 1, reference(0), **DECISIONS["transferred"]),
        happened("closed", 1, reference(1)),
        happened("acknowledged", 1, reference(2)),
    ]
    await commit_all(database.committer(), decisions)
    assert await waiting_reviews(database.collections, "leuven") == Waiting(2, date(2021, 4, 2))
    await commit_all(database.committer(), [happened("withdrawn", 2, reference(number)) for number in (2, 3)])
    assert await waiting_reviews(database.collections, "leuven") == Waiting(0, None)


async def test_it_is_what_the_facts_say_whatever_happened_in_whatever_order(database: Database) -> None:
    chance = random.Random(11)
    events: list[Event] = []
    for number in range(200):
        at = RECEIVED + timedelta(days=chance.randrange(300))
        events += [
            registered(reference(number), at),
            routed(reference(number), at, needs_review=chance.random() < 0.6),
        ]
        for kind in chance.sample(sorted(DECISIONS), chance.randrange(3)):
            events.append(happened(kind, chance.randrange(9), reference(number), at, **DECISIONS[kind]))
    chance.shuffle(events)
    await commit_all(database.committer(), events)
    waiting = [fact.received_on for fact in facts_of(events) if fact.values("state") == ("in_review",)]
    assert 20 < len(waiting) < 180
    assert await waiting_reviews(database.collections, "leuven") == Waiting(len(waiting), min(waiting))


async def test_counting_reads_what_waits_and_no_contact(database: Database) -> None:
    await undecided(database, 5)
    decided = [
        event for number in range(5, 205) for event in (registered(reference(number)), routed(reference(number)))
    ]
    await commit_all(database.committer(), decided)
    counted = await database.collections.facts.database.command(
        "explain",
        {
            "count": "facts",
            "query": {"codes.state": "in_review", "organisation": "leuven"},
            "hint": IN_REVIEW,
        },
        verbosity="executionStats",
    )
    stats = counted["executionStats"]
    assert stats["totalDocsExamined"] == 0
    assert stats["totalKeysExamined"] <= 6
    index = await database.collections.facts.index_information()
    assert index[IN_REVIEW]["partialFilterExpression"] == {"codes.state": "in_review"}


async def test_the_gauges_tell_of_every_organisation_and_of_age_in_local_days(database: Database) -> None:
    await undecided(database, 3)
    registry = CollectorRegistry()
    midnight = datetime(2021, 3, 30, 22, tzinfo=UTC)
    watch = ReviewWatch(
        database.collections,
        database.profiles,
        ReportingMetrics(registry),
        lambda: midnight + timedelta(days=2, hours=1),
    )
    await watch.look()
    told = {
        name: (
            registry.get_sample_value(CONTACTS, {"organisation": name}),
            registry.get_sample_value(OLDEST, {"organisation": name}),
        )
        for name in database.profiles
    }
    assert told.pop("leuven") == (3, timedelta(days=2, hours=1).total_seconds())
    assert set(told.values()) == {(0, 0)}


async def test_a_day_that_has_not_begun_makes_nobody_younger_than_nothing(database: Database) -> None:
    await undecided(database, 1)
    registry = CollectorRegistry()
    watch = ReviewWatch(
        database.collections, database.profiles, ReportingMetrics(registry), lambda: RECEIVED - timedelta(days=1)
    )
    await watch.look()
    assert registry.get_sample_value(OLDEST, {"organisation": "leuven"}) == 0


async def test_a_service_tells_what_waited_before_it_began(broker_url: str, database: Database) -> None:
    await undecided(database, 2)
    async with replicas(broker_url, database) as (client,):

        async def told() -> bool:
            return f'{CONTACTS}{{organisation="leuven"}} 2.0' in (await client.get("/metrics")).text

        await until(told)
