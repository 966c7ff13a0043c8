"""A routing decision: whose a contact is, and why."""

from typing import Annotated

from pydantic import Field

from shared.contracts.base import EventData
from shared.contracts.identifiers import HandledBy, Id, Line, Nature


class Reason(EventData):
    """One rule that weighed, and on what. Evidence holds codes and facts, never the citizen's identity."""

    rule: str
    evidence: str


class Decision(EventData):
    """What routing made of a contact. ``None`` is what could not be decided, and then ``needs_review`` is true;
    only a contact of line ``external`` has no directorate without doubt.
    """

    nature: Nature | None = None
    line: Line | None = None
    handled_by: HandledBy | None = None
    directorate: Id | None = None
    service: Id | None = None
    other_directorates: tuple[Id, ...] = ()
    external_body: Id | None = None
    exclusion_grounds: tuple[Id, ...] = ()
    confidence: Annotated[float, Field(ge=0, le=1)]
    needs_review: bool
    reasons: tuple[Reason, ...] = ()
    profile_version: str


class Guess(EventData):
    """One possible answer to what could not be decided, the likeliest first."""

    field: str
    value: str
    confidence: Annotated[float, Field(ge=0, le=1)]
