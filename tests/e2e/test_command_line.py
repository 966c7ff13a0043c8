"""Everything by hand, through ./contactpunt, on the running product."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.directory import PROJECT
from deploy.local.plain_http import NO_CERTIFICATES
from shared.messaging.topology import CONTACTS_EVENTS, DISCARDED
from tests.e2e.product import Product, depths_of, eventually

_ROWS = 1_000
_COUNTED = {"organisation": "leuven", "from": "2020-03-04", "to": "2020-03-04", "group_by": "channel"}


class CommandLine:
    """Types commands where the product runs."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.command_line", *arguments],
            cwd=PROJECT,
            env={**os.environ, **self._product.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, code: int = 0, given: str | None = None) -> str:
        """What the command writes to standard output; its exit code is to be this."""
        typed = self.begin(*arguments)
        out, err = typed.communicate(given, timeout=120)
        assert typed.returncode == code, f"{arguments}: {typed.returncode}\n{out}{err}"
        assert "Traceback" not in err
        return out if not code or out else err

    def is_well(self) -> bool | None:
        looked = self.begin("status")
        looked.communicate(timeout=60)
        return looked.returncode == 0 or None

    def seen(self) -> str:
        """What is wrong, as status sees it now."""
        out, _ = self.begin("status", "--json").communicate(timeout=60)
        return " ".join(json.loads(out)["wrong"])

    def json(self, *arguments: str, code: int = 0, given: str | None = None) -> Any:
        return json.loads(self(*arguments, "--json", code=code, given=given))


@pytest.fixture(scope="module")
def typed(product: Product) -> CommandLine:
    return CommandLine(product)


def submission(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "submission_id": f"typed-{number}",
        "organisation": "leuven",
        "channel": "email",
        "received_at": "2020-03-04T09:30:00+01:00",
        "nature": "question",
        "text": "Wanneer is het containerpark open?",
        **fields,
    }


def json_lines(file: Path, messages: Sequence[Mapping[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(each) + "\n" for each in messages), encoding="utf-8")
    return file


def counted(product: Product) -> int:
    with product.client("reporting", "reporting") as client:
        told: dict[str, Any] = client.get("/reports/contacts", params=_COUNTED).raise_for_status().json()
    return sum(row["count"] for row in told["rows"])


def settled(product: Product, service: str, outcome: str) -> float:
    metrics = httpx.get(
        f"{product.environment[f'{service.upper()}_URL']}/metrics", timeout=10, verify=NO_CERTIFICATES
    ).text
    lines = [each for each in metrics.splitlines() if each.startswith("contactpunt_dead_letters_settled_total")]
    return sum(float(each.rsplit(" ", 1)[1]) for each in lines if f'outcome="{outcome}"' in each)


def test_status_of_what_is_well(typed: CommandLine) -> None:
    eventually(typed.is_well, "a first look at every queue")
    seen = typed.json("status")
    assert [each["state"] for each in seen["services"]] == ["ready"] * 4
    assert len(seen["queues"]) == 8
    assert all(each["consumers"] >= 1 for each in seen["queues"])
    assert seen["wrong"] == []
    told = typed("status")
    assert "intake.live.v1" in told
    assert "Overdue deadlines: none" in told
    assert told.endswith("All is well.\n")


def test_a_contact_by_options_and_what_happens_to_it(typed: CommandLine, product: Product) -> None:
    text = "De stoep voor de school ligt los."
    made = typed.json("submit", "-o", "leuven", "--text", text, "--channel", "email", "--nature", "complaint")
    reference = made["reference"]
    assert typed("follow-up", reference, "acknowledged") == f"{reference}: acknowledged taken in\n"
    typed("follow-up", reference, "closed", "--data", '{"qualification": "founded"}')

    def closed() -> bool | None:
        with product.client("intake", "handler") as client:
            return client.get(f"/contacts/{reference}").raise_for_status().json()["state"] == "closed" or None

    eventually(closed, "the contact closed")


def test_a_contact_out_of_a_file_gets_one_number(typed: CommandLine, tmp_path: Path) -> None:
    body = json.dumps(submission(0, received_at="2020-02-01T09:30:00+01:00"))
    file = tmp_path / "one.json"
    file.write_text(body, encoding="utf-8")
    first = typed("submit", str(file)).split()[0]
    assert typed("submit", "-", given=body).split()[0] == first


def test_what_is_wrong_is_told_field_by_field(typed: CommandLine) -> None:
    told = typed("submit", "-", given=json.dumps(submission(1, text="", channel="pigeon")), code=1)
    assert "(422)" in told
    assert "[not_on_list]" in told
    assert "channel " in told
    assert "text " in told
    told = typed("follow-up", "LEU-1999-000001", "closed", "--data", '{"qualification": "x"}', code=1)
    assert told.startswith("error: ")


def test_an_import_is_tried_broken_off_and_gone_on_with(
    typed: CommandLine, product: Product, tmp_path: Path
) -> None:
    wrong = {400: {"channel": "pigeon"}, _ROWS: {"text": ""}}
    rows = [submission(number, historical=True, **wrong.get(number, {})) for number in range(1, _ROWS + 1)]
    file = json_lines(tmp_path / "past.jsonl", rows)
    errors = tmp_path / "wrong.jsonl"

    tried = typed.json("import", str(file), "--dry-run", "--errors", str(errors), code=1)
    assert (tried["handed_in"], tried["with_errors"], tried["refused"]) == (_ROWS - 2, 2, 0)
    assert lines_of(errors) == [(400, "channel"), (_ROWS, "text")]
    assert counted(product) == 0

    broken_off = typed.begin("import", str(file), "--errors", str(errors))
    progress = tmp_path / "past.jsonl.progress"
    eventually(lambda: progress.exists() or None, "a first group handed in")
    broken_off.kill()
    broken_off.communicate(timeout=30)
    done = json.loads(progress.read_text())["rows"]
    assert 0 < done < _ROWS

    went_on = typed.json("import", str(file), "--errors", str(errors), code=1)
    assert went_on["skipped"] == done
    assert lines_of(errors) == [(400, "channel"), (_ROWS, "text")]
    eventually(lambda: counted(product) == _ROWS - 2 or None, "every contact counted")
    product.comes_to_rest()
    assert counted(product) == _ROWS - 2
    assert f"{_ROWS} were done before" in typed("import", str(file), "--errors", str(errors))


def lines_of(errors: Path) -> list[tuple[int, str]]:
    told = [json.loads(line) for line in errors.read_text(encoding="utf-8").splitlines()]
    return [(each["line"], each["errors"][0]["field"]) for each in told]


def test_a_spreadsheet_is_imported_and_what_intake_refuses_is_heard(typed: CommandLine, tmp_path: Path) -> None:
    typed("submit", "-", given=json.dumps(submission(9_000, received_at="2020-02-01T09:30:00+01:00")))
    file = tmp_path / "past.csv"
    file.write_text(
        "\ufeffsubmission_id;organisation;channel;received_at;text;citizen.name;historical\r\n"
        '"sheet-1";leuven;letter;2020-05-04T09:30:00+02:00;"Een brief;\nmet twee regels";Jan Voorbeeld;ja\r\n'
        "typed-9000;leuven;letter;2020-05-04T09:30:00+02:00;Een ander verhaal;;ja\r\n",
        encoding="utf-8",
        newline="",
    )
    told = typed("import", str(file), code=1)
    assert "2 handed in, 0 with errors, 1 refused by intake" in told
    (line,) = (tmp_path / "past.csv.errors.jsonl").read_text(encoding="utf-8").splitlines()
    fault = json.loads(line)
    assert (fault["line"], fault["errors"][0]["code"]) == (4, "submission_id_reused")


def test_figures(typed: CommandLine, product: Product, tmp_path: Path) -> None:
    product.comes_to_rest()
    assert "leuven 2020" in typed("report", "leuven", "2020", "--lang", "en")
    report = typed.json("report", "leuven", "2020")
    assert report["tables"]
    assert "<html" in typed("report", "leuven", "2020", "--format", "html")
    archive = tmp_path / "tables.zip"
    typed("report", "leuven", "2020", "--format", "csv", "--output", str(archive))
    assert zipfile.is_zipfile(archive)
    assert "--output" in typed("report", "leuven", "2020", "--format", "pdf", code=1)
    assert "known are" in typed("report", "atlantis", "2020", code=1)
    typed("rebuild", "--compare", "--facts", "--organisation", "leuven")


def test_profiles_are_checked(typed: CommandLine, tmp_path: Path) -> None:
    told = typed.json("profile", "check")
    assert told["faults"] == []
    assert len(told["fine"]) == 8
    broken = tmp_path / "mycity.yaml"
    broken.write_text("id: mycity\nname: 3\n", encoding="utf-8")
    faults = typed.json("profile", "check", str(broken), code=1)["faults"]
    assert {each["file"] for each in faults} == {str(broken)}
    assert f"{broken}:2: name" in typed("profile", "check", str(broken), code=1)


def test_a_dead_letter_is_found_explained_replayed_and_discarded(typed: CommandLine, product: Product) -> None:
    product.publish(CONTACTS_EVENTS, "contact.answered.v1", b'{"made": "on purpose"}')
    queues = {"reporting.events.v1", "deadlines.events.v1"}

    def given_up() -> list[dict[str, Any]] | None:
        letters: list[dict[str, Any]] = typed.json("dead-letters", "list")
        return letters if {each["queue"] for each in letters} == queues else None

    letters = eventually(given_up, "both queues gave it up")
    assert {each["reason"] for each in letters} == {"not_an_event"}
    ids = {each["queue"]: each["id"] for each in letters}
    listed = typed("dead-letters", "list")
    assert all(letter in listed for letter in ids.values())
    eventually(lambda: "dead letters" in typed.seen() or None, "status tells of it")

    letter = ids["reporting.events.v1"]
    shown = typed.json("dead-letters", "show", letter)
    assert "no event" in shown["meaning"]
    assert shown["what_to_do"]
    assert "body" not in shown
    assert typed.json("dead-letters", "show", letter, "--body")["body"] == {"made": "on purpose"}

    assert typed("dead-letters", "replay", letter) == f"{letter} is back in reporting.events.v1\n"
    assert settled(product, "reporting", "replayed") == 1
    # It is still no event.
    again = eventually(given_up, "it was given up again")
    records = depths_of(product.environment["AMQP_URL"], [DISCARDED])[DISCARDED]
    for each in again:
        typed("dead-letters", "discard", each["id"], "--reason", "made on purpose by a test")
    assert settled(product, "reporting", "discarded") == 1
    assert settled(product, "deadlines", "discarded") == 1
    assert depths_of(product.environment["AMQP_URL"], [DISCARDED])[DISCARDED] == records + 2
    assert typed("dead-letters", "list") == "There are no dead letters.\n"
    assert "No queue has a dead letter" in typed("dead-letters", "show", letter, code=1)
    eventually(typed.is_well, "all well again")


def test_status_of_what_is_not_well(typed: CommandLine, product: Product) -> None:
    pid = product.pid("deadlines")
    assert pid is not None
    # Held, not killed: it would be back before anybody had looked.
    os.kill(pid, signal.SIGSTOP)
    try:
        seen = typed.json("status", code=3)
        told = typed("status", code=3)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert [each["state"] for each in seen["services"]] == ["ready", "ready", "away", "ready"]
    assert "wrong: deadlines: does not answer" in told
    product.becomes_ready()


def test_a_service_that_was_killed_comes_back_by_itself(typed: CommandLine, product: Product) -> None:
    killed = product.kill("routing")
    product.is_back("routing", killed)
    eventually(typed.is_well, "all well again")
    assert product.pid("routing") != killed
