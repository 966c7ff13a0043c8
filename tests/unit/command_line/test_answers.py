"""What services answer becomes words for whoever typed a command."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from deploy.command_line import __main__ as command_line
from deploy.command_line import measuring, place
from deploy.command_line.answers import answer_of, tell_table
from deploy.command_line.failure import CommandError
from deploy.local.run import LocalRun
from shared.contracts.identifiers import FollowUpKind

_PROBLEM = {"content-type": "application/problem+json"}


def test_json_is_handed_on() -> None:
    assert answer_of(httpx.Response(200, json={"reference": "LEU-2021-000001"})) == {
        "reference": "LEU-2021-000001"
    }


def test_a_problem_is_told_field_by_field() -> None:
    errors = [
        {"field": "text", "code": "missing", "message": "is required; give it"},
        {"field": "", "code": "not_json", "message": "is not JSON"},
    ]
    response = httpx.Response(
        422, headers=_PROBLEM, json={"title": "Not valid", "detail": "See errors.", "errors": errors}
    )
    with pytest.raises(CommandError, match=r"Not valid \(422\)") as raised:
        answer_of(response)
    assert raised.value.cure == "text is required; give it [missing]\nthe message is not JSON [not_json]"


def test_who_is_to_come_again_is_told_when() -> None:
    told = {"title": "Too much at once", "detail": "Send the same again."}
    response = httpx.Response(429, json=told, headers={**_PROBLEM, "Retry-After": "4"})
    with pytest.raises(CommandError) as found:
        answer_of(response)
    assert str(found.value) == "Too much at once (429)"
    assert found.value.cure == "Send the same again. Retry-After says 4 seconds."


def test_a_problem_without_fields_has_its_detail() -> None:
    response = httpx.Response(
        404, headers=_PROBLEM, json={"title": "Not found", "detail": "There is no such year."}
    )
    with pytest.raises(CommandError) as raised:
        answer_of(response)
    assert raised.value.cure == "There is no such year."


def test_anything_else_sends_to_status() -> None:
    with pytest.raises(CommandError, match="answered 502") as raised:
        answer_of(httpx.Response(502, text="<html>"))
    assert "status" in raised.value.cure


def test_a_cell_is_text_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    tell_table("Rows", ("a", "b"), [("[bold]x[/bold]", None)])
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_nothing_is_cut_where_nobody_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    cells = ["0123456789abcdef", "reporting.events.v1", "not_an_event", "x" * 100, "y" * 100]
    tell_table("", ("a", "b", "c", "d", "e"), [cells])
    assert capsys.readouterr().out.splitlines()[-1].split() == cells


Run = Callable[[Sequence[str]], tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program where nothing runs."""
    for name in place._NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))

    def typed(arguments: Sequence[str]) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["contactpunt", *arguments])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        told = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, told.out + told.err

    return typed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["submit", "--text", "Hallo"], "ADAPTER_TOKEN is not known"),
        (["follow-up", "LEU-2021-000001", "answered"], "./contactpunt up"),
        (["follow-up", "LEU-2021-000001", "answered", "--data", "{"], "--data is not JSON"),
        (["submit"], "--text"),
        (["submit", "no-such-file.json"], "cannot be read"),
        (["report", "leuven", "2021", "--format", "docx"], "json, html, pdf, xlsx, csv"),
        (["dead-letters", "list"], "ADMIN_TOKEN is not known"),
    ],
)
def test_what_can_be_mended_is_told_without_a_stack_trace(arguments: list[str], says: str, run: Run) -> None:
    code, told = run(arguments)
    assert code == 1
    assert says in told
    assert "Traceback" not in told


def test_a_place_that_does_not_answer_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_client: httpx.Client, request: httpx.Request, **_options: object) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    monkeypatch.setattr(httpx.Client, "send", refuse)
    monkeypatch.setenv("INTAKE_URL", "http://elsewhere")
    monkeypatch.setenv("ADAPTER_TOKEN", "x")
    code, told = run(["submit", "--text", "Hallo"])
    assert (code, "http://elsewhere/contacts does not answer" in told) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [["submit", "--colour", "red"], ["fly"], ["report", "leuven", "soon"], ["import", "none.csv"], ["bench", "x"]],
)
def test_what_is_typed_wrongly_ends_with_2(arguments: list[str], run: Run) -> None:
    assert run(arguments)[0] == 2


def test_status_of_nothing_ends_with_3(run: Run) -> None:
    assert run(["status"]) == (3, "Nothing runs here; ./contactpunt up starts it.\n")


def test_the_environment_comes_before_the_local_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "env").write_text("INTAKE_URL=http://local\nADMIN_TOKEN=a=b\n")
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    monkeypatch.setenv("INTAKE_URL", "http://elsewhere")
    monkeypatch.delenv("ADMIN_TOKEN", raising=False)
    found = place.find_place()
    assert (found.url("intake"), found.get("ADMIN_TOKEN")) == ("http://elsewhere", "a=b")


def commands() -> list[tuple[str, ...]]:
    group = typer.main.get_command(command_line.app)
    found: list[tuple[str, ...]] = [()]
    for name, command in getattr(group, "commands", {}).items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_and_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    command = typer.main.get_command(command_line.app)
    for name in path:
        command = getattr(command, "commands", {})[name]
    assert command.help or command.callback is None
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name}"
    shown = CliRunner().invoke(command_line.app, [*path, "--help"])
    assert shown.exit_code == 0


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_answers_programs_in_json(path: tuple[str, ...]) -> None:
    command = typer.main.get_command(command_line.app)
    for name in path:
        command = getattr(command, "commands", {})[name]
    if not getattr(command, "commands", {}):
        assert "--json" in {option for parameter in command.params for option in parameter.opts}


def test_the_help_of_follow_ups_names_every_kind() -> None:
    shown = CliRunner().invoke(command_line.app, ["follow-up", "--help"], env={"COLUMNS": "200"})
    assert [kind for kind in FollowUpKind if kind not in shown.output] == []


def test_where_json_is_wanted_nothing_else_is_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def started(_run: LocalRun) -> int:
        sys.stdout.write("starting\n")
        subprocess.run([sys.executable, "-c", "print('loading')"], check=True)
        urls = [f"{name.upper()}_URL=http://{name}" for name in place.SERVICES]
        (tmp_path / "env").write_text("\n".join([*urls, "ADMIN_TOKEN=secret"]))
        return 0

    monkeypatch.setattr(LocalRun, "up", started)
    monkeypatch.setattr(LocalRun, "down", lambda _run: sys.stdout.write("stopped\n"))
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for name in place.SERVICES:
        monkeypatch.delenv(f"{name.upper()}_URL", raising=False)
    for arguments in (["up", "--detach", "--json"], ["down", "--json"]):
        command_line.app(arguments, standalone_mode=False)
    printed, errors = capfd.readouterr()
    told, decoder = printed.strip(), json.JSONDecoder()
    up, end = decoder.raw_decode(told)
    down = json.loads(told[end:])
    assert up == {
        "addresses": {name: f"http://{name}" for name in place.SERVICES},
        "environment": str(tmp_path / "env"),
    }
    assert down == {"runs": False}
    assert set(errors.split()) >= {"starting", "loading", "stopped"}


def test_a_run_that_stays_has_no_answer_to_give() -> None:
    refused = CliRunner().invoke(command_line.app, ["up", "--json"], env={"COLUMNS": "200"})
    assert refused.exit_code == 2
    assert "give --detach as well" in refused.output


def test_what_was_measured_is_told_by_what_it_was_of(tmp_path: Path) -> None:
    files = set()
    for name in ("routing-20260101T000000Z.json", "throughput-20260101T000001Z.json"):
        (tmp_path / name).write_text('{"contacts": 7}')
        files.add(tmp_path / name)
    assert measuring.figures(files) == {"routing": {"contacts": 7}, "throughput": {"contacts": 7}}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete_its_name(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Which shell it is called from is looked up among the processes above, where tests need not have any.
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, f"/bin/{shell}"))
    shown = CliRunner().invoke(command_line.app, ["--show-completion"], prog_name="contactpunt")
    assert shown.exit_code == 0
    assert "_CONTACTPUNT_COMPLETE" in shown.output
    assert f"complete_{shell}" in shown.output
