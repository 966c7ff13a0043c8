"""``python -m services.deadlines.recompute``: after a change of terms or calendars, what is open is counted anew.

It says what moves. What moves is marked as due now and worked off like any timer: told, confirmed, and only then
written, once in effect whoever dies. Services must have been restarted with the new profiles before.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

import typer
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from services.deadlines.domain.timeline import Timeline, advance
from services.deadlines.main import store_for
from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.settings import DeadlinesSettings
from services.deadlines.store import TimelineStore
from services.deadlines.sweep import Sweep
from services.deadlines.telling import Publishing, Teller
from shared.clock import Clock, system_clock
from shared.logging import configure_logging
from shared.messaging import Messaging
from shared.profiles import BrokenProfile, Profiles, load_profiles

_BATCH = 500
_LEASE = timedelta(seconds=60)


class Move(NamedTuple):
    """What becomes of deadlines of one kind: ``days`` later (earlier where negative); None where the deadline is
    new, gone, cannot be counted any more or can be again.
    """

    organisation: str
    kind: str
    days: int | None

    def __str__(self) -> str:
        if self.days is None:
            return f"{self.organisation}: {self.kind} appears or disappears"
        if self.days == 0:
            return f"{self.organisation}: {self.kind} on the same day, by another term"
        return f"{self.organisation}: {self.kind} {abs(self.days)} days {'later' if self.days > 0 else 'earlier'}"


async def recompute(
    store: TimelineStore,
    publisher: Publishing,
    profiles: Profiles,
    clock: Clock,
    *,
    batch: int = _BATCH,
    dry: bool,
) -> Counter[Move]:
    """Counts what is open anew, in batches, and gives what moved and how often. ``dry`` changes nothing."""
    teller = Teller(publisher, metrics := DeadlinesMetrics(CollectorRegistry()))
    sweep = Sweep(store, teller, profiles, metrics, clock, lease=_LEASE, group=batch)
    moved = Counter[Move]()
    async for timelines in _open(store, batch):
        found = {each.reference: moves(each, profiles, clock()) for each in timelines}
        moving = [reference for reference, its_moves in found.items() if its_moves]
        moved.update(move for its_moves in found.values() for move in its_moves)
        if moving and not dry:
            await store.mark_due(moving, clock())
            await sweep.run()
    return moved


def moves(timeline: Timeline, profiles: Profiles, now: datetime) -> list[Move]:
    """What the profiles of today make of the contact's deadlines that is not what is stored."""
    organisation = timeline.known.organisation
    if organisation not in profiles:
        return []
    after, _ = advance(timeline, profiles[organisation], now)
    if after.uncounted != timeline.uncounted:
        return [Move(organisation, "every deadline", None)]
    before = {(each.deadline.kind, each.number): each.deadline for each in timeline.deadlines}
    later = {(each.deadline.kind, each.number): each.deadline for each in after.deadlines}
    found = [Move(organisation, name[0].value, None) for name in before.keys() ^ later.keys()]
    for name in before.keys() & later.keys():
        old, new = before[name], later[name]
        if (old.due_on, old.policy) != (new.due_on, new.policy):
            found.append(Move(organisation, name[0].value, (new.due_on - old.due_on).days))
    return found


async def _open(store: TimelineStore, batch: int) -> AsyncIterator[Sequence[Timeline]]:
    after = ""
    while timelines := [each.timeline for each in await store.open_after(after, batch)]:
        yield timelines
        after = timelines[-1].reference


async def _run(settings: DeadlinesSettings, profiles: Profiles, *, dry: bool) -> Counter[Move]:
    store = store_for(settings)
    messaging = Messaging(
        settings.amqp_url.get_secret_value(), "deadlines-recompute", CollectorRegistry(), settings.topology
    )
    await messaging.start()
    try:
        return await recompute(store, messaging.publisher, profiles, system_clock, dry=dry)
    finally:
        await messaging.stop()
        store.close()


def main(
    dry_run: Annotated[bool, typer.Option(help="Only say what would move")] = False,
) -> None:
    """Count what is open anew by the profiles as they are now, and say what moved."""
    try:
        settings = DeadlinesSettings()
        profiles = load_profiles(settings.profiles_dir)
    except (ValidationError, BrokenProfile) as error:
        raise SystemExit(f"cannot start: {error}") from None
    configure_logging("deadlines", settings.log_level)
    moved = asyncio.run(_run(settings, profiles, dry=dry_run))
    for move, number in sorted(moved.items(), key=lambda each: str(each[0])):
        typer.echo(f"{number:>8}  {move}")
    typer.echo(f"{moved.total()} deadlines {'would move' if dry_run else 'moved'}")


if __name__ == "__main__":
    typer.run(main)
