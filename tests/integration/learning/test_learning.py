"""From a correction to another decision: intake and routing on the real broker and database, and the commands."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
import typer
from prometheus_client import CollectorRegistry
from typer.testing import CliRunner, Result

from services.intake.republish import tell_again
from services.routing import dry_run, learn, releases
from services.routing.learning.releases import load_current, read_releases
from services.routing.main import runtime_for
from services.routing.text.matter import Matter, matter_of
from services.routing.text.readers import Readers
from shared.access import Role
from shared.contracts.events import ContactRouted, Event, parse_event
from shared.profiles.loader import PROFILES as FOLDER
from tests.integration.intake.whole import Whole, running
from tests.unit.intake.messages import CITIZEN, PROFILES, spelled, submission
from tests.unit.routing.learning.past import HEDGE, POSTS, about_posts

CORRECTED = 130
LEFT = 131
"""The one contact that nobody corrected."""
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def matter() -> dict[str, Matter]:
    """A part of the corpus, which is learnt in a moment."""
    whole = matter_of(PROFILES)["leuven"]
    few = whole.corpus.with_messages(whole.corpus.messages[::8])
    return {"leuven": Matter(few, whole.lexicon)}


@pytest.fixture
def _small(matter: dict[str, Matter], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (learn, dry_run):
        monkeypatch.setattr(module, "matter_of", lambda _: matter)


SURE = (
    "Kunt u mij laten weten welke documenten ik moet meebrengen naar het stadskantoor om een nieuwe "
    "identiteitskaart aan te vragen, en of ik daarvoor eerst een afspraak moet maken aan het loket bevolking?"
)
"""What routing decides by itself."""


@dataclass
class City:
    """Intake as it runs, and what routing is started with."""

    intake: Whole
    broker_url: str
    matter: dict[str, Matter]
    folder: Path

    @asynccontextmanager
    async def routing(self) -> AsyncIterator[None]:
        """Routing, with the model that is in use when it starts."""
        readers = Readers(self.matter, load_current(self.folder, PROFILES, self.matter))
        runtime = runtime_for(self.broker_url, PROFILES, CollectorRegistry(), 20, readers)
        await runtime.start()
        yield
        await runtime.stop()

    async def hand_in(self, number: int, text: str | None = None) -> str:
        told = submission(
            submission_id=f"form-{number}", text=text or about_posts(number), nature=None, subject=None,
            received_at="2026-03-04T09:30:00+01:00",
        )  # fmt: skip
        answer = await self.intake.call("POST", "/contacts", Role.ADAPTER, spelled(told))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reference"])

    async def correct(self, reference: str) -> None:
        data = {name: POSTS[name] for name in ("nature", "line", "directorate", "service")}
        told = {
            "follow_up_id": f"t-{reference}",
            "kind": "transferred",
            "occurred_at": "2026-03-05T10:00:00+01:00",
            "data": data | {"reason": "geheim van de behandelaar"},
            "actor": "behandelaar.an",
        }
        path = f"/contacts/{reference}/follow-ups"
        answer = await self.intake.call("POST", path, Role.HANDLER, spelled(told))
        assert answer.status_code == 202, answer.text

    def routed(self, reference: str) -> list[Event]:
        """Routing's decisions on a contact, as they were told."""
        heard = [each for each in self.intake.events.messages if each.routing_key == "contact.routed.v1"]
        events = [parse_event(dict(each.headers), each.body) for each in heard]
        return [event for event in events if event.envelope.subject == reference]

    async def exported(self) -> bytes:
        answer = await self.intake.call("GET", "/past-contacts?organisation=leuven", Role.ADMIN)
        assert answer.status_code == 200
        return answer.content

    async def until(self, holds: Callable[[list[dict[str, object]]], bool]) -> bytes:
        """Waits until the export is so; the export."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                content = await self.exported()
                if holds([orjson.loads(line) for line in content.splitlines()]):
                    return content
                await asyncio.sleep(0.1)


@pytest.fixture
async def city(
    broker_url: str, mongo_url: str, mongo_prefix: str, matter: dict[str, Matter], tmp_path: Path
) -> AsyncIterator[City]:
    async with running(broker_url, mongo_url, mongo_prefix) as intake:
        folder = tmp_path / "learned"
        folder.mkdir()
        yield City(intake, broker_url, matter, folder)


async def call(command: Callable[..., None] | typer.Typer, *arguments: object) -> Result:
    app = command
    if not isinstance(app, typer.Typer):
        app = typer.Typer()
        app.command()(command)
    return await asyncio.to_thread(CliRunner().invoke, app, [str(each) for each in arguments])


@pytest.mark.usefixtures("_small")
async def test_corrections_make_a_better_model_that_routing_decides_with(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with city.routing():
        references = [await city.hand_in(number) for number in range(CORRECTED)]
        for reference in references:
            await city.correct(reference)
        left = await city.hand_in(LEFT)
        content = await city.until(
            lambda lines: (
                len(lines) == CORRECTED + 1
                and all(each["routed"] for each in lines)
                and sum(bool(each["decided_by_people"]) for each in lines) == CORRECTED
            )
        )
    file = tmp_path / "past.jsonl"
    file.write_bytes(content)
    (before,) = city.routed(left)
    assert isinstance(before.data, ContactRouted)
    assert before.data.service != POSTS["service"]

    learnt = await call(
        learn.learn, "--organisation", "leuven", "--corrections", file, "--hold-back", "0.5",
        "--learned-dir", city.folder, "--apply",
    )  # fmt: skip
    assert learnt.exit_code == 0, learnt.output
    assert "The new model is better" in learnt.output
    current = read_releases(city.folder, "leuven").current
    assert current is not None

    async with city.routing():
        await tell_again(city.intake.runtime.store, city.intake.runtime.messaging.publisher, reference=left)
        await city.intake.until(lambda: len({each.envelope.id for each in city.routed(left)}) == 2)
    after = next(each for each in city.routed(left) if each.envelope.id != before.envelope.id)
    assert isinstance(after.data, ContactRouted)
    assert (after.data.service, after.data.model_version) == (POSTS["service"], current.version)
    assert after.data.model_version > before.data.model_version
    assert any(f"+r1#{(current.content or '')[:8]}" in each.evidence for each in after.data.reasons)
    changed = await city.until(
        lambda lines: lines[-1]["routed"] != orjson.loads(content.splitlines()[-1])["routed"]
    )
    assert orjson.loads(changed.splitlines()[-1])["stands"]["service"] == POSTS["service"]

    back = await call(releases.app, "roll-back", "--organisation", "leuven", "--learned-dir", city.folder)
    assert back.exit_code == 0, back.output
    async with city.routing():
        await tell_again(city.intake.runtime.store, city.intake.runtime.messaging.publisher, reference=left)
        await city.intake.until(lambda: len({each.envelope.id for each in city.routed(left)}) == 3)
    restored = await city.until(
        lambda lines: lines[-1]["routed"] != orjson.loads(changed.splitlines()[-1])["routed"]
    )
    assert orjson.loads(restored.splitlines()[-1])["stands"]["service"] == before.data.service

    said = capsys.readouterr().out + learnt.output + back.output
    assert "contact routed" in said
    for private in (str(CITIZEN["name"]), "aadpaal", "aadpunt", "geheim", "behandelaar"):
        assert private not in said


@pytest.mark.usefixtures("_small")
async def test_a_changed_profile_is_tried_on_the_past_and_nothing_is_published(city: City, tmp_path: Path) -> None:
    async with city.routing():
        for number in range(12):
            await city.hand_in(number, HEDGE if number % 2 else SURE)
        content = await city.until(lambda lines: len(lines) == 12 and all(each["routed"] for each in lines))
    file = tmp_path / "past.jsonl"
    file.write_bytes(content)
    reviewed = sum(orjson.loads(line)["routed"]["needs_review"] for line in content.splitlines())
    text = (FOLDER / "leuven.yaml").read_text(encoding="utf-8")
    sterner = tmp_path / "leuven.yaml"
    sterner.write_text(text.replace("\n    first_line_", "\n    review_below: 1.0\n    first_line_"))
    said = len(city.intake.events.messages)

    tried = await call(dry_run.dry_run, "--profile", sterner, "--contacts", file, "--json")
    assert reviewed < 12
    assert tried.exit_code == 1, tried.output
    told = orjson.loads(tried.stdout)
    assert (told["contacts"], told["same"]) == (12, 12)
    assert (told["newly_to_review"], told["no_longer_to_review"]) == (12 - reviewed, 0)
    assert len(city.intake.events.messages) == said


async def test_nobody_but_an_admin_gets_the_corrections(city: City) -> None:
    for role in set(Role) - {Role.ADMIN}:
        answer = await city.intake.call("GET", "/past-contacts?organisation=leuven", role)
        assert answer.status_code == 403
