"""Questions that nobody should ask: refused with what is allowed, before anything is counted."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.reporting.domain.question import LONGEST_VALUE, MOST_ERRORS, MOST_PARAMETERS
from services.reporting.store.reading import Reading
from tests.integration.reporting.conftest import Database, replicas

YEARS = {"organisation": "leuven", "from": "2019-01-01", "to": "2022-12-31"}
PATHS = ("/reports/contacts", "/reports/timeliness", "/reports/facts", "/reports/contacts/references")
HANDLER = {"Authorization": "Bearer of-a-handler"}
INJECTIONS = (
    "' OR 1=1 --",
    '{"$ne": null}',
    "$where",
    "; drop table facts",
    "a\x00b",
    "\u202e",
    "../../etc/passwd",
    "",
)
Pairs = list[tuple[str, str]]


@pytest.fixture
async def client(broker_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with replicas(broker_url, database) as (only,):
        only.headers.update(HANDLER)
        yield only


async def refused(
    client: httpx.AsyncClient, path: str, pairs: Pairs, first: str = YEARS["from"]
) -> list[dict[str, Any]]:
    answer = await client.get(path, params=httpx.QueryParams([*(YEARS | {"from": first}).items(), *pairs]))
    assert answer.status_code == 422, (path, pairs, answer.text[:200])
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 40_000
    errors: list[dict[str, Any]] = answer.json()["errors"]
    assert errors
    return errors


@pytest.mark.parametrize("path", PATHS)
async def test_injections_are_values_like_any_other(client: httpx.AsyncClient, path: str) -> None:
    for text in INJECTIONS:
        errors = await refused(client, path, [("district", text)])
        assert "elsewhere" in errors[0]["message"]
        errors = await refused(client, path, [(text or "$", "x")])
        assert "is no parameter or dimension; allowed are organisation, from, to" in errors[0]["message"]
        assert not any(text and text in each["message"] for each in errors)
    for name in ("line[$ne]", "codes.line", "$or", "__proto__", "line\x00"):
        await refused(client, path, [(name, "first")])


@pytest.mark.parametrize("path", PATHS)
async def test_absurd_queries_are_not_looked_at(client: httpx.AsyncClient, path: str) -> None:
    many = await refused(client, path, [("line", "first")] * 3_000)
    assert f"at most {MOST_PARAMETERS}" in many[0]["message"]
    for pair in (("line", "x" * 20_000), ("x" * 20_000, "line")):
        assert f"at most {LONGEST_VALUE} characters" in (await refused(client, path, [pair]))[0]["message"]
    assert len(await refused(client, path, [(f"field_{number}", "1") for number in range(400)])) == MOST_ERRORS
    for name in ("organisation", "from", "to"):
        twice = await refused(client, path, [(name, YEARS[name])])
        assert (twice[0]["field"], twice[0]["code"]) == (name, "given_twice")


@pytest.mark.parametrize("path", PATHS[:2])
async def test_a_question_that_is_too_big_is_refused_before_it_is_run(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    # As many contacts as make every combination possible; no fact is there to be looked at.
    generation = await database.collections.generations.find_one({"_id": "leuven"}) or {}
    await database.collections.counters.insert_many(
        [
            {
                "_id": f"made up {month}",
                "organisation": "leuven",
                "generation": generation["current"],
                "table": "",
                "month": month,
                "slot": 0,
                "cells": {"*": 1_000_000},
            }
            for month in (f"{year}-{number:02d}" for year in range(2000, 2023) for number in range(1, 13))
        ]
    )

    async def never(*_: object) -> None:
        raise AssertionError("counted")

    for name in ("counts", "outcomes", "total"):
        monkeypatch.setattr(Reading, name, never)
    (error,) = await refused(client, path, [("group_by", "month,service,norm")], "2000-01-01")
    assert (error["field"], error["code"]) == ("group_by", "too_big")
    assert "at most 50,000 are given" in error["message"]
    for dimensions in (4, 5):
        named = ",".join(["line", "month", "nature", "channel", "norm"][:dimensions])
        assert "at most 3" in (await refused(client, path, [("group_by", named)]))[0]["message"]


async def test_days_of_long_ago_are_days(client: httpx.AsyncClient, database: Database) -> None:
    ancient = YEARS | {"from": "0001-01-01", "to": "9999-12-31", "group_by": "month,line,channel"}
    for path in PATHS[:2]:
        answer = await client.get(path, params=ancient)
        assert answer.status_code == 200
        assert answer.json()["rows"] == []
    assert await database.collections.facts.count_documents({}) == 0
