"""Rows out of a JSON Lines or CSV file, one message each."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from deploy.command_line.failure import CommandError

_WHOLE_NUMBERS: Final = frozenset({"data.days", "data.score"})
_TRUTHS: Final = {"true": True, "false": False, "ja": True, "nee": False, "yes": True, "no": False}
_TRUTH_FIELDS: Final = frozenset({"historical", "legal_proceedings", "anonymous_towards_service"})
_LISTS: Final = frozenset(
    {"about.other_directorates", "data.other_directorates", "data.exclusion_grounds", "data.norms_violated"}
    | {"data.topics", "data.subtopics", "data.directorates"}
)
_SEPARATOR: Final = "|"
_LONGEST_CELL: Final = 1_000_000


class Row(NamedTuple):
    """``line`` is where it begins in the file, counted from 1; ``body`` is meant to be JSON."""

    line: int
    body: bytes


def read_rows(file: Path, skip: int = 0) -> Iterator[Row]:
    """The rows behind the first ``skip``. Raises ``CommandError`` where the file cannot be read."""
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise CommandError(f"{file} is neither JSON Lines nor CSV.", "Name a file that ends in .jsonl or .csv.")
    try:
        for number, row in enumerate(reader(file)):
            if number >= skip:
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}", "Save it as UTF-8, CSV with a header row.") from None


def count_rows(file: Path) -> int:
    """How many there are."""
    return sum(1 for _ in read_rows(file))


def _json_lines(file: Path) -> Iterator[Row]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            message = (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).strip()
            if message:
                yield Row(number, message)


def _csv(file: Path) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as text:
        head = text.readline()
        text.seek(0)
        # What programs here write: a semicolon where the comma is for decimals.
        delimiter = max(";,\t", key=head.count)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        columns = _columns(file, next(reader, []))
        while True:
            begins = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            if len(cells) not in (0, len(columns)):
                raise CommandError(
                    f"{file}, line {begins}: there are {len(cells)} cells and {len(columns)} columns.",
                    "Put cells that hold the separator in double quotes.",
                )
            if any(cells):
                yield Row(begins, orjson.dumps(_message(dict(zip(columns, cells, strict=True)))))


def _columns(file: Path, header: list[str]) -> list[str]:
    columns = [name.strip() for name in header]
    within = {name[:end] for name in columns for end, letter in enumerate(name) if letter == "."}
    twice = sorted({name for name in columns if columns.count(name) > 1 or name in within})
    if twice:
        raise CommandError(
            f"{file}: the columns say more than once what {', '.join(twice)} is.",
            "Give each field one column; one that has fields within it has a column for each of those.",
        )
    return columns


def _message(cells: Mapping[str, str]) -> dict[str, Any]:
    """The message that a row of cells spells; an empty cell is a field that is not there."""
    message: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell != "":
            *path, last = name.split(".")
            place = message
            for step in path:
                place = place.setdefault(step, {})
            place[last] = _value(name, cell)
    if message.get("kind"):
        message.setdefault("data", {})
    return message


def _value(name: str, cell: str) -> Any:
    if name in _LISTS:
        return [each.strip() for each in cell.split(_SEPARATOR) if each.strip()]
    if name in _TRUTH_FIELDS:
        return _TRUTHS.get(cell.strip().lower(), cell)
    if name in _WHOLE_NUMBERS and cell.strip().isdecimal():
        return int(cell)
    return cell


_READERS: Final = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv}
