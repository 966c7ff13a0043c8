"""Tables whose filters exclude each other: side by side they tell of contacts that another one tells together."""

from collections.abc import Iterator, Sequence

from services.reporting.domain.conditions import Conditions, apart


def side_by_side(together: int, parts: Sequence[tuple[Conditions, int]]) -> Iterator[list[int]]:
    """Every choice of parts that have nobody in common and come to so many contacts; the parts by their place."""
    others = [{at for at, (beside, _) in enumerate(parts) if apart(part, beside)} for part, _ in parts]
    numbers = [number for _, number in parts]

    def choose(left: int, possible: Sequence[int]) -> Iterator[list[int]]:
        if left == 0:
            yield []
        for skipped, at in enumerate(possible):
            beside = [each for each in possible[skipped + 1 :] if each in others[at]]
            if numbers[at] <= left <= numbers[at] + sum(numbers[each] for each in beside):
                yield from ([at, *more] for more in choose(left - numbers[at], beside))

    yield from choose(together, range(len(parts)))
