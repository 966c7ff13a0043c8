"""Links of contacts to earlier ones of the same citizen, for whole groups of submissions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.inbound import ReadSubmission
from services.intake.domain.links import MOST_CANDIDATES, Link, Traced, about_the_same, link_of
from services.intake.domain.traces import Trace, trace_of
from services.intake.store import Store
from shared.contracts.identifiers import Reference
from shared.profiles import Profile

MOST_TOGETHER = 2000
"""So many contacts are read for a group at once; where more share its marks, each asks for its own."""

MOST_RECENT = 1000
"""So many traces are remembered at most, between a group's being claimed and its being linked."""

Accepted = tuple[ReadSubmission, SubmissionClaim]
Found = Mapping[str, Sequence[Traced]]
"""Contacts that were found for a contact, by its claim's id."""


class Linker:
    """Looks earlier contacts up. Without keys no trace is left and nothing is linked."""

    def __init__(self, store: Store, profiles: Mapping[str, Profile], keys: Sequence[bytes]) -> None:
        self._store = store
        self._profiles = profiles
        self._keys = tuple(keys)
        # What is claimed is linked a moment later, by the same trace.
        self._recent: dict[tuple[str, str, int], Trace | None] = {}

    def traces_of(self, items: Sequence[ReadSubmission]) -> dict[str, Trace]:
        """What is kept of these with their claims, by the claims' ids: under the first key alone."""
        found = ((item, self._trace(item, self._keys[:1])) for item in items)
        return {item.claim_id: trace for item, trace in found if trace is not None}

    async def links_of(self, accepted: Sequence[Accepted]) -> dict[Reference, Link]:
        """The links of claimed contacts whose citizen may be known again, by reference.

        Depends on what was claimed before each of them, in this group or any other, and on what is known to have
        been done about that. For contacts without anything to know the citizen by nothing is read.
        """
        numbers: dict[str, Sequence[str]] = {}
        contacts: dict[str, Traced] = {}
        for item, claim in accepted:
            trace = self._trace(item, self._keys)
            if trace is not None:
                contacts[claim.id], numbers[claim.id] = Traced(claim, trace), _named_numbers(item)
        marked = await self._marked(contacts)
        same = {
            name: about_the_same(contact, marked.get(name, ()), self._profile(contact))
            for name, contact in contacts.items()
        }
        named = await self._named(numbers)
        self._recent.clear()
        dealt_with = await self._store.events.dealt_with(
            each.claim.reference for earlier in same.values() for each in earlier
        )
        return {
            contact.claim.reference: link_of(
                contact, same[name], named.get(name, ()), dealt_with, self._profile(contact)
            )
            for name, contact in contacts.items()
        }

    def _profile(self, contact: Traced) -> Profile:
        return self._profiles[contact.claim.organisation]

    def _trace(self, item: ReadSubmission, keys: Sequence[bytes]) -> Trace | None:
        profile = self._profiles.get(item.submission.organisation)
        if not (profile and keys):
            return None
        name = item.claim_id, item.content_hash, len(keys)
        if name not in self._recent:
            if len(self._recent) >= MOST_RECENT:
                self._recent.clear()
            self._recent[name] = trace_of(item.submission, profile, keys)
        return self._recent[name]

    async def _marked(self, contacts: Mapping[str, Traced]) -> Found:
        looking = {name: contact for name, contact in contacts.items() if contact.trace.marks.all}
        if not looking:
            return {}
        group = tuple(looking.values())
        # In any order: to put the marks of a whole group in order costs more than to find them.
        stored = await self._stored(group, tuple(contacts), MOST_TOGETHER, latest=False)
        if len(stored) < MOST_TOGETHER:
            by_mark: defaultdict[bytes, list[Traced]] = defaultdict(list)
            for each in (*group, *stored):
                for mark in each.trace.marks.all:
                    by_mark[mark].append(each)
            return {name: _sharing(contact, by_mark) for name, contact in looking.items()}
        return {
            name: [*group, *await self._stored([contact], tuple(contacts), MOST_CANDIDATES, latest=True)]
            for name, contact in looking.items()
        }

    async def _stored(
        self, contacts: Sequence[Traced], group: Sequence[str], most: int, *, latest: bool
    ) -> list[Traced]:
        """Contacts outside the group that share a mark with any of these, within reach of each."""
        received = [contact.claim.received_at for contact in contacts]
        return await self._store.claims.marked(
            frozenset[bytes]().union(*(contact.trace.marks.all for contact in contacts)),
            but=group,
            earliest=min(received) - timedelta(days=max(map(self._reach, contacts))),
            until=max(received),
            claimed_by=max(contact.claim.claimed_at for contact in contacts),
            most=most,
            latest=latest,
        )

    def _reach(self, contact: Traced) -> int:
        return self._profile(contact).version_at(contact.claim.received_at).links.repeat_within_days

    async def _named(self, numbers: Mapping[str, Sequence[str]]) -> Found:
        """The contacts that submissions name as the citizen's earlier one."""
        found = await self._store.claims.traced(number for several in numbers.values() for number in several)
        return {
            name: [found[number] for number in several if number in found] for name, several in numbers.items()
        }


def _sharing(contact: Traced, by_mark: Mapping[bytes, Sequence[Traced]]) -> list[Traced]:
    sharing = {each.claim.id: each for mark in contact.trace.marks.all for each in by_mark[mark]}
    return list(sharing.values())


def _named_numbers(item: ReadSubmission) -> tuple[str, ...]:
    """As it was written, and in capitals: it is free text."""
    earlier = item.submission.earlier_contact
    number = earlier.reference.strip() if earlier and earlier.reference else ""
    return tuple(dict.fromkeys((number, number.upper()))) if number else ()
