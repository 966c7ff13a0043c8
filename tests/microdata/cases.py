"""Contacts as little tables of values, and how figures are dealt to them."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Case = dict[str, Any]
Condition = str | Sequence[str]


class Cases:
    """Contacts of one organisation. Each is like ``times`` contacts in all; dealing splits where it has to.

    Values are dealt in any order that lets the tables be met: what depends on something is dealt after it, among
    those that have it.
    """

    def __init__(self, organisation: str, number: int = 0, **values: Any) -> None:
        self.organisation = organisation
        self._cases: list[Case] = []
        self._chance = random.Random(organisation)
        self.add(number, **values)

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases)

    def __len__(self) -> int:
        return sum(case["times"] for case in self._cases)

    def add(self, number: int, *, alike: bool = False, **values: Any) -> None:
        """More contacts; ``alike`` keeps them together as one case until something is dealt to a part of them."""
        if alike:
            self._cases += [{"times": number, **values}] if number else []
        else:
            self._cases += [{"times": 1, **values} for _ in range(number)]

    def those(self, **conditions: Condition) -> list[Case]:
        """The cases that have these values (or one of them)."""
        return [case for case in self._cases if _has(case, conditions)]

    def deal(self, names: str, counts: Mapping[Any, int], /, **among: Condition) -> None:
        """Gives so many contacts each value, among those that have none yet of the first name.

        Names are separated by commas, keys are as long. Raises ``ValueError`` where there are too few contacts.
        """
        fields = names.split(",")
        free = [case for case in self.those(**among) if fields[0] not in case]
        self._chance.shuffle(free)
        for key, number in counts.items():
            values = dict(zip(fields, key if isinstance(key, tuple) else (key,), strict=True))
            left = number
            while left:
                if not free:
                    raise ValueError(f"{self.organisation}: {left} contacts too few for {values} among {among}")
                case = free[-1]
                if case["times"] > left:
                    self._split(case, left)
                else:
                    free.pop()
                    left -= case["times"]
                    case |= values
                    continue
                self._cases[-1] |= values
                left = 0

    def _split(self, case: Case, number: int) -> None:
        """Takes so many contacts off a case, as a case of their own at the end."""
        case["times"] -= number
        self._cases.append(case | {"times": number})

    def rest(self, names: str, value: Any, /, **among: Condition) -> None:
        """Gives every one that is left the value."""
        for case in self.those(**among):
            if names not in case:
                case[names] = value


def _has(case: Case, conditions: Mapping[str, Condition]) -> bool:
    return all(
        case.get(name) in ((wanted,) if isinstance(wanted, str) else wanted) for name, wanted in conditions.items()
    )


def spread(total: int, over: Iterable[str]) -> dict[str, int]:
    """A number over values, as evenly as whole numbers allow."""
    values = list(over)
    return {value: total // len(values) + (place < total % len(values)) for place, value in enumerate(values)}
