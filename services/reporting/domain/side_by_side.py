"""Tables whose filters exclude each other: side by side they tell of contacts that another one tells together."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from services.reporting.domain.conditions import Conditions, apart

_STEPS: Final = 10_000
"""How long is looked. The largest parts come first; what smaller ones of the same tell follows from theirs."""


def side_by_side(whole: int, parts: Sequence[tuple[Conditions, int]]) -> Iterator[list[int]]:
    """Choices of parts that have nobody in common and come to the whole, a positive number; parts by their place.

    Of tables that can be put together in very many ways not all are found.
    """
    beside = [{at for at, (other, _) in enumerate(parts) if apart(part, other)} for part, _ in parts]
    numbers = [number for _, number in parts]

    def choose(left: int, possible: Sequence[int]) -> Iterator[list[int] | None]:
        for skipped, at in enumerate(possible):
            yield None
            others = [each for each in possible[skipped + 1 :] if each in beside[at]]
            if numbers[at] == left:
                yield [at]
            elif numbers[at] < left <= numbers[at] + sum(numbers[each] for each in others):
                yield from (more and [at, *more] for more in choose(left - numbers[at], others))

    return (choice for choice in islice(choose(whole, range(len(parts))), _STEPS) if choice)
