"""A contact as it is handed out to learn from: without who it was, without what handlers wrote."""

from collections.abc import Iterable

from services.intake.domain.registration import Contact, routing_request
from shared.contracts.events import ContactRouted, ContactTransferred, Event
from shared.contracts.lifecycle import FollowUpFact, contact_state, in_order, routing_decision, standing
from shared.contracts.past_contact import Asked, DecisionAsItStands, PastContact, PastDecision


def past_contact(contact: Contact, events: Iterable[Event]) -> PastContact:
    """What became of a contact by its events; order and repetition make no difference."""
    told = list(events)
    follow_ups, decision = in_order(told), routing_decision(told)
    now = standing(decision, follow_ups)
    return PastContact(
        reference=contact.reference,
        organisation=contact.organisation,
        state=contact_state(now, follow_ups),
        asked=Asked.model_validate(routing_request(contact).data.model_dump(exclude={"submission_id"})),
        routed=_decision(decision),
        stands=DecisionAsItStands.model_validate(now._asdict()),
        decided_by_people=_decided(follow_ups),
    )


def _decision(decision: ContactRouted | None) -> PastDecision | None:
    if decision is None:
        return None
    return PastDecision.model_validate(decision.model_dump(include=set(PastDecision.model_fields)))


def _decided(follow_ups: Iterable[FollowUpFact]) -> tuple[str, ...]:
    given = {
        name for fact in follow_ups if isinstance(fact.data, ContactTransferred) for name in fact.data.decided
    }
    return tuple(name for name in DecisionAsItStands.model_fields if name in given)
