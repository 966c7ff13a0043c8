"""Imports are taken in hand only while little waits behind intake."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.yielding import BEHIND, Yielding, parts
from shared.errors import InfrastructureError
from shared.messaging.message import IncomingMessage

MOST = 25
CONTACTS = 3
BATCH = [IncomingMessage("intake.import.v1", b"{}")]


class Behind:
    """The queues behind intake, and what was handled when they were how deep."""

    def __init__(self, **depths: int) -> None:
        self.depths = dict.fromkeys(BEHIND, 0) | depths
        self.looks = 0
        self.away = False
        self.handled: list[Sequence[IncomingMessage]] = []
        self.looks_before: list[int] = []

    async def depth(self, queue: str) -> int:
        self.looks += 1
        if self.away:
            raise InfrastructureError("the broker is away")
        return self.depths[queue]

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        self.handled.append(batch)
        self.looks_before.append(self.looks)

    def yielding(self, patience: float = 300.0) -> Yielding:
        return Yielding(self.handle, depth=self.depth, most=MOST, contacts=CONTACTS, patience=patience, look=0.001)


async def looked(behind: Behind, times: int) -> None:
    while behind.looks < times:  # noqa: ASYNC110  it is the looking that is waited for
        await asyncio.sleep(0)


async def test_with_room_behind_it_is_its_turn_at_once() -> None:
    behind = Behind(**dict.fromkeys(BEHIND, MOST))
    await behind.yielding().handle(BATCH)
    assert behind.handled == [BATCH]
    assert behind.looks == len(BEHIND)


@pytest.mark.parametrize("queue", BEHIND)
async def test_while_a_queue_behind_is_deep_it_waits(queue: str) -> None:
    behind = Behind(**{queue: MOST + 1})
    waiting = asyncio.create_task(behind.yielding().handle(BATCH))
    await looked(behind, 3 * len(BEHIND))
    assert behind.handled == []
    behind.depths[queue] = MOST
    await waiting
    assert behind.handled == [BATCH]


async def test_it_does_not_wait_for_ever() -> None:
    behind = Behind(**{BEHIND[0]: MOST + 1})
    await behind.yielding(patience=0.01).handle(BATCH)
    assert behind.handled == [BATCH]


async def test_a_service_that_stops_finishes_what_is_in_hand() -> None:
    behind = Behind(**{BEHIND[0]: MOST + 1})
    yielding = behind.yielding()
    waiting = asyncio.create_task(yielding.handle(BATCH))
    await looked(behind, 3)
    yielding.stop()
    await waiting
    assert behind.handled == [BATCH]


async def test_a_broker_that_is_away_is_the_handlers_business() -> None:
    behind = Behind()
    behind.away = True
    await behind.yielding().handle(BATCH)
    assert behind.handled == [BATCH]


async def test_what_nobody_foresaw_is_not_swallowed() -> None:
    behind = Behind()
    behind.depths.clear()
    with pytest.raises(KeyError):
        await behind.yielding().handle(BATCH)
    assert behind.handled == []


KEYS = st.sampled_from(
    ["submission.leuven.email", "import.leuven.email", "import.leuven.follow_up", "follow_up.leuven.closed", "odd"]
)


@given(st.lists(KEYS, min_size=1), st.integers(1, 5))
def test_parts_are_the_batch_with_few_contacts_each(keys: list[str], contacts: int) -> None:
    batch = [IncomingMessage("intake.import.v1", b"{}", routing_key=key) for key in keys]
    found = list(parts(batch, contacts))
    assert [message for part in found for message in part] == batch
    new = [sum(_is_contact(message) for message in part) for part in found]
    assert max(new) <= contacts
    # None is cut off sooner than it has to be.
    assert all(each == contacts for each in new[:-1])
    assert all(_is_contact(part[0]) for part in found[1:])


LARGE = [IncomingMessage("intake.import.v1", b"{}", routing_key="import.leuven.email")] * (2 * CONTACTS + 1)


async def test_each_part_waits_for_its_turn() -> None:
    behind = Behind()
    await behind.yielding().handle(LARGE)
    assert [len(part) for part in behind.handled] == [CONTACTS, CONTACTS, 1]
    assert behind.looks_before == [1 * len(BEHIND), 2 * len(BEHIND), 3 * len(BEHIND)]


async def test_all_parts_together_wait_no_longer_than_one() -> None:
    behind = Behind(**{BEHIND[0]: MOST + 1})
    await behind.yielding(patience=0.01).handle(LARGE)
    assert len(behind.handled) == 3
    first, *others = behind.looks_before
    assert first > 0
    assert others == [first, first], "patience was at its end with the first"


def _is_contact(message: IncomingMessage) -> bool:
    word, _, what = message.routing_key.partition(".leuven.")
    return word in ("submission", "import") and what != "follow_up"
