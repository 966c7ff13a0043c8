"""The course of an import, with a hand-over that remembers, refuses, or breaks off."""

import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.command_line.import_checks import Checks, routing_key
from deploy.command_line.import_files import Row, read_rows
from deploy.command_line.import_handover import Message, Refusal
from deploy.command_line.import_journal import Journal
from deploy.command_line.import_run import GROUP, ImportResult, import_rows
from shared.contracts.rejection import FieldError

_REUSED = [FieldError(field="submission_id", code="submission_id_reused", message="was used before")]


class BrokenOffError(Exception):
    pass


class Handover:
    """Breaks off after ``whole`` groups: some messages of the next are with the broker, the rest are not."""

    def __init__(self, whole: int | None = None, refuses: frozenset[int] = frozenset()) -> None:
        self.lines: list[int] = []
        self._whole = whole
        self._refuses = refuses
        self._heard: list[Refusal] = []

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        yield

    async def hand_in(self, messages: Sequence[Message]) -> None:
        if self._whole == 0:
            self.lines += [message.line for message in messages[:3]]
            raise BrokenOffError
        self._whole = None if self._whole is None else self._whole - 1
        self.lines += [message.line for message in messages]
        self._heard += [Refusal(each.line, each.body, _REUSED) for each in messages if each.line in self._refuses]

    async def settle(self) -> bool:
        return True

    def refusals(self) -> list[Refusal]:
        heard, self._heard = self._heard, []
        return heard


@pytest.fixture(scope="module")
def checks() -> Checks:
    return Checks.of(None)


def submission(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "submission_id": f"past-{number}",
        "organisation": "leuven",
        "channel": "email",
        "received_at": "2021-03-04T09:30:00+01:00",
        "text": "Er ligt zwerfvuil in het park.",
        **fields,
    }


def file_of(tmp_path: Path, messages: Sequence[dict[str, Any]]) -> Path:
    file = tmp_path / "past.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in messages), encoding="utf-8")
    return file


async def run(file: Path, checks: Checks, handover: Handover | None) -> tuple[ImportResult, Journal]:
    journal = Journal(file, None, keeps=handover is not None)
    journal.open(restart=False)
    rows = read_rows(file, skip=journal.done)
    return await import_rows(rows, checks, journal, handover, lambda _count: None), journal  # type: ignore[arg-type]


def names_in(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.iterdir())


def faults(journal: Journal) -> list[tuple[int, str]]:
    lines = [json.loads(line) for line in journal.errors_file.read_text(encoding="utf-8").splitlines()]
    return [(each["line"], each["errors"][0]["code"]) for each in lines]


async def test_sound_rows_go_in_and_the_others_are_told(tmp_path: Path, checks: Checks) -> None:
    file = file_of(tmp_path, [submission(1), submission(2, channel="pigeon"), submission(3, text="")])
    handover = Handover()
    result, journal = await run(file, checks, handover)
    assert result == ImportResult(1, 2, 0, 0)
    assert handover.lines == [1]
    assert [line for line, _ in faults(journal)] == [2, 3]


async def test_a_dry_run_only_checks(tmp_path: Path, checks: Checks) -> None:
    file = file_of(tmp_path, [submission(1), submission(2, organisation="atlantis")])
    result, journal = await run(file, checks, None)
    assert result == ImportResult(1, 1, 0, 0)
    assert [line for line, _ in faults(journal)] == [2]
    assert names_in(tmp_path) == ["past.jsonl", "past.jsonl.dry-run.errors.jsonl"]


async def test_what_intake_refuses_is_told(tmp_path: Path, checks: Checks) -> None:
    file = file_of(tmp_path, [submission(1), submission(2)])
    result, journal = await run(file, checks, Handover(refuses=frozenset({2})))
    assert result == ImportResult(2, 0, 1, 0)
    assert faults(journal) == [(2, "submission_id_reused")]


async def test_an_interrupted_import_loses_nothing(tmp_path: Path, checks: Checks) -> None:
    wrong = GROUP * 2 + 1
    messages = [submission(number, **({"text": ""} if number == wrong else {})) for number in range(1, GROUP * 3)]
    file = file_of(tmp_path, messages)
    first = Handover(whole=2)
    with pytest.raises(BrokenOffError):
        await run(file, checks, first)
    second = Handover()
    result, journal = await run(file, checks, second)
    assert result.skipped == GROUP * 2
    assert second.lines == [line for line in range(GROUP * 2 + 1, GROUP * 3) if line != wrong]
    assert set(first.lines) | set(second.lines) == set(range(1, GROUP * 3)) - {wrong}
    assert [line for line, _ in faults(journal)] == [wrong]


async def test_an_import_that_is_done_hands_in_nothing_more(tmp_path: Path, checks: Checks) -> None:
    file = file_of(tmp_path, [submission(1), submission(2)])
    await run(file, checks, Handover())
    again = Handover()
    result, _ = await run(file, checks, again)
    assert result == ImportResult(0, 0, 0, 2)
    assert again.lines == []


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (submission(1), "import.leuven.email"),
        ({"organisation": "leuven", "follow_up_id": "x", "kind": "closed"}, "import.leuven.follow_up"),
        ({"organisation": "a.b", "channel": "#"}, "import.unknown.unknown"),
        ({}, "import.unknown.unknown"),
        ([], "import.unknown.unknown"),
    ],
)
def test_the_key_follows_from_the_message(message: Any, key: str) -> None:
    assert routing_key(json.dumps(message).encode()) == key


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_what_is_no_message_is_told_and_not_handed_in(body: bytes, checks: Checks) -> None:
    row = Row(1, body)
    assert checks.errors(row.body, routing_key(row.body))


def test_the_checks_are_those_of_intake(checks: Checks) -> None:
    late = submission(1, received_at="2999-01-01T00:00:00Z")
    (fault,) = checks.errors(json.dumps(late).encode(), "import.leuven.email")
    assert fault["field"] == "received_at"
    follow_up = {
        "follow_up_id": "f", "organisation": "leuven", "submission_id": "past-1", "kind": "closed",
        "occurred_at": "2021-03-05T00:00:00Z", "data": {"qualification": "nonsense"},
    }  # fmt: skip
    faults = checks.errors(json.dumps(follow_up).encode(), "import.leuven.follow_up")
    assert [each["field"] for each in faults] == ["data.qualification"]
