"""Contacts to measure with: the sample year's complaints, each from somebody else, now or in the past.

A file of them holds one message a line, its routing key before it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson

from benchmarks.product import ORGANISATION
from deploy.sample.leuven_2021 import submissions

CHANNEL = "web_form"
"""Of contacts that come in live."""
BACKLOG_CHANNEL = "email"
"""Of contacts that come in behind the live ones."""
FOLLOW_UPS = 4
"""Of each contact out of the past."""
PAST_YEAR = 2021
Message = tuple[str, bytes]


def live(count: int, received_at: datetime, tag: str) -> Iterator[Message]:
    """So many live submissions, received at that moment; ``tag`` makes their ids differ from those of others.

    Every one has a line, a directorate and both terms.
    """
    key = f"submission.{ORGANISATION}.{CHANNEL}"
    for number, complaint in enumerate(islice(cycle(_complaints()), count), start=1):
        yield key, orjson.dumps(_now(complaint, f"{tag}-{number}", CHANNEL, received_at))


def backlog(count: int, received_at: datetime, tag: str) -> Iterator[Message]:
    """The same, on the queue of imports: what piled up and is no history."""
    key = f"import.{ORGANISATION}.{BACKLOG_CHANNEL}"
    for number, complaint in enumerate(islice(cycle(_complaints()), count), start=1):
        yield key, orjson.dumps(_now(complaint, f"{tag}-{number}", BACKLOG_CHANNEL, received_at))


def past(count: int, tag: str) -> Iterator[Message]:
    """So many contacts of the sample year, each with its four follow-ups behind it, as an import hands them in."""
    key, key_after = f"import.{ORGANISATION}.{BACKLOG_CHANNEL}", f"import.{ORGANISATION}.follow_up"
    for number, complaint in enumerate(islice(cycle(_complaints()), count), start=1):
        submission_id = f"{tag}-{number}"
        yield (
            key,
            orjson.dumps({**complaint, **_own(submission_id), "channel": BACKLOG_CHANNEL, "historical": True}),
        )
        for follow_up in _follow_ups(complaint, submission_id):
            yield key_after, orjson.dumps(follow_up)


def write(messages: Iterable[Message], file: Path) -> Path:
    """Writes them to a file for the load generator."""
    with file.open("wb") as out:
        out.writelines(key.encode() + b" " + body + b"\n" for key, body in messages)
    return file


def read(file: Path) -> Iterator[Message]:
    """What ``write`` wrote, one after the other: a hundred thousand are not held at once."""
    with file.open("rb") as lines:
        for line in lines:
            key, _, body = line.rstrip(b"\n").partition(b" ")
            yield key.decode(), body


def _complaints() -> list[dict[str, Any]]:
    return [each for each in submissions() if each["nature"] == "complaint" and "directorate" in each["about"]]


def _own(submission_id: str) -> dict[str, Any]:
    # Somebody else each time, or all contacts of one citizen would be looked through for links.
    citizen = {"name": f"Citizen {submission_id}", "email": f"{submission_id}@example.org"}
    return {"submission_id": submission_id, "citizen": citizen}


def _now(complaint: dict[str, Any], submission_id: str, channel: str, received_at: datetime) -> dict[str, Any]:
    return {
        **complaint,
        **_own(submission_id),
        "channel": channel,
        "received_at": received_at.isoformat(),
        "facts_on": received_at.date().isoformat(),
        "historical": False,
    }


def _follow_ups(complaint: dict[str, Any], submission_id: str) -> Iterator[dict[str, Any]]:
    received = datetime.fromisoformat(complaint["received_at"])
    unit = {name: complaint["about"][name] for name in ("directorate", "service") if name in complaint["about"]}
    steps: tuple[tuple[str, int, dict[str, Any]], ...] = (
        ("acknowledged", 2, {}),
        ("transferred", 3, {"reason": "Na navraag bij de dienst toegewezen.", **unit}),
        ("answered", 20, {}),
        ("closed", 21, {}),
    )
    for kind, days, data in steps:
        yield {
            "follow_up_id": f"{submission_id}-{kind}",
            "organisation": ORGANISATION,
            "submission_id": submission_id,
            "kind": kind,
            "occurred_at": (received + timedelta(days=days)).isoformat(),
            "data": data,
        }
