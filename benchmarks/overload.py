"""Ten times the load: what is taken in, what is turned away, whether memory stays flat, how soon it is over."""

import math
from collections import Counter as Numbers
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import orjson

from benchmarks import contacts
from benchmarks.contacts import Message, read, write
from benchmarks.counting import Counter, WrongCountError, expected_of, month_of, now
from benchmarks.http_load import Answer, HttpLoad, answers
from benchmarks.loading import beside, generating, inbound, told
from benchmarks.machine import wait_until
from benchmarks.measured import Spread, spread
from benchmarks.product import Product
from benchmarks.throughput import burst
from benchmarks.usage import Sample, watching_memory
from shared.access import Role

_LONG = 6 * 3600.0
_ACCEPTED, _TURNED_AWAY = 202, 429
_GENTLE = 3
"""Connections that hand in one after the other and come again when they are asked to."""
_FEW = 10
_AGAIN = 500
"""How many of those that were answered are sent once more, of each kind."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Second:
    """One second of the rush."""

    at: int
    offered: int
    accepted: int
    turned_away: int
    failed: int


@dataclass(frozen=True)
class OverHttp:
    """``offered`` to ``failed`` are requests; ``failed`` were answered otherwise, or not at all, by status.

    ``accepting`` and ``turning_away`` are how long the answer took. ``recovered`` is seconds from the end of the
    rush until all that was accepted was in the reports. ``same_number`` were accepted, sent again, and answered
    with the number they had; ``taken_later`` had been turned away or failed, and were accepted then.
    """

    rate: float
    seconds: float
    offered: int
    accepted: int
    turned_away: int
    failed: dict[str, int]
    accepting: Spread | None
    turning_away: Spread | None
    recovered: float
    same_number: int
    taken_later: int
    memory: dict[str, "Course"]
    course: Sequence[Second]
    samples: Sequence[Sample]


@dataclass(frozen=True)
class OverAmqp:
    """All is confirmed; ``recovered`` is seconds from the last confirm until all was in the reports."""

    rate: float
    seconds: float
    offered: int
    recovered: float
    memory: dict[str, "Course"]
    samples: Sequence[Sample]


@dataclass(frozen=True)
class Course:
    """Memory in mebibytes: before the rush, at most during it and until all was done, and then."""

    before: float
    most: float
    after: float


@dataclass(frozen=True)
class Overload:
    """``capacity`` is contacts a second through all four services; the rush is ``times`` as much."""

    capacity: float
    times: float
    http: OverHttp
    amqp: OverAmqp


def overload(product: Product, times: float, seconds: float, calibration: int, say: Say) -> Overload:
    """Measures what the services can do, and offers so many times as much for so long, over HTTP and over AMQP."""
    burst(product, calibration // 2 + 1, "overload-cold")
    capacity = burst(product, calibration, "overload-warm").per_second
    rate = capacity * times
    say(f"{capacity:.0f} contacts a second can be done; {rate:.0f} a second are offered")
    http = _over_http(product, rate, seconds)
    say(f"over HTTP: {http.offered} offered, {http.accepted} accepted, {http.turned_away} turned away")
    return Overload(capacity, times, http, _over_amqp(product, rate, seconds))


def _over_http(product: Product, rate: float, seconds: float) -> OverHttp:
    received_at, home = now(), product.machine.home
    file = write(contacts.live(max(1, round(rate * seconds)), received_at, "rush"), home / "rush.messages")
    with Counter(product, month_of(received_at)) as counter, watching_memory(product.pids, 1.0) as memory:
        before = counter.counts()
        found = _hand_in(product, file, home / "rush.times", rate=rate, connections=_connections(rate), obey=False)
        over = monotonic()
        accepted = {each.submission_id: each.reference for each in found if each.status == _ACCEPTED}
        wait_until(lambda: counter.whole() - before.whole >= len(accepted), "all accepted counted", _LONG)
        recovered = monotonic() - over
        again = _once_more(product, file, found)
        numbers = {each.submission_id: each.reference for each in again if each.status == _ACCEPTED}
        _check_numbers(accepted, numbers)
        counter.check(before, expected_of(len(accepted | numbers)))
        memory.look()
    statuses = Numbers(each.status for each in found)
    return OverHttp(
        rate=rate,
        seconds=max(each.due for each in found) - min(each.due for each in found),
        offered=len(found),
        accepted=statuses.pop(_ACCEPTED, 0),
        turned_away=statuses.pop(_TURNED_AWAY, 0),
        failed={str(status): count for status, count in statuses.items()},
        accepting=_spread(found, _ACCEPTED),
        turning_away=_spread(found, _TURNED_AWAY),
        recovered=recovered,
        same_number=len(accepted.keys() & numbers.keys()),
        taken_later=len(numbers.keys() - accepted.keys()),
        memory=_courses(memory.samples),
        course=_course(found),
        samples=memory.samples,
    )


def _over_amqp(product: Product, rate: float, seconds: float) -> OverAmqp:
    received_at, home = now(), product.machine.home
    count = max(1, round(rate * seconds))
    file = write(contacts.live(count, received_at, "flood"), home / "flood.messages")
    with Counter(product, month_of(received_at)) as counter, watching_memory(product.pids, 1.0) as memory:
        before = counter.counts()
        with generating(product.amqp_url, inbound(file, rate=rate)) as load:
            sent = told(load)
        wait_until(lambda: counter.whole() - before.whole >= count, "all contacts counted", _LONG, every=0.5)
        recovered = monotonic() - sent.finished
        counter.check(before, expected_of(count))
        memory.look()
    samples = memory.samples
    return OverAmqp(rate, sent.finished - sent.started, count, recovered, _courses(samples), samples)


def _connections(rate: float) -> int:
    """Many callers, and yet not so many that this machine is short of sockets."""
    return min(500, max(_FEW, math.ceil(rate)))


def _hand_in(
    product: Product, file: Path, times: Path, *, rate: float, connections: int, obey: bool
) -> list[Answer]:
    address = urlsplit(product.url("intake"))
    load = HttpLoad(str(address.hostname), address.port or 80, str(file), str(times), rate, connections, obey)
    arguments = orjson.dumps(asdict(load)).decode()
    with beside("benchmarks.http_load", arguments, secret=product.tokens[Role.ADAPTER]) as generator:
        generator.line()
    return answers(times)


def _once_more(product: Product, file: Path, found: Sequence[Answer]) -> list[Answer]:
    """Sends again, gently: some of what was accepted, some of what was turned away, all of what failed."""
    wanted: set[str] = set()
    for status in (_ACCEPTED, _TURNED_AWAY):
        wanted |= set(islice((each.submission_id for each in found if each.status == status), _AGAIN))
    # Nobody knows whether these were taken in; sent again, they are.
    wanted |= {each.submission_id for each in found if each.status not in (_ACCEPTED, _TURNED_AWAY)}
    home = product.machine.home
    some = write(_chosen(read(file), wanted), home / "again.messages")
    again = _hand_in(product, some, home / "again.times", rate=0.0, connections=_GENTLE, obey=True)
    refused = [each.status for each in again if each.status != _ACCEPTED]
    if refused:
        raise WrongCountError(f"{len(refused)} were sent again after the rush and answered {sorted(set(refused))}")
    return again


def _chosen(messages: Iterable[Message], wanted: set[str]) -> Iterable[Message]:
    return (each for each in messages if orjson.loads(each[1])["submission_id"] in wanted)


def _check_numbers(accepted: dict[str, str], again: dict[str, str]) -> None:
    other = [name for name in accepted.keys() & again.keys() if accepted[name] != again[name]]
    if other:
        raise WrongCountError(f"{len(other)} got another number when they were sent again: {sorted(other)[:5]}")
    numbers = Numbers({**accepted, **again}.values())
    twice = [number for number, count in numbers.items() if count > 1]
    if twice:
        raise WrongCountError(f"{len(twice)} numbers were given twice: {sorted(twice)[:5]}")


def _spread(found: Sequence[Answer], status: int) -> Spread | None:
    took = [each.answered - each.sent for each in found if each.status == status]
    return spread(took) if took else None


def _course(found: Sequence[Answer]) -> list[Second]:
    began = min(each.due for each in found)
    offered = Numbers(int(each.due - began) for each in found)
    answered: Numbers[tuple[int, int]] = Numbers((int(each.answered - began), each.status) for each in found)
    last = max(offered.keys() | {at for at, _ in answered})

    def failed(at: int) -> int:
        known = (_ACCEPTED, _TURNED_AWAY)
        return sum(count for (second, status), count in answered.items() if second == at and status not in known)

    return [
        Second(at, offered[at], answered[at, _ACCEPTED], answered[at, _TURNED_AWAY], failed(at))
        for at in range(last + 1)
    ]


def _courses(samples: Sequence[Sample]) -> dict[str, Course]:
    first, last = samples[0].mebibytes, samples[-1].mebibytes
    return {what: Course(first[what], max(each.mebibytes[what] for each in samples), last[what]) for what in first}
