"""The messages that the model learns from, each with the decision that a coordinator would take on it."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.contracts.identifiers import Channel, Id, Line, Nature
from shared.profiles.model import ProfileVersion


class BrokenCorpus(ValueError):  # noqa: N818  it is told to the operator as a fact
    """A message of the corpus cannot be used; the message says which and why."""


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    nature: Nature
    line: Line
    directorate: Id | None
    service: Id | None
    external_body: Id | None
    exclusion_grounds: tuple[Id, ...] = ()


class Message(BaseModel):
    """One invented message and its label. ``earlier_contact``: the form's own field told of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    channel: Channel
    nature_declared: Nature | None = None
    language: str
    subject: str | None = None
    text: str
    earlier_contact: bool = False
    citizen: bool = True
    expected: Label


@dataclass(frozen=True)
class Corpus:
    """Messages as JSON Lines: a service holds them for as long as it lives, and reads them once at most."""

    lines: bytes
    content_hash: str

    @property
    def messages(self) -> tuple[Message, ...]:
        """Read anew each time."""
        return tuple(Message.model_validate_json(line) for line in self.lines.splitlines())

    def with_messages(self, messages: Iterable[Message]) -> "Corpus":
        """Other messages under the same name."""
        return replace(self, lines=_lines(messages))


def _lines(messages: Iterable[Message]) -> bytes:
    return b"\n".join(message.model_dump_json().encode() for message in messages)


def load_corpus(folder: Path, version: ProfileVersion) -> Corpus:
    """Every ``*.jsonl`` of the folder, in order of name. Raises ``BrokenCorpus`` naming file and line."""
    return _loaded(sorted(folder.glob("*.jsonl")), lambda label: faults(label, version))


def load_common_corpus(folder: Path) -> Corpus:
    """The messages of all organisations below the folder, for what is the same with every one of them: what they
    teach of nature and line, without whose matter it is and without grounds, which each organisation words itself.
    """
    every = _loaded(sorted(folder.glob("*/*.jsonl")), lambda _: ())
    return every.with_messages(_placeless(each) for each in every.messages)


def _placeless(message: Message) -> Message:
    label = Label(nature=message.expected.nature, line=message.expected.line, **_NOWHERE)
    return message.model_copy(update={"expected": label})


_NOWHERE: dict[str, None] = {"directorate": None, "service": None, "external_body": None}


def _loaded(paths: Iterable[Path], wrong_with: Callable[[Label], Iterable[str]]) -> Corpus:
    lines: list[bytes] = []
    digest = hashlib.sha256()
    for path in paths:
        raw = path.read_bytes()
        digest.update(raw)
        for number, line in enumerate(raw.splitlines(), start=1):
            message = _message(line, f"{path.name}:{number}")
            for wrong in wrong_with(message.expected):
                raise BrokenCorpus(f"{path.name}:{number}: {wrong}")
            lines.append(line)
    return Corpus(b"\n".join(lines), digest.hexdigest())


def _message(line: bytes, where: str) -> Message:
    try:
        return Message.model_validate_json(line)
    except ValidationError as error:
        raise BrokenCorpus(f"{where}: {error}") from None


def faults(label: Label, version: ProfileVersion) -> Iterable[str]:
    """What in a label contradicts itself or the organisation's lists."""
    external = label.line is Line.EXTERNAL
    if external != (label.external_body is not None):
        yield "external_body goes with line external, and only with it"
    if external == (label.directorate is not None):
        yield "a directorate goes with the lines first and second, and only with them"
    if label.directorate is not None and label.directorate not in version.codes["directorate"]:
        yield f"directorate {label.directorate} is not on the list"
    if label.external_body is not None and label.external_body not in version.codes["external_body"]:
        yield f"external_body {label.external_body} is not on the list"
    if label.service is not None and version.directorate_of(label.service) != label.directorate:
        yield f"service {label.service} is not one of directorate {label.directorate}"
    if not set(label.exclusion_grounds) <= version.codes["exclusion_ground"]:
        yield "exclusion_grounds has an id that is not on the list"
