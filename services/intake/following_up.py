"""Follow-ups reach their contacts: claimed, stored, told, or parked until the contact is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from services.intake.claiming import claim_all
from services.intake.domain.acceptance import check_follow_up, check_follow_up_alone, profile_of
from services.intake.domain.claims import FollowUpClaim, SubmissionClaim
from services.intake.domain.follow_ups import tell_follow_up
from services.intake.domain.inbound import ReadFollowUp
from services.intake.domain.refusal import Refused, follow_up_id_reused, unknown_contact
from services.intake.metrics import IntakeMetrics
from services.intake.store import Store
from services.intake.store.contacts import StoredEvent, stored
from services.intake.store.parked import ParkedFollowUp
from shared.clock import Clock
from shared.contracts.events import FOLLOW_UP_KINDS, event_id
from shared.profiles import Profile, ProfileVersion

_log = structlog.get_logger("intake")


@dataclass(frozen=True, slots=True)
class PendingFollowUp:
    """A follow-up on its way, with the bytes it came in. ``parked_id`` where it waited before."""

    read: ReadFollowUp
    body: bytes = field(repr=False)
    routing_key: str
    content_type: str | None = None
    correlation_id: str | None = None
    parked_id: str | None = None

    @property
    def claim_id(self) -> str:
        return self.read.claim_id

    @property
    def content_hash(self) -> str:
        return self.read.content_hash


@dataclass(slots=True)
class FollowUpOutcome:
    """What became of follow-ups: events to tell, refusals to answer, and who need not wait any longer."""

    events: list[StoredEvent] = field(default_factory=list)
    refused: list[tuple[PendingFollowUp, Refused]] = field(default_factory=list)
    no_longer_parked: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A follow-up with its contact."""

    pending: PendingFollowUp
    contact: SubmissionClaim

    @property
    def claim_id(self) -> str:
        return self.pending.claim_id

    @property
    def content_hash(self) -> str:
        return self.pending.content_hash


class FollowUps:
    """Takes follow-ups in. Everything it does may be done again with the same result."""

    def __init__(
        self, store: Store, profiles: Mapping[str, Profile], clock: Clock, metrics: IntakeMetrics
    ) -> None:
        self._store = store
        self._profiles = profiles
        self._clock = clock
        self._metrics = metrics

    async def take_in(self, items: Sequence[PendingFollowUp], *, may_park: bool = True) -> FollowUpOutcome:
        """Applies follow-ups whose contact is registered. The others are parked, or refused where they may not be.

        Events are stored when this returns and have yet to be told; only then is a follow-up to be taken off the
        parked ones.
        """
        outcome = FollowUpOutcome()
        places = await self._contacts(items)
        placed: list[_Placed] = []
        early: list[PendingFollowUp] = []
        for item in items:
            verdict = self._verdict(item, places, may_park=may_park)
            if isinstance(verdict, Refused):
                outcome.refused.append((item, verdict))
            elif verdict is None:
                early.append(item)
            else:
                placed.append(_Placed(item, verdict))
        placed += await self._park(early, outcome)
        await self._apply(placed, outcome)
        outcome.no_longer_parked += [each.pending.parked_id for each in placed if each.pending.parked_id]
        return outcome

    async def claim(self, read: ReadFollowUp, contact: SubmissionClaim) -> FollowUpClaim | Refused:
        """Claims one follow-up of a contact that is known, though perhaps not registered yet."""
        pending = PendingFollowUp(read, b"", "")
        (verdict,) = await self._claim([_Placed(pending, contact)])
        return verdict

    async def _contacts(self, items: Sequence[PendingFollowUp]) -> Mapping[str, SubmissionClaim]:
        """The registered contacts that the follow-ups name, by what names them."""
        follow_ups = [item.read.follow_up for item in items]
        by_id = await self._store.claims.find(
            f"{each.organisation}:{each.submission_id}" for each in follow_ups if each.submission_id
        )
        by_reference = await self._store.claims.find_by_reference(
            each.reference for each in follow_ups if each.reference
        )
        claims = [*by_id.values(), *by_reference.values()]
        registered = await self._store.contacts.registered(claim.reference for claim in claims)
        return {
            name: claim
            for claim in claims
            if claim.reference in registered
            for name in names_of(claim.reference, claim.organisation, claim.submission_id)
        }

    def _verdict(
        self, item: PendingFollowUp, places: Mapping[str, SubmissionClaim], *, may_park: bool
    ) -> SubmissionClaim | Refused | None:
        follow_up = item.read.follow_up
        contact = places.get(waits_for(item.read))
        if contact is not None:
            if contact.organisation == follow_up.organisation:
                return contact
            # Another organisation's number: no submission that may still come can have it.
            return unknown_contact(item.read.contact_field)
        if not may_park:
            return unknown_contact(item.read.contact_field)
        try:
            check_follow_up_alone(follow_up, profile_of(follow_up.organisation, self._profiles), self._clock())
        except Refused as refusal:
            return refusal
        return None

    async def _park(self, early: Sequence[PendingFollowUp], outcome: FollowUpOutcome) -> list[_Placed]:
        """Parks, and looks once more: a contact that is registered meanwhile may not have seen the parked one.

        Whoever registers stores first and looks at the parked ones then; so one of the two sees the other.
        """
        if not early:
            return []
        now = self._clock()
        parked = {item.claim_id + item.content_hash: _parked(item, now) for item in early}
        await self._store.parked.add(list(parked.values()))
        places = await self._contacts(early)
        placed = []
        for item in early:
            contact = places.get(waits_for(item.read))
            if contact is not None:
                placed.append(_Placed(item, contact))
                outcome.no_longer_parked.append(parked[item.claim_id + item.content_hash].id)
            else:
                _log.info("follow-up parked", organisation=item.read.follow_up.organisation)
        return placed

    async def _claim(self, placed: Sequence[_Placed]) -> list[FollowUpClaim | Refused]:
        return await claim_all(
            placed,
            find=self._store.follow_up_claims.find,
            propose=self._propose,
            make=self._store.follow_up_claims.make,
            reused=follow_up_id_reused,
        )

    async def _propose(self, newcomers: Sequence[_Placed]) -> list[FollowUpClaim | Refused]:
        now = self._clock()
        proposals: list[FollowUpClaim | Refused] = []
        for each in newcomers:
            try:
                profile = profile_of(each.contact.organisation, self._profiles)
                check_follow_up(each.pending.read.follow_up, profile, each.contact.received_at, now)
            except Refused as refusal:
                proposals.append(refusal)
            else:
                proposals.append(FollowUpClaim(each.claim_id, each.content_hash, each.contact.reference))
        return proposals

    async def _apply(self, placed: Sequence[_Placed], outcome: FollowUpOutcome) -> None:
        events: dict[str, StoredEvent] = {}
        for each, verdict in zip(placed, await self._claim(placed), strict=True):
            if isinstance(verdict, Refused):
                outcome.refused.append((each.pending, verdict))
                continue
            told = tell_follow_up(
                each.pending.read.follow_up,
                reference=each.contact.reference,
                submission_id=each.contact.submission_id,
                directorate_of=self._version_of(each).directorate_of,
            )
            events[told.event.envelope.id] = stored(told.event, dict(told.private))
        for event in await self._store.events.add(list(events.values())):
            self._tell_log(event)
        outcome.events += events.values()

    def _version_of(self, each: _Placed) -> ProfileVersion:
        profile = profile_of(each.contact.organisation, self._profiles)
        return profile.version_at(each.pending.read.follow_up.occurred_at)

    def _tell_log(self, event: StoredEvent) -> None:
        kind = FOLLOW_UP_KINDS[event.headers["type"]].value
        self._metrics.follow_ups.labels(event.headers["organisation"], kind).inc()
        _log.info(
            "follow-up taken in",
            reference=event.headers["subject"],
            correlation_id=event.headers["correlation_id"],
            organisation=event.headers["organisation"],
            kind=kind,
        )


def names_of(reference: str, organisation: str, submission_id: str) -> tuple[str, str]:
    """The two ways in which a follow-up may name a contact; see ``waits_for``."""
    return f"reference:{reference}", f"submission:{organisation}:{submission_id}"


def waits_for(read: ReadFollowUp) -> str:
    """How the follow-up names its contact."""
    follow_up = read.follow_up
    if follow_up.reference is not None:
        return f"reference:{follow_up.reference}"
    return f"submission:{follow_up.organisation}:{follow_up.submission_id}"


def _parked(item: PendingFollowUp, now: datetime) -> ParkedFollowUp:
    return ParkedFollowUp(
        id=event_id("parked", item.claim_id, item.content_hash),
        waits_for=waits_for(item.read),
        body=item.body,
        routing_key=item.routing_key,
        content_type=item.content_type,
        correlation_id=item.correlation_id,
        parked_at=now,
    )
