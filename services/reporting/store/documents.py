"""How facts, events and counters are spelled in MongoDB."""

from datetime import date
from typing import Any, Final

from services.reporting.domain.counting import Cell, Table, table_name
from services.reporting.domain.dimensions import PERIODS, SEVERAL, UNKNOWN, period
from services.reporting.domain.fact import DeadlineFact, Fact
from services.reporting.store.slots import Mark
from shared.contracts.events import EVENT_TYPES, Envelope, Event
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Document

MARK: Final = "mark"
"""Where a fact document tells which transaction wrote it: no part of the fact."""


def mark_document(mark: Mark, old: Fact | None, new: Fact) -> Document:
    """``was`` is the day of receipt that the fact had before, where that has changed."""
    told: Document = {"slot": mark.slot, "commit": mark.commit}
    if old is not None and old.received_on != new.received_on:
        told["was"] = old.received_on.isoformat()
    return told


def unmarked(document: Document | None) -> Document | None:
    """A fact document without its mark, as ``fact_document`` makes it."""
    return document and {name: value for name, value in document.items() if name != MARK}


def fact_document(fact: Fact) -> Document:
    """Days are ISO dates, which sort as text. Only dimensions with several values are lists."""
    return {
        "_id": fact.reference,
        "organisation": fact.organisation,
        "received_on": fact.received_on.isoformat(),
        "periods": {name: period(name, fact.received_on) for name in PERIODS},
        "codes": {
            name: list(values) if name in SEVERAL else values[0] for name, values in sorted(fact.codes.items())
        },
        "days": fact.days,
        "score": fact.score,
        "deadlines": {
            kind.value: {"state": each.state.value, "days": each.days}
            for kind, each in sorted(fact.deadlines.items())
        },
        "events": fact.events,
        "closed_on": fact.closed_on.isoformat() if fact.closed_on else None,
    }


def fact_of(document: Document) -> Fact:
    return Fact(
        reference=document["_id"],
        organisation=document["organisation"],
        received_on=date.fromisoformat(document["received_on"]),
        codes={
            name: tuple(value) if isinstance(value, list) else (value,)
            for name, value in document["codes"].items()
        },
        days=document["days"],
        score=document["score"],
        deadlines={
            DeadlineKind(kind): DeadlineFact(DeadlineState(each["state"]), each["days"])
            for kind, each in document["deadlines"].items()
        },
        events=document["events"],
        # A fact from before days of closing were kept has none until facts are made anew.
        closed_on=date.fromisoformat(closed_on) if (closed_on := document.get("closed_on")) else None,
    )


def event_document(event: Event) -> Document:
    """The event as far as a fact can depend on it: the grounds of a decision are not kept here."""
    body = event.data.model_dump_json(exclude_defaults=True, exclude={"reasons", "guesses"})
    return {"id": event.envelope.id, "type": event.type, "time": event.envelope.time, "data": body}


def events_of(document: Document) -> list[Event]:
    """The events of a history."""
    return [_event(each, document["_id"], document["organisation"]) for each in document["events"]]


def _event(document: Document, reference: str, organisation: str) -> Event:
    # Only what the fold reads; it was validated when it came in.
    envelope = Envelope.model_construct(
        id=document["id"],
        type=document["type"],
        subject=reference,
        organisation=organisation,
        time=document["time"],
        source="",
        correlation_id="",
        causation_id="",
    )
    data = EVENT_TYPES[document["type"]].model_validate_json(document["data"])
    return Event.model_construct(envelope=envelope, data=data)


def counter_key(generation: int, organisation: str, month: str, table: Table, slot: int) -> Document:
    """A counter document's id and the fields that it is found by."""
    name = table_name(table)
    return {
        "_id": f"{generation}|{organisation}|{month}|{slot}|{name}",
        "generation": generation,
        "organisation": organisation,
        "month": month,
        "table": name,
        "slot": slot,
    }


def cell_path(cell: Cell) -> str:
    """Where the cell is in its counter document. Codes hold no dot and no dollar sign; a field needs a name."""
    return f"cells.{cell.key or '*'}"


def cells_of(document: Document) -> dict[str, int]:
    """The cells of a counter document, by key."""
    return {"" if key == "*" else key: count for key, count in document.get("cells", {}).items()}


def field(dimension: str) -> str:
    """Where a dimension is in a fact document."""
    return f"periods.{dimension}" if dimension in PERIODS else f"codes.{dimension}"


def expression(dimension: str) -> Any:
    """Its value in an aggregation; an attribute that is younger than the fact is not known of it."""
    return {"$ifNull": [f"${field(dimension)}", UNKNOWN]}
