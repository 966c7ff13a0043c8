"""What runs, what waits, what is late, what is wrong: out of the services' own health and metrics."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.command_line.answers import console, tell_table
from deploy.command_line.place import SERVICES, Place

_PATIENCE_SECONDS: Final = 4.0
_LATE_SECONDS: Final = 60.0
_IMPORTS: Final = "intake.import.v1"
_DEAD: Final = ".dead"
_REVIEWS: Final = "contactpunt_reporting_reviews_waiting"
_LOOKED_AT: Final = (
    "contactpunt_queue_",
    "contactpunt_deadlines_open{",
    f"{_REVIEWS}{{",
    "process_resident_memory_bytes",
)


@dataclass(frozen=True)
class ServiceSeen:
    """A service: ``ready``, ``not ready`` with what is ``missing``, or ``away``."""

    name: str
    url: str
    state: str
    missing: tuple[str, ...] = ()
    memory_mb: float | None = None


@dataclass(frozen=True)
class QueueSeen:
    """A working queue: messages that wait, consumers, age of the oldest in seconds, and its dead letters."""

    name: str
    waiting: int
    consumers: int
    oldest_seconds: float
    dead_letters: int


@dataclass(frozen=True)
class Seen:
    """Everything at a glance. ``overdue`` are deadlines by organisation and kind, ``reviews`` contacts that wait
    for a person, by organisation. ``wrong`` says in words what is not as it should be; empty where all is well.
    """

    services: tuple[ServiceSeen, ...]
    queues: tuple[QueueSeen, ...]
    overdue: Mapping[str, int]
    reviews: Mapping[str, int]
    wrong: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Samples = dict[str, list[tuple[Mapping[str, str], float]]]


def look(place: Place) -> Seen:
    """Asks all four services at once."""
    urls = {name: place.values.get(f"{name.upper()}_URL") for name in SERVICES}
    answers = asyncio.run(_ask_all(urls))
    services = tuple(each for each, _ in answers)
    samples: Samples = {}
    for _, told in answers:
        for name, values in told.items():
            samples.setdefault(name, []).extend(values)
    queues = tuple(_queues(samples))
    return Seen(services, queues, _overdue(samples), _reviews(samples), tuple(_wrong(services, queues)))


async def _ask_all(urls: Mapping[str, str | None]) -> list[tuple[ServiceSeen, Samples]]:
    # Loading certificates takes longer than all four answers, and the local run has none.
    encrypted = any(url.startswith("https:") for url in urls.values() if url)
    async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS, verify=encrypted) as client:
        return await asyncio.gather(*(_ask(client, name, url) for name, url in urls.items()))


async def _ask(client: httpx.AsyncClient, name: str, url: str | None) -> tuple[ServiceSeen, Samples]:
    if url is None:
        return ServiceSeen(name, "", "away", ("nothing runs here; ./contactpunt up starts it",)), {}
    try:
        health, metrics = await asyncio.gather(client.get(f"{url}/health/ready"), client.get(f"{url}/metrics"))
    except httpx.HTTPError as error:
        return ServiceSeen(name, url, "away", (f"does not answer ({type(error).__name__})",)), {}
    try:
        samples, missing = _samples(metrics.text), tuple(health.json()["missing"])
    except (ValueError, LookupError, TypeError):
        return ServiceSeen(name, url, "away", ("something else answers at its address",)), {}
    memory = samples.get("process_resident_memory_bytes", [({}, 0.0)])[0][1] / 1e6
    return ServiceSeen(name, url, "not ready" if missing else "ready", missing, round(memory, 1)), samples


def _samples(text: str) -> Samples:
    samples: Samples = {}
    looked_at = "\n".join(line for line in text.splitlines() if line.startswith(_LOOKED_AT))
    for family in text_string_to_metric_families(looked_at):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return samples


def _by_queue(samples: Samples, name: str) -> dict[str, float]:
    return {labels["queue"]: value for labels, value in samples.get(name, ())}


def _queues(samples: Samples) -> Iterator[QueueSeen]:
    depth = _by_queue(samples, "contactpunt_queue_messages")
    oldest = _by_queue(samples, "contactpunt_queue_oldest_message_seconds")
    for queue, consumers in sorted(_by_queue(samples, "contactpunt_queue_consumers").items()):
        waiting, dead = int(depth.get(queue, 0)), int(depth.get(f"{queue}{_DEAD}", 0))
        yield QueueSeen(queue, waiting, int(consumers), round(oldest.get(queue, 0.0), 1), dead)


def _overdue(samples: Samples) -> dict[str, int]:
    overdue: dict[str, int] = {}
    for labels, value in samples.get("contactpunt_deadlines_open", ()):
        if labels["state"] == "missed" and value:
            name = f"{labels['organisation']} {labels['kind']}"
            overdue[name] = overdue.get(name, 0) + int(value)
    return overdue


def _reviews(samples: Samples) -> dict[str, int]:
    return {labels["organisation"]: int(value) for labels, value in samples.get(_REVIEWS, ()) if value}


def _wrong(services: tuple[ServiceSeen, ...], queues: tuple[QueueSeen, ...]) -> Iterator[str]:
    for service in services:
        for missing in service.missing or (() if service.state == "ready" else ("is not ready",)):
            yield f"{service.name}: {missing}"
    for queue in queues:
        if not queue.consumers:
            yield f"{queue.name}: nobody consumes it; restart its service"
        if queue.oldest_seconds > _LATE_SECONDS and queue.name != _IMPORTS:
            yield f"{queue.name}: messages wait {queue.oldest_seconds:.0f} seconds"
        if queue.dead_letters:
            yield f"{queue.name}: {queue.dead_letters} dead letters; ./contactpunt dead-letters list"


def show(seen: Seen) -> None:
    """Prints it for a person."""
    if not any(each.url for each in seen.services):
        console.print("Nothing runs here; ./contactpunt up starts it.")
        return
    rows = [(each.name, each.state, each.url, f"{each.memory_mb or 0:.0f} MB") for each in seen.services]
    tell_table("Services", ("service", "state", "address", "memory"), rows)
    if seen.queues:
        console.print()
        tell_table(
            "Queues",
            ("queue", "waiting", "consumers", "oldest", "dead letters"),
            [
                (each.name, each.waiting, each.consumers, f"{each.oldest_seconds:g} s", each.dead_letters)
                for each in seen.queues
            ],
        )
        console.print()
        for what, counts in (("Overdue deadlines", seen.overdue), ("Waiting for a person's review", seen.reviews)):
            told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "none"
            console.print(f"{what}: {told}", markup=False, highlight=False)
    console.print()
    if not seen.wrong:
        console.print("All is well.", style="green")
    for each in seen.wrong:
        console.print(f"wrong: {each}", style="bold red", markup=False)
