"""Ten years of facts, as many as wanted, put into reporting's database and counted by its own code."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter

from services.reporting.domain.counting import tables_of
from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import fold
from services.reporting.store import Collections, prepare
from services.reporting.store.documents import fact_document
from services.reporting.store.recount import Recount
from shared.clock import system_clock
from shared.profiles import Profile
from tests.unit.reporting.made_up import life

FIRST, LAST = date(2015, 1, 1), date(2024, 12, 31)
_TEMPLATES = 5_000
_AT_A_TIME = 5_000
_SAID_EVERY = 100_000
# Coprime with the number of days, so that contacts spread over all of them.
_STRIDE = 1_009


@dataclass(frozen=True)
class Filled:
    """``counted_seconds`` is what counting all facts anew took."""

    counted_seconds: float
    counters: int


async def fill(collections: Collections, profile: Profile, facts: int, say: Callable[[str], None]) -> Filled:
    """Puts in facts of contacts that are all different in their days, five thousand kinds in all else."""
    await prepare(collections, {profile.id: tables_of(profile)})
    chance = random.Random(7)
    folded = (fold(life(number, chance, profile), profile) for number in range(_TEMPLATES))
    templates = [fact for fact in folded if fact is not None]
    for first in range(0, facts, _AT_A_TIME):
        numbers = range(first, min(first + _AT_A_TIME, facts))
        documents = [fact_document(_dated(templates[number % len(templates)], number)) for number in numbers]
        await collections.facts.insert_many(documents, ordered=False)
        if first % _SAID_EVERY == 0:
            say(f"{first} of {facts} written")
    began = perf_counter()
    counters, counted = await Recount(collections, profile, system_clock).write()
    assert counted == facts, f"{counted} counted"
    return Filled(perf_counter() - began, counters)


def _dated(template: Fact, number: int) -> Fact:
    day = FIRST + timedelta(days=number * _STRIDE % ((LAST - FIRST).days + 1))
    return template._replace(reference=f"LEU-{day.year}-{number:07d}", received_on=day)
