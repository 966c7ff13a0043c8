"""From ``up`` to ``down``, in the order in which things go well."""

import hashlib
import json
import signal
from pathlib import Path

import httpx
import pytest

from deploy.local import processes
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import listens
from shared.access import load_tokens
from tests.integration.local_run.conftest import SERVICES, Terminal, await_line, ended


def test_a_detached_run_tells_where_everything_is_and_ends_without_a_trace(quick: Terminal) -> None:
    up = quick.type("up", DETACH="1")

    assert up.returncode == 0, up.stderr
    values = quick.values()
    for name in SERVICES:
        url = values[f"{name.upper()}_URL"]
        assert httpx.get(f"{url}/health/ready", verify=NO_CERTIFICATES).status_code == 200
        assert url in up.stdout
        assert processes.is_marked(quick.pid(name), quick.root)
        assert "listening" in quick.run.log(name).read_text(encoding="utf-8")
    assert values["AMQP_URL"] == quick.variables["AMQP_URL"]
    assert values["MONGO_URL"] == quick.variables["MONGO_URL"]
    assert not quick.run.pid("rabbitmq").exists()
    assert not quick.run.pid("mongod").exists()
    assert quick.type("status").returncode == 0

    down = quick.type("down")

    assert down.returncode == 0, down.stderr
    assert quick.nothing_runs()
    assert not quick.run.environment_file.exists()
    assert not quick.run.tokens_file.exists()
    assert not quick.run.pids.exists()
    assert "ended in order" in quick.run.log("intake").read_text(encoding="utf-8")
    assert quick.type("status").returncode == 3


def test_tokens_are_new_and_only_their_hashes_reach_the_services(quick: Terminal) -> None:
    known: set[str] = set()
    for _ in range(2):
        quick.type("up", DETACH="1", SAMPLE="none")
        tokens = {
            role: quick.values()[f"{role.upper()}_TOKEN"] for role in ("adapter", "handler", "reporting", "admin")
        }
        file = quick.run.tokens_file.read_text(encoding="utf-8")
        hashed = {one["role"]: one["sha256"] for one in json.loads(file)["tokens"]}

        assert hashed == {role: hashlib.sha256(token.encode()).hexdigest() for role, token in tokens.items()}
        assert not any(token in file for token in tokens.values())
        assert quick.run.environment_file.stat().st_mode & 0o777 == 0o600
        assert quick.run.tokens_file.stat().st_mode & 0o777 == 0o600
        assert quick.root.stat().st_mode & 0o777 == 0o700
        assert not known & set(tokens.values())
        known |= set(tokens.values())
        quick.type("down")


def test_the_key_that_citizens_are_known_again_by_is_made_once_and_for_intake_alone(quick: Terminal) -> None:
    keys = []
    for _ in range(2):
        quick.type("up", DETACH="1", SAMPLE="none")
        file = quick.run.citizen_keys_file
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(file.read_text(encoding="ascii"))) == 32
        scripts = {each.stem: each.read_text(encoding="utf-8") for each in quick.run.programs.iterdir()}
        told = {name for name, script in scripts.items() if "CITIZEN_KEYS_FILE" in script}
        assert told == {"intake"}
        keys.append(file.read_text(encoding="ascii"))
        quick.type("down")
    assert keys[0] == keys[1]
    assert keys[0].strip() not in quick.run.log("intake").read_text(encoding="utf-8")


def test_tokens_for_a_run_elsewhere_are_shown_once_and_kept_as_hashes(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"

    made = terminal.type("tokens", str(file))

    shown = dict(line.split("=", 1) for line in made.stdout.splitlines())
    known = load_tokens(file)
    assert set(shown) == {"ADAPTER_TOKEN", "HANDLER_TOKEN", "REPORTING_TOKEN", "ADMIN_TOKEN"}
    for name, token in shown.items():
        holder = known.holder(token)
        assert holder is not None
        assert f"{holder.role.upper()}_TOKEN" == name
        assert token not in file.read_text(encoding="utf-8")


def test_up_where_it_runs_already_changes_nothing(quick: Terminal) -> None:
    quick.type("up", DETACH="1", SAMPLE="none")
    before = quick.values()

    again = quick.type("up")

    assert again.returncode == 0
    assert "runs already" in again.stdout
    assert before["INTAKE_URL"] in again.stdout
    assert quick.values() == before


def test_down_where_nothing_runs_is_fine(terminal: Terminal) -> None:
    for _ in range(2):
        assert terminal.type("down").returncode == 0


def test_the_sample_is_loaded_and_its_table_shown_unless_it_is_not_wanted(quick: Terminal) -> None:
    loaded = quick.type("up", DETACH="1")
    intake = quick.values()["INTAKE_URL"]
    quick.type("down")
    without = quick.type("up", DETACH="1", SAMPLE="none")

    assert loaded.stdout.index(f"sample load into {intake}") < loaded.stdout.index(f"sample table into {intake}")
    assert "sample load" not in without.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_in_the_foreground_it_stays_until_it_is_told_to_stop(quick: Terminal, number: signal.Signals) -> None:
    process = quick.begin("up")
    await_line(process, "until Ctrl-C")

    process.send_signal(number)

    code, output = ended(process)
    assert code == 0, output
    assert "stopped" in output
    assert quick.nothing_runs()
    assert not quick.run.environment_file.exists()


def test_down_ends_a_run_in_the_foreground_of_another_terminal(quick: Terminal) -> None:
    process = quick.begin("up")
    await_line(process, "until Ctrl-C")

    assert quick.type("down").returncode == 0

    assert ended(process)[0] == 0
    assert quick.nothing_runs()


@pytest.mark.parametrize("keep", ["", "1"])
def test_every_run_starts_afresh_unless_it_is_to_keep_the_data(quick: Terminal, keep: str) -> None:
    quick.run.make()
    left = quick.run.data / "of an earlier run"
    left.touch()

    quick.type("up", DETACH="1", SAMPLE="none", KEEP=keep)

    assert left.exists() is bool(keep)


def test_it_listens_on_this_machine_alone(quick: Terminal) -> None:
    quick.type("up", DETACH="1", SAMPLE="none")
    ports = [int(quick.variables[f"{name.upper()}_PORT"]) for name in SERVICES]

    assert all(listens(port) for port in ports)
    quick.type("down")
    assert not any(listens(port) for port in ports)
