"""The envelope of intake's events: ids that follow from their cause, so that a redelivery makes the same again."""

from datetime import datetime

from shared.contracts.events import Envelope, event_id

SOURCE = "contactpunt/intake"


def correlation_of(organisation: str, submission_id: str) -> str:
    """The id that everything about one contact carries, from its submission on."""
    return event_id("correlation", organisation, submission_id)


def submission_message_id(organisation: str, submission_id: str) -> str:
    """The id of a submission as a cause, and of the message that HTTP makes of it."""
    return event_id("submission", organisation, submission_id)


def follow_up_message_id(organisation: str, follow_up_id: str) -> str:
    """The id of a follow-up as a cause, and of the message that HTTP makes of it."""
    return event_id("follow_up", organisation, follow_up_id)


def make_envelope(
    event_type: str,
    discriminator: str,
    *,
    reference: str,
    organisation: str,
    time: datetime,
    correlation_id: str,
    causation_id: str,
) -> Envelope:
    """``discriminator`` tells this event from others of its type in the organisation."""
    return Envelope(
        id=event_id(event_type, organisation, discriminator),
        type=event_type,
        source=SOURCE,
        subject=reference,
        time=time,
        organisation=organisation,
        correlation_id=correlation_id,
        causation_id=causation_id,
    )
