"""Every answer can tell what it was made of, and that agrees with the facts themselves."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pyarrow import BufferReader, parquet

from tests.integration.reporting.conftest import Database, facts_of, made_up_events, replicas

FACTS = facts_of(made_up_events())
YEARS = {"organisation": "leuven", "from": "2020-02-01", "to": "2021-06-17"}
WITHIN = [fact for fact in FACTS if YEARS["from"] <= fact.received_on.isoformat() <= YEARS["to"]]
SECOND = [fact for fact in WITHIN if fact.values("line") == ("second",)]
ASKED = {"reconciliation": "true", "line": "second"}
BEHIND = {"contacts": len(SECOND), "events": sum(fact.events for fact in SECOND)}


@pytest.fixture
async def client(broker_url: str, filled: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with replicas(broker_url, filled) as (only,):
        yield only


async def test_reports_tell_the_contacts_and_events_behind_them(client: httpx.AsyncClient) -> None:
    assert 0 < len(SECOND) < len(WITHIN) < len(FACTS)
    for path, more in (
        ("contacts", {"group_by": "topic,channel"}),
        ("contacts", {"group_by": "month"}),
        ("contacts", {"group_by": "line", "measures": "median_days,score"}),
        ("timeliness", {"kind": "answer", "group_by": "directorate"}),
    ):
        told = await client.get(f"/reports/{path}", params=YEARS | ASKED | more)
        assert told.json()["reconciliation"] == BEHIND
        assert told.json().get("total", len(SECOND)) == len(SECOND)
        for plain in ({}, {"reconciliation": "false"}):
            params = YEARS | {"line": "second"} | more | plain
            without = (await client.get(f"/reports/{path}", params=params)).json()
            assert without == {name: each for name, each in told.json().items() if name != "reconciliation"}


async def test_facts_tell_what_the_whole_question_comes_to(client: httpx.AsyncClient) -> None:
    page = await client.get("/reports/facts", params=YEARS | ASKED | {"limit": "2"})
    assert page.json()["reconciliation"] == BEHIND
    assert len(page.json()["rows"]) == 2
    file = await client.get("/reports/facts", params=YEARS | {"line": "second", "format": "parquet"})
    rows = parquet.read_table(BufferReader(file.content))
    assert int(file.headers["X-Contacts"]) == rows.num_rows == len(SECOND)
    assert int(file.headers["X-Events"]) == sum(rows["events"].to_pylist()) == BEHIND["events"]


async def test_for_everybody_it_is_not_there(client: httpx.AsyncClient) -> None:
    year = {"organisation": "leuven", "from": "2021-01-01", "to": "2021-12-31", "audience": "public"}
    for path, more in (("contacts", {"group_by": "line"}), ("timeliness", {})):
        answer = await client.get(f"/reports/{path}", params=year | {"reconciliation": "true"} | more)
        assert answer.status_code == 422
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [
            ("reconciliation", "not_public")
        ]
    wrong = await client.get("/reports/contacts", params=YEARS | {"reconciliation": "perhaps"})
    assert wrong.status_code == 422
    assert "true or false" in wrong.text
