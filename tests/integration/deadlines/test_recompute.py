"""A change of terms: what is open is counted anew, in batches, told once, and said."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from services.deadlines.domain.timeline import follow
from services.deadlines.recompute import Move, recompute
from services.deadlines.store import Stored, TimelineStore
from shared.contracts.events import DeadlineScheduled, parse_event
from shared.profiles import Profiles
from tests.integration.deadlines.running import PROFILES, MovedClock, Recorder, own_store
from tests.unit.deadlines.courses import LEUVEN, happened, local, registered, term, with_terms

_RECEIVED = local("2026-01-08 10:00")
_CONTACTS = 23
_SHORTER = Profiles({"leuven": with_terms(term("acknowledgement", 10), term("answer", 30, pauses=True))})


@pytest.fixture
async def store(mongo_url: str, mongo_prefix: str) -> AsyncIterator[TimelineStore]:
    """Contacts of one day, every fifth answered and the first one paused for four days."""
    async with own_store(mongo_url, mongo_prefix) as prepared:
        changes = []
        for number in range(_CONTACTS):
            reference = f"LEU-2026-{number:06}"
            events = [registered(_RECEIVED, reference)]
            if number % 5 == 1:
                events.append(happened("answered", _RECEIVED + timedelta(hours=1), reference=reference))
            if number == 0:
                asked, came = (_RECEIVED + timedelta(days=days) for days in (2, 6))
                events.append(happened("information_requested", asked, reference=reference))
                events.append(happened("information_received", came, reference=reference))
            changes.append(Stored(follow(None, reference, events, LEUVEN, _RECEIVED + timedelta(days=7))[0]))
        assert await prepared.write(changes) == set()
        yield prepared


async def test_what_is_open_moves_and_is_told_once(store: TimelineStore) -> None:
    recorder, clock = Recorder(), MovedClock(_RECEIVED + timedelta(days=7))
    open_contacts = _CONTACTS - len(range(1, _CONTACTS, 5))
    expected = {Move("leuven", "answer", -15): open_contacts}
    assert await recompute(store, recorder, _SHORTER, clock, batch=4, dry=True) == expected
    assert recorder.sent == []
    assert await recompute(store, recorder, _SHORTER, clock, batch=4, dry=False) == expected
    told = [parse_event(dict(message.headers), message.body) for message in recorder.sent]
    assert all(isinstance(event.data, DeadlineScheduled) for event in told)
    assert len({event.envelope.subject for event in told}) == len(told) == open_contacts
    assert await recompute(store, recorder, _SHORTER, clock, batch=4, dry=False) == {}
    assert len(recorder.sent) == open_contacts


async def test_pauses_are_not_forgotten_and_what_is_answered_stays(store: TimelineStore) -> None:
    clock = MovedClock(_RECEIVED + timedelta(days=7))
    await recompute(store, Recorder(), _SHORTER, clock, dry=False)
    found = await store.read(["LEU-2026-000000", "LEU-2026-000001"])
    ends = {each: stored.timeline.deadlines[1].deadline.due_on for each, stored in found.items()}
    assert ends == {"LEU-2026-000000": date(2026, 2, 11), "LEU-2026-000001": date(2026, 2, 22)}


async def test_the_same_terms_move_nothing(store: TimelineStore) -> None:
    recorder = Recorder()
    assert await recompute(store, recorder, PROFILES, MovedClock(_RECEIVED + timedelta(days=7)), dry=False) == {}
    assert recorder.sent == []


def test_a_move_in_words() -> None:
    words = [str(Move("leuven", "answer", days)) for days in (-15, 2, 0, None)]
    assert words == [
        "leuven: answer 15 days earlier",
        "leuven: answer 2 days later",
        "leuven: answer on the same day, by another term",
        "leuven: answer appears or disappears",
    ]
