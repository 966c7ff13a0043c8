"""From what happened to a contact to its deadlines, by its organisation's terms.

The rules are those of the organisation's profile; how days are counted is told in the README of the service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.deadlines.domain import wording
from services.deadlines.domain.counting import Counting
from services.deadlines.domain.days import local_day
from services.deadlines.domain.running import Running, automatic_receipt, run
from services.deadlines.domain.terms import terms_for
from shared.contracts.deadline import Deadline, ExplainedDeadline
from shared.contracts.identifiers import DeadlineKind, FollowUpKind, Line, Nature
from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Profile, ProfileVersion, Term


@dataclass(frozen=True)
class Matter:
    """What a contact is, as far as terms go. ``None`` is what is not decided yet.

    ``routed_at`` is when it was settled whose the contact is; ``receipt_at`` when its sender got the automatic
    receipt, None where none was sent.
    """

    received_at: datetime
    nature: Nature | None = None
    line: Line | None = None
    registered_at: datetime | None = None
    routed_at: datetime | None = None
    receipt_at: datetime | None = None


def reckon(
    profile: Profile, matter: Matter, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> tuple[Running, ...]:
    """All terms of a contact as they stand at ``as_of``: acknowledgement, answer, and the answers owed after
    reopenings behind the first one.

    ``follow_ups`` are in order; those after ``as_of`` do not exist yet. The version of the profile is the one of
    the local day of receipt. Raises ``BeyondCalendar`` where a date needs days that the calendar does not know.
    """
    so_far = [fact for fact in follow_ups if fact.occurred_at <= as_of]
    day_0 = profile.local_date(matter.received_at)
    terms = terms_for(profile, matter.nature, matter.line, day_0)
    return tuple(running for term in terms for running in _runs(profile, term, matter, so_far, as_of))


def _runs(
    profile: Profile, term: Term, matter: Matter, follow_ups: Sequence[FollowUpFact], as_of: datetime
) -> list[Running]:
    begins = start_of(term, matter, follow_ups)
    if begins is None:
        return []
    counting = Counting(term, profile.calendar)
    if term.met_by_registration and matter.receipt_at is not None and matter.receipt_at <= as_of:
        follow_ups = sorted([*follow_ups, automatic_receipt(matter.receipt_at)], key=lambda fact: fact.place)
    runs = [run(counting, profile.zone, profile.local_date(begins), follow_ups, as_of=as_of)]
    rest = follow_ups
    while term.kind is DeadlineKind.ANSWER and (ending := runs[-1].ended_by) is not None:
        rest = _from_reopening(rest, ending)
        if not rest:
            break
        day_0 = local_day(rest[0].occurred_at, profile.zone)
        rest = rest[1:]
        runs.append(run(counting, profile.zone, day_0, rest, as_of=as_of, number=len(runs) + 1))
    return runs


def start_of(term: Term, matter: Matter, follow_ups: Sequence[FollowUpFact]) -> datetime | None:
    """The moment whose local day is day 0; None as long as what the term starts with has not happened."""
    if term.start == "received":
        return matter.received_at
    if term.start == "registered":
        return matter.registered_at or matter.received_at
    if term.start == "routed" and matter.routed_at is not None:
        return matter.routed_at
    # A person's decision settles whose a contact is as routing's does.
    handed_over = (fact.occurred_at for fact in follow_ups if fact.kind is FollowUpKind.TRANSFERRED)
    return next(handed_over, None)


def _from_reopening(follow_ups: Sequence[FollowUpFact], ending: FollowUpFact) -> Sequence[FollowUpFact]:
    """What came from the first reopening after the ending on; empty where there was none."""
    for place, fact in enumerate(follow_ups):
        if fact.kind is FollowUpKind.REOPENED and fact.place > ending.place:
            return follow_ups[place:]
    return ()


def refused_extensions(profile: Profile, matter: Matter, follow_ups: Sequence[FollowUpFact]) -> set[str]:
    """The ids of the extensions that the policy does not know or that are longer than it allows."""
    wishes = [fact for fact in follow_ups if fact.kind is FollowUpKind.EXTENDED]
    if not wishes:
        return set()
    answers = [
        running
        for running in reckon(profile, matter, follow_ups, max(fact.occurred_at for fact in follow_ups))
        if running.term.kind is DeadlineKind.ANSWER
    ]
    allowed = answers[0].term.extension if answers else None
    refused = {each for running in answers for each in running.refused}
    for fact in wishes:
        days = getattr(fact.data, "days", None)
        if allowed is None or (days is not None and days > allowed.max_days):
            refused.add(fact.follow_up_id)
    return refused


def policy_name(term: Term, version: ProfileVersion) -> str:
    """How a deadline names the term that it follows from."""
    return f"{term.id}/{version.valid_from.isoformat()}"


def deadline_of(profile: Profile, matter: Matter, running: Running) -> Deadline:
    """The deadline without its explanation."""
    return Deadline(
        kind=running.term.kind,
        due_on=running.due_on,
        due_at=running.due_at,
        state=running.state,
        met_at=running.met_at,
        days_taken=running.days_taken,
        policy=policy_name(running.term, profile.version_at(matter.received_at)),
    )


def explain(profile: Profile, matter: Matter, running: Running) -> ExplainedDeadline:
    """The deadline with the way its date came about."""
    version = profile.version_name(profile.version_at(matter.received_at))
    begins_with = START_WORDS[running.term.start] if running.number == 1 else "reopening"
    steps = wording.term_runs(running.term, version, running.day_0, begins_with, profile.time_zone)
    if matter.nature is None or matter.line is None:
        steps.append("Nature or line is not decided yet: the strictest term that is possible runs.")
    counting = Counting(running.term, profile.calendar)
    skipped = counting.skipped(running.day_0, running.counted_until, running.stops)
    steps += [wording.not_counted(first, last, name) for first, last, name in skipped]
    steps += running.remarks[:-1]
    if running.due_on != running.counted_until:
        why = counting.why_no_working_day(running.counted_until)
        steps.append(wording.rolled(running.counted_until, why, running.due_on))
    steps += [wording.end(running.due_on, running.due_at), running.remarks[-1]]
    told = deadline_of(profile, matter, running).model_dump()
    return ExplainedDeadline(**told, steps=tuple(steps))


START_WORDS = {
    "received": "receipt",
    "registered": "registration",
    "routed": "routing",
    "transferred": "the first transfer",
}
