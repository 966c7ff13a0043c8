"""A past contact as intake hands it to an admin: what routing was asked, what it decided, what people made of it.

One line of JSON each (JSON Lines). It holds what the citizen wrote, so it is personal; it never holds who it was.
"""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import EventData
from shared.contracts.decision import Decision
from shared.contracts.identifiers import ContactState, HandledBy, Id, Line, Nature, OrganisationId, Reference
from shared.contracts.routing_request import RoutingRequested

PAST_CONTACT = "past_contact.v1"
"""Name of the message in the contract's documents."""


class Asked(RoutingRequested):
    """What routing was asked, but for the submission's own id: that of an e-mail names the sender's server."""

    submission_id: Annotated[str, Field(exclude=True)] = ""


class PastDecision(Decision):
    """Routing's decision that holds, with the versions that made it. ``model_version`` 0: no text was read."""

    profile_revision: int
    profile_hash: str
    model_version: int


class DecisionAsItStands(EventData):
    """Routing's decision as people have corrected it. ``None`` is not known."""

    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: tuple[Id, ...] = ()
    external_body: Id | None = None
    exclusion_grounds: tuple[Id, ...] = ()
    topic: Id | None = None
    needs_review: bool = False


class PastContact(EventData):
    """One contact. ``decided_by_people`` are the fields that ``transferred`` follow-ups gave; empty where nobody
    transferred it.
    """

    schema_: Annotated[Literal["1"], Field(alias="schema")] = "1"
    reference: Reference
    organisation: OrganisationId
    state: ContactState
    asked: Asked
    routed: PastDecision | None = None
    stands: DecisionAsItStands
    decided_by_people: tuple[str, ...] = ()

    model_config = EventData.model_config | {"populate_by_name": True}
