"""The annual report in its five forms, over HTTP, of the sample year as the store has it."""

import base64
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from deploy.local import paper
from services.reporting.forms import MEDIA_TYPES
from tests.integration.reporting.conftest import TOKEN, Database, commit_all, replicas
from tests.integration.reporting.sample_year import sample_year_events
from tests.office import convert, ensure_installed

ANNUAL = "/reports/annual/leuven/2021"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
async def sample_year(database: Database) -> Database:
    await commit_all(database.committer(), sample_year_events())
    return database


def wanted(form: str, **more: str) -> dict[str, str]:
    return {"format": form, **more}


async def test_every_form_has_the_same_figures(broker_url: str, sample_year: Database, tmp_path: Path) -> None:
    paper.ensure_installed(print)
    ensure_installed(print)
    async with replicas(broker_url, sample_year) as (client,):
        report = (await client.get(ANNUAL)).json()
        assert report["reconciliation"]["contacts"] == 252
        _page((await client.get(ANNUAL, headers={"Accept": CHROME})), report)
        _zip(await client.get(ANNUAL, params=wanted("csv")), report, tmp_path)
        _workbook(await client.get(ANNUAL, params=wanted("xlsx", lang="en")), report, tmp_path)
        _pdf(await client.get(ANNUAL, params=wanted("pdf")), report)
        await _negotiation(client)
        await _who_may(client)


def _page(answer: httpx.Response, report: dict[str, Any]) -> None:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == "nl"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = answer.text
    for table in report["tables"]:
        assert f'id="table-{table["id"]}"' in page
    assert "Het aantal tweedelijnsdossiers steeg met 16, van 108 in 2020 tot 124 in 2021 (+14,8\u00a0%)." in page
    assert "Dit verslag telt 252 contacten van 2021" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#|\?|data:,")[^"]*"', page)


def _zip(answer: httpx.Response, report: dict[str, Any], folder: Path) -> None:
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="jaarverslag-leuven-2021.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"LEESMIJ.csv", *(f"{table['id']}.csv" for table in report["tables"])}
        archive.extractall(folder)
    (line,) = [table for table in report["tables"] if table["id"] == "contacts_by_line"]
    # As somebody in Leuven opens it: semicolons, decimal commas, numbers told apart from text.
    opened = convert(folder / "contacts_by_line.csv", "xlsx", ["--infilter=CSV:59,34,76,1,,1043,false,true"])
    sheet = load_workbook(opened / "contacts_by_line.xlsx").worksheets[0]
    head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert head[:3] == ["Lijn", "2021 Aantal", "2021 Aandeel"]
    for shown, row in zip(rows, line["rows"], strict=True):
        assert shown[:3] == [row["labels"]["line"]["nl"], row["count"], row["share"]]


def _workbook(answer: httpx.Response, report: dict[str, Any], folder: Path) -> None:
    assert answer.headers["content-type"] == MEDIA_TYPES["xlsx"]
    assert answer.headers["content-disposition"] == 'attachment; filename="annual-report-leuven-2021.xlsx"'
    path = folder / "report.xlsx"
    path.write_bytes(answer.content)
    book = load_workbook(path)
    for table, sheet in zip(report["tables"], book.worksheets[1:], strict=True):
        first = max(len(table["dimensions"]), 1)
        for row, shown in zip(table["rows"], sheet.iter_rows(min_row=4, values_only=True), strict=False):
            assert list(shown[first : first + 2]) == [row["count"], row["share"]], table["id"]
    _in_libreoffice(path, book.sheetnames, report)


def _in_libreoffice(path: Path, sheets: list[str], report: dict[str, Any]) -> None:
    out = convert(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false,false,false,-1")
    for table, sheet in zip(report["tables"], sheets[1:], strict=True):
        text = (out / f"report-{sheet}.csv").read_text(encoding="utf-8-sig")
        first = max(len(table["dimensions"]), 1)
        rows = list(csv.reader(io.StringIO(text, newline="")))[3:]
        for row, shown in zip(table["rows"], rows, strict=False):
            assert float(shown[first]) == row["count"], table["id"]
            assert float(shown[first + 1].rstrip("%")) / 100 == pytest.approx(row["share"], abs=1e-6), table["id"]


def _pdf(answer: httpx.Response, report: dict[str, Any]) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="jaarverslag-leuven-2021.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    root = reader.root_object
    assert str(root["/Lang"]) == "nl"
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "Jaarverslag 2021 - Stad Leuven"
    titles = list(_bookmarks(reader.outline))
    for number, table in enumerate(report["tables"], start=1):
        assert f"{number}. {table['title']['nl']}" in titles
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "steeg met 16, van 108 in 2020 tot 124 in 2021" in text
    assert f"{len(reader.pages)} / {len(reader.pages)}" in text
    assert b"/JavaScript" not in answer.content


def _bookmarks(outline: list[Any]) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list):
            yield from _bookmarks(each)
        else:
            yield str(each.title)


async def _negotiation(client: httpx.AsyncClient) -> None:
    for accept, media_type in (
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html, application/json;q=0.5", "text/html; charset=utf-8"),
        ("text/csv", "application/zip"),
        ("image/png, application/json;q=0.1", "application/json"),
    ):
        assert (await client.get(ANNUAL, headers={"Accept": accept})).headers["content-type"] == media_type
    for accept in ("image/png", "application/json;q=0"):
        refused = await client.get(ANNUAL, headers={"Accept": accept})
        assert refused.status_code == 406
        assert all(each in refused.json()["detail"] for each in MEDIA_TYPES.values())
    # A link in a browser names its form, whatever the browser accepts.
    assert (await client.get(ANNUAL, params=wanted("json"), headers={"Accept": CHROME})).json()["year"] == 2021
    english = await client.get(ANNUAL, params=wanted("html", lang="en"))
    assert english.headers["content-language"] == "en"
    assert (
        "The number of second-line dossiers rose by 16, from 108 in 2020 to 124 in 2021 (+14.8%)." in english.text
    )
    for params, allowed in ((wanted("docx"), "'xlsx'"), (wanted("html", lang="fr"), "'nl'")):
        refused = await client.get(ANNUAL, params=params)
        assert refused.status_code == 422
        assert allowed in refused.json()["errors"][0]["message"]


async def _who_may(client: httpx.AsyncClient) -> None:
    def basic(password: str) -> dict[str, str]:
        given = base64.b64encode(f"coordinator:{password}".encode()).decode()
        return {"Authorization": f"Basic {given}", "Accept": CHROME}

    assert (await client.get(ANNUAL, headers=basic(TOKEN))).status_code == 200
    for headers in (basic("wrong"), {"Authorization": "", "Accept": CHROME}):
        asked = await client.get(ANNUAL, headers=headers)
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic realm=")
    assert (await client.get(ANNUAL, headers=basic("of-a-form"))).status_code == 403


async def test_a_year_still_running_says_so(broker_url: str, database: Database) -> None:
    async with replicas(broker_url, database) as (client,):
        running = (await client.get("/reports/annual/leuven/2999")).json()["detail"]
        year = re.findall(r"to (\d{4}), like", running)[0]
        page = (await client.get(f"/reports/annual/leuven/{year}", params=wanted("html"))).text
        assert "Dit jaar loopt nog" in page
        assert "loopt nog" not in (await client.get(ANNUAL, params=wanted("html"))).text


async def test_every_organisation_has_a_report_in_every_form(broker_url: str, database: Database) -> None:
    async with replicas(broker_url, database) as (client,):
        for organisation in database.profiles:
            for form in ("html", "csv", "xlsx"):
                for lang in ("nl", "en"):
                    address = f"/reports/annual/{organisation}/2021"
                    answer = await client.get(address, params=wanted(form, lang=lang))
                    assert answer.status_code == 200, (organisation, form, answer.text)
