"""What arrives over HTTP: validated in full, claimed, published. What got a 202 is never refused afterwards."""

from collections.abc import Callable, Mapping

import orjson

from services.intake.domain.claims import Source, SubmissionClaim
from services.intake.domain.envelopes import correlation_of
from services.intake.domain.inbound import ReadFollowUp, read_follow_up, read_json, read_submission
from services.intake.domain.refusal import Refused, refused
from services.intake.following_up import FollowUps
from services.intake.registering import Registrar
from services.intake.store import Store
from services.intake.telling import Publishes, follow_up_message, submission_message

KEY_PREFIX = "http:"
"""An ``Idempotency-Key`` becomes an id with this before it."""
_NAMES_OF_THE_CONTACT = frozenset({"organisation", "reference", "submission_id"})


class Reception:
    """Takes submissions and follow-ups in over HTTP and hands them to the queues."""

    def __init__(
        self,
        store: Store,
        registrar: Registrar,
        follow_ups: FollowUps,
        publisher: Publishes,
        before_import: Callable[[], None] = lambda: None,
    ) -> None:
        """``before_import`` may raise where no contact out of the past is to be taken in now."""
        self._store = store
        self._registrar = registrar
        self._follow_ups = follow_ups
        self._publisher = publisher
        self._before_import = before_import

    async def submit(self, body: bytes, idempotency_key: str | None) -> SubmissionClaim:
        """The claim under which the submission is taken in; the same again gives the same again.

        Raises ``Refused``, and infrastructure errors where it could not be published: the reference is kept then
        for when it is sent again.
        """
        body = with_id(body, "submission_id", idempotency_key)
        read = read_submission(body)
        if read.submission.historical:
            self._before_import()
        (verdict,) = await self._registrar.claim([read], Source.HTTP)
        if isinstance(verdict, Refused):
            raise verdict
        correlation_id = correlation_of(verdict.organisation, verdict.submission_id)
        await self._publisher.publish_all([submission_message(body, read, correlation_id)])
        return verdict

    async def contact(self, reference: str) -> SubmissionClaim | None:
        """The contact with that reference, from its acceptance on; None where there is none."""
        return (await self._store.claims.find_by_reference([reference])).get(reference)

    async def follow_up(self, contact: SubmissionClaim, body: bytes, idempotency_key: str | None) -> str:
        """The id under which the follow-up is taken in. What names contact and organisation may be left out.

        Raises ``Refused``, and infrastructure errors where it could not be published.
        """
        body = _addressed(with_id(body, "follow_up_id", idempotency_key), contact)
        read = read_follow_up(body)
        _agree(read, contact)
        verdict = await self._follow_ups.claim(read, contact)
        if isinstance(verdict, Refused):
            raise verdict
        correlation_id = correlation_of(contact.organisation, contact.submission_id)
        await self._publisher.publish_all([follow_up_message(body, read, correlation_id)])
        return read.follow_up.follow_up_id


def with_id(body: bytes, field: str, idempotency_key: str | None) -> bytes:
    """The body with its id, where the header gives one and the body none.

    Raises ``Refused`` where neither gives one, or the two differ.
    """
    value = read_json(body)
    if not isinstance(value, dict):
        return body
    given = value.get(field)
    if not idempotency_key:
        if given is None:
            raise refused(field, "missing", "is required; give it, or the header Idempotency-Key")
        return body
    if given is None:
        return _spelled(value | {field: KEY_PREFIX + idempotency_key})
    if given not in (idempotency_key, KEY_PREFIX + idempotency_key):
        raise refused(field, "contradicts", "is not the id of the header Idempotency-Key; give one of the two")
    return body


def _addressed(body: bytes, contact: SubmissionClaim) -> bytes:
    value = read_json(body)
    if not isinstance(value, dict):
        return body
    given = {name: what for name, what in value.items() if what is not None or name not in _NAMES_OF_THE_CONTACT}
    named = {} if "submission_id" in given else {"reference": contact.reference}
    return _spelled({"organisation": contact.organisation} | named | given)


def _agree(read: ReadFollowUp, contact: SubmissionClaim) -> None:
    follow_up = read.follow_up
    if follow_up.organisation != contact.organisation:
        raise refused("organisation", "contradicts", "is not the contact's; give the contact's, or leave it out")
    if follow_up.reference not in (None, contact.reference):
        raise refused("reference", "contradicts", "is not the one in the address; give the same, or leave it out")
    if follow_up.submission_id not in (None, contact.submission_id):
        raise refused("submission_id", "contradicts", "is another contact's; give this one's, or leave it out")


def _spelled(value: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise refused("", "not_json", "is nested too deeply; no message of the contract is") from None
