"""The commands: what they say, what they change, and how they end."""

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import typer
from typer.testing import CliRunner, Result

from services.routing import dry_run, learn, past_contacts, releases
from services.routing.learning import fetching
from services.routing.learning.releases import read_releases
from services.routing.text.matter import Matter
from shared.profiles.loader import PROFILES as FOLDER
from tests.unit.routing.cases import LEUVEN
from tests.unit.routing.learning.conftest import Taught
from tests.unit.routing.learning.past import HEDGE, past, past_about_posts, written_to


def call(command: Any, *arguments: object) -> Result:
    app = command
    if not isinstance(command, typer.Typer):
        app = typer.Typer()
        app.command()(command)
    return CliRunner().invoke(app, [str(each) for each in arguments], env={"LEARNED_DIR": None})


@pytest.fixture(autouse=True)
def _small_matter(small: Matter, taught: Taught, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands learn from a part of the corpus, and the own model is made already."""
    for module in (learn, dry_run):
        monkeypatch.setattr(module, "train", lambda *_: taught.before)
        monkeypatch.setattr(
            module, "matter_of", lambda profiles: {each: small for each in profiles if each == "leuven"}
        )


@pytest.fixture(scope="module")
def corrections(taught: Taught, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contacts about charging posts, corrected, and others that stood."""
    contacts = [*past_about_posts(taught.before, range(130)), *(past(500 + number) for number in range(10))]
    return written_to(tmp_path_factory.mktemp("corrections") / "past.jsonl", contacts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learned")


def learnt(*arguments: object) -> Result:
    return call(learn.learn, "--organisation", "leuven", "--hold-back", "0.5", *arguments)


def test_a_better_model_is_said_to_be_better_and_put_to_use_where_asked(corrections: Path, folder: Path) -> None:
    result = learnt("--corrections", corrections, "--learned-dir", folder, "--apply")
    assert result.exit_code == 0, result.output
    assert "The new model is better" in result.output
    assert "130 corrected" not in result.output
    assert "line and directorate" in result.output
    assert "Release 1" in result.output
    for private in ("laadpaal", "haag"):
        assert private not in result.output.lower()
    current = read_releases(folder, "leuven").current
    assert current
    assert current.learnt_from
    assert (current.learnt_from.hold_back, current.learnt_from.seed) == (0.5, 7)

    shown = call(releases.app, "show", "--organisation", "leuven", "--learned-dir", folder)
    assert "release 1, " in shown.output
    back = call(releases.app, "roll-back", "--organisation", "leuven", "--learned-dir", folder)
    assert "release 2, " in back.output
    assert "the product's own model; restart routing" in back.output
    again = call(releases.app, "roll-back", "--organisation", "leuven", "--learned-dir", folder)
    assert (again.exit_code, "in use already" in again.output) == (2, True)
    forward = call(releases.app, "roll-back", "--organisation", "leuven", "--learned-dir", folder, "--to", "1")
    assert "release 3, " in forward.output
    assert [each.content for each in read_releases(folder, "leuven").releases] == [
        current.content, None, current.content,
    ]  # fmt: skip
    away = call(releases.app, "roll-back", "--organisation", "leuven", "--learned-dir", folder, "--to", "9")
    assert (away.exit_code, "there is no release 9" in away.output) == (2, True)


def test_the_present_model_is_not_judged_by_what_it_learnt(corrections: Path, folder: Path) -> None:
    for wrong in (["--seed", "8"], ["--hold-back", "0.6"]):
        result = learnt("--corrections", corrections, "--learned-dir", folder, *wrong)
        assert result.exit_code == 2
        assert "has learnt; give the same seed" in result.output


def test_on_too_few_contacts_nothing_is_said_and_nothing_changed(taught: Taught, tmp_path: Path) -> None:
    few = written_to(tmp_path / "few.jsonl", past_about_posts(taught.before, range(12)))
    result = learnt("--corrections", few, "--learned-dir", tmp_path, "--apply")
    assert result.exit_code == 1, result.output
    assert "not enough contacts to say" in result.output
    assert "Nothing was changed." in result.output
    assert read_releases(tmp_path, "leuven").current is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--apply"], "--apply needs a place for the model"),
        (["--learned-dir", "/nowhere"], "/nowhere is no directory"),
        (["--learned-dir", "/nowhere", "--apply"], "/nowhere cannot be written to"),
        (["--organisation", "atlantis"], "atlantis is not known here; give one of"),
        (["--organisation", "leiden"], "leiden has no corpus"),
    ],
)
def test_what_cannot_be_used_is_said(corrections: Path, arguments: list[str], told: str) -> None:
    result = learnt("--corrections", corrections, *arguments)
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_a_broken_file_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    result = learnt("--corrections", file)
    assert (result.exit_code, f"{file}:1: " in result.output) == (2, True)
    file.write_text(past(state="open").model_dump_json(by_alias=True), encoding="utf-8")
    result = learnt("--corrections", file)
    assert (result.exit_code, "nothing to learn from" in result.output) == (2, True)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Leuven's profile with everything from a text to review and first-line complaints with the service."""
    text = (FOLDER / "leuven.yaml").read_text(encoding="utf-8")
    text = text.replace(f"\nrevision: {LEUVEN.revision}\n", "\nrevision: 99\n")
    text = text.replace("first_line_complaints_by: complaints_coordination", "first_line_complaints_by: service")
    (tmp_path / "leuven.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "leuven.yaml"


@pytest.fixture
def complaints(tmp_path: Path) -> Path:
    """First-line complaints, of which people corrected one."""
    asked = {"nature": "complaint", "text": f"{HEDGE} Schandalig is dat, ik klaag dit aan!"}
    decided = {"nature": "complaint", "handled_by": "complaints_coordination"}
    contacts = [past(number, asked=asked, routed=decided) for number in range(1, 5)]
    corrected = past(5, asked=asked, routed=decided, people=("service",), stands={"service": "wegbeheer"})
    return written_to(tmp_path / "past.jsonl", [*contacts, corrected])


def test_a_dry_run_counts_what_would_change(changed: Path, complaints: Path) -> None:
    result = call(dry_run.dry_run, "--profile", changed, "--contacts", complaints)
    assert result.exit_code == 1, result.output
    assert "5 past contacts, 0 of them decided the same (0.0%)" in result.output
    assert "  handled_by: complaints_coordination -> service: 5" in result.output
    assert "newly to review: 0; no longer: 0" in result.output
    assert "of 1 that people decided on, line and directorate as they did: 1 before, 1 now" in result.output
    assert result.output.count("    now:    ") == 3
    assert "first_line_complaints_by_profile" in result.output
    assert "Schandalig" not in result.output


def test_as_json_it_tells_the_same_and_the_text_where_asked_for(changed: Path, complaints: Path) -> None:
    arguments = ["--profile", changed, "--contacts", complaints, "--json", "--examples", "1"]
    told = orjson.loads(call(dry_run.dry_run, *arguments).stdout)
    assert (told["contacts"], told["same"], told["otherwise"]) == (5, 0, 5)
    (change,) = told["changes"]
    assert (change["field"], change["before"], change["now"], change["count"]) == (
        "handled_by", "complaints_coordination", "service", 5,
    )  # fmt: skip
    (example,) = change["examples"]
    assert example["reference"] == "LEU-2026-000001"
    assert "text" not in example
    shown = orjson.loads(call(dry_run.dry_run, *arguments, "--show-text").stdout)
    assert "Schandalig" in shown["changes"][0]["examples"][0]["text"]


def test_the_profile_as_it_is_changes_nothing(complaints: Path) -> None:
    result = call(dry_run.dry_run, "--profile", FOLDER / "leuven.yaml", "--contacts", complaints)
    assert result.exit_code == 0, result.output
    assert "5 of them decided the same (100.0%)" in result.output


def test_a_changed_profile_that_is_wrong_is_checked_first(changed: Path, complaints: Path) -> None:
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("first_line_complaints_by: service", "first_line_complaints_by: nobody"))
    result = call(dry_run.dry_run, "--profile", changed, "--contacts", complaints)
    assert result.exit_code == 2
    assert f"{changed}:" in result.output
    assert "first_line_complaints_by" in result.output
    assert "[not_on_list]" in result.output


def test_another_model_is_tried_in_the_same_way(corrections: Path, folder: Path) -> None:
    arguments = ["--organisation", "leuven", "--contacts", corrections, "--learned-dir", folder]
    result = call(dry_run.dry_run, *arguments, "--release", "0")
    assert result.exit_code == 1, result.output
    assert "directorate: agsl -> " in result.output
    assert call(dry_run.dry_run, *arguments, "--release", "1").exit_code == 0
    assert "there is no release 9" in call(dry_run.dry_run, *arguments, "--release", "9").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --profile with a changed profile"),
        (["--organisation", "leuven"], "give --profile with a changed profile"),
        (["--organisation", "leuven", "--release", "0"], "either as --contacts FILE or as --intake-url URL"),
        (
            ["--organisation", "atlantis", "--release", "0", "--intake-url", "http://x"],
            "there is no present profile of that id",
        ),
        (["--organisation", "leuven", "--release", "0", "--intake-url", "http://x"], "set ADMIN_TOKEN"),
    ],
)
def test_a_dry_run_that_lacks_something_says_what(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADMIN_TOKEN", raising=False)
    result = call(dry_run.dry_run, *arguments)
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_contacts_are_fetched_into_a_file_of_the_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = past().model_dump_json(by_alias=True).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=line + b"\n"))
    monkeypatch.setattr(past_contacts, "admin_client", lambda url: httpx.Client(base_url=url, transport=transport))
    file = tmp_path / "past.jsonl"
    result = call(past_contacts.past_contacts, "--organisation", "leuven", "--to", file)
    assert (result.exit_code, file.read_bytes()) == (0, line + b"\n"), result.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert "1 contacts written" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["past.jsonl"]


def test_what_could_not_be_fetched_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    monkeypatch.setattr(fetching, "TRIES", 1)
    transport = httpx.MockTransport(away)
    monkeypatch.setattr(past_contacts, "admin_client", lambda url: httpx.Client(base_url=url, transport=transport))
    result = call(past_contacts.past_contacts, "--organisation", "leuven", "--to", tmp_path / "past.jsonl")
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "see whether it runs" in result.output
