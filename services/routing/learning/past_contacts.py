"""Past contacts out of a file that intake exported, line by line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from shared.contracts.past_contact import PastContact
from shared.contracts.rejection import field_errors


class BrokenExport(ValueError):  # noqa: N818  it is told to the operator as a fact
    """A line cannot be used; the message says which, which field, and what would be right. It quotes nothing."""


def read_past_contacts(path: Path, organisation: str) -> Iterator[PastContact]:
    """The contacts of a file of JSON Lines, one at a time. Raises ``BrokenExport``."""
    with path.open("rb") as lines:
        yield from parse_past_contacts(lines, str(path), organisation)


def parse_past_contacts(lines: Iterable[bytes], source: str, organisation: str) -> Iterator[PastContact]:
    """The same of lines from elsewhere; empty ones are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read(line, f"{source}:{number}", organisation)


def _read(line: bytes, where: str, organisation: str) -> PastContact:
    try:
        contact = PastContact.model_validate_json(line)
    except ValidationError as error:
        told = field_errors(error)
        if told[0]["code"] == "not_json":
            raise BrokenExport(f"{where}: is not a whole line of JSON; export the file again") from None
        wrong = "; ".join(f"{each['field'] or 'the line'}: {each['message']}" for each in told)
        raise BrokenExport(f"{where}: {wrong}; give a file as GET /past-contacts of intake writes it") from None
    if contact.organisation != organisation:
        raise BrokenExport(
            f"{where}: organisation: is {contact.organisation}; give an export of {organisation} alone, or name "
            f"the other organisation"
        )
    return contact
