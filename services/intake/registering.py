"""Submissions become contacts: claimed, numbered, stored, told."""

from collections.abc import Mapping, Sequence

import structlog

from services.intake.claiming import claim_all
from services.intake.domain.acceptance import check_submission, profile_of
from services.intake.domain.claims import Source, SubmissionClaim, to_milliseconds
from services.intake.domain.inbound import ReadSubmission
from services.intake.domain.links import NO_LINK
from services.intake.domain.references import series_of
from services.intake.domain.refusal import Refused, reference_taken, submission_id_reused
from services.intake.domain.registration import Contact, register
from services.intake.domain.traces import Trace
from services.intake.linking import Linker
from services.intake.metrics import IntakeMetrics
from services.intake.store import Store
from shared.clock import Clock
from shared.profiles import Profile

_log = structlog.get_logger("intake")


class Registrar:
    """Takes submissions in. Everything it does may be done again with the same result."""

    def __init__(
        self,
        store: Store,
        profiles: Mapping[str, Profile],
        linker: Linker,
        clock: Clock,
        metrics: IntakeMetrics,
    ) -> None:
        self._store = store
        self._profiles = profiles
        self._linker = linker
        self._clock = clock
        self._metrics = metrics

    async def claim(self, items: Sequence[ReadSubmission], source: Source) -> list[SubmissionClaim | Refused]:
        """Each submission's claim, or why it is refused. What is claimed is not validated again."""
        traces: dict[str, Trace] = {}

        async def propose(newcomers: Sequence[ReadSubmission]) -> list[SubmissionClaim | Refused]:
            traces.update(self._linker.traces_of(newcomers))
            return await self._propose(newcomers, source)

        async def make(claims: Sequence[SubmissionClaim]) -> list[SubmissionClaim]:
            return await self._store.claims.make(claims, traces)

        return await claim_all(
            items,
            find=self._store.claims.find,
            propose=propose,
            make=make,
            reused=submission_id_reused,
        )

    async def register(self, accepted: Sequence[tuple[ReadSubmission, SubmissionClaim]]) -> list[Contact]:
        """The contacts of claimed submissions, each once, as they were first stored."""
        links = await self._linker.links_of(accepted)
        contacts = {
            claim.reference: register(
                item.submission,
                claim,
                self._profiles[claim.organisation],
                links.get(claim.reference, NO_LINK),
            )
            for item, claim in accepted
        }
        added = await self._store.contacts.add(list(contacts.values()))
        for contact in added:
            self._tell_log(contact)
        before = contacts.keys() - {contact.reference for contact in added}
        if before:
            contacts |= await self._store.contacts.find(before)
        return list(contacts.values())

    async def _propose(
        self, newcomers: Sequence[ReadSubmission], source: Source
    ) -> list[SubmissionClaim | Refused]:
        now = to_milliseconds(self._clock())
        own = [item.submission.reference for item in newcomers if item.submission.reference]
        taken = await self._store.claims.find_by_reference(own) if own else {}
        proposals: list[SubmissionClaim | Refused] = []
        for item in newcomers:
            submission = item.submission
            try:
                profile = profile_of(submission.organisation, self._profiles)
                check_submission(submission, profile, now)
            except Refused as refusal:
                proposals.append(refusal)
                continue
            if submission.reference in taken:
                proposals.append(reference_taken())
                continue
            series = series_of(profile, submission.received_at)
            proposals.append(
                SubmissionClaim(
                    id=item.claim_id,
                    organisation=submission.organisation,
                    submission_id=submission.submission_id,
                    reference=submission.reference or await self._store.numbers.next(series),
                    content_hash=item.content_hash,
                    received_at=to_milliseconds(submission.received_at),
                    claimed_at=now,
                    source=source,
                )
            )
        return proposals

    def _tell_log(self, contact: Contact) -> None:
        channel = contact.submission.channel.value
        self._metrics.contacts_registered.labels(contact.organisation, channel).inc()
        _log.info(
            "contact registered",
            reference=contact.reference,
            correlation_id=contact.correlation_id,
            organisation=contact.organisation,
            channel=channel,
        )
