"""Leuven's year 2021 as reporting gets to know it: the events of its 252 contacts."""

from datetime import datetime
from functools import cache
from typing import Any

from deploy.sample.histories import histories
from deploy.sample.leuven_2021 import year
from deploy.sample.submissions import Case
from shared.contracts.events import Event
from shared.contracts.identifiers import Line
from tests.unit.reporting.made_up import happened, routed

_TOLD = frozenset({"answered", "closed", "reopened", "surveyed"})
_KEPT = ("qualification", "intervention", "outcome", "norms_violated", "topics", "score")


@cache
def sample_year_events() -> tuple[Event, ...]:
    """Every contact as it was decided, and what its reports need of what followed."""
    cases = {case.submission["submission_id"]: case for case in year()}
    references = {name: f"LEU-2021-{number:06}" for number, name in enumerate(cases, start=1)}
    events = [_routed(references[name], case) for name, case in cases.items()]
    for follow_up in histories(list(cases.values())):
        if follow_up["kind"] in _TOLD:
            name = follow_up["submission_id"]
            events.append(_happened(references[name], cases[name], follow_up))
    return tuple(events)


def _routed(reference: str, case: Case) -> Event:
    contact = case.contact
    return routed(
        reference,
        case.received_at,
        channel=contact.channel,
        district=contact.district,
        nature=contact.nature,
        declared_nature=contact.nature,
        line=contact.line,
        handled_by={Line.EXTERNAL: "external_body", Line.FIRST: "service"}.get(contact.line, "ombuds_service"),
        directorate=contact.directorate,
        service=contact.service,
        external_body=contact.external_body,
        other_directorates=list(contact.other_directorates),
    )


def _happened(reference: str, case: Case, follow_up: dict[str, Any]) -> Event:
    days = (datetime.fromisoformat(follow_up["occurred_at"]) - case.received_at).total_seconds() / 86_400
    data = {name: value for name, value in follow_up["data"].items() if name in _KEPT}
    return happened(follow_up["kind"], days, reference, case.received_at, name=follow_up["follow_up_id"], **data)
