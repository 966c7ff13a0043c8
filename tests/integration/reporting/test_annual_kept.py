"""The annual report is made once, and made again as soon as any replica has changed what it tells."""

import subprocess
import sys
from typing import Any

import httpx

from tests.integration.reporting.conftest import Database, replicas
from tests.unit.reporting.made_up import happened, routed

REPORT = "/reports/annual/leuven/2021"


async def told(client: httpx.AsyncClient, path: str = REPORT) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def without_time(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "generated_at"}


async def test_every_replica_notices_what_another_has_written(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled, 2) as clients:
        before = [await told(client) for client in clients]
        assert without_time(before[0]) == without_time(before[1])
        # Kept: made at the same instant.
        assert [await told(client) for client in clients] == before
        writer = filled.committer()
        for number in range(3):
            await writer.commit([routed(f"LEU-2021-88{number:04d}")])
            await writer.commit([happened("answered", 2, f"LEU-2021-88{number:04d}")])
            contacts = before[0]["reconciliation"]["contacts"] + number + 1
            for client in clients:
                report = await told(client)
                assert report["reconciliation"]["contacts"] == contacts
                total = next(table for table in report["tables"] if table["id"] == "contacts_total")
                assert total["total"] == contacts
                assert await told(client) == report


async def test_a_year_that_is_over_is_not_made_again_for_one_that_runs(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled) as (client,):
        before = await told(client, "/reports/annual/leuven/2020")
        await filled.committer().commit([routed("LEU-2021-888888")])
        assert await told(client, "/reports/annual/leuven/2020") == before
        assert (await told(client, "/reports/annual/leuven/2022"))["tables"][0]["previous"]["2021"]["total"] > 0


async def test_counting_anew_makes_the_report_anew(broker_url: str, filled: Database) -> None:
    async with replicas(broker_url, filled) as (client,):
        before = await told(client)
        await filled.collections.counters.update_many({"table": ""}, {"$inc": {"cells.*": 5}})
        # A counter that is off, by nobody's commit, is not noticed; a rebuild is.
        assert await told(client) == before
        await filled.recount().write()
        after = await told(client)
        assert after["generated_at"] != before["generated_at"]
        assert without_time(after) == without_time(before)


def test_the_service_does_not_hold_the_library_of_parquet() -> None:
    told = "import sys, services.reporting.main; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
