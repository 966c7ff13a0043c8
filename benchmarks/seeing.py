"""How long contacts were on their way: what the load generator sent, beside what was seen in the reports."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import orjson
from pymongo import MongoClient

from benchmarks.counting import Counter, Counts, WrongCountError
from benchmarks.loading import Beside, beside
from benchmarks.product import ORGANISATION, Product


class Journey(NamedTuple):
    """One contact, in seconds by the monotonic clock: when it was due to be sent, when the broker had confirmed
    it, when the reports counted it, and when they had its line and its term.
    """

    due: float
    confirmed: float
    counted: float
    whole: float


@dataclass
class Seen:
    """When the reports had contacts, by reference; filled when the watching ends."""

    counted: Mapping[str, float]
    whole: Mapping[str, float]


@contextmanager
def seeing(product: Product, name: str) -> Iterator[Seen]:
    """Sees contacts in the reports for as long as the block lasts."""
    file = product.machine.home / f"{name}.seen"
    seen = Seen({}, {})
    database = f"{product.databases}_reporting"
    with beside("benchmarks.sightings", database, str(file), secret=product.machine.mongo_url) as sightings:
        _expect(sightings, b"ready")
        yield seen
        sightings.close()
        _expect(sightings, b"done")
    seen.counted, seen.whole = orjson.loads(file.read_bytes())


def _expect(sightings: Beside, word: bytes) -> None:
    if (found := sightings.line()) != word:
        raise RuntimeError(f"{found!r} instead of {word!r}")


def journeys(product: Product, times: Path, seen: Seen) -> dict[str, Journey]:
    """Every contact that was sent, by submission id.

    Raises ``WrongCountError`` where one of them was never seen.
    """
    references = _references(product)
    found = {}
    missing = []
    for line in times.read_bytes().splitlines():
        name, due, confirmed = orjson.loads(line)
        reference = references.get(name, "")
        if reference not in seen.whole:
            missing.append(name)
        else:
            found[name] = Journey(due, confirmed, seen.counted[reference], seen.whole[reference])
    if missing:
        raise WrongCountError(f"{len(missing)} contacts were sent and not seen in the reports: {missing[:5]}")
    return found


def _references(product: Product) -> dict[str, str]:
    with MongoClient[dict[str, Any]](product.machine.mongo_url) as client:
        claims = client[f"{product.databases}_intake"]["claims"].find({"organisation": ORGANISATION})
        return {each["submission_id"]: each["reference"] for each in claims}


class Looks:
    """What the reports answered over HTTP while contacts came in, to hold the sightings against."""

    def __init__(self, counter: Counter, before: Counts) -> None:
        self._counter = counter
        self._before = before
        self._looks: list[tuple[float, int]] = []

    def look(self) -> int:
        """How many have come in, by the reports' own answer."""
        asked = monotonic()
        counted = self._counter.counted() - self._before.counted
        self._looks.append((asked, counted))
        return counted

    def check(self, seen: Seen) -> int:
        """Tells of how many looks. Raises ``WrongCountError`` where an answer lacked what had been seen before the
        question.
        """
        moments = sorted(seen.counted.values())
        for asked, counted in self._looks:
            known = bisect_right(moments, asked)
            if counted < known:
                raise WrongCountError(
                    f"{known} contacts were committed, and the reports counted {counted} after that"
                )
        return len(self._looks)
