"""What follows from a follow-up: the event that tells of it, and what stays here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.intake.domain.envelopes import correlation_of, follow_up_message_id, make_envelope
from shared.contracts.events import EVENT_TYPES, FOLLOW_UP_EVENT_TYPES, Event
from shared.contracts.follow_up import FollowUp, TransferredData

PRIVATE_DATA = frozenset({"reason", "contact_person"})
"""Fields of a follow-up's data that are a person's name or words, and never leave intake."""


@dataclass(frozen=True, slots=True)
class FollowUpTold:
    """A follow-up as its event, with what the event does not tell."""

    event: Event
    private: Mapping[str, str] = field(repr=False)


def tell_follow_up(
    follow_up: FollowUp,
    *,
    reference: str,
    submission_id: str,
    directorate_of: Callable[[str], str | None] = lambda _service: None,
) -> FollowUpTold:
    """The event of a follow-up about the contact with that reference and submission.

    ``directorate_of`` tells to which directorate a service belongs: a transfer to a service alone is one to its
    directorate too.
    """
    event_type = FOLLOW_UP_EVENT_TYPES[follow_up.kind]
    given = follow_up.data.model_dump(exclude_none=True)
    private = {name: given[name] for name in PRIVATE_DATA if name in given}
    if follow_up.actor is not None:
        private["actor"] = follow_up.actor
    data = EVENT_TYPES[event_type].model_validate(
        {
            "follow_up_id": follow_up.follow_up_id,
            "occurred_at": follow_up.occurred_at,
            **{name: value for name, value in given.items() if name not in PRIVATE_DATA},
            **_decided(follow_up, directorate_of),
        }
    )
    envelope = make_envelope(
        event_type,
        follow_up.follow_up_id,
        reference=reference,
        organisation=follow_up.organisation,
        time=follow_up.occurred_at,
        correlation_id=correlation_of(follow_up.organisation, submission_id),
        causation_id=follow_up_message_id(follow_up.organisation, follow_up.follow_up_id),
    )
    return FollowUpTold(Event(envelope=envelope, data=data), private)


def _decided(follow_up: FollowUp, directorate_of: Callable[[str], str | None]) -> dict[str, Any]:
    data = follow_up.data
    if not isinstance(data, TransferredData):
        return {}
    decided = data.model_fields_set - PRIVATE_DATA
    if data.service is None or "directorate" in decided:
        return {"decided": sorted(decided)}
    directorate = directorate_of(data.service)
    if directorate is None:
        return {"decided": sorted(decided)}
    return {"directorate": directorate, "decided": sorted({*decided, "directorate"})}
