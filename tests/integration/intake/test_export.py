"""The export of past contacts: for admins, line by line, without identity, and told in the log."""

import io
from typing import Any

import orjson
import pytest

from services.intake import exporting
from services.intake.exporting import Wanted, past_contacts
from shared.access import Role
from shared.contracts.past_contact import PastContact
from tests.integration.intake.bench import Bench, inbound
from tests.integration.intake.test_privacy import PRIVATE
from tests.integration.intake.whole import Whole
from tests.unit.intake.messages import CITIZEN, TEXT, follow_up, routed, submission

PATH = "/past-contacts?organisation=leuven"
OTHERS = [role for role in Role if role is not Role.ADMIN]


async def _filled(bench: Bench, contacts: int) -> None:
    for number in range(contacts):
        await bench.take_in(inbound(submission(submission_id=f"form-{number}")))


async def _exported(bench: Bench, **wanted: Any) -> list[PastContact]:
    groups = past_contacts(bench.store, Wanted(**({"organisation": "leuven"} | wanted)))
    return [each async for group in groups for each in group]


@pytest.fixture
async def corrected(whole: Whole) -> str:
    """A contact that routing decided on and that a person transferred; its reference."""
    await whole.send(submission(subject="Vuilnis voor de deur"))
    await whole.until(lambda: bool(whole.routing.messages))
    event = routed()
    await whole.say(event.body(), dict(event.headers()), event.type)
    transfer = {"reason": "reden van de behandelaar", "directorate": "politie"}
    await whole.send(follow_up("transferred", transfer, actor="behandelaar.an"))

    async def decided() -> object:
        file = (await whole.call("GET", "/contacts/LEU-2021-000001", Role.HANDLER)).json()
        return [len(file["decisions"]), (file["decision"] or {}).get("directorate")]

    await whole.until_it_is([1, "politie"], decided)
    return "LEU-2021-000001"


async def test_an_admin_gets_what_was_asked_decided_and_corrected(whole: Whole, corrected: str) -> None:
    answer = await whole.call("GET", PATH, Role.ADMIN)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert answer.headers["cache-control"] == "no-store"
    (line,) = answer.text.splitlines()
    told = orjson.loads(line)
    assert (told["schema"], told["reference"], told["organisation"]) == ("1", corrected, "leuven")
    assert (told["asked"]["text"], told["asked"]["received_at"]) == (TEXT, "2021-03-04T09:30:00+01:00")
    assert (told["routed"]["directorate"], told["stands"]["directorate"]) == ("openbaar_domein", "politie")
    assert told["decided_by_people"] == ["directorate"]
    assert "submission_id" not in told["asked"]
    for identity in (str(CITIZEN["name"]), str(CITIZEN["email"]), "Tiensevest", "reden van", "behandelaar.an"):
        assert identity not in answer.text


@pytest.mark.usefixtures("corrected")
async def test_who_exported_is_logged_and_what_is_not(logs: io.StringIO, whole: Whole) -> None:
    await whole.call("GET", PATH, Role.ADMIN)
    assert '"export of past contacts begun"' in logs.getvalue()
    assert '"contacts":1,"whole":true' in logs.getvalue()
    assert '"token":"test"' in logs.getvalue()
    for private in PRIVATE:
        assert private not in logs.getvalue()


@pytest.mark.parametrize("role", [*OTHERS, None])
async def test_nobody_else_gets_any(whole: Whole, role: Role | None) -> None:
    answer = await whole.call("GET", PATH, role)
    assert answer.status_code == (403 if role else 401)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "field"),
    [("organisation=atlantis", "organisation"), ("", "organisation"), ("organisation=leuven&limit=0", "limit")],
)
async def test_a_wrong_question_is_told_what_is_wrong(whole: Whole, query: str, field: str) -> None:
    answer = await whole.call("GET", f"/past-contacts?{query}", Role.ADMIN)
    assert answer.status_code == 422
    assert [error["field"].rpartition(".")[2] for error in answer.json()["errors"]] == [field]


async def test_an_empty_store_is_an_empty_export(whole: Whole) -> None:
    answer = await whole.call("GET", PATH, Role.ADMIN)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_every_contact_comes_once_whatever_the_groups(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "GROUP", 3)
    await _filled(bench, 7)
    references = [each.reference for each in await _exported(bench)]
    assert references == [f"LEU-2021-00000{number}" for number in range(1, 8)]
    assert [each.reference for each in await _exported(bench, after=references[3])] == references[4:]
    assert [each.reference for each in await _exported(bench, limit=4)] == references[:4]
    assert await _exported(bench, organisation="leiden") == []


async def test_only_corrected_ones_where_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "GROUP", 2)
    await _filled(bench, 6)
    for number in (1, 4, 5):
        told = follow_up("transferred", {"reason": "r", "nature": "question"}, submission_id=f"form-{number}")
        await bench.take_in(inbound(told | {"follow_up_id": f"fu-{number}"}))
    references = ["LEU-2021-000002", "LEU-2021-000005", "LEU-2021-000006"]
    assert [each.reference for each in await _exported(bench, corrected=True)] == references
    assert [each.reference for each in await _exported(bench, corrected=True, limit=2)] == references[:2]
