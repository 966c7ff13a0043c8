"""What a sweep has set out to tell is fixed with its claim, so that whoever tells it tells the same.

A claim notes the moment that is reckoned for, by which policy, and the revisions that are kept for it. A replica
that takes over from one that died, or an event that comes in between, begins with just that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from services.deadlines.domain.announcements import announcements
from services.deadlines.domain.timeline import RESERVED_REVISIONS, Timeline, advance
from shared.contracts.events import Event
from shared.profiles import Profile


class Reservation(NamedTuple):
    """That what time had turned by ``at`` is being told, by the terms and calendars that ``policy`` stands for."""

    at: datetime
    policy: str


def policy_of(profiles: Mapping[str, Profile]) -> str:
    """What stands for all terms and calendars; another where any of them is another."""
    digest = hashlib.sha256()
    for _, profile in sorted(profiles.items()):
        terms = [term.model_dump_json() for version in profile.versions for term in version.terms]
        begins = [version.valid_from.isoformat() for version in profile.versions]
        digest.update("\0".join([profile.id, profile.calendar.model_dump_json(), *begins, *terms]).encode())
    return digest.hexdigest()


def overtaken(
    timeline: Timeline, reserved: Reservation | None, profile: Profile, policy: str
) -> tuple[Timeline, list[Event]]:
    """The timeline with what a sweep has set out to tell of it, and those events; nothing where none has, or where
    it reckons by another policy. Whatever is told on top of it comes at higher revisions.
    """
    if reserved is None:
        return timeline, []
    told: list[Event] = []
    begun = timeline
    if reserved.policy == policy:
        begun, what = advance(timeline, profile, reserved.at)
        told = announcements(begun, what, profile)
    return replace(begun, revision=timeline.revision + RESERVED_REVISIONS), told
