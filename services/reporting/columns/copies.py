"""The copies of all organisations' facts, and how they keep up with every replica that writes.

Before each reading, and a few times a second besides, the numbers of the slots' last commits are read in the
reading's own snapshot, and after them the facts that were marked since (``store.changes``). What is answered from
memory is therefore exactly what the database would have answered in that snapshot, never something older.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import structlog
from pymongo.errors import PyMongoError

from services.reporting.columns.answers import Answers
from services.reporting.columns.mirror import Mirror
from services.reporting.columns.sight import Sight, Stamps
from services.reporting.domain.dimensions import PERIODS, Vocabulary
from services.reporting.metrics import ColumnMetrics
from services.reporting.store.changes import Changes, Commits, Standing
from services.reporting.store.collections import Collections, Generation
from shared.memory import trim
from shared.mongo import Document, Session

LOOK_SECONDS = 0.25
AGAIN_SECONDS = 5.0
MOST_CHANGES = 10_000
"""Changes that are taken in while a question waits; after more of them copies catch up beside the questions."""
_FEW = 500
_BACKWARDS = 20
_MEBIBYTE = 1 << 20
_log = structlog.get_logger()


class Copies:
    """``vocabularies`` are by organisation. ``most_mebibytes`` is for all copies together, what lies in files
    included; 0 keeps none. ``directory`` as for ``Mirror``.
    """

    def __init__(
        self,
        collections: Collections,
        vocabularies: Mapping[str, Vocabulary],
        metrics: ColumnMetrics,
        most_mebibytes: int,
        directory: str | None = None,
    ) -> None:
        self._client = collections.client
        self._changes = Changes(collections)
        self._dimensions = {
            name: [each for each in words.dimensions if each not in PERIODS]
            for name, words in vocabularies.items()
        }
        self._metrics = metrics
        self._most_bytes = most_mebibytes * _MEBIBYTE
        self._directory = directory
        self._lock = asyncio.Lock()
        self._known: Commits | None = None
        self._rebuilds: dict[str, tuple[int, int]] = {}
        self._mirrors: dict[str, Mirror] = {}
        self._answers: dict[str, Answers] = {}
        self._too_big: set[str] = set()
        self._stamps = Stamps({}, {})
        self._tick = 0
        self._backwards = 0

    async def advance(self, session: Session) -> Sight:
        """What can be seen at the session's moment, which this fixes: no later call can see an earlier one."""
        async with self._lock:
            return (await self._advance(session))[0]

    async def _advance(self, session: Session) -> tuple[Sight, Standing]:
        standing = await self._changes.standing(session)
        if self._known is None:
            self._lose_track(standing)
        elif any(standing.commits.get(slot, 0) < last for slot, last in self._known.items()):
            # A database that has just changed hands may for a moment show less than before.
            self._backwards += 1
            if self._backwards > _BACKWARDS:
                self._lose_track(standing)
            return Sight({}, None), standing
        else:
            changed = await self._changes.since(self._known, standing, session, most=MOST_CHANGES)
            if changed is None or not self._taken_in(changed):
                self._lose_track(standing)
        self._notice_rebuilds(standing.generations.values())
        self._known, self._backwards = standing.commits, 0
        self._metrics.seen(time.monotonic())
        return Sight(self._answers, self._stamps), standing

    def _lose_track(self, standing: Standing) -> None:
        self._known, self._backwards = standing.commits, 0
        self._forget({*self._dimensions, *standing.generations})

    def _forget(self, organisations: Iterable[str]) -> None:
        self._tick += 1
        gone = set(organisations)
        self._stamps = self._stamps._replace(
            everything={**self._stamps.everything, **dict.fromkeys(gone, self._tick)}
        )
        self._answers = {name: each for name, each in self._answers.items() if name not in gone}
        for organisation in gone.intersection(self._mirrors):
            del self._mirrors[organisation]
            self._metrics.held(organisation, 0, 0)

    def _notice_rebuilds(self, generations: Iterable[Generation]) -> None:
        for generation in generations:
            rebuilds = (generation.number, generation.refolds)
            if self._rebuilds.setdefault(generation.organisation, rebuilds) != rebuilds:
                self._rebuilds[generation.organisation] = rebuilds
                self._too_big.discard(generation.organisation)
                self._forget([generation.organisation])

    def _taken_in(self, changed: Sequence[Document]) -> bool:
        try:
            self._take_in(changed)
        except Exception:  # noqa: BLE001  a cache that fails must not take the answers of the database with it
            _log.exception("a change could not be taken into the columns; they are read in anew")
            return False
        return True

    def _take_in(self, changed: Sequence[Document]) -> None:
        if not changed:
            return
        self._tick += 1
        by_organisation: dict[str, list[Document]] = {}
        for document in changed:
            by_organisation.setdefault(document["organisation"], []).append(document)
        months = dict(self._stamps.months)
        for organisation, documents in by_organisation.items():
            touched = {day[:7] for each in documents for day in _days(each)}
            months[organisation] = {**months.get(organisation, {}), **dict.fromkeys(touched, self._tick)}
            mirror = self._mirrors.get(organisation)
            if mirror is not None:
                mirror.put(documents)
                self._show(organisation, mirror)
        self._stamps = self._stamps._replace(months=months)

    def _show(self, organisation: str, mirror: Mirror) -> None:
        self._mirrors[organisation] = mirror
        # A new dictionary: who is reading keeps the old one.
        self._answers = {**self._answers, organisation: Answers(mirror.moment())}
        self._metrics.held(organisation, mirror.facts, mirror.nbytes())

    async def keep(self) -> None:
        """Loads what is not loaded yet and follows, until it is cancelled."""
        await asyncio.gather(_again_and_again(self._follow), _again_and_again(self._load_missing))

    async def _follow(self) -> None:
        async with await self._client.start_session(snapshot=True) as session:
            await self.advance(session)
        untidy = [(organisation, mirror) for organisation, mirror in self._mirrors.items() if mirror.is_untidy]
        for organisation, mirror in untidy:
            await self._tidy(organisation, mirror)
        if untidy:
            # The rows as they were lie between what is needed still; kept, they would come to twice the columns.
            await asyncio.to_thread(trim)
        self._keep_within_bounds()

    async def _load_missing(self) -> None:
        for organisation in self._dimensions if self._most_bytes else ():
            if organisation not in self._mirrors and organisation not in self._too_big:
                await self._load(organisation)

    async def _tidy(self, organisation: str, mirror: Mirror) -> None:
        async with self._lock:
            if self._mirrors.get(organisation) is mirror:
                await asyncio.to_thread(mirror.tidy)
                self._show(organisation, mirror)

    def _keep_within_bounds(self) -> None:
        while self._mirrors and self._held_bytes() > self._most_bytes:
            self._give_up(max(self._mirrors, key=lambda name: self._mirrors[name].nbytes()))

    def _held_bytes(self) -> int:
        return sum(mirror.nbytes() for mirror in self._mirrors.values())

    def _give_up(self, organisation: str) -> None:
        self._too_big.add(organisation)
        self._mirrors.pop(organisation, None)
        self._answers = {name: each for name, each in self._answers.items() if name != organisation}
        self._metrics.too_big(organisation)
        _log.warning(
            "facts do not fit in what columns may take; free questions read the database",
            organisation=organisation,
            setting="REPORTING_COLUMNS_MAX_MB",
        )

    async def _load(self, organisation: str) -> None:
        began = time.monotonic()
        mirror = Mirror(self._dimensions[organisation], self._directory)
        async with await self._client.start_session(snapshot=True) as session:
            before = await self._changes.standing(session)
            if organisation in before.generations and before.generations[organisation].rebuilding:
                # Facts may be written anew: what is read in now would have to be read in again.
                return
        async for batch in self._changes.everything(organisation):
            await asyncio.to_thread(mirror.load, batch)
            if self._held_bytes() + mirror.nbytes() > self._most_bytes:
                self._give_up(organisation)
                return
        await asyncio.to_thread(mirror.tidy)
        await asyncio.to_thread(trim)
        known = await self._catch_up(organisation, mirror, before.commits)
        async with self._lock, await self._client.start_session(snapshot=True) as session:
            _, standing = await self._advance(session)
            rest = await self._changes.since(
                known, standing, session, organisation=organisation, most=MOST_CHANGES
            )
            if rest is None or _rebuilt(organisation, before, standing):
                return
            mirror.put(rest)
            self._show(organisation, mirror)
        self._metrics.loaded(organisation, time.monotonic() - began)

    async def _catch_up(self, organisation: str, mirror: Mirror, known: Commits) -> Commits:
        """Takes in what was written during the load; what is left is soon done while questions wait."""
        while True:
            async with await self._client.start_session(snapshot=True) as session:
                standing = await self._changes.standing(session)
                changed = await self._changes.since(known, standing, session, organisation=organisation)
            await asyncio.to_thread(mirror.put, changed or [])
            known = standing.commits
            if len(changed or []) < _FEW:
                return known


async def _again_and_again(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except PyMongoError as error:
            _log.warning("the columns in memory could not follow", error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
        except Exception:  # noqa: BLE001  without columns reports are slower, not wrong
            _log.exception("the columns in memory could not be made")
            await asyncio.sleep(AGAIN_SECONDS)
        await asyncio.sleep(LOOK_SECONDS)


def _days(document: Document) -> list[str]:
    was = document.get("mark", {}).get("was")
    return [document["received_on"], *([was] if was else [])]


def _rebuilt(organisation: str, before: Standing, after: Standing) -> bool:
    """Whether facts may have been written anew in between."""
    old, new = before.generations.get(organisation), after.generations.get(organisation)
    if old is None or new is None:
        return old is not new
    return (old.number, old.refolds) != (new.number, new.refolds)
