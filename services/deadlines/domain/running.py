"""One term of one contact, from its day 0 until an act ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.deadlines.domain import wording
from services.deadlines.domain.counting import Counting
from services.deadlines.domain.days import ONE_DAY, Stop, local_day, start_of_day, stopped_days
from shared.contracts.events import ContactAcknowledged, ContactExtended, ContactTransferred
from shared.contracts.identifiers import DeadlineKind, DeadlineState, FollowUpKind
from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Term

_MET_BY: dict[DeadlineKind, frozenset[FollowUpKind]] = {
    DeadlineKind.ACKNOWLEDGEMENT: frozenset(
        (FollowUpKind.ACKNOWLEDGED, FollowUpKind.ANSWERED, FollowUpKind.CLOSED)
    ),
    DeadlineKind.ANSWER: frozenset((FollowUpKind.ANSWERED, FollowUpKind.CLOSED)),
}
"""Closing counts as the answer where there was none; whoever has answered has acknowledged too."""

_RECEIPT = ""
# No follow-up has this id.

RUNNING = frozenset((DeadlineState.OPEN, DeadlineState.PAUSED, DeadlineState.APPROACHING))
"""States of a deadline that time can still turn."""


@dataclass(frozen=True)
class Running:
    """How one term stands at a moment. All moments are in UTC; days are the organisation's own.

    ``number`` is 1 for the term from receipt, 2 for the one from the first reopening, and so on.
    ``turns_at`` is the next moment at which time alone changes something, None where nothing can. ``days_left``
    are the local days until ``due_on``, negative after it; None for what has been met or cancelled.
    ``refused`` are the ids of extensions longer than the policy allows. ``counted_until`` is the day on which the
    count is full; ``due_on`` may have moved on from it to a working day.
    """

    term: Term
    number: int
    day_0: date
    due_on: date
    due_at: datetime
    warns_at: datetime
    state: DeadlineState
    met_at: datetime | None = None
    days_taken: int | None = None
    turns_at: datetime | None = None
    days_left: int | None = None
    ended_by: FollowUpFact | None = None
    remarks: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    counted_until: date = date.min
    stops: tuple[Stop, ...] = ()


@dataclass
class _Course:
    """What has moved the end of a term so far."""

    counting: Counting
    zone: ZoneInfo
    day_0: date
    stops: list[Stop] = field(default_factory=list)
    asked_on: date | None = None
    added: int = 0
    extensions: int = 0
    remarks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def term(self) -> Term:
        return self.counting.term

    def counted_until(self, today: date, *, added: int | None = None) -> date:
        """The day on which the count is full as far as is known; a pause that lasts is taken to end today."""
        stops = self.stops if self.asked_on is None else [*self.stops, Stop(self.asked_on + ONE_DAY, today)]
        return self.counting.last_day(self.day_0, self.added if added is None else added, stops)

    def due_on(self, today: date, *, added: int | None = None) -> date:
        """The last day in time."""
        return self.counting.rolled(self.counted_until(today, added=added))

    def has_passed(self, moment: datetime) -> bool:
        due_on = self.due_on(local_day(moment, self.zone))
        return moment >= start_of_day(due_on + ONE_DAY, self.zone)

    def take(self, fact: FollowUpFact) -> None:
        on = local_day(fact.occurred_at, self.zone)
        if fact.kind is FollowUpKind.INFORMATION_REQUESTED and self.asked_on is None:
            self._request(fact, on)
        elif fact.kind is FollowUpKind.INFORMATION_RECEIVED and self.asked_on is not None:
            self.resume(on, "it came")
        elif isinstance(fact.data, ContactExtended):
            self._extend(fact, fact.data, on)
        elif fact.kind is FollowUpKind.REOPENED:
            self.remarks.append(wording.not_reopened(on))

    def hand_over(self, transfer: ContactTransferred, on: date) -> None:
        """The clock of the contact goes on; who gets it sees the days that are left."""
        to = transfer.service or transfer.directorate
        if to is not None:
            self.remarks.append(wording.handed_over(on, to, (self.due_on(on) - on).days))

    def resume(self, on: date, until: str) -> None:
        """Ends the pause that lasts, if one does: the day of the request counts, the day of its end does not."""
        if self.asked_on is None:
            return
        stop = Stop(self.asked_on + ONE_DAY, on)
        self.remarks.append(wording.stopped(stop, self.asked_on, until))
        self.stops.append(stop)
        self.asked_on = None

    def end(self, ending: FollowUpFact, later: Sequence[FollowUpFact]) -> None:
        """Ends the term with an act; what came later was of no use to it, until the contact was reopened."""
        self.resume(local_day(ending.occurred_at, self.zone), f"the contact was {ending.kind.value}")
        for fact in later:
            if fact.kind is FollowUpKind.REOPENED or self.term.kind is not DeadlineKind.ANSWER:
                return
            if fact.kind is FollowUpKind.EXTENDED:
                self._ignore(local_day(fact.occurred_at, self.zone), f"the contact was {ending.kind.value} before")

    def _request(self, fact: FollowUpFact, on: date) -> None:
        if not self.term.pauses:
            self.remarks.append(wording.no_pause(on))
        elif self.has_passed(fact.occurred_at):
            self.remarks.append(wording.pause_too_late(on))
        else:
            self.asked_on = on

    def _extend(self, fact: FollowUpFact, wish: ContactExtended, on: date) -> None:
        extension = self.term.extension
        if extension is None:
            self._ignore(on, "the policy knows no extension", refused=fact.follow_up_id)
            return
        days = wish.days if wish.days is not None else self._days_until(wish.until, on, extension.max_days)
        if days > extension.max_days:
            why = f"it is longer than the {extension.max_days} days that the policy allows"
            self._ignore(on, why, refused=fact.follow_up_id)
        elif self.extensions >= extension.times:
            self._ignore(on, f"the policy allows {extension.times}, and that has been used")
        elif days <= self.added:
            self._ignore(on, "it does not lengthen the term")
        elif self.has_passed(fact.occurred_at):
            self._ignore(on, "it came after the deadline had passed")
        else:
            self.added = days
            self.extensions += 1
            self.remarks.append(wording.extended(on, days, self.due_on(on)))

    def _days_until(self, until: date | None, on: date, most: int) -> int:
        """By how many days a new last day lengthens the unextended term; more than ``most`` where it is later than
        the longest extension ends.
        """
        if until is None or until <= self.due_on(on, added=0):
            return 0
        days = self.counting.counted_between(self.counted_until(on, added=0), until, most + 1)
        # The longest extension may end on a weekend and so be good until the working day after it.
        return most if days > most and until <= self.due_on(on, added=most) else days

    def _ignore(self, on: date, why: str, *, refused: str | None = None) -> None:
        self.remarks.append(wording.extension_without_effect(on, why))
        if refused is not None:
            self.refused.append(refused)


def automatic_receipt(at: datetime) -> FollowUpFact:
    """The receipt that the citizen gets at registration, as the act that it is where the term says so."""
    told = ContactAcknowledged(follow_up_id=_RECEIPT, occurred_at=at)
    return FollowUpFact(at, FollowUpKind.ACKNOWLEDGED, _RECEIPT, told)


def run(
    counting: Counting,
    zone: ZoneInfo,
    day_0: date,
    follow_ups: Sequence[FollowUpFact],
    *,
    as_of: datetime,
    number: int = 1,
) -> Running:
    """How the term stands at ``as_of``. ``follow_ups`` are those since day 0, in order, none after ``as_of``."""
    course, term = _Course(counting, zone, day_0), counting.term
    ending = None
    for place, fact in enumerate(follow_ups):
        if fact.kind in _MET_BY[term.kind] or fact.kind is FollowUpKind.WITHDRAWN:
            ending = fact
            course.end(fact, follow_ups[place + 1 :])
            break
        if isinstance(fact.data, ContactTransferred):
            course.hand_over(fact.data, local_day(fact.occurred_at, zone))
        elif term.kind is DeadlineKind.ANSWER:
            course.take(fact)
    return _ended(course, number, ending) if ending else _going_on(course, number, as_of)


def _ended(course: _Course, number: int, ending: FollowUpFact) -> Running:
    on = local_day(ending.occurred_at, course.zone)
    due_on = course.due_on(on)
    due_at = start_of_day(due_on + ONE_DAY, course.zone)
    in_time = ending.occurred_at < due_at
    met_at = taken = None
    if ending.kind is FollowUpKind.WITHDRAWN:
        state = DeadlineState.CANCELLED if in_time else DeadlineState.MISSED
        course.remarks.append(wording.withdrawn(on, missed=not in_time))
    else:
        state = DeadlineState.MET if in_time else DeadlineState.MET_LATE
        met_at = ending.occurred_at.astimezone(UTC)
        taken = max(0, (on - course.day_0).days - stopped_days(course.day_0, on, course.stops))
        over = 0 if in_time else (on - due_on).days
        what = "registered and sent a receipt" if ending.follow_up_id == _RECEIPT else ending.kind.value
        course.remarks.append(wording.happened(what, on, taken, over))
    return _result(course, number, due_on, state, met_at=met_at, days_taken=taken, ended_by=ending)


def _going_on(course: _Course, number: int, as_of: datetime) -> Running:
    today = local_day(as_of, course.zone)
    due_on = course.due_on(today)
    due_at = start_of_day(due_on + ONE_DAY, course.zone)
    warns_at = start_of_day(due_on - course.term.warn_days * ONE_DAY, course.zone)
    turns_at: datetime | None
    if as_of >= due_at:
        state, turns_at = DeadlineState.MISSED, None
    elif course.asked_on is not None:
        # While the pause lasts the end moves on with every local day.
        state, turns_at = DeadlineState.PAUSED, start_of_day(today + ONE_DAY, course.zone)
    elif as_of >= warns_at:
        state, turns_at = DeadlineState.APPROACHING, due_at
    else:
        state, turns_at = DeadlineState.OPEN, warns_at
    course.resume(today, "it has not come yet, and is taken to come")
    course.remarks.append(wording.stands(state.value, today))
    left = (due_on - today).days
    return _result(course, number, due_on, state, turns_at=turns_at, days_left=left)


def _result(
    course: _Course,
    number: int,
    due_on: date,
    state: DeadlineState,
    *,
    met_at: datetime | None = None,
    days_taken: int | None = None,
    turns_at: datetime | None = None,
    days_left: int | None = None,
    ended_by: FollowUpFact | None = None,
) -> Running:
    warns_on = due_on - timedelta(days=course.term.warn_days)
    return Running(
        term=course.term,
        number=number,
        day_0=course.day_0,
        due_on=due_on,
        due_at=start_of_day(due_on + ONE_DAY, course.zone),
        warns_at=start_of_day(warns_on, course.zone),
        state=state,
        met_at=met_at,
        days_taken=days_taken,
        turns_at=turns_at,
        days_left=days_left,
        ended_by=ended_by,
        remarks=tuple(course.remarks),
        refused=tuple(course.refused),
        # No pause lasts any more, so that it makes no difference which day it is.
        counted_until=course.counted_until(due_on),
        stops=tuple(course.stops),
    )
