"""``python -m benchmarks.sightings``: sees each contact the moment that the reports have it.

A process of its own that follows the commits to reporting's facts. A report is read from what is committed, so a
fact that is seen here is in the next answer; asking for reports all the time would be measured along with the
rest. Whether that holds is checked while it runs: ``benchmarks.seeing.Looks``.
"""

import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from pymongo import MongoClient

from benchmarks.counting import is_whole
from services.reporting.store.documents import fact_of


class Sightings:
    """When each contact was first counted, and when first with all that four services know of it.

    Moments are the machine's monotonic clock, in seconds.
    """

    def __init__(self) -> None:
        self.counted: dict[str, float] = {}
        self.whole: dict[str, float] = {}

    def see(self, document: dict[str, Any], moment: float) -> None:
        """A fact as it was committed."""
        fact = fact_of(document)
        self.counted.setdefault(fact.reference, moment)
        values = (fact.values(name)[0] for name in ("line", "nature", "answered_in_term"))
        if is_whole(*values):
            self.whole.setdefault(fact.reference, moment)


def _follow(mongo_url: str, database: str, closed: threading.Event) -> Sightings:
    sightings = Sightings()
    written = [{"$match": {"operationType": {"$in": ["insert", "replace", "update"]}}}]
    with (
        MongoClient[dict[str, Any]](mongo_url) as client,
        client[database]["facts"].watch(written, full_document="updateLookup", max_await_time_ms=200) as stream,
    ):
        print("ready", flush=True)
        while not closed.is_set():
            change = stream.try_next()
            if change is not None and change.get("fullDocument"):
                sightings.see(change["fullDocument"], monotonic())
    return sightings


def main() -> None:
    """Arguments: the database, the file to write; the database's address is the first line of standard input.

    Ends when standard input is closed.
    """
    database, file = sys.argv[1:]
    mongo_url = sys.stdin.readline().strip()
    closed = threading.Event()

    def until_closed() -> None:
        sys.stdin.read()
        closed.set()

    threading.Thread(target=until_closed, daemon=True).start()
    sightings = _follow(mongo_url, database, closed)
    Path(file).write_bytes(orjson.dumps([sightings.counted, sightings.whole]))
    print("done", flush=True)


if __name__ == "__main__":
    main()
