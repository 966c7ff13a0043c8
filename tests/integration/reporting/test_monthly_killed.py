"""The service as a process of its own, killed while it makes and tells monthly reports."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.reporting.domain.monthly.month import months_due
from tests.integration.deadlines.processes import hearing
from tests.integration.reporting.conftest import Database, commit_all, publishing, until
from tests.integration.reporting.offices import stored
from tests.integration.reporting.test_killed import process
from tests.unit.reporting.made_up import LEUVEN, routed

MONTHS = 6
UNITS = ("politie", "sport", "financien", "burgerzaken")


async def test_killed_again_and_again_it_makes_one_of_each_and_tells_all_of_them(
    broker_url: str, database: Database, tmp_path: Path
) -> None:
    due = months_due(LEUVEN, datetime.now(UTC), MONTHS)
    for month in due:
        received = datetime(month.year, month.number, 15, 12, tzinfo=UTC)
        events = [routed(f"LEU-{month.name}-{unit}", received, directorate=unit) for unit in UNITS]
        await commit_all(database.committer(), events)
    settings = {
        "REPORTING_MONTHLY_SECONDS": "0.05",
        "REPORTING_MONTHLY_SETTLE_SECONDS": "0",
        "REPORTING_MONTHLY_MOST_MONTHS": str(MONTHS),
    }
    kept = database.collections.monthly_reports
    told: dict[str, Any] = {"to_announce": {"$exists": False}}
    async with publishing(broker_url), hearing(broker_url, "report.#") as heard:
        for enough in (1, 2 * len(UNITS), 5 * len(UNITS)):
            async with process(broker_url, database, tmp_path, **settings):
                await until(lambda enough=enough: _at_least(kept, {}, enough))  # type: ignore[misc]
            # Its lease outlives it; nobody else has to wait for that here.
            await database.collections.leases.delete_many({})
        async with process(broker_url, database, tmp_path, **settings):
            await until(lambda: _at_least(kept, told, MONTHS * len(UNITS)))
            await asyncio.sleep(0.2)
        reports = await stored(database)
        assert [(each["month"], each["directorate"], each["edition"]) for each in reports] == [
            (month.name, unit, 1) for month in due for unit in sorted(UNITS)
        ]
        assert len(heard.bodies) == len(reports)
        assert {len(bodies) for bodies in heard.bodies.values()} == {1}


async def _at_least(collection: Any, wanted: dict[str, Any], enough: int) -> bool:
    count: int = await collection.count_documents(wanted)
    return count >= enough
