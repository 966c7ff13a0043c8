"""The dashboard as it runs: each of its numbers is what the reports say, by the address that stands beside it."""

from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.integration.reporting.conftest import TOKEN, Database, facts_of, made_up_events, replicas

ASKED = [
    "organisation=leuven&period=2021",
    "organisation=leuven&period=2020-Q1&lang=en",
    "organisation=leuven&period=2021&line=second&channel=email&channel=letter",
    "organisation=leuven&from=2020-11-05&to=2021-03-20",
    "organisation=leuven&from=2019-01-01&to=2021-12-31&nature=complaint",
]


class _Page(HTMLParser):
    """What a page tells by the ids of its parts: numbers, and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.numbers: dict[str, list[float]] = {}
        self.json: dict[str, str] = {}
        self.links: dict[str, list[str]] = {}
        self._within: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"meta", "rect", "line", "input"}:
            self._within.append((tag, given.get("id") or given.get("aria-labelledby")))
        part = next((name for _, name in reversed(self._within) if name), "")
        if tag == "data":
            self.numbers.setdefault(part, []).append(float(given["value"] or ""))
        if tag == "a" and given.get("class") == "json":
            self.json.setdefault(part, given["href"] or "")
        elif tag == "a":
            self.links.setdefault(part, []).append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"rect", "line"}:
            assert self._within.pop()[0] == tag


async def page(client: httpx.AsyncClient, query: str) -> _Page:
    answer = await client.get(f"/?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    return _Page(answer.text)


@pytest.mark.parametrize("query", ASKED)
async def test_every_number_is_that_of_the_report(broker_url: str, filled: Database, query: str) -> None:
    async with replicas(broker_url, filled) as (client,):
        told = await page(client, query)
        for chart in ("directorate", "line", "nature", "channel"):
            answer = await _json(client, told.json[f"{chart}-head"])
            counts = [row["count"] for row in answer["rows"]]
            assert sorted(each for each in told.numbers[chart] if each) == sorted(counts)
            assert told.numbers[f"{chart}-table"][-1] == answer["total"] == sum(counts)
        trend = await _json(client, told.json["trend-head"])
        assert [each for each in told.numbers["trend"] if each] == [row["count"] for row in trend["rows"]]
        await _key_figures(client, told)
        kept = await _json(client, told.json["kept_by_directorate-head"])
        shares = [row["on_time_share"] for row in kept["rows"] if row["on_time_share"] is not None]
        assert told.numbers["kept_by_directorate"] == shares


async def _key_figures(client: httpx.AsyncClient, told: _Page) -> None:
    totals = await _json(client, told.json["key-contacts"])
    assert told.numbers["key-contacts"] == [totals["total"]]
    assert told.numbers["key-overdue"] == [totals["rows"][0]["open_overdue"]]
    assert told.numbers["key-median"] == [totals["rows"][0]["median_days"]]
    lines = await _json(client, told.json["key-second_line"])
    assert told.numbers["key-second_line"] == [_counted(lines, "line", "second")]
    natures = await _json(client, told.json["key-complaints"])
    assert told.numbers["key-complaints"] == [_counted(natures, "nature", "complaint")]
    verdicts = await _json(client, told.json["key-founded"])
    founded = sum(_counted(verdicts, "qualification", name) for name in ("founded", "partly_founded"))
    known = verdicts["total"] - _counted(verdicts, "qualification", "unknown")
    assert told.numbers["key-founded"] == [pytest.approx(founded / known)]
    (kept,) = (await _json(client, told.json["key-on_time"]))["rows"]
    assert told.numbers["key-on_time"] == [kept["on_time_share"]]


def _counted(answer: dict[str, Any], dimension: str, value: str) -> int:
    return sum(row["count"] for row in answer["rows"] if row[dimension] == value)


async def _json(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    # As a browser asks: it sends the password of the page along.
    answer = await client.get(address, auth=("anybody", TOKEN), headers={"Authorization": ""})
    told: dict[str, Any] = answer.json()
    assert answer.status_code == 200, told
    return told


async def test_a_bar_filters_and_a_chip_takes_the_filter_away(broker_url: str, filled: Database) -> None:
    facts = facts_of(made_up_events())
    async with replicas(broker_url, filled) as (client,):
        whole = await page(client, "organisation=leuven&from=2019-01-01&to=2021-12-31")
        assert whole.numbers["key-contacts"] == [len(facts)]
        second = next(each for each in whole.links["line"] if "line=second" in each)
        narrowed = await page(client, second.partition("?")[2])
        assert narrowed.numbers["key-contacts"] == [sum(fact.codes["line"] == ("second",) for fact in facts)]
        (back,) = narrowed.links["filters"]
        assert (await page(client, back.partition("?")[2])).numbers == whole.numbers


async def test_what_is_empty_explains_itself(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled) as (client,):
        nothing = (await client.get("/?organisation=leuven&period=2018&lang=en")).text
        assert "No contacts of 2018 are stored" in nothing
        filtered = (
            await client.get("/?organisation=leuven&period=2021&lang=en&line=external&state=withdrawn")
        ).text
        assert "none passes all filters together" in filtered
        running = (await client.get("/?organisation=leuven")).text
        assert "Deze periode is nog niet voorbij" in running


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("organisation=atlantis", "organisation"),
        ("organisation=leuven&period=2021-13", "period"),
        ("organisation=leuven&period=2999", "period"),
        ("organisation=leuven&from=2021-02-30&to=2021-03-01", "from"),
        ("organisation=leuven&from=2021-03-02&to=2021-03-01", "from"),
        ("organisation=leuven&from=2021-03-02", "to"),
    ],
)
async def test_what_cannot_be_is_refused(broker_url: str, database: Database, query: str, field: str) -> None:
    async with replicas(broker_url, database) as (client,):
        refused = await client.get(f"/?{query}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == field
        harmless = await client.get("/?organisation=leiden&line=%3Cscript%3E&directorate=politie&shoe_size=43")
        assert harmless.status_code == 200
        assert "script" not in harmless.text


async def test_only_who_may_see_figures_comes_in(broker_url: str, database: Database) -> None:
    async with replicas(broker_url, database) as (client,):
        stranger = await client.get("/", headers={"Authorization": ""})
        assert stranger.status_code == 401
        assert stranger.headers["www-authenticate"].startswith("Basic")
        assert (await client.get("/", headers={"Authorization": "Bearer of-a-form"})).status_code == 403
        assert (await client.get("/", auth=("anybody", TOKEN))).status_code == 200
