"""The service as it runs, asked by friends and by strangers."""

import httpx
import pytest

from tests.integration.reporting.conftest import (
    TOKEN,
    Database,
    facts_of,
    made_up_events,
    replicas,
)

YEARS = {"organisation": "leuven", "from": "2019-01-01", "to": "2022-12-31"}
CONTACTS, TIMELINESS = "/reports/contacts", "/reports/timeliness"
WRONG = [
    (CONTACTS, {}),
    (CONTACTS, YEARS | {"organisation": "atlantis"}),
    (CONTACTS, YEARS | {"from": "2021-02-30"}),
    (CONTACTS, YEARS | {"from": "2023-01-01"}),
    (CONTACTS, YEARS | {"group_by": "line,month,nature,channel"}),
    (CONTACTS, YEARS | {"group_by": "line,month,nature,channel,norm"}),
    (CONTACTS, YEARS | {"group_by": "$where"}),
    (CONTACTS, YEARS | {"group_by": "codes.line"}),
    (CONTACTS, YEARS | {"shoe_size": "43"}),
    (CONTACTS, YEARS | {"line": "third"}),
    (CONTACTS, YEARS | {"line[$ne]": "first"}),
    (CONTACTS, YEARS | {"line": '{"$ne": null}'}),
    (CONTACTS, YEARS | {"district": "' OR 1=1 --"}),
    (CONTACTS, YEARS | {"district": "a\x00b"}),
    (CONTACTS, YEARS | {"measures": "everything"}),
    (TIMELINESS, YEARS | {"kind": "coffee"}),
    (TIMELINESS, YEARS | {"measures": "score"}),
]


async def test_as_it_runs(broker_url: str, filled: Database) -> None:
    facts = facts_of(made_up_events())
    async with replicas(broker_url, filled) as (client,):
        answer = await client.get(CONTACTS, params=YEARS | {"group_by": "line", "measures": "median_days,score"})
        assert answer.status_code == 200
        assert answer.json()["total"] == len(facts)
        assert set(answer.json()["rows"][0]) == {"line", "count", "share", "median_days", "score"}
        repeated = {**YEARS, "line": ["first", "second"]}
        either = (await client.get(CONTACTS, params=repeated)).json()["total"]
        assert either == sum(fact.codes["line"][0] in ("first", "second") for fact in facts)
        timely = (await client.get(TIMELINESS, params=YEARS | {"kind": "answer", "group_by": "nature"})).json()
        assert {"received", "met", "on_time_share", "within"} <= set(timely["rows"][0])
        annual = await client.get("/reports/annual/leuven/2021", headers={"Accept": "application/json"})
        assert annual.json()["tables"][0]["id"] == "contacts_total"
        await _strangers(client)
        metrics = (await client.get("/metrics")).text
        assert "contactpunt_reporting_commit_seconds_count" in metrics
        assert (await client.get("/health/live")).json()["status"] == "ok"


async def _strangers(client: httpx.AsyncClient) -> None:
    for path, params in WRONG:
        refused = await client.get(path, params=params)
        assert refused.status_code == 422, (path, params)
        assert refused.headers["content-type"] == "application/problem+json"
        assert all(each["message"] for each in refused.json()["errors"])
    for path in (
        "/reports/annual/atlantis/2021",
        "/reports/annual/leuven/21",
        "/reports/annual/leuven/2999",
        "/nowhere",
    ):
        missing = await client.get(path)
        assert missing.status_code == 404, path
        assert missing.headers["content-type"] == "application/problem+json"
    annual = "/reports/annual/leuven/2021"
    for path in (CONTACTS, TIMELINESS, annual):
        assert (await client.get(path, headers={"Authorization": ""})).status_code == 401
        assert (await client.get(path, headers={"Authorization": "Bearer of-a-form"})).status_code == 403


@pytest.mark.parametrize(
    ("params", "allowed"),
    [
        ({"group_by": "shoe_size"}, "answered_in_term"),
        ({"shoe_size": "1"}, "group_by, measures, reconciliation, year"),
        ({"line": "third"}, "external, first, second, unknown"),
        ({"organisation": "atlantis"}, "leuven"),
    ],
)
async def test_a_refusal_tells_what_is_allowed(
    broker_url: str, database: Database, params: dict[str, str], allowed: str
) -> None:
    async with replicas(broker_url, database) as (client,):
        told = (await client.get(CONTACTS, params=YEARS | params)).json()["errors"]
        assert allowed in told[0]["message"]


async def test_readiness_tells_what_is_missing(broker_url: str, database: Database) -> None:
    async with replicas(broker_url, database) as (client,):
        slots = database.collections.slots
        held = await slots.find_one({"_id": 0}) or {}
        assert held["owner"] is not None
        assert (await client.get("/health/ready")).json() == {"status": "ok", "missing": []}
        assert client.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (await slots.find_one({"_id": 0}) or {})["owner"] is None
