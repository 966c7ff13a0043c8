"""Each organisation's printed tables, out of contacts that are dealt to them, as the service answers over HTTP.

All organisations but one go the whole way: events on the broker, the consumer, facts and counters. The city's year
has 605,267 contacts; its facts are put into the database as they are, made by the same fold, and its counters are
what these facts contribute.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import bson
import httpx
import pytest
from bson.raw_bson import RawBSONDocument

from services.reporting.api_documents import AnnualReport
from services.reporting.domain.counting import Cell, contributions, tables_of
from services.reporting.domain.fact import Fact
from services.reporting.store.documents import fact_document
from services.reporting.store.recount import Recount
from shared.clock import system_clock
from tests.integration.reporting.conftest import Database, publishing, replicas
from tests.microdata.events import contacts, facts
from tests.microdata.organisations import DEALT
from tests.microdata.printed import counts, year_of
from tests.microdata.reading import compare, key_of, shown_otherwise
from tests.unit.reporting.in_memory import Weighted, annual_in_memory

CITY = "antwerpen_stad"
_GROUP = 20_000


async def agrees_with_what_was_printed(
    client: httpx.AsyncClient, organisation: str, dealt: Sequence[Weighted]
) -> None:
    """Every printed cell, but for those that are known to contradict something; and the others are what the facts
    come to when they are counted one by one.
    """
    answer = await client.get(f"/reports/annual/{organisation}/{year_of(organisation)}", timeout=60)
    assert answer.status_code == 200
    report = answer.json()
    AnnualReport.model_validate(report)
    slowly = await annual_in_memory(organisation, year_of(organisation), dealt, datetime.now(UTC))
    assert report["tables"] == slowly["tables"]
    comparison = compare(organisation, report)
    print(comparison)  # noqa: T201  what was compared is the point of the run
    found = {(cell.table, cell.key, cell.year, cell.figure): cell for cell in comparison.differences}
    known = {
        (each["table"], key_of(each), each.get("year"), each["figure"]): each["shown"]
        for each in shown_otherwise(organisation)
    }
    assert found.keys() == known.keys()
    for place, cell in found.items():
        rounded = None if cell.found is None else round(cell.found, cell.decimals or 0)
        assert rounded == known[place], place


@pytest.mark.parametrize("organisation", sorted(set(DEALT) - {CITY}))
async def test_every_printed_table_over_http(organisation: str, broker_url: str, database: Database) -> None:
    profile, year = database.profiles[organisation], year_of(organisation)
    dealt = DEALT[organisation]()
    events = [event for each in contacts(dealt, profile, year) for event in each]
    async with replicas(broker_url, database) as (client,), publishing(broker_url) as publish:
        await publish(events)
        await database.until_it_knows(events)
        await agrees_with_what_was_printed(client, organisation, list(facts(dealt, profile, year)))
        if organisation == "antwerpen_brandweer":
            await each_dossier_is_found_by_its_day(client)
    compared = await Recount(database.collections, profile, system_clock).compare(fold_anew=True)
    assert (compared.differences, compared.unfolded) == ([], [])


async def each_dossier_is_found_by_its_day(client: httpx.AsyncClient) -> None:
    listed = counts("antwerpen_brandweer", "complaints_listed")
    by_day: dict[str, Counter[tuple[str, str]]] = {}
    for (day, topic, qualification, _), number in listed.items():
        by_day.setdefault(day, Counter())[topic, qualification] += number
    for day, expected in by_day.items():
        asked = {"organisation": "antwerpen_brandweer", "from": day, "to": day, "group_by": "topic,qualification"}
        rows = (await client.get("/reports/contacts", params=asked)).json()["rows"]
        assert {(row["topic"], row["qualification"]): row["count"] for row in rows} == expected


async def test_every_printed_table_of_the_city_over_http(broker_url: str, database: Database) -> None:
    profile, year = database.profiles[CITY], year_of(CITY)
    dealt = list(facts(DEALT[CITY](), profile, year))
    group: list[RawBSONDocument] = []
    for document in _documents(dealt):
        group.append(document)
        if len(group) == _GROUP:
            await database.collections.facts.insert_many(group, ordered=False)
            group = []
    await database.collections.facts.insert_many(group, ordered=False)
    recount = Recount(database.collections, profile, system_clock)
    summed: Counter[Cell] = Counter()
    for fact, times in dealt:
        for cell, contacts_in_it in contributions(fact, tables_of(profile)).items():
            summed[cell] += contacts_in_it * times
    async with recount._announced() as generation:
        await recount._put(generation.number + 1, summed)
        await recount._switch(generation.number + 1, tables_of(profile))
    async with replicas(broker_url, database) as (client,):
        await agrees_with_what_was_printed(client, CITY, dealt)


def _documents(dealt: list[tuple[Fact, int]]) -> Iterator[RawBSONDocument]:
    """The facts as stored, spelled once for all contacts that are alike: only the reference differs."""
    number = 0
    for fact, times in dealt:
        placeholder = f"ANT-2023-{0:09}"
        spelled = bson.encode(fact_document(fact._replace(reference=placeholder)))
        before, after = spelled.split(placeholder.encode(), 1)
        for _ in range(times):
            number += 1
            yield RawBSONDocument(before + f"ANT-2023-{number:09}".encode() + after)
