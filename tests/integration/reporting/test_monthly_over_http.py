"""Monthly reports over HTTP: who may read and make them, in which forms, and what is refused."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from services.reporting.domain.monthly.month import Month
from tests.integration.deadlines.processes import hearing
from tests.integration.reporting.conftest import Database, commit_all, replicas, until
from tests.unit.reporting.made_up import routed

MONTH = "/reports/monthly/leuven/2021-03"
REPORT = f"{MONTH}/politie"
PATHS = ("/reports/monthly/leuven", MONTH, REPORT)
ADMIN = {"Authorization": "Bearer of-an-admin"}
NOT_UNASKED: dict[str, Any] = {"reporting_monthly_most_months": 0}


def march(unit: str, number: int) -> Any:
    received = datetime(2021, 3, 1 + number, 12, tzinfo=UTC)
    return routed(f"LEU-2021-{unit}-{number:03d}", received, directorate=unit, service=None)


@pytest.fixture
async def client(broker_url: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A replica that makes nothing unasked, with contacts of two directorates."""
    events = [march(unit, number) for unit, many in (("politie", 25), ("sport", 3)) for number in range(many)]
    await commit_all(database.committer(), events)
    async with replicas(broker_url, database, **NOT_UNASKED) as (client,):
        yield client


async def make(client: httpx.AsyncClient, **params: str) -> httpx.Response:
    return await client.post(MONTH, headers=ADMIN, params=params)


async def test_by_hand_they_are_made_once_kept_and_told(broker_url: str, client: httpx.AsyncClient) -> None:
    async with hearing(broker_url, "report.made.v1") as heard:
        first, again = await make(client), await make(client, again="true")
        assert (first.status_code, again.status_code) == (201, 200)
        assert (first.json()["reports_made"], again.json()["reports_made"]) == (2, 0)
        made = {each["directorate"]: each["made"] for each in first.json()["reports"]}
        assert {name: each["contacts"] for name, each in made.items()} == {"politie": 25, "sport": 3}

        async def heard_of_both() -> bool:
            return len(heard.bodies) == 2

        await until(heard_of_both)
        assert heard.messages == 2
    listed = (await client.get(MONTH)).json()
    assert all(each["made"]["announced_at"] for each in listed["reports"])
    assert {each["made"]["path"] for each in listed["reports"]} == {f"{MONTH}/{each}?edition=1" for each in made}
    months = (await client.get("/reports/monthly/leuven")).json()
    assert [(each["month"], each["reports"], each["contacts"]) for each in months["months"]] == [
        ("2021-03", 2, 28)
    ]
    assert months["next"]["month"] == Month.of(datetime.now(UTC).date()).name


async def test_it_is_told_as_it_was_made_and_what_has_moved(database: Database, client: httpx.AsyncClient) -> None:
    assert (await client.get(REPORT)).status_code == 404
    await make(client)
    made = (await client.get(REPORT)).json()
    assert made["since"] == {"moved": [], "contacts": 25, "events": 25, "editions": [1]}
    assert [each["text"]["en"] for each in made["findings"]]
    await commit_all(database.committer(), [march("politie", 26)])
    now = (await client.get(REPORT)).json()
    assert now["since"]["contacts"] == 26
    assert now | {"since": made["since"]} == made
    page = (await client.get(REPORT, params={"format": "html"})).text
    assert "25 contacten, nu zijn het er 26" in page
    assert (await make(client, again="true", directorate="politie")).json()["reports_made"] == 1
    old = (await client.get(REPORT, params={"format": "html", "edition": "1", "lang": "en"})).text
    assert "This is edition 1; the last one is edition 2." in old
    assert "format=pdf&amp;lang=en&amp;edition=1" in old
    assert (await client.get(REPORT)).json()["reconciliation"]["contacts"] == 26


async def test_it_comes_in_every_form(client: httpx.AsyncClient) -> None:
    await make(client)
    page = await client.get(REPORT, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Maandverslag maart 2021: Politie" in page.text
    assert "script" not in page.text
    book = await client.get(REPORT, params={"format": "xlsx", "lang": "en"})
    opened = load_workbook(io.BytesIO(book.content))
    assert len(opened.sheetnames) == 12
    assert "monthly-report-leuven-2021-03-politie-1.xlsx" in book.headers["content-disposition"]
    files = await client.get(REPORT, params={"format": "csv"})
    with zipfile.ZipFile(io.BytesIO(files.content)) as packed:
        rows = list(csv.reader(io.StringIO(packed.read("contacts.csv").decode("utf-8-sig")), delimiter=";"))
    assert rows[0][1] == "maart 2021 Aantal"
    assert rows[1][1] == "25"
    pdf = await client.get(REPORT, headers={"Accept": "application/pdf"})
    assert "Maandverslag maart 2021" in " ".join(
        PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split()
    )


async def test_lists_are_pages_for_a_browser(client: httpx.AsyncClient) -> None:
    months, month = "/reports/monthly/leuven", MONTH
    browser = {"Accept": "text/html,application/xhtml+xml"}
    assert "Er zijn nog geen maandverslagen." in (await client.get(months, headers=browser)).text
    unmade = (await client.get(month, headers=browser)).text
    assert "nog geen verslag" in unmade
    assert "De verslagen van maart 2021 worden alleen met de hand gemaakt." in unmade
    await make(client)
    assert "maart 2021" in (await client.get(months, headers=browser)).text
    told = (await client.get(month, params={"format": "html", "lang": "en"})).text
    assert f"{REPORT}?format=html&amp;lang=en" in told
    assert "This month counts 28 contacts, 0 of them without a directorate" in told
    none = (await client.get("/reports/monthly/leuven/2020-01", headers=browser)).text
    assert "Geen enkele directie" in none


async def test_who_may_read_reports_may_read_them_and_nobody_else(client: httpx.AsyncClient) -> None:
    await make(client)
    by_role = {"of-a-handler": 200, "of-an-admin": 200, "of-a-form": 403, "unknown": 401}
    for path, (token, status) in product(PATHS, by_role.items()):
        answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, (path, token)
    for token in ("of-a-handler", "of-the-council"):
        assert (await client.post(MONTH, headers={"Authorization": f"Bearer {token}"})).status_code == 403


async def test_for_everybody_there_are_none(client: httpx.AsyncClient) -> None:
    for path in PATHS:
        answer = await client.get(path, params={"audience": "public"})
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("audience", "not_public")
        assert "annual report" in error["message"]


WRONG: list[tuple[str, dict[str, str], int, str]] = [
    ("/reports/monthly/atlantis", {}, 404, "known are"),
    ("/reports/monthly/leuven/2021-13", {}, 404, "like 2021-03"),
    ("/reports/monthly/leuven/3021-01", {}, 404, "like 2021-03"),
    ("/reports/monthly/leuven/1899-12", {}, 404, "from 1900-01"),
    ("/reports/monthly/leuven/'; drop table x", {}, 404, "like 2021-03"),
    (f"{MONTH}/atlantis", {}, 404, "politie (1), sport (1)"),
    ("/reports/monthly/leuven/2021-04/politie", {}, 404, "no reports of 2021-04"),
    (REPORT, {"edition": "7"}, 404, "politie (1)"),
    (REPORT, {"edition": "0"}, 422, "edition"),
    (REPORT, {"edition": "x"}, 422, "edition"),
    (REPORT, {"format": "docx"}, 422, "format"),
    (REPORT, {"audiance": "public"}, 422, "allowed are format, lang, edition"),
    (MONTH, {"group_by": "line"}, 422, "allowed are format, lang"),
    (MONTH, {"format": "pdf"}, 422, "format"),
]


async def test_what_there_is_not_is_told_with_what_there_is(client: httpx.AsyncClient) -> None:
    await make(client)
    for path, params, status, told in WRONG:
        answer = await client.get(path, params=params)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert told in answer.text


async def test_a_month_that_runs_and_a_directorate_that_is_not_one_are_refused(client: httpx.AsyncClient) -> None:
    running = Month.of(datetime.now(UTC).date())
    answer = await client.post(f"/reports/monthly/leuven/{running.name}", headers=ADMIN)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "month_running"
    answer = await make(client, again="true", directorate="atlantis")
    assert answer.status_code == 422
    assert "politie" in answer.json()["errors"][0]["message"]
    assert (await make(client, again="perhaps")).status_code == 422
    accepts_nothing = await client.get(REPORT, headers={"Accept": "image/png"})
    assert accepts_nothing.status_code == 406
