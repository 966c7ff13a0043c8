"""Figures for everybody, as the service gives them."""

from typing import Any

import pytest

from services.reporting.settings import ReportingSettings
from tests.integration.reporting.conftest import Database, replicas

YEAR = {"organisation": "leuven", "from": "2021-01-01", "to": "2021-12-31"}
PUBLIC = {"audience": "public"}


async def test_everything_public_is_part_of_the_one_report(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled) as (client,):
        whole = (await client.get("/reports/annual/leuven/2021")).json()
        answer = await client.get("/reports/annual/leuven/2021", params=PUBLIC)
        assert answer.status_code == 200, answer.text
        public = answer.json()
        assert public["audience"] == "public"
        shown = [each for table in public["tables"] for each in _figures(table)]
        assert shown
        assert all(figure is None or figure == 0 or figure >= 5 for figure in shown)
        assert sum(table["suppressed"] for table in public["tables"]) > 0
        _is_the_same_where_it_is_shown(whole, public)
        for table in ("contacts_by_line", "contacts_by_channel_and_line"):
            (of,) = (each for each in public["tables"] if each["id"] == table)
            asked = YEAR | PUBLIC | {"group_by": ",".join(of["dimensions"])}
            told = (await client.get("/reports/contacts", params=asked)).json()
            assert [row["count"] for row in told["rows"]] == [
                row["count"] for row in of["rows"] if row["count"] != 0
            ]
            assert told["total"] == of["total"]
            assert told["suppressed"] == sum("suppressed" in row for row in told["rows"])


def _figures(table: dict[str, Any]) -> list[int | None]:
    before = [row["previous"][year] or {} for row in table["rows"] for year in row["previous"]]
    of_store = [year for year, told in table["previous"].items() if told["source"] == "store"]
    assert of_store
    return [table["total"], *(row["count"] for row in table["rows"]), *(each.get("count") for each in before)]


def _is_the_same_where_it_is_shown(whole: dict[str, Any], public: dict[str, Any]) -> None:
    for table, told in zip(whole["tables"], public["tables"], strict=True):
        assert told["total"] in (None, table["total"])
        for row, row_told in zip(table["rows"], told["rows"], strict=True):
            assert row_told["key"] == row["key"]
            hidden = row_told.get("suppressed", [])
            assert {
                name: row[name] for name in ("count", "share") if name not in hidden
            }.items() <= row_told.items()
            assert all(row_told[name] is None for name in hidden)


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("contacts", YEAR | {"group_by": "channel,district"}, "group_by"),
        ("contacts", YEAR | {"line": "first"}, "group_by"),
        ("contacts", YEAR | {"group_by": "line", "measures": "mean_days"}, "measures"),
        ("contacts", YEAR | {"to": "2021-11-30", "group_by": "line"}, "from"),
        ("contacts", YEAR | {"from": "2020-01-01", "group_by": "line"}, "from"),
        ("contacts", YEAR | {"from": "2026-01-01", "to": "2026-12-31", "group_by": "line"}, "to"),
        ("timeliness", YEAR | {"group_by": "line"}, "group_by"),
        ("timeliness", YEAR | {"line": "second"}, "group_by"),
        ("annual/leuven/2026", {}, "to"),
    ],
)
async def test_what_could_be_subtracted_is_not_answered(
    broker_url: str, database: Database, path: str, params: dict[str, str], field: str
) -> None:
    async with replicas(broker_url, database) as (client,):
        refused = await client.get(f"/reports/{path}", params=params | PUBLIC)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["field"] == field
        unknown = await client.get(f"/reports/{path}", params=params | {"audience": "friends"})
        assert unknown.json()["errors"][0]["field"] == "audience"


async def test_deadlines_are_told_of_the_whole_organisation(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled) as (client,):
        whole = (await client.get("/reports/timeliness", params=YEAR)).json()
        told = (await client.get("/reports/timeliness", params=YEAR | PUBLIC)).json()
        (row,), (row_told,) = whole["rows"], told["rows"]
        small = any(0 < row[name] < 5 for name in ("met", "met_late", "missed_open", "open_in_term", "cancelled"))
        assert (row_told["received"] is None) >= small
        assert row_told["received"] in (None, row["received"])


async def test_a_token_is_needed_unless_the_operator_opens_it(broker_url: str, database: Database) -> None:
    stranger = {"Authorization": ""}
    paths = ("/reports/annual/leuven/2021", "/reports/contacts", "/reports/timeliness")
    async with replicas(broker_url, database) as (client,):
        for path in paths:
            assert (await client.get(path, params=YEAR | PUBLIC, headers=stranger)).status_code == 401
    assert ReportingSettings.model_fields["reporting_public_open"].default is False
    async with replicas(broker_url, database, reporting_public_open=True) as (client,):
        for path in paths:
            # The annual report has its year in its address, and refuses what it does not know.
            asked = {} if "annual" in path else YEAR
            assert (await client.get(path, params=asked | PUBLIC, headers=stranger)).status_code == 200
            assert (await client.get(path, params=asked, headers=stranger)).status_code == 401
        assert (await client.get("/", params=PUBLIC, headers=stranger)).status_code == 401
