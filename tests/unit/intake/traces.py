"""Contacts that are claimed, with what is kept of them, for tests of links."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.domain.claims import Source, SubmissionClaim
from services.intake.domain.inbound import read_submission
from services.intake.domain.links import Link, Traced, about_the_same, link_of
from services.intake.domain.traces import trace_of
from tests.unit.intake.messages import KEYS, PROFILES, spelled, submission

START = datetime(2021, 3, 1, 8, 0, tzinfo=UTC)
WASTE = {"directorate": "openbaar_domein", "service": "afvalbeheer"}
GREEN = {"directorate": "openbaar_domein", "service": "groen"}
POLICE = {"directorate": "politie"}


def traced(number: int, *, day: float = 0.0, claimed: float | None = None, **changes: Any) -> Traced:
    """Contact ``number``, received so many days after the start and claimed then, unless it says otherwise."""
    received = START + timedelta(days=day)
    told = {"submission_id": f"s-{number}", "received_at": received.isoformat(), "nature": None} | changes
    read = read_submission(spelled(submission(**told)))
    profile = PROFILES[read.submission.organisation]
    trace = trace_of(read.submission, profile, KEYS)
    assert trace is not None
    claim = SubmissionClaim(
        id=read.claim_id,
        organisation=read.submission.organisation,
        submission_id=read.submission.submission_id,
        reference=reference(number),
        content_hash=read.content_hash,
        received_at=received,
        claimed_at=received if claimed is None else START + timedelta(days=claimed),
        source=Source.AMQP,
    )
    return Traced(claim, trace)


def reference(number: int) -> str:
    return f"LEU-2021-{number:06}"


def link(
    contact: Traced,
    *known: Traced,
    named: tuple[Traced, ...] = (),
    dealt_with: dict[str, datetime] | None = None,
) -> Link:
    """The link of a contact when these are known."""
    profile = PROFILES[contact.claim.organisation]
    return link_of(contact, about_the_same(contact, known, profile), named, dealt_with or {}, profile)
