"""Slow start as arithmetic, and what it is for: a message that kills its process takes no innocent one with it."""

from collections import deque
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.slow_start import FIRST_PREFETCH, SUSPECT_FROM, batch_length, halves, widened
from shared.messaging.topology import DELIVERY_LIMIT

WAITING = st.lists(st.tuples(st.integers(0, 25), st.integers(1, 50)))
"""Delivery counts, and how many messages are in each."""


@given(st.integers(1, 1000), st.lists(st.integers(0, SUSPECT_FROM - 1)), st.integers(1, 1000))
def test_a_success_doubles_the_prefetch_up_to_the_most(prefetch: int, counts: list[int], maximum: int) -> None:
    assert widened(prefetch, counts, maximum) == min(2 * prefetch, maximum)


@given(st.integers(1, 1000), st.integers(SUSPECT_FROM, 25), st.integers(1, 1000))
def test_a_suspect_that_succeeds_widens_nothing(prefetch: int, count: int, maximum: int) -> None:
    assert widened(prefetch, [count], maximum) == prefetch


def test_nine_successes_lead_from_one_to_three_hundred() -> None:
    steps = [FIRST_PREFETCH]
    while steps[-1] < 300:
        steps.append(widened(steps[-1], [0], 300))
    assert steps == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


@given(WAITING, st.integers(1, 100))
def test_a_batch_is_a_beginning_within_the_limit_and_a_suspect_is_alone(
    waiting: list[tuple[int, int]], limit: int
) -> None:
    length = batch_length(waiting, limit)
    assert length == min(1, len(waiting)) or sum(size for _, size in waiting[:length]) <= limit
    assert (length > 0) == bool(waiting)
    suspects = [count for count, _ in waiting[:length] if count >= SUSPECT_FROM]
    assert not suspects or length == 1


@given(WAITING, st.integers(1, 100))
def test_a_batch_ends_only_at_the_limit_or_before_a_suspect(waiting: list[tuple[int, int]], limit: int) -> None:
    length = batch_length(waiting, limit)
    if length < len(waiting):
        is_full = sum(size for _, size in waiting[: length + 1]) > limit
        assert is_full or max(waiting[length][0], waiting[0][0]) >= SUSPECT_FROM


@given(st.lists(st.integers(), min_size=2))
def test_halves_are_the_batch_in_order_and_never_empty(batch: list[int]) -> None:
    left, right = halves(batch)
    assert [*left, *right] == batch
    assert 0 <= len(right) - len(left) <= 1
    assert left


@dataclass
class Message:
    kills: bool
    delivery_count: int = 0


@dataclass
class Queue:
    """A quorum queue as far as it matters here: what is returned goes back to the front, and is counted."""

    ready: deque[Message]
    dead: list[Message] = field(default_factory=list)

    def take_back(self, messages: list[Message]) -> None:
        for message in reversed(messages):
            message.delivery_count += 1
            if message.delivery_count > DELIVERY_LIMIT:
                self.dead.append(message)
            else:
                self.ready.appendleft(message)


def _one_life(queue: Queue, handled: list[Message], most: int, batch: int) -> None:
    """A consumer from its start until it is killed, or until there is nothing left."""
    prefetch, in_hand = FIRST_PREFETCH, list[Message]()
    while True:
        while queue.ready and len(in_hand) < prefetch:
            in_hand.append(queue.ready.popleft())
        if not in_hand:
            return
        length = batch_length([(message.delivery_count, 1) for message in in_hand], batch)
        if any(message.kills for message in in_hand[:length]):
            queue.take_back(in_hand)
            return
        handled += in_hand[:length]
        prefetch = widened(prefetch, [message.delivery_count for message in in_hand[:length]], most)
        in_hand = in_hand[length:]


@given(
    killers=st.sets(st.integers(0, 399), max_size=60),
    most=st.integers(1, 300),
    batch=st.integers(1, 100),
)
def test_whatever_kills_its_process_is_dead_lettered_and_every_innocent_is_handled(
    killers: set[int], most: int, batch: int
) -> None:
    messages = [Message(kills=n in killers) for n in range(400)]
    queue, handled = Queue(deque(messages)), list[Message]()
    while queue.ready:
        _one_life(queue, handled, most, batch)

    assert [message for message in messages if not message.kills] == handled
    assert sorted(map(id, queue.dead)) == sorted(id(message) for message in messages if message.kills)
    assert max((message.delivery_count for message in handled), default=0) <= SUSPECT_FROM + 1
