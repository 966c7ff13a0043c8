"""A file of past contacts: read line by line, and a line that is wrong is named."""

from pathlib import Path

import orjson
import pytest

from services.routing.learning.past_contacts import BrokenExport, read_past_contacts
from tests.unit.routing.learning.past import past, written_to


def test_what_intake_writes_is_read(tmp_path: Path) -> None:
    contacts = [past(number, asked={"text": f"een{chr(0x2028)}twee {number}"}) for number in (1, 2)]
    file = written_to(tmp_path / "past.jsonl", contacts)
    file.write_text(file.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert list(read_past_contacts(file, "leuven")) == contacts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"schema": "1", "ref', "is not a whole line of JSON; export the file again"),
        ("{}", "reference: is required; give it"),
        ("[]", "the line: "),
        (orjson.dumps(orjson.loads(past().model_dump_json(by_alias=True)) | {"schema": "2"}).decode(), "schema: "),
        (past(organisation="leiden").model_dump_json(by_alias=True), "organisation: is leiden; give an export of"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_not_quoted(tmp_path: Path, line: str, told: str) -> None:
    file = written_to(tmp_path / "past.jsonl", [past()])
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(BrokenExport) as raised:
        list(read_past_contacts(file, "leuven"))
    assert str(raised.value).startswith(f"{file}:2: ")
    assert told in str(raised.value)
    assert "haag" not in str(raised.value)
