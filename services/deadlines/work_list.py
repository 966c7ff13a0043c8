"""The work list: deadlines one by one, soonest first, in pages that do not shift while work goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from services.deadlines.domain.running import RUNNING
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Document

TO_BE_DONE = frozenset((*RUNNING, DeadlineState.MISSED))
"""What somebody still has to do something about."""


class Place(NamedTuple):
    """A deadline's place in the list. Two deadlines never have the same."""

    due_at: datetime
    reference: str
    kind: DeadlineKind
    number: int

    def __str__(self) -> str:
        return "~".join((self.due_at.isoformat(), self.reference, self.kind.value, str(self.number)))


def place_of(text: str) -> Place:
    """Reads what ``str`` of a place gave. Raises ``ValueError`` for anything else."""
    due_at, reference, kind, number = text.split("~")
    moment = datetime.fromisoformat(due_at)
    if moment.tzinfo is None:
        raise ValueError("a place has a moment with offset")
    return Place(moment, reference, DeadlineKind(kind), int(number))


@dataclass(frozen=True)
class Filter:
    """Which deadlines are wanted; None is all of them. ``after`` is the place behind which the page begins;
    ``since`` and ``before`` the moments from and before which they are due.
    """

    states: frozenset[DeadlineState] = TO_BE_DONE
    organisation: str | None = None
    directorate: str | None = None
    kind: DeadlineKind | None = None
    after: Place | None = None
    since: datetime | None = None
    before: datetime | None = None


class Line(NamedTuple):
    """One deadline of one contact as the list shows it."""

    place: Place
    organisation: str
    directorate: str | None
    service: str | None
    due_on: date
    state: DeadlineState
    policy: str
    silent: bool


def page_stages(wanted: Filter, most: int, until: datetime | None = None) -> list[Mapping[str, Any]]:
    """The aggregation that gives one page of lines, none of them due after ``until``."""
    each = _of_a_deadline(wanted, {"$in": sorted(wanted.states)})
    if until is not None:
        each["due_at"] = {**each.get("due_at", {}), "$lte": until}
    stages: list[Mapping[str, Any]] = [{"$match": _of_a_contact(wanted, each)}, *_line_by_line(each)]
    if wanted.after is not None:
        stages.append({"$match": _behind(wanted.after)})
    order = {"deadlines.due_at": 1, "_id": 1, "deadlines.kind": 1, "deadlines.number": 1}
    return [*stages, {"$sort": order}, {"$limit": most}]


def sample_stages(wanted: Filter, organisation: str, state: DeadlineState, most: int) -> list[Mapping[str, Any]]:
    """The aggregation that gives moments at which lines of one organisation and state are due, at most so many.

    They are the soonest if the index is walked in its order. Nothing depends on that but the time a page takes.
    """
    each = _of_a_deadline(wanted, state.value)
    found = _of_a_contact(wanted, each) | {"organisation": organisation}
    stages: list[Mapping[str, Any]] = [{"$match": found}, {"$limit": most}, *_line_by_line(each)]
    if wanted.after is not None:
        stages.append({"$match": _behind(wanted.after)})
    return [*stages, {"$project": {"_id": 0, "due_at": "$deadlines.due_at"}}]


def _of_a_deadline(wanted: Filter, state: object) -> Document:
    each: Document = {"state": state}
    if wanted.kind is not None:
        each["kind"] = wanted.kind.value
    between: Document = {}
    begins = [wanted.since] if wanted.since else []
    begins += [wanted.after.due_at] if wanted.after else []
    if begins:
        between["$gte"] = max(begins)
    if wanted.before is not None:
        between["$lt"] = wanted.before
    return each | {"due_at": between} if between else each


def _of_a_contact(wanted: Filter, each: Document) -> Document:
    contact: Document = {"deadlines": {"$elemMatch": each}}
    if wanted.organisation is not None:
        contact["organisation"] = wanted.organisation
    if wanted.directorate is not None:
        contact["directorate"] = wanted.directorate
    return contact


def _line_by_line(each: Document) -> list[Mapping[str, Any]]:
    return [
        {"$project": {"organisation": 1, "directorate": 1, "service": 1, "silent": 1, "deadlines": 1}},
        {"$unwind": "$deadlines"},
        {"$match": {f"deadlines.{name}": value for name, value in each.items()}},
    ]


def to_line(document: Document) -> Line:
    due = document["deadlines"]
    return Line(
        place=Place(due["due_at"], document["_id"], DeadlineKind(due["kind"]), due["number"]),
        organisation=document["organisation"],
        directorate=document["directorate"],
        service=document["service"],
        due_on=date.fromisoformat(due["due_on"]),
        state=DeadlineState(due["state"]),
        policy=due["policy"],
        silent=document["silent"],
    )


def _behind(place: Place) -> Document:
    names = ("deadlines.due_at", "_id", "deadlines.kind", "deadlines.number")
    values = (place.due_at, place.reference, place.kind.value, place.number)
    return {
        "$or": [
            dict(zip(names[:depth], values[:depth], strict=True)) | {names[depth]: {"$gt": values[depth]}}
            for depth in range(len(names))
        ]
    }
