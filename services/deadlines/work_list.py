"""The work list: deadlines one by one, soonest first, in pages that do not shift while work goes on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from services.deadlines.domain.running import RUNNING
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.mongo import Document

TO_BE_DONE = frozenset((*RUNNING, DeadlineState.MISSED))
"""What somebody still has to do something about."""

NO_DIRECTORATE: Final = "none"
"""Asked for as a directorate: what has not been assigned to one yet."""


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
    """Which deadlines are wanted; None is all of them, the directorate ``none`` what has none yet.

    ``after`` is the place behind which the page begins; ``since`` and ``before`` the moments between which they
    are due, both left out.
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
    with_service_since: datetime | None = None


class Between(NamedTuple):
    """Moments between two others, both left out; None is no end."""

    after: datetime | None = None
    before: datetime | None = None

    def query(self) -> Document:
        ends = {"$gt": self.after, "$lt": self.before}
        return {name: moment for name, moment in ends.items() if moment is not None}


def query(wanted: Filter, organisation: str, state: DeadlineState, due_at: datetime | Between) -> Document:
    """The contacts of one organisation that have a deadline in one state, due at a moment or between two."""
    each: Document = {"state": state.value}
    if wanted.kind is not None:
        each["kind"] = wanted.kind.value
    moments = due_at.query() if isinstance(due_at, Between) else due_at
    if moments:
        each["due_at"] = moments
    contact: Document = {"organisation": organisation, "deadlines": {"$elemMatch": each}}
    if wanted.directorate is None:
        return contact
    return contact | {"directorate": None if wanted.directorate == NO_DIRECTORATE else wanted.directorate}


def lines_of(document: Document, wanted: Filter, state: DeadlineState, due_at: datetime | Between) -> list[Line]:
    """The contact's deadlines for which the query found it, of those behind the place where the page begins."""
    between = due_at if isinstance(due_at, Between) else None
    found = []
    for due in document["deadlines"]:
        line = _line(document, due)
        if due["state"] != state.value or wanted.kind not in (None, line.place.kind):
            continue
        if between is None and line.place.due_at != due_at:
            continue
        if between and between.after and line.place.due_at <= between.after:
            continue
        if between and between.before and line.place.due_at >= between.before:
            continue
        if wanted.after is None or line.place > wanted.after:
            found.append(line)
    return found


def _line(document: Document, due: Document) -> Line:
    return Line(
        place=Place(due["due_at"], document["_id"], DeadlineKind(due["kind"]), due["number"]),
        organisation=document["organisation"],
        directorate=document["directorate"],
        service=document["service"],
        due_on=date.fromisoformat(due["due_on"]),
        state=DeadlineState(due["state"]),
        policy=due["policy"],
        silent=document["silent"],
        with_service_since=since_of(document),
    )


def since_of(document: Document) -> datetime | None:
    """Since when a contact has been with its directorate and service; None too where that was not kept yet."""
    since = document.get("with_service_since")
    return datetime.fromisoformat(since) if since else None
