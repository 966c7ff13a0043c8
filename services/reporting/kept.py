"""Finished answers, kept for as long as nothing that they were made of has changed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from services.reporting.store import ReadingRoom

MOST_BYTES: Final = 32 << 20
_Key = tuple[str, Hashable]
_AsOf = tuple[int, int]


class KeptAnswers:
    """Keeps bytes: whoever is given an answer cannot change it for the next one."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._kept: OrderedDict[_Key, tuple[_AsOf, bytes]] = OrderedDict()

    async def answer(
        self, organisation: str, until: int, question: Hashable, make: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """What ``make`` makes, or has made since a fact of a year up to ``until`` or a counter of it last changed.

        ``question`` is all else that the answer depends on: what is asked, in which form, on which day.
        """
        as_of = await self._as_of(organisation, until)
        key = (organisation, (until, question))
        kept = self._kept.get(key)
        if kept is not None and kept[0] == as_of:
            self._kept.move_to_end(key)
            return kept[1]
        made = await make()
        # Made at the same moment or at a later one: what has changed since gives the next asker another stamp.
        if as_of is not None:
            self._keep(key, as_of, made)
        return made

    async def _as_of(self, organisation: str, until: int) -> _AsOf | None:
        async with self._room.open() as reading:
            stamp = reading.stamp(organisation, until)
            generation = await reading.generation(organisation)
        return None if stamp is None else (generation.number, stamp)

    def _keep(self, key: _Key, as_of: _AsOf, made: bytes) -> None:
        self._kept[key] = (as_of, made)
        self._kept.move_to_end(key)
        while sum(len(each) for _, each in self._kept.values()) > MOST_BYTES:
            self._kept.popitem(last=False)
