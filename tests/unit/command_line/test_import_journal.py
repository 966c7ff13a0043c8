"""An import that is interrupted goes on where it was, and tells each fault once."""

import json
from pathlib import Path

import pytest

from deploy.command_line.failure import CommandError
from deploy.command_line.import_journal import Journal
from shared.contracts.rejection import FieldError

_MISSING = [FieldError(field="text", code="missing", message="is required; give it")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "contacts.jsonl"
    file.write_text('{"a": 1}\n{"a": 2}\n')
    return file


def opened(file: Path, *, restart: bool = False, keeps: bool = True, errors: Path | None = None) -> Journal:
    journal = Journal(file, errors, keeps=keeps)
    journal.open(restart=restart)
    return journal


def told(journal: Journal) -> list[tuple[int, str]]:
    lines = journal.errors_file.read_text(encoding="utf-8").splitlines()
    return [(each["line"], each["message"]) for each in map(json.loads, lines)]


def test_it_begins_with_the_first_row(file: Path) -> None:
    assert opened(file).done == 0


def test_it_goes_on_where_it_was(file: Path) -> None:
    journal = opened(file)
    journal.advance(200)
    journal.advance(7)
    assert opened(file).done == 207


def test_it_begins_anew_when_asked(file: Path) -> None:
    first = opened(file)
    first.tell(1, _MISSING, b"{}")
    first.advance(2)
    again = opened(file, restart=True)
    assert again.done == 0
    assert not again.errors_file.exists()


def test_another_file_under_the_same_name_is_not_gone_on_with(file: Path) -> None:
    opened(file).advance(2)
    file.write_text("{}\n")
    with pytest.raises(CommandError, match="has changed since 2 of its rows") as raised:
        opened(file)
    assert "--restart" in raised.value.cure


def test_a_fault_has_its_line_its_cure_and_its_message(file: Path) -> None:
    journal = opened(file)
    journal.tell(4, _MISSING, '{"text": "é"}'.encode())
    (line,) = journal.errors_file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"line": 4, "errors": _MISSING, "message": '{"text": "é"}'}


def test_what_citizens_wrote_is_for_its_owner_alone(file: Path) -> None:
    journal = opened(file)
    journal.tell(1, _MISSING, b"{}")
    assert journal.errors_file.stat().st_mode & 0o777 == 0o600


def test_a_group_that_was_cut_short_is_told_once(file: Path) -> None:
    journal = opened(file)
    journal.tell(1, _MISSING, b"one")
    journal.advance(2)
    journal.tell(3, _MISSING, b"three")
    with journal.errors_file.open("a") as torn:
        torn.write('{"line": 5, "err')
    again = opened(file)
    for line, body in ((3, b"three"), (5, b"five")):
        again.tell(line, _MISSING, body)
    assert told(again) == [(1, "one"), (3, "three"), (5, "five")]


def test_a_dry_run_leaves_an_interrupted_import_alone(file: Path) -> None:
    journal = opened(file)
    journal.tell(1, _MISSING, b"one")
    journal.advance(1)
    dry = opened(file, keeps=False)
    assert dry.done == 0
    dry.tell(1, _MISSING, b"dry")
    dry.advance(2)
    assert opened(file).done == 1
    assert told(journal) == [(1, "one")]
    assert told(dry) == [(1, "dry")]


def test_a_dry_run_forgets_the_faults_of_the_one_before(file: Path) -> None:
    opened(file, keeps=False).tell(1, _MISSING, b"one")
    assert not opened(file, keeps=False).errors_file.exists()


def test_faults_go_where_they_are_wanted(file: Path, tmp_path: Path) -> None:
    assert opened(file, errors=tmp_path / "wrong.jsonl").errors_file == tmp_path / "wrong.jsonl"
