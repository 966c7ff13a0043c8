"""Web forms on their way to the claim and the queue: a form counts once, however often it is sent."""

from collections.abc import Sequence

from services.intake.domain.claims import SubmissionClaim, to_milliseconds
from services.intake.domain.form import Form, read_form, submission_id_of
from services.intake.domain.refusal import Refused
from services.intake.reception import Reception
from services.intake.store import Store
from shared.clock import Clock
from shared.contracts.rejection import FieldError
from shared.profiles import Profile


class AlreadySent(Exception):  # noqa: N818  it is an answer to a sender, not a failure
    """A message came from this form before, and it said something else."""

    def __init__(self, claim: SubmissionClaim) -> None:
        super().__init__("the form was sent before with other content")
        self.reference = claim.reference


class FormReception:
    """Takes forms in as ``Reception`` takes submissions."""

    def __init__(self, reception: Reception, store: Store, clock: Clock) -> None:
        self._reception = reception
        self._store = store
        self._clock = clock

    async def hand_in(self, form: Form, profile: Profile) -> SubmissionClaim:
        """The claim under which it is taken in; the same form again gives the same again.

        Raises ``Refused`` with the form's fields, ``AlreadySent``, and infrastructure errors where it could not be
        published: the reference is kept then for when it is sent again.
        """
        before = await self.claimed(profile, form.id)
        # The moment is part of the content: whatever comes again came when it came first.
        body = read_form(form, profile, before.received_at if before else to_milliseconds(self._clock()))
        try:
            return await self._reception.submit(body, None)
        except Refused as refusal:
            if not _is_reused(refusal.errors):
                raise
        if before is not None:
            raise AlreadySent(before)
        # Two clicks at once: the other one was first, and its moment counts.
        return await self.hand_in(form, profile)

    async def claimed(self, profile: Profile, form_id: str | None) -> SubmissionClaim | None:
        """What was taken in from the form with that id; None where nothing was."""
        if form_id is None:
            return None
        claim_id = f"{profile.id}:{submission_id_of(form_id)}"
        return (await self._store.claims.find([claim_id])).get(claim_id)


def _is_reused(errors: Sequence[FieldError]) -> bool:
    return errors[0]["code"] == "submission_id_reused"
