"""Contacts one by one over HTTP: whole, stable, sealed, and references only for who may see them."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from services.reporting.domain.dimensions import PERIODS, SEVERAL, TRUE
from services.reporting.domain.fact import Fact
from services.reporting.domain.listing import Listing
from services.reporting.domain.question import Question
from services.reporting.store import FactListing
from shared.contracts.identifiers import DeadlineKind
from tests.integration.reporting.conftest import Database, facts_of, made_up_events, replicas
from tests.unit.reporting.made_up import routed
from tests.unit.reporting.random_facts import WORDS, passing, questions

FACTS = sorted(facts_of(made_up_events()), key=lambda fact: (fact.received_on, fact.reference))
YEARS = {"organisation": "leuven", "from": "2019-01-01", "to": "2022-12-31"}
FACTS_PATH, REFERENCES = "/reports/facts", "/reports/contacts/references"
FIRST_OF_ALL = datetime(2019, 1, 1, 12, tzinfo=UTC)
HANDLER = {"Authorization": "Bearer of-a-handler"}


@pytest.fixture
async def client(broker_url: str, filled: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with replicas(broker_url, filled) as (only,):
        yield only


def asked(**params: Any) -> dict[str, Any]:
    return YEARS | params


async def all_pages(client: httpx.AsyncClient, path: str, rows: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = await client.get(path, params=asked(**params) | ({"cursor": cursor} if cursor else {}))
        assert page.status_code == 200, page.text
        found += page.json()[rows]
        cursor = page.json()["next"]
        if cursor is None:
            return found


def as_row(fact: Fact) -> dict[str, Any]:
    row: dict[str, Any] = {"received_on": fact.received_on.isoformat(), "days": fact.days}
    row |= {"score": fact.score, "events": fact.events}
    for name, values in fact.codes.items():
        truth = values[0] == TRUE if name in ("repeated", "cross_directorate", "extended") else values[0]
        row[name] = list(values) if name in SEVERAL else truth
    for kind in DeadlineKind:
        deadline = fact.deadlines.get(kind)
        row[f"{kind}_state"] = str(deadline.state) if deadline else "none"
        row[f"{kind}_days"] = deadline.days if deadline else None
    return row


async def test_facts_are_whole_and_in_order_in_every_form(client: httpx.AsyncClient) -> None:
    rows = await all_pages(client, FACTS_PATH, "rows", limit=37)
    pseudonyms = [row.pop("contact") for row in rows]
    assert rows == [as_row(fact) for fact in FACTS]
    assert len(set(pseudonyms)) == len(FACTS)
    assert not {fact.reference for fact in FACTS}.intersection(pseudonyms)
    text = await client.get(FACTS_PATH, params=YEARS, headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(text.text)))
    assert [row["contact"] for row in table] == pseudonyms
    assert [row["norm"].split(";") for row in table] == [row["norm"] for row in rows]
    assert [row["repeated"] for row in table] == [str(row["repeated"]).lower() for row in rows]
    assert [row["days"] for row in table] == ["" if row["days"] is None else str(row["days"]) for row in rows]
    file = await client.get(FACTS_PATH, params=asked(format="parquet"))
    assert file.headers["content-disposition"].endswith('leuven-2019-01-01-2022-12-31.parquet"')
    read = parquet.read_table(io.BytesIO(file.content))
    assert [row | {"received_on": row["received_on"].isoformat()} for row in read.to_pylist()] == [
        {"contact": each} | row for each, row in zip(pseudonyms, rows, strict=True)
    ]
    described = {each.name: each.metadata[b"description"].decode() for each in read.schema}
    assert all(described.values())
    documented = (await client.get("/openapi.json")).json()
    content = documented["paths"][FACTS_PATH]["get"]["responses"]["200"]["content"]
    leuven = content["application/json"]["schema"]["properties"]["rows"]["items"]["anyOf"]
    properties = next(each for each in leuven if each["title"] == "leuven")["properties"]
    assert {name: each["description"] for name, each in properties.items() if name != "reference"} == described


async def test_references_are_for_handlers_alone(client: httpx.AsyncClient) -> None:
    refused = await client.get(REFERENCES, params=YEARS)
    assert refused.status_code == 403
    assert "references lead to the people who wrote" in refused.json()["detail"].lower()
    told = await client.get(FACTS_PATH, params=asked(limit=3), headers=HANDLER)
    assert [row["reference"] for row in told.json()["rows"]] == [fact.reference for fact in FACTS[:3]]
    # The cursor of who may not see references does not hold one, in any disguise that comes off.
    hidden = (await client.get(FACTS_PATH, params=asked(limit=3))).json()
    assert "reference" not in hidden["rows"][0]
    assert hidden["next"] == told.json()["next"]
    assert (await client.get(REFERENCES, params=YEARS, headers={"Authorization": ""})).status_code == 401
    for path in (FACTS_PATH, REFERENCES):
        stranger = await client.get(path, params=YEARS, headers={"Authorization": "Bearer of-a-form"})
        assert stranger.status_code == 403


async def test_a_row_of_a_report_and_its_references_agree(client: httpx.AsyncClient) -> None:
    client.headers.update(HANDLER)
    for group_by, more in (
        ("line,quarter", {}),
        ("norm,topic", {"norm": ["equality", "privacy"], "measures": "score"}),
        ("month", {"nature": "complaint"}),
    ):
        report = (await client.get("/reports/contacts", params=asked(group_by=group_by, **more))).json()
        for row in report["rows"][:25]:
            cell = ",".join(row[name] for name in group_by.split(","))
            found = await all_pages(client, REFERENCES, "contacts", group_by=group_by, cell=cell, limit=5, **more)
            assert len(found) == row["count"]
            assert len({each["reference"] for each in found}) == row["count"]
        whole = (await client.get(REFERENCES, params=asked(group_by=group_by, **more))).json()
        assert whole["total"] == len(whole["contacts"]) == report["total"]


async def test_references_are_those_of_the_facts_in_the_cell(filled: Database) -> None:
    loop = asyncio.get_running_loop()
    listing = FactListing(filled.collections)

    async def check(question: Question, number: int) -> None:
        among = passing(question, FACTS)
        cells = sorted({cell for fact in among for cell in product(*(fact.values(n) for n in question.group_by))})
        for cell in [(), *cells][: 1 + number]:
            expected = [
                fact.reference
                for fact in among
                if all(value in fact.values(name) for name, value in zip(question.group_by, cell, strict=False))
            ]
            places, total = await listing.references(Listing(question, cell, 5_000, None, None))
            assert [place.contact for place in places] == expected
            assert total == len(expected)

    @settings(max_examples=40, deadline=None)
    @given(questions(), st.integers(1, 4))
    def law(question: Question, number: int) -> None:
        asyncio.run_coroutine_threadsafe(check(question, number), loop).result(60)

    await asyncio.to_thread(law)


async def test_pages_stay_whole_while_contacts_come_in(client: httpx.AsyncClient, filled: Database) -> None:
    client.headers.update(HANDLER)
    first = (await client.get(FACTS_PATH, params=asked(limit=60))).json()
    await filled.committer().commit([routed("LEU-2021-777777"), routed("LEU-2019-000001", FIRST_OF_ALL)])
    found = first["rows"]
    cursor = first["next"]
    while cursor:
        page = (await client.get(FACTS_PATH, params=asked(limit=60, cursor=cursor))).json()
        found += page["rows"]
        cursor = page["next"]
    references = [row["reference"] for row in found]
    assert len(references) == len(set(references))
    assert {fact.reference for fact in FACTS} <= set(references)


async def test_a_cursor_is_taken_only_as_it_was_given(client: httpx.AsyncClient, filled: Database) -> None:
    page = (await client.get(FACTS_PATH, params=asked(limit=10))).json()
    cursor = page["next"]
    changed = [
        cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :] for place in (0, 20, 40)
    ]
    for bad in ("", "x", "é", cursor[:-4], *changed, f"{cursor}AAAA"):
        refused = await client.get(FACTS_PATH, params=asked(cursor=bad))
        assert refused.status_code == 422, bad
        assert refused.json()["errors"][0]["field"] == "cursor"
    other = await client.get(FACTS_PATH, params=asked(cursor=cursor, line="first"))
    assert "with the same parameters" in other.json()["errors"][0]["message"]
    await filled.collections.facts.delete_many({})
    gone = await client.get(FACTS_PATH, params=asked(cursor=cursor))
    assert gone.status_code == 422


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        (FACTS_PATH, {"group_by": "line"}, "group_by"),
        (FACTS_PATH, {"limit": "0"}, "limit"),
        (FACTS_PATH, {"limit": "5001"}, "limit"),
        (FACTS_PATH, {"limit": ["1", "2"]}, "limit"),
        (FACTS_PATH, {"limit": "9" * 400}, "limit"),
        (FACTS_PATH, {"format": "xml"}, "format"),
        (FACTS_PATH, {"format": "csv", "limit": "5"}, "limit"),
        (REFERENCES, {"group_by": "line,norm", "cell": "second"}, "cell"),
        (REFERENCES, {"group_by": "line", "cell": "third"}, "cell"),
        (REFERENCES, {"group_by": "month", "cell": "2021-13"}, "cell"),
        (REFERENCES, {"cell": "second"}, "cell"),
        (REFERENCES, {"format": "csv"}, "format"),
    ],
)
async def test_what_is_refused(client: httpx.AsyncClient, path: str, params: dict[str, Any], field: str) -> None:
    refused = await client.get(path, params=asked(**params), headers=HANDLER)
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == [field]


async def test_other_forms_are_not_acceptable(client: httpx.AsyncClient) -> None:
    refused = await client.get(FACTS_PATH, params=YEARS, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["detail"]


def test_every_dimension_is_a_column() -> None:
    assert {name for name in WORDS.dimensions if name not in PERIODS} <= set(as_row(FACTS[0]))
