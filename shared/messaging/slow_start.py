"""Slow start: how many messages to have in hand, so that one that kills the process takes few others with it.

The broker counts a delivery for every message that a dying consumer had in hand, and gives a message up after
``DELIVERY_LIMIT`` of them. So a consumer begins with one message and doubles with every success; what has come
back twice is handled alone, and its success doubles nothing: it is not alone in having come back.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

FIRST_PREFETCH: Final = 1
SUSPECT_FROM: Final = 2
"""A message that came back so often may be what brought its consumers down."""


def widened(prefetch: int, delivery_counts: Iterable[int], maximum: int) -> int:
    """The prefetch after a batch with these counts has succeeded: twice as much, at most ``maximum``."""
    if any(count >= SUSPECT_FROM for count in delivery_counts):
        return prefetch
    return min(2 * prefetch, maximum)


def batch_length(waiting: Iterable[tuple[int, int]], limit: int) -> int:
    """How many of what is waiting, oldest first, is handled together: up to ``limit`` messages, a suspect alone.

    Told of each are its delivery count and how many messages are in it; one with more than ``limit`` goes alone.
    """
    length = messages = 0
    if limit < 1:
        return 0
    for count, size in waiting:
        messages += size
        if messages > limit or count >= SUSPECT_FROM:
            return max(length, 1)
        length += 1
    return length


def halves(batch: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """A batch of two or more in two parts that are as equal as can be, order kept."""
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]
