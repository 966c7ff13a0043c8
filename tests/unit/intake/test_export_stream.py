"""An export whose database goes away: told before it begins, and never taken for whole after."""

from collections.abc import AsyncIterator

import pytest
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from services.intake.domain.past_contacts import past_contact
from services.intake.export_api import _first, _lines
from shared.access import Role, TokenHash
from shared.contracts.past_contact import PastContact
from shared.problems import Problem
from tests.unit.intake.test_registration import contact_of

CALLER = TokenHash(role=Role.ADMIN, name="an admin", sha256="0" * 64)


async def breaking_off(after: int) -> AsyncIterator[list[PastContact]]:
    for _ in range(after):
        yield [past_contact(contact_of(), [])]
    raise AutoReconnect("away")


async def test_a_database_that_is_away_at_once_is_a_problem_of_its_own() -> None:
    with pytest.raises(Problem) as raised:
        await _first(breaking_off(0))
    assert raised.value.status == 503


async def test_a_stream_that_breaks_off_ends_in_an_error_and_the_log_says_so() -> None:
    groups = breaking_off(3)
    first = await _first(groups)
    got: list[bytes] = []

    async def read() -> None:
        async for part in _lines(first, groups, "leuven", CALLER):
            got.append(part)  # noqa: PERF401  what came before the error is looked at

    with capture_logs() as logged, pytest.raises(AutoReconnect):
        await read()
    assert len(b"".join(got).splitlines()) == 3
    assert logged[-1] == {
        "event": "export of past contacts ended",
        "log_level": "info",
        "organisation": "leuven",
        "token": "an admin",
        "contacts": 3,
        "whole": False,
    }
