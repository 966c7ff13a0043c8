"""Rows out of files as people and programs here write them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.command_line.failure import CommandError
from deploy.command_line.import_files import Row, count_rows, read_rows

_HEADER = "submission_id,organisation,channel,received_at,text,citizen.email,about.topic,historical\n"


def rows_of(tmp_path: Path, name: str, content: str | bytes) -> list[Row]:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows = list(read_rows(file))
    assert count_rows(file) == len(rows)
    return rows


def messages(rows: list[Row]) -> list[Any]:
    return [json.loads(row.body) for row in rows]


def test_json_lines_are_messages_and_empty_lines_are_none(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.jsonl", '{"a": 1}\n\n  \n{"a": "é"}\r\n{"a": 3}')
    assert [row.line for row in rows] == [1, 4, 5]
    assert messages(rows) == [{"a": 1}, {"a": "é"}, {"a": 3}]


def test_a_mark_of_byte_order_is_no_part_of_the_first_message(tmp_path: Path) -> None:
    assert messages(rows_of(tmp_path, "a.jsonl", b'\xef\xbb\xbf{"a": 1}\n')) == [{"a": 1}]
    assert messages(rows_of(tmp_path, "a.csv", b"\xef\xbb\xbfa\n1\n")) == [{"a": "1"}]


def test_what_is_no_json_stays_as_it_is_for_the_checks(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a.ndjson", b"{\xff\n")[0].body == b"{\xff"


def test_fields_within_fields_have_a_dot(tmp_path: Path) -> None:
    row = "f-1,leuven,email,2021-03-04T09:30:00+01:00,Hallo,jan@example.org,roads,ja\n"
    assert messages(rows_of(tmp_path, "a.csv", _HEADER + row)) == [
        {
            "submission_id": "f-1",
            "organisation": "leuven",
            "channel": "email",
            "received_at": "2021-03-04T09:30:00+01:00",
            "text": "Hallo",
            "citizen": {"email": "jan@example.org"},
            "about": {"topic": "roads"},
            "historical": True,
        }
    ]


def test_an_empty_cell_is_a_field_that_is_not_there(tmp_path: Path) -> None:
    assert messages(rows_of(tmp_path, "a.csv", "a,b.c,b.d\n,,x\n")) == [{"b": {"d": "x"}}]


def test_a_follow_up_has_data_even_where_no_cell_tells_any(tmp_path: Path) -> None:
    content = "follow_up_id,kind,data.days,data.topics\nx,answered,,\ny,extended,30,\nz,closed,,a | b|\n"
    found = messages(rows_of(tmp_path, "a.csv", content))
    assert [each["data"] for each in found] == [{}, {"days": 30}, {"topics": ["a", "b"]}]


@pytest.mark.parametrize(
    ("cell", "value"), [("true", True), ("JA", True), ("nee", False), (" False ", False), ("perhaps", "perhaps")]
)
def test_truth_in_dutch_and_english(cell: str, value: object, tmp_path: Path) -> None:
    assert messages(rows_of(tmp_path, "a.csv", f"x,historical\n1,{cell}\n"))[0]["historical"] == value


def test_a_number_that_is_none_is_left_for_the_checks(tmp_path: Path) -> None:
    assert messages(rows_of(tmp_path, "a.csv", "x,data.score\n1,ten\n"))[0]["data"] == {"score": "ten"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_that_of_the_header(separator: str, tmp_path: Path) -> None:
    content = separator.join(("submission_id", "text")) + "\n" + separator.join(("1", '"a,b;c\td"')) + "\n"
    assert messages(rows_of(tmp_path, "a.csv", content)) == [{"submission_id": "1", "text": "a,b;c\td"}]


def test_a_quoted_text_may_have_lines_and_rows_are_told_by_where_they_begin(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.csv", 'id,text\n1,"een\ntwee\r\ndrie"\n2,vier\n\n3,"vijf ""zes"""\n')
    assert [row.line for row in rows] == [2, 5, 7]
    assert [each["text"] for each in messages(rows)] == ["een\ntwee\r\ndrie", "vier", 'vijf "zes"']


@pytest.mark.parametrize(("row", "cells"), [("1", 1), ("1,2,3", 3)])
def test_cells_and_columns_are_as_many(row: str, cells: int, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"line 3: there are {cells} cells and 2 columns") as raised:
        rows_of(tmp_path, "a.csv", f"a,b\n1,2\n{row}\n")
    assert "double quotes" in raised.value.cure


@pytest.mark.parametrize("header", ["a,b,a", "citizen,citizen.email", "a.b,a.b.c"])
def test_a_field_has_one_column(header: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="more than once"):
        rows_of(tmp_path, "a.csv", f"{header}\n")


@pytest.mark.parametrize("content", [b"a\n\xff\n", b'a\n"open', b'a,b\n"x"y,z\n'])
def test_a_file_that_cannot_be_read_is_told(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"a\.csv cannot be read"):
        rows_of(tmp_path, "a.csv", content)


def test_other_files_are_neither(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="neither JSON Lines nor CSV"):
        rows_of(tmp_path, "a.xlsx", b"")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_an_empty_file_has_no_rows(name: str, tmp_path: Path) -> None:
    assert rows_of(tmp_path, name, "") == []


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=20)


@given(texts=st.lists(_CELL, max_size=8), skip=st.integers(0, 9))
def test_whatever_a_text_holds_comes_out_as_it_went_in(texts: list[str], skip: int, tmp_path_factory: Any) -> None:
    file = tmp_path_factory.mktemp("rows") / "a.csv"
    written = io.StringIO()
    csv.writer(written).writerows([("id", "text"), *enumerate(texts)])
    file.write_text(written.getvalue(), encoding="utf-8", newline="")
    assert [json.loads(row.body)["text"] for row in read_rows(file, skip)] == texts[skip:]
