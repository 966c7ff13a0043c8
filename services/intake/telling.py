"""What intake says on the broker: events, requests to routing, rejections, and what HTTP took in."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import orjson

from services.intake.domain.envelopes import follow_up_message_id, submission_message_id
from services.intake.domain.inbound import ReadFollowUp, ReadSubmission
from services.intake.domain.registration import Contact, routing_request
from services.intake.domain.rejection import Rejection
from services.intake.store.contacts import StoredEvent, stored
from shared.contracts.routing_request import ROUTING_REQUESTED
from shared.messaging.message import OutgoingMessage
from shared.messaging.topology import CONTACTS_EVENTS, CONTACTS_INBOUND, CONTACTS_REJECTED, CONTACTS_ROUTING


class Publishes(Protocol):
    """The part of the publisher that intake uses."""

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None: ...


def event_message(event: StoredEvent) -> OutgoingMessage:
    """An event for whoever needs to know."""
    return _message(CONTACTS_EVENTS, event)


def registration_messages(contact: Contact) -> list[OutgoingMessage]:
    """That a contact is registered, and the request to route it."""
    return [event_message(stored(contact.registered)), routing_message(contact)]


def routing_message(contact: Contact) -> OutgoingMessage:
    """The request to routing: the one message that carries what the citizen wrote."""
    return _message(CONTACTS_ROUTING, stored(routing_request(contact)), ROUTING_REQUESTED)


def _message(exchange: str, event: StoredEvent, routing_key: str | None = None) -> OutgoingMessage:
    return OutgoingMessage(
        exchange=exchange,
        routing_key=routing_key or event.headers["type"],
        body=event.body,
        headers=event.headers,
        message_id=event.headers["id"],
        correlation_id=event.headers["correlation_id"],
    )


def rejection_message(rejection: Rejection) -> OutgoingMessage:
    """The answer to a refused message. Nobody need listen: the refusal is kept and can be asked for."""
    headers: dict[str, object] = {
        "errors": orjson.dumps(rejection.errors).decode(),
        "original_routing_key": rejection.routing_key,
        "rejected_at": rejection.rejected_at.isoformat(),
        "rejection_id": rejection.id,
        "size": rejection.size,
        "sha256": rejection.sha256,
        "truncated": rejection.is_truncated,
    }
    if rejection.correlation_id is not None:
        headers["correlation_id"] = rejection.correlation_id
    return OutgoingMessage(
        exchange=CONTACTS_REJECTED,
        routing_key=rejection.answer_key,
        body=rejection.body,
        headers=headers,
        message_id=rejection.id,
        correlation_id=rejection.correlation_id,
        mandatory=False,
        content_type=rejection.content_type,
    )


def submission_message(body: bytes, read: ReadSubmission, correlation_id: str) -> OutgoingMessage:
    """A submission that HTTP took in. One out of the past goes behind the live ones."""
    submission = read.submission
    queue = "import" if submission.historical else "submission"
    return OutgoingMessage(
        exchange=CONTACTS_INBOUND,
        routing_key=f"{queue}.{submission.organisation}.{submission.channel.value}",
        body=body,
        headers={},
        message_id=submission_message_id(submission.organisation, submission.submission_id),
        correlation_id=correlation_id,
    )


def follow_up_message(body: bytes, read: ReadFollowUp, correlation_id: str) -> OutgoingMessage:
    """A follow-up that HTTP took in."""
    follow_up = read.follow_up
    return OutgoingMessage(
        exchange=CONTACTS_INBOUND,
        routing_key=f"follow_up.{follow_up.organisation}.{follow_up.kind.value}",
        body=body,
        headers={},
        message_id=follow_up_message_id(follow_up.organisation, follow_up.follow_up_id),
        correlation_id=correlation_id,
    )


def each_once(messages: Iterable[OutgoingMessage]) -> list[OutgoingMessage]:
    """Without repetitions of the same message."""
    return list({message.message_id: message for message in messages}.values())
