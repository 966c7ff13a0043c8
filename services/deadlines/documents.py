"""A timeline as MongoDB keeps it, and back.

MongoDB's dates end at milliseconds. What the order of follow-ups and the ids of events depend on is kept as text,
so that it comes back as it was; dates are only what is searched by, and local midnights.
"""

import math
from datetime import UTC, date, datetime, timedelta

from services.deadlines.domain.known import (
    Cause,
    Known,
    Registered,
    data_fields,
    decision_fields,
    restored_data,
    restored_decision,
)
from services.deadlines.domain.timeline import Timed, Timeline
from services.deadlines.work_list import TO_BE_DONE, since_of
from shared.contracts.deadline import Deadline
from shared.contracts.identifiers import DeadlineKind, DeadlineState, FollowUpKind, Line, Nature
from shared.contracts.lifecycle import FollowUpFact
from shared.mongo import Document


def timeline_document(timeline: Timeline) -> Document:
    """Everything of a timeline but what the store itself adds. Without a next turn there is no ``turns_at``, so
    that the index of what falls due holds nothing of it; ``to_do`` and ``uncounted`` are likewise there for their
    indexes.
    """
    known = timeline.known
    document: Document = {
        "organisation": known.organisation,
        "cause": [_text(known.cause.time), known.cause.event_id, known.cause.correlation_id],
        "registered": _registered_document(known.registered),
        "decision": decision_fields(known.decision) if known.decision else None,
        "follow_ups": [_fact_document(fact) for fact in known.follow_ups],
        "deadlines": [_timed_document(each) for each in timeline.deadlines],
        "directorate": timeline.directorate,
        "service": timeline.service,
        "with_service_since": _text(timeline.with_service_since) if timeline.with_service_since else None,
        "silent": timeline.silent,
        "revision": timeline.revision,
    }
    to_do = _to_do(timeline)
    if to_do:
        document["to_do"] = to_do
    if timeline.uncounted:
        document["uncounted"] = timeline.uncounted
    if timeline.turns_at:
        document["turns_at"] = whole_milliseconds(timeline.turns_at)
    return document


def to_do_key(kind: DeadlineKind, state: DeadlineState, place: int) -> str:
    """What an index counts: the first, second … deadline of one kind and state that one contact has to be done."""
    return f"{kind.value}/{state.value}/{place}"


def _to_do(timeline: Timeline) -> list[str]:
    found: list[str] = []
    for _, due, *_ in timeline.deadlines:
        if due.state in TO_BE_DONE:
            place = 1
            while (key := to_do_key(due.kind, due.state, place)) in found:
                place += 1
            found.append(key)
    return found


def timeline_of(document: Document) -> Timeline:
    time, event_id, correlation_id = document["cause"]
    known = Known(
        organisation=document["organisation"],
        cause=Cause(_moment(time), event_id, correlation_id),
        registered=_registered(document["registered"]),
        decision=restored_decision(_decision(document["decision"])) if document["decision"] else None,
        follow_ups=tuple(_fact(each) for each in document["follow_ups"]),
    )
    return Timeline(
        reference=document["_id"],
        known=known,
        deadlines=tuple(_timed(each) for each in document["deadlines"]),
        directorate=document["directorate"],
        service=document["service"],
        with_service_since=since_of(document),
        revision=document["revision"],
        turns_at=document.get("turns_at"),
        uncounted=document.get("uncounted"),
    )


def whole_milliseconds(moment: datetime) -> datetime:
    """The moment, rounded up: a timer that is a little late finds something to do, an early one does not."""
    return moment.replace(microsecond=0) + timedelta(milliseconds=math.ceil(moment.microsecond / 1000))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _registered_document(registered: Registered | None) -> Document | None:
    if registered is None:
        return None
    return {
        "received_at": _text(registered.received_at),
        "registered_at": _text(registered.registered_at),
        "nature": registered.nature,
        "historical": registered.historical,
        "by_itself": registered.by_itself,
    }


def _registered(document: Document | None) -> Registered | None:
    if document is None:
        return None
    nature = document["nature"]
    return Registered(
        received_at=_moment(document["received_at"]),
        registered_at=_moment(document["registered_at"]),
        nature=Nature(nature) if nature else None,
        historical=document["historical"],
        # Documents from before that was kept: as if its consequences might still have to be told.
        by_itself=document.get("by_itself", True),
    )


def _decision(document: Document) -> Document:
    nature, line = document["nature"], document["line"]
    return {**document, "nature": Nature(nature) if nature else None, "line": Line(line) if line else None}


def _fact_document(fact: FollowUpFact) -> Document:
    document: Document = {"id": fact.follow_up_id, "kind": fact.kind.value, "at": _text(fact.occurred_at)}
    fields = data_fields(fact)
    return document | {"data": fields} if fields else document


def _fact(document: Document) -> FollowUpFact:
    kind, at = FollowUpKind(document["kind"]), _moment(document["at"])
    return FollowUpFact(
        at, kind, document["id"], restored_data(kind, document["id"], at, document.get("data", {}))
    )


def _timed_document(timed: Timed) -> Document:
    due = timed.deadline
    return {
        "kind": due.kind.value,
        "number": timed.number,
        "due_on": due.due_on.isoformat(),
        "due_at": due.due_at,
        "warns_at": timed.warns_at,
        "state": due.state.value,
        "met_at": _text(due.met_at) if due.met_at else None,
        "days_taken": due.days_taken,
        "policy": due.policy,
        "told_at": timed.told_at,
    }


def _timed(document: Document) -> Timed:
    due = Deadline(
        kind=DeadlineKind(document["kind"]),
        due_on=date.fromisoformat(document["due_on"]),
        due_at=document["due_at"],
        state=DeadlineState(document["state"]),
        met_at=_moment(document["met_at"]) if document["met_at"] else None,
        days_taken=document["days_taken"],
        policy=document["policy"],
    )
    # Documents from before that was kept tell everything again at their last revision, as they did.
    return Timed(document["number"], due, document["warns_at"], document.get("told_at", 0))
