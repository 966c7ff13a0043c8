"""How many contacts one core decides in a minute, and in how much memory: ``python -m benchmarks.routing``."""

import os
import platform
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from services.routing.domain import Facts
from services.routing.text.matter import matter_of
from services.routing.text.readers import Readers
from services.routing.text.training import train
from shared.profiles import load_profiles

CONTACTS = 10_000
RESULTS = Path(__file__).parent / "results"
_ORGANISATION = "leuven"
_RECEIVED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main() -> None:
    """Decides the messages of the corpus again and again, by text alone; counts processor time of this process."""
    profiles = load_profiles()
    matter = matter_of(profiles)
    begun = time.process_time()
    readers = Readers(matter)
    readers.models[_ORGANISATION] = model = train(*matter[_ORGANISATION])
    print(f"trained {model.name} in {time.process_time() - begun:.1f} s of processor time")
    print(f"weights take {model.size / 1e6:.0f} MB; most memory of the process so far {_memory():.0f} MB")
    messages, profile = matter[_ORGANISATION].corpus.messages, profiles[_ORGANISATION]
    took: list[float] = []
    for number in range(CONTACTS):
        message = messages[number % len(messages)]
        facts = Facts(received_at=_RECEIVED_AT, nature=message.nature_declared, anonymous=not message.citizen)
        before = time.process_time()
        readers.decide(facts, profile, message.subject, message.text)
        took.append(time.process_time() - before)
    took.sort()
    a_minute = 60 / sum(took) * CONTACTS
    print(f"{CONTACTS} contacts decided in {sum(took):.0f} s of processor time: {a_minute:.0f} a minute")
    print(
        f"median {took[CONTACTS // 2] * 1000:.1f} ms, 99th percentile {took[CONTACTS * 99 // 100] * 1000:.1f} ms"
    )
    print(f"most memory of the process {_memory():.0f} MB")
    told = {
        "contacts": CONTACTS,
        "model": model.name,
        "contacts_a_minute": round(a_minute),
        "median_milliseconds": round(took[CONTACTS // 2] * 1000, 2),
        "p99_milliseconds": round(took[CONTACTS * 99 // 100] * 1000, 2),
        "most_memory_mb": round(_memory()),
    }
    print(f"kept in {_keep(told, datetime.now(UTC))}")


def _keep(told: dict[str, Any], at: datetime) -> Path:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"routing-{at:%Y%m%dT%H%M%SZ}.json"
    machine = {"processors": os.cpu_count(), "platform": platform.platform()}
    file.write_bytes(orjson.dumps({"measured_at": at, "machine": machine, **told}, option=orjson.OPT_INDENT_2))
    return file


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
