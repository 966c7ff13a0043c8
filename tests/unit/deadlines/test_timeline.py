"""What is told of a contact's deadlines, in whatever order its events arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.deadlines.documents import timeline_document, timeline_of
from services.deadlines.domain.announcements import announcements
from services.deadlines.domain.known import WITHOUT_EFFECT
from services.deadlines.domain.timeline import Timeline, advance, follow
from shared.contracts.deadline import Deadline
from shared.contracts.events import DeadlineMet, DeadlineMissed, DeadlineScheduled, Event
from shared.contracts.identifiers import DeadlineState
from tests.unit.deadlines.courses import LEUVEN, REFERENCE, happened, local, registered, routed, term, with_terms

_RECEIVED = local("2026-01-08 10:00:00.123456")
_NOW = local("2026-03-01 10:00")


def told(timeline: Timeline | None, events: Sequence[Event], now: datetime = _NOW) -> tuple[Timeline, list[Event]]:
    after, what = follow(timeline, REFERENCE, events, LEUVEN, now)
    return after, announcements(after, what, LEUVEN)


def passed(timeline: Timeline, now: datetime) -> tuple[Timeline, list[Event]]:
    after, what = advance(timeline, LEUVEN, now)
    return after, announcements(after, what, LEUVEN)


def types(events: Sequence[Event]) -> list[str]:
    return [event.type.split(".")[1] for event in events]


def deadlines(timeline: Timeline) -> list[Deadline]:
    return [each.deadline for each in timeline.deadlines]


def a_course() -> list[Event]:
    at = _RECEIVED
    return [
        registered(at),
        routed(at, profile_revision=1, directorate="financien", service=None),
        routed(at, profile_revision=2, model_version=1),
        happened("acknowledged", at + timedelta(days=1)),
        happened("information_requested", at + timedelta(days=20)),
        happened("information_received", at + timedelta(days=24, microseconds=1)),
        happened("transferred", at + timedelta(days=25), line="second", decided=["line"]),
        happened("answered", at + timedelta(days=30)),
        happened("reopened", at + timedelta(days=40)),
        happened("surveyed", at + timedelta(days=41), score=3),
    ]


@given(st.lists(st.sampled_from(a_course()), max_size=6), st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_and_repetition_comes_to_the_same(repeated: list[Event], data: st.DataObject) -> None:
    plain, _ = told(None, [event for event in a_course() if event.type not in WITHOUT_EFFECT])
    arriving = data.draw(st.permutations([*a_course(), *repeated]))
    timeline: Timeline | None = None
    latest: DeadlineScheduled | None = None
    while arriving:
        size = data.draw(st.integers(1, len(arriving)))
        batch = [event for event in arriving[:size] if event.type not in WITHOUT_EFFECT]
        arriving = arriving[size:]
        if batch:
            timeline, events = told(timeline, batch)
            timeline = timeline_of({"_id": REFERENCE, **timeline_document(timeline)})
            schedules = [event.data for event in events if isinstance(event.data, DeadlineScheduled)]
            latest = schedules[-1] if schedules else latest
    assert timeline is not None
    assert latest is not None
    assert (timeline.known, deadlines(timeline), timeline.directorate) == (
        plain.known,
        deadlines(plain),
        plain.directorate,
    )
    assert latest.deadlines == tuple(deadlines(plain))


def test_a_contact_is_told_when_it_is_registered() -> None:
    timeline, events = told(None, [registered(_RECEIVED)], _RECEIVED)
    assert types(events) == ["scheduled"]
    assert timeline.revision == 1
    assert timeline.turns_at == local("2026-01-15 00:00")


def test_before_the_registration_nothing_is_told() -> None:
    timeline, events = told(None, [happened("answered", _RECEIVED)])
    assert (events, timeline.turns_at) == ([], None)
    _, events = told(timeline, [registered(_RECEIVED)])
    assert types(events) == ["met", "met", "scheduled"]


def test_what_comes_again_is_told_again_with_the_same_ids() -> None:
    timeline, events = told(None, [registered(_RECEIVED), happened("answered", _RECEIVED + timedelta(days=1))])
    again, more = told(timeline, [registered(_RECEIVED)])
    assert again == timeline
    assert [event.envelope for event in more] == [event.envelope for event in events]
    assert [event.data for event in more] == [event.data for event in events]


def test_each_turn_is_told_again_at_the_revision_at_which_it_was() -> None:
    at = _RECEIVED
    timeline, first = told(None, [registered(at)], at)
    timeline, second = told(timeline, [happened("acknowledged", at + timedelta(days=1))], at + timedelta(days=1))
    timeline, third = told(timeline, [happened("answered", at + timedelta(days=2))], at + timedelta(days=2))
    stored = timeline_of({"_id": REFERENCE, **timeline_document(timeline)})
    _, again = told(stored, [registered(at)], at + timedelta(days=3))
    known = {event.envelope.id: event.body() for event in [*first, *second, *third]}
    assert types(again) == ["met", "met", "scheduled"]
    assert [event.body() for event in again] == [known[event.envelope.id] for event in again]


def test_what_is_taken_over_from_the_past_got_no_receipt() -> None:
    profile = with_terms(term("acknowledgement", 10, met_by_registration=True))
    states = []
    for historical in (False, True):
        known = registered(_RECEIVED, historical=historical)
        timeline, _ = follow(None, REFERENCE, [known], profile, _NOW)
        states.append(timeline.deadlines[0].deadline.state)
    assert states == [DeadlineState.MET, DeadlineState.MISSED]


def test_since_when_it_is_with_whom_survives_the_store() -> None:
    moved = happened("transferred", local("2026-02-01 10:00"), service="afvalbeheer", decided=["service"])
    timeline, _ = told(None, [routed(_RECEIVED), moved])
    assert timeline.with_service_since == local("2026-02-01 10:00")
    stored = timeline_of({"_id": REFERENCE, **timeline_document(timeline)})
    assert stored.with_service_since == timeline.with_service_since
    away = happened("transferred", local("2026-02-02 10:00"), 1, line="external", decided=["line"])
    timeline, _ = told(timeline, [away])
    assert timeline.with_service_since is None


def test_an_event_that_changes_nothing_is_not_told() -> None:
    timeline, _ = told(None, [registered(_RECEIVED), happened("answered", _RECEIVED + timedelta(days=1))])
    after, events = told(timeline, [happened("closed", _RECEIVED + timedelta(days=2))])
    assert events == []
    assert after.revision == timeline.revision


def test_a_contact_without_a_term_is_silent_until_it_had_one() -> None:
    timeline, events = told(None, [registered(_RECEIVED, nature="question")])
    assert events == []
    _, events = told(timeline, [routed(_RECEIVED, nature="question", declared_nature="question")])
    assert events == []
    strict, _ = told(None, [registered(_RECEIVED, nature=None)], _RECEIVED)
    _, events = told(strict, [routed(_RECEIVED, nature="question", declared_nature=None)], _RECEIVED)
    assert [event.data for event in events] == [
        DeadlineScheduled(deadlines=(), revision=2, directorate="openbaar_domein", service="groen")
    ]


def test_in_review_the_declared_nature_counts() -> None:
    review = routed(_RECEIVED, nature="question", line="external", needs_review=True)
    timeline, _ = told(None, [registered(_RECEIVED), review], _RECEIVED)
    assert len(timeline.deadlines) == 2
    decided = happened("transferred", _RECEIVED + timedelta(hours=1), nature="question", decided=["nature"])
    timeline, _ = told(timeline, [decided], _RECEIVED + timedelta(hours=2))
    assert timeline.deadlines == ()


def test_a_new_directorate_is_told() -> None:
    timeline, _ = told(None, [registered(_RECEIVED)], _RECEIVED)
    _, events = told(timeline, [routed(_RECEIVED)], _RECEIVED)
    assert types(events) == ["scheduled"]
    assert isinstance(events[0].data, DeadlineScheduled)
    assert (events[0].data.directorate, events[0].data.service) == ("openbaar_domein", "groen")


def test_time_turns_deadlines_once() -> None:
    timeline, _ = told(None, [registered(_RECEIVED)], _RECEIVED)
    seen = []
    for day in range(1, 60):
        timeline, events = passed(timeline, _RECEIVED + timedelta(days=day))
        seen += [(event.type, event.envelope.time) for event in events]
    assert seen == [
        ("deadline.approaching.v1", local("2026-01-15 00:00")),
        ("deadline.missed.v1", local("2026-01-19 00:00")),
        ("deadline.approaching.v1", local("2026-02-19 00:00")),
        ("deadline.missed.v1", local("2026-02-23 00:00")),
    ]
    assert timeline.revision == 5
    assert timeline.turns_at is None


def test_registered_too_late_it_is_missed_at_once() -> None:
    timeline, events = told(None, [registered(_RECEIVED)])
    assert types(events) == ["missed", "missed", "scheduled"]
    assert [each.state for each in deadlines(timeline)] == [DeadlineState.MISSED] * 2
    missed = events[0].data
    assert isinstance(missed, DeadlineMissed)
    assert (missed.days_over, missed.silent, missed.revision) == (1, False, 1)


def test_what_becomes_known_late_takes_back_a_missed_at_a_higher_revision() -> None:
    timeline, _ = told(None, [registered(_RECEIVED)])
    after, events = told(timeline, [happened("answered", _RECEIVED + timedelta(days=3))])
    assert types(events) == ["met", "met", "scheduled"]
    scheduled = events[-1].data
    assert isinstance(scheduled, DeadlineScheduled)
    assert [each.state for each in scheduled.deadlines] == [DeadlineState.MET] * 2
    assert scheduled.revision == after.revision == timeline.revision + 1


def test_imported_contacts_never_sound() -> None:
    _, events = told(None, [registered(_RECEIVED, historical=True), happened("answered", _NOW)])
    assert types(events) == ["met", "met", "scheduled"]
    assert all(event.data.silent for event in events if isinstance(event.data, DeadlineMet | DeadlineScheduled))


def test_a_pause_moves_on_without_being_told_every_day() -> None:
    asked = happened("information_requested", _RECEIVED + timedelta(days=5))
    timeline, _ = told(None, [registered(_RECEIVED), asked], _RECEIVED + timedelta(days=5))
    later, events = passed(timeline, _RECEIVED + timedelta(days=6))
    assert types(events) == []
    assert deadlines(later)[1].due_on == deadlines(timeline)[1].due_on + timedelta(days=1)
    assert later.turns_at == local("2026-01-15 00:00")


def test_a_later_answer_never_stands_for_the_first() -> None:
    first = happened("answered", _RECEIVED + timedelta(days=1))
    again = happened("reopened", _RECEIVED + timedelta(days=2))
    timeline, _ = told(None, [registered(_RECEIVED), first, again], _RECEIVED + timedelta(days=2))
    late, events = passed(timeline, _RECEIVED + timedelta(days=60))
    assert types(events) == ["missed", "scheduled"]
    missed, scheduled = events[0].data, events[1].data
    assert isinstance(missed, DeadlineMissed)
    assert isinstance(scheduled, DeadlineScheduled)
    assert timeline.revision < missed.revision < scheduled.revision == late.revision
    assert [(each.kind, each.state) for each in scheduled.deadlines] == [
        ("acknowledgement", DeadlineState.MET),
        ("answer", DeadlineState.MET),
        ("answer", DeadlineState.MISSED),
    ]


def test_a_follow_up_ahead_of_our_clock_counts_when_its_time_has_come() -> None:
    at = _RECEIVED + timedelta(minutes=3)
    timeline, events = told(None, [registered(_RECEIVED), happened("answered", at)], _RECEIVED)
    assert types(events) == ["scheduled"]
    assert timeline.turns_at == at
    _, events = passed(timeline, at)
    assert types(events) == ["met", "met", "scheduled"]
