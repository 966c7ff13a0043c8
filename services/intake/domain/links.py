"""Whether a contact repeats an earlier one of the same citizen, or may be the same once more over another way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.likeness import FEWEST_STEMS, likeness
from services.intake.domain.traces import Matter, Trace
from shared.contracts.identifiers import Nature, Reference
from shared.profiles import Profile
from shared.profiles.parts import LinkWindows

MOST_CANDIDATES: Final = 50
"""Only so many earlier contacts of a citizen are looked at, the latest ones."""

ALIKE: Final = 0.3
"""Texts this much alike are of one matter where nothing else tells. Of two messages of the routing corpus about
the same service 3 in 1,000 are; pairs of a message and a note of it are 0.4 and more."""
ALIKE_AND_STATED: Final = 0.2
"""The same where both state the same directorate, topic or body."""
ALIKE_THOUGH_STATED_OTHERWISE: Final = 0.6
"""Many a citizen names another service the second time, since the first one was wrong."""


class Link(NamedTuple):
    """References of earlier contacts, for one contact; both may hold."""

    repeat_of: Reference | None = None
    possible_duplicate_of: Reference | None = None


NO_LINK: Final = Link()


@dataclass(frozen=True, slots=True)
class Traced:
    """A claimed contact with its trace."""

    claim: SubmissionClaim
    trace: Trace

    @property
    def place(self) -> tuple[datetime, datetime, str]:
        """The order among contacts: by receipt, and of the same moment by who was claimed first."""
        return (self.claim.received_at, self.claim.claimed_at, self.claim.id)


def about_the_same(contact: Traced, marked: Iterable[Traced], profile: Profile) -> list[Traced]:
    """Those of the contacts that were claimed by then and received before, of the same citizen, about the same
    matter and within the profile's time; latest first.
    """
    windows = profile.version_at(contact.claim.received_at).links
    earliest = contact.claim.received_at - timedelta(days=windows.repeat_within_days)
    before = [each for each in marked if each.claim.received_at >= earliest and is_before(each, contact)]
    latest = sorted(before, key=lambda each: each.place, reverse=True)[:MOST_CANDIDATES]
    return [
        each
        for each in latest
        if _same_citizen(contact.trace, each.trace) and _same_matter(contact, each, profile)
    ]


def link_of(
    contact: Traced,
    same: Iterable[Traced],
    named: Iterable[Traced],
    dealt_with: Mapping[Reference, datetime],
    profile: Profile,
) -> Link:
    """How the contact is linked: by those that are ``about_the_same``, by those ``named`` by the citizen with
    their number, and by when contacts were first answered, closed or withdrawn, as far as is known.

    A repeat names the latest contact that it repeats, a possible duplicate the first one that it may double, so
    that all of them point to the one that is dealt with.
    """
    windows = profile.version_at(contact.claim.received_at).links
    repeats = [each for each in named if is_before(each, contact) and _named_by_same(contact, each)]
    said = {each.claim.id for each in repeats}
    doubles: list[Traced] = []
    for earlier in same:
        again = _repeats(contact, earlier, dealt_with.get(earlier.claim.reference), windows)
        if earlier.claim.id not in said:
            (repeats if again else doubles).append(earlier)
    repeated = max(repeats, key=lambda each: each.place, default=None)
    doubled = min(doubles, key=lambda each: each.place, default=None)
    return Link(
        repeat_of=repeated.claim.reference if repeated else None,
        possible_duplicate_of=doubled.claim.reference if doubled else None,
    )


def is_before(earlier: Traced, contact: Traced) -> bool:
    """Whether a contact may be linked to the other at all. Of any two contacts at most one is before the other."""
    return (
        earlier.claim.organisation == contact.claim.organisation
        and earlier.claim.claimed_at <= contact.claim.claimed_at
        and earlier.place < contact.place
        # A link would tell the service who it is that stays anonymous towards it.
        and earlier.trace.sheltered is contact.trace.sheltered
    )


def _same_citizen(one: Trace, other: Trace) -> bool:
    """A mark in common, and not two names that have no word in common: households and offices share a number."""
    names_differ = one.marks.name and other.marks.name and not one.marks.name & other.marks.name
    return bool(one.marks.all & other.marks.all) and not names_differ


def _named_by_same(contact: Traced, named: Traced) -> bool:
    """The number of a contact is told to one citizen; first and last name are enough besides."""
    one, other = contact.trace, named.trace
    return _same_citizen(one, other) or len(one.marks.name & other.marks.name) > 1


def _same_matter(contact: Traced, earlier: Traced, profile: Profile) -> bool:
    one, other = contact.trace.matter, earlier.trace.matter
    if (one.nature is Nature.COMPLIMENT) is not (other.nature is Nature.COMPLIMENT):
        return False
    alike = likeness(contact.trace.stems, earlier.trace.stems)
    if _stated_otherwise(one, other):
        return alike >= ALIKE_THOUGH_STATED_OTHERWISE
    if one.earlier_on == profile.local_date(earlier.claim.received_at):
        return True
    if _says_it_once_more(contact, earlier):
        return True
    only_by_name = not contact.trace.marks.strong & earlier.trace.marks.strong
    return alike >= (ALIKE_AND_STATED if _stated_alike(one, other) and not only_by_name else ALIKE)


def _says_it_once_more(contact: Traced, earlier: Traced) -> bool:
    """Who went there in vain and says no more than "still not cleared" means what was said before."""
    one, other = contact.trace.matter, earlier.trace.matter
    return len(contact.trace.stems) < FEWEST_STEMS and _is_dissatisfied(one, other) and _stated_alike(one, other)


def _stated_otherwise(one: Matter, other: Matter) -> bool:
    both = _stated_by_both(one, other)
    return any(first != second for first, second in both)


def _stated_alike(one: Matter, other: Matter) -> bool:
    return bool(_stated_by_both(one, other)) and not _stated_otherwise(one, other)


def _stated_by_both(one: Matter, other: Matter) -> list[tuple[str, str]]:
    stated = [
        (one.external_body, other.external_body),
        (one.directorate, other.directorate),
        (one.service, other.service),
        (one.topic, other.topic),
        (one.entity, other.entity),
    ]
    return [(first, second) for first, second in stated if first is not None and second is not None]


def _repeats(contact: Traced, earlier: Traced, dealt_with: datetime | None, windows: LinkWindows) -> bool:
    received = contact.claim.received_at
    return (
        received - earlier.claim.received_at > timedelta(days=windows.possible_duplicate_within_days)
        or (dealt_with is not None and dealt_with <= received)
        or _is_dissatisfied(contact.trace.matter, earlier.trace.matter)
    )


def _is_dissatisfied(one: Matter, other: Matter) -> bool:
    """With what came of the other: went to the service in vain since, or calls a complaint now what was none."""
    if one.earlier_on is not None and (other.earlier_on is None or other.earlier_on < one.earlier_on):
        return True
    return one.nature is Nature.COMPLAINT and other.nature not in (None, Nature.COMPLAINT)
