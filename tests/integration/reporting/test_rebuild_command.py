"""The command that counts anew, as an operator runs it."""

import asyncio
import json
import os
import sys
from typing import Any

from services.reporting.domain.fold import REGISTERED
from tests.integration.reporting.conftest import Database, made_up_events


async def rebuild(
    database: Database, *arguments: str, errors_too: bool = True, **environment: str
) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.reporting.rebuild",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT if errors_too else asyncio.subprocess.DEVNULL,
        env=os.environ
        | {
            "MONGO_URL": database.url,
            "MONGO_PREFIX": database.prefix,
            "AMQP_URL": "amqp://unused",
            "COLUMNS": "160",
        }
        | environment,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_it_compares_tells_and_mends(filled: Database) -> None:
    # All of them are decided, and with a decision the registration's own event is one too many.
    events = len({each.envelope.id for each in made_up_events() if each.type != REGISTERED})
    code, printed = await rebuild(filled, "--compare", "--facts", "--organisation", "leuven")
    assert code == 0
    assert "leuven: equal:" in printed
    assert f"over 150 facts of {events} events" in " ".join(printed.split())

    counters = filled.collections.counters
    moved = await counters.update_one({"table": "line"}, {"$inc": {"cells.second": 2}})
    assert moved.modified_count == 1
    code, printed = await rebuild(filled, "--compare")
    assert code == 1
    assert "1 counters differ" in printed
    assert "second" in printed

    code, printed = await rebuild(filled)
    assert code == 0
    assert "leuven: written:" in printed
    code, printed = await rebuild(filled, "--compare")
    assert code == 0


async def test_programs_get_the_same_in_json(filled: Database) -> None:
    async def told(*arguments: str) -> tuple[int, dict[str, Any]]:
        code, printed = await rebuild(filled, *arguments, "--organisation", "leuven", "--json", errors_too=False)
        ((answer),) = json.loads(printed)
        return code, answer

    code, answer = await told("--compare", "--facts")
    assert (code, answer["right"], answer["differing_counters"], answer["facts"]) == (0, True, 0, 150)

    await filled.collections.counters.update_one({"table": "line"}, {"$inc": {"cells.second": 2}})
    code, answer = await told("--compare")
    assert (code, answer["right"], answer["differing_counters"]) == (1, False, 1)
    (difference,) = answer["first_differences"]
    assert (difference["table"], difference["cell"]) == (["line"], "second")
    assert difference["counter"] == difference["facts"] + 2

    code, answer = await told()
    assert (code, answer["written"], answer["facts"]) == (0, True, 150)


async def test_it_says_what_is_wrong_with_how_it_was_called(database: Database) -> None:
    code, printed = await rebuild(database, "--organisation", "atlantis")
    assert code == 1
    assert "known are" in printed
    code, printed = await rebuild(database, "--compare", MONGO_PREFIX="Not A Prefix")
    assert code == 1
    assert "MONGO_PREFIX" in printed
    assert "Traceback" not in printed
