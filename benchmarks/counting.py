"""How many contacts there are, asked of every service: the one thing that a measurement can fail by."""

import asyncio
import calendar
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Self

import aio_pika
from pymongo import MongoClient

from benchmarks.contacts import PAST_YEAR
from benchmarks.product import ORGANISATION, Product
from deploy.sample.moments import BRUSSELS
from shared.access import Role
from shared.contracts.identifiers import DeadlineKind
from shared.messaging.topology import WORKING_QUEUES, dead_queue, retry_queue

_PATIENCE = 60.0
_LOOK_SECONDS = 0.2


class WrongCountError(Exception):
    """The services do not agree with what was handed in, or with each other."""


class Period(NamedTuple):
    """Whole months of the city's own days, so that the reports are answered out of counters and asking costs next
    to nothing; single days would be counted out of the facts.
    """

    first: date
    last: date


PAST = Period(date(PAST_YEAR, 1, 1), date(PAST_YEAR, 12, 31))


def month_of(moment: datetime) -> Period:
    """The city's month."""
    day = moment.astimezone(BRUSSELS).date()
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


@dataclass(frozen=True)
class Counts:
    """Of the contacts of one organisation.

    ``whole`` are those that have been through all four services: counted with their line and, where an answer is
    owed, with its term. ``owed`` are those of which an answer is or was owed by the reports, ``timed_owed`` by
    deadlines. ``closed`` by the reports. ``decided`` are routing's decisions in the contacts' histories.
    """

    registered: int
    decided: int
    counted: int
    whole: int
    closed: int
    timed: int
    owed: int
    timed_owed: int
    follow_ups: int
    rejected: int
    dead: int
    waiting: int

    def since(self, before: "Counts") -> "Counts":
        """What has come since then."""
        own, theirs = vars(self), vars(before)
        return Counts(**{each.name: own[each.name] - theirs[each.name] for each in fields(Counts)})


class Counter:
    """Counts the contacts of one period. Closed like a file."""

    def __init__(self, product: Product, period: Period) -> None:
        self._product = product
        self._query = {
            "organisation": ORGANISATION,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
        }
        self._reports = product.client("reporting", Role.REPORTING)
        self._database: MongoClient[dict[str, Any]] = MongoClient(product.machine.mongo_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reports.close()
        self._database.close()

    def counts(self) -> Counts:
        """Of all services. Costs what it costs: not for while something is measured."""
        rows = self._rows("line,nature,answered_in_term")
        intake, deadlines = (
            self._database[f"{self._product.databases}_{name}"] for name in ("intake", "deadlines")
        )
        answer = {"deadlines.kind": DeadlineKind.ANSWER.value}
        dead, waiting = asyncio.run(_depths(self._product.amqp_url))
        return Counts(
            registered=intake["contacts"].count_documents({}),
            decided=intake["events"].count_documents({"headers.type": "contact.routed.v1"}),
            counted=sum(int(row["count"]) for row in rows),
            whole=_whole(rows),
            closed=self.in_state("closed"),
            timed=deadlines["timelines"].count_documents({}),
            owed=sum(int(row["count"]) for row in rows if row["answered_in_term"] != "none"),
            timed_owed=deadlines["timelines"].count_documents(answer),
            follow_ups=intake["follow_up_claims"].count_documents({}),
            rejected=intake["rejections"].count_documents({}),
            dead=dead,
            waiting=waiting,
        )

    def counted(self) -> int:
        """Contacts in the reports, whatever is known of them."""
        return sum(int(row["count"]) for row in self._rows("line"))

    def whole(self) -> int:
        """Contacts that have been through all four services."""
        return _whole(self._rows("line,nature,answered_in_term"))

    def in_state(self, state: str) -> int:
        """Contacts in a state, as the reports have it."""
        return sum(int(row["count"]) for row in self._rows("state") if row["state"] == state)

    def of_channel(self, channel: str) -> int:
        """Contacts that came in by a channel and have been through all four services."""
        return _whole(self._rows("line,nature,answered_in_term", channel=channel))

    def _rows(self, group_by: str, **filters: str) -> list[dict[str, Any]]:
        answer = self._reports.get("/reports/contacts", params={**self._query, **filters, "group_by": group_by})
        rows: list[dict[str, Any]] = answer.raise_for_status().json()["rows"]
        return rows

    def check(self, before: Counts, wanted: Mapping[str, int], patience: float = _PATIENCE) -> Counts:
        """What has come since ``before``, once it is what is ``wanted``: all that is not named there must be none.

        The reports may be done before the histories are. Raises ``WrongCountError`` with every number that is
        another after ``patience`` seconds.
        """
        give_up = time.monotonic() + patience
        while wrong := _wrong(came := self.counts().since(before), wanted):
            if time.monotonic() > give_up:
                raise WrongCountError("; ".join(wrong))
            time.sleep(_LOOK_SECONDS)
        return came


def _wrong(came: Counts, wanted: Mapping[str, int]) -> list[str]:
    found = vars(came)
    # How many owe an answer is for the services to say; that they agree is for us to see.
    expected = dict.fromkeys(found, 0) | dict(wanted) | {"owed": came.owed, "timed_owed": came.owed}
    return [
        f"{name} is {found[name]} and not {number}" for name, number in expected.items() if found[name] != number
    ]


def expected_of(contacts: int, *, follow_ups: int = 0, closed: int = 0) -> dict[str, int]:
    """The counts that so many contacts come to, of which so many are closed."""
    alike = dict.fromkeys(("registered", "decided", "counted", "whole", "timed"), contacts)
    return {**alike, "follow_ups": follow_ups, "closed": closed}


def now() -> datetime:
    """When the contacts of a run came in: long enough ago for no clock to call it the future."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def _whole(rows: list[dict[str, Any]]) -> int:
    return sum(int(row["count"]) for row in rows if is_whole(row["line"], row["nature"], row["answered_in_term"]))


def is_whole(line: str, nature: str, answered_in_term: str) -> bool:
    """Whether a contact with these values has been through all four services."""
    # Only a complaint of ours has a term to wait for; the text may have made something else of what was declared.
    owed = nature == "complaint" and line in ("first", "second")
    return line != "unknown" and (answered_in_term in ("open", "true", "false") or not owed)


async def _depths(amqp_url: str) -> tuple[int, int]:
    """How many messages are dead, and how many wait."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()

        async def depth(name: str) -> int:
            queue = await channel.declare_queue(name, passive=True)
            return queue.declaration_result.message_count or 0

        dead = [await depth(dead_queue(each.name)) for each in WORKING_QUEUES]
        working = [await depth(each.name) for each in WORKING_QUEUES]
        retried = [await depth(retry_queue(each.name)) for each in WORKING_QUEUES if each.has_retry]
    return sum(dead), sum(working) + sum(retried)
