"""What goes wrong with terms elsewhere, one test for each."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.deadlines.domain.announcements import announcements
from services.deadlines.domain.horizon import horizons
from services.deadlines.domain.timeline import advance, follow
from shared.contracts.events import DeadlineMissed, DeadlineScheduled, Event
from shared.contracts.identifiers import DeadlineState
from shared.profiles import Profile, load_profile
from shared.profiles.calendar import BeyondCalendar
from tests.unit.deadlines.courses import (
    LEUVEN,
    REFERENCE,
    acknowledgement,
    answer,
    answers,
    facts,
    happened,
    local,
    registered,
    routed,
    term,
    utc,
    with_terms,
)
from tests.unit.deadlines.test_examples import ORGANISATIONS, due

_RECEIVED = local("2026-01-08 10:00")
SCHOOLS = load_profile(ORGANISATIONS / "antwerpen_onderwijs.yaml")
CITY = load_profile(ORGANISATIONS / "antwerpen_stad.yaml")


def told(*events: Event, profile: Profile = LEUVEN, as_of: str) -> list[Event]:
    timeline, what = follow(None, REFERENCE, events, profile, local(as_of))
    return announcements(timeline, what, profile)


def test_01_a_day_begins_at_local_midnight() -> None:
    assert answer("2026-01-12 00:30", (), "2026-01-12 09:00").due_on == date(2026, 2, 26)
    assert due("leuven", "complaint", "2026-01-11T23:30:00Z")["due_on"] == "2026-02-26"


def test_02_a_day_of_23_or_25_hours_is_a_day() -> None:
    for received, due_on in (("2026-03-28 12:00", "2026-05-12"), ("2026-10-24 12:00", "2026-12-08")):
        assert answer(received, (), received).due_on.isoformat() == due_on
    beirut = with_terms(term(days=1), zone="Asia/Beirut")
    saturday = local("2026-03-28 10:00", ZoneInfo("Asia/Beirut"))
    (first,) = follow(None, REFERENCE, [registered(saturday)], beirut, saturday)[0].deadlines
    # The midnight after which the 29th begins does not exist; the one after it does.
    assert (first.deadline.due_on, first.deadline.due_at) == (date(2026, 3, 29), utc("2026-03-29 21:00"))


@pytest.mark.parametrize("at", ["2026-02-22 00:00:00", "2026-02-22 23:59:59.999999"])
def test_03_no_minute_of_the_last_day_is_lost(at: str) -> None:
    assert answer("2026-01-08 10:00", facts(("answered", at)), "2026-03-01 10:00").state is DeadlineState.MET


def test_04_a_holiday_is_one_day_and_a_feast_is_none() -> None:
    # 21 July and 15 August; 11 July, All Souls and Boxing Day are no holidays of everybody.
    assert due("antwerpen_stad", "complaint", "2026-07-06T10:00:00+02:00")["due_on"] == "2026-08-05"
    assert due("antwerpen_stad", "complaint", "2026-10-30T10:00:00+01:00")["due_on"] == "2026-12-01"
    assert due("antwerpen_stad", "complaint", "2026-12-24T10:00:00+01:00")["due_on"] == "2027-01-26"


def test_05_a_changed_policy_moves_what_is_open_and_silences_what_it_dropped() -> None:
    timeline, _ = follow(None, REFERENCE, [registered(_RECEIVED)], LEUVEN, _RECEIVED)
    shorter, what = advance(timeline, with_terms(term(days=30)), _RECEIVED)
    assert what.scheduled
    assert [each.deadline.due_on for each in shorter.deadlines] == [date(2026, 2, 7)]
    silenced, what = advance(timeline, with_terms(), _RECEIVED)
    assert (what.scheduled, silenced.deadlines, silenced.turns_at) == (True, (), None)


def test_06_a_transfer_takes_the_deadline_along() -> None:
    later = local("2026-01-20 10:00")
    transfer = happened("transferred", later, directorate="financien", decided=["directorate"])
    events = told(registered(_RECEIVED), routed(_RECEIVED), transfer, as_of="2026-03-01 10:00")
    missed = [event.data for event in events if isinstance(event.data, DeadlineMissed)]
    assert [(each.directorate, each.due_on) for each in missed if each.kind == "answer"] == [
        ("financien", date(2026, 2, 22))
    ]


def test_07_an_answer_in_the_same_moment_as_a_pause_is_kept() -> None:
    at = "2026-01-20 10:00"
    both = facts(("information_requested", at), ("answered", at))
    assert answer("2026-01-08 10:00", both, "2026-03-01 10:00").state is DeadlineState.MET


def test_08_a_settled_contact_remembers_its_pauses_under_any_policy() -> None:
    course = facts(
        ("information_requested", "2026-01-12 10:00"),
        ("information_received", "2026-01-16 10:00"),
        ("answered", "2026-01-20 10:00"),
    )
    for profile in (LEUVEN, with_terms(term(days=30, pauses=True))):
        assert answer("2026-01-08 10:00", course, "2026-03-01 10:00", profile).days_taken == 8


def test_09_closed_time_is_not_counted_and_the_first_answer_stays() -> None:
    course = facts(("answered", "2026-01-20 10:00"), ("reopened", "2026-06-01 10:00"))
    first, second = answers("2026-01-08 10:00", course, "2026-06-02 10:00")
    assert (first.state, first.days_taken, second.due_on) == (DeadlineState.MET, 12, date(2026, 7, 16))


def test_10_what_is_imported_sounds_no_alarm() -> None:
    events = told(registered(_RECEIVED, historical=True), as_of="2026-06-01 10:00")
    assert [event.type for event in events].count("deadline.missed.v1") == 2
    for event in events:
        assert isinstance(event.data, DeadlineMissed | DeadlineScheduled)
        assert event.data.silent


def test_11_a_receipt_is_no_answer() -> None:
    course = facts(("acknowledged", "2026-01-08 10:00"))
    assert acknowledgement("2026-01-08 10:00", course, "2026-03-01 10:00").state is DeadlineState.MET
    assert answer("2026-01-08 10:00", course, "2026-03-01 10:00").state is DeadlineState.MISSED


class Test12PastTheHorizon:
    def test_there_is_no_date(self) -> None:
        received = local("2030-08-20 10:00")
        timeline, what = follow(
            None, REFERENCE, [registered(received, nature="question")], SCHOOLS, local("2030-08-21 10:00")
        )
        assert (timeline.deadlines, timeline.uncounted) == ((), "flemish_school_holidays")
        assert not what.turns
        assert not what.scheduled

    def test_it_is_counted_once_the_calendar_reaches_further(self) -> None:
        received = local("2030-08-20 10:00")
        events = [registered(received, nature="question")]
        timeline, _ = follow(None, REFERENCE, events, SCHOOLS, local("2030-08-21 10:00"))
        days = SCHOOLS.calendar.day_sets["school_holidays"].model_copy(update={"known_until": date(2031, 8, 31)})
        longer = SCHOOLS.model_copy(
            update={"calendar": SCHOOLS.calendar.model_copy(update={"day_sets": {"school_holidays": days}})}
        )
        counted, what = advance(timeline, longer, local("2030-08-21 10:00"))
        assert (counted.uncounted, what.scheduled) == (None, True)
        assert [each.deadline.due_on for each in counted.deadlines] == [date(2030, 9, 8)]

    def test_the_horizon_is_seen_from_afar(self) -> None:
        far, near = (horizons(SCHOOLS, day) for day in (date(2026, 11, 22), date(2030, 6, 20)))
        assert far == [("flemish_school_holidays", date(2030, 8, 31), False)]
        assert near == [("flemish_school_holidays", date(2030, 8, 31), True)]
        assert [each.calendar for each in horizons(CITY, date(2026, 11, 22))] == ["public_holidays_be"]

    def test_a_term_of_plain_days_needs_no_calendar(self) -> None:
        assert answer("2130-01-08 10:00", (), "2130-01-08 10:00").due_on == date(2130, 2, 22)
        with pytest.raises(BeyondCalendar):
            answer("2130-01-08 10:00", (), "2130-01-08 10:00", CITY)


@pytest.mark.parametrize("received", ["2026-10-01 00:00", "2026-10-31 23:59:59"])
def test_13_an_october_is_october_at_both_ends(received: str) -> None:
    assert LEUVEN.local_date(local(received)).month == 10
    begins = LEUVEN.local_date(local(received))
    assert answer(received, (), received).due_on == begins + timedelta(days=45)


def test_14_what_is_open_and_overdue_is_told_as_missed() -> None:
    events = told(registered(_RECEIVED), as_of="2026-02-23 00:00")
    missed = [event.data for event in events if isinstance(event.data, DeadlineMissed)]
    assert [(each.kind, each.days_over) for each in missed] == [("acknowledgement", 1), ("answer", 1)]
