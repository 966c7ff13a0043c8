"""How terms are counted. The dates with a source are facts of the calendar, reckoned by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.deadlines.domain.calculator import Matter, deadline_of, explain, reckon, refused_extensions
from services.deadlines.domain.days import start_of_day
from shared.contracts.identifiers import DeadlineState, Line, Nature
from tests.unit.deadlines.courses import (
    LEUVEN,
    acknowledgement,
    answer,
    answers,
    complaint,
    facts,
    local,
    term,
    utc,
    with_terms,
)


@pytest.mark.parametrize(
    ("received", "acknowledge_by", "answer_by"),
    [
        ("2026-01-07T11:20:00+01:00", "2026-01-17T23:00:00Z", "2026-02-21T23:00:00Z"),
        ("2027-04-12T09:00:00+02:00", "2027-04-22T22:00:00Z", "2027-05-27T22:00:00Z"),
        # 23:30 in UTC is the next day in Leuven.
        ("2026-02-16T23:30:00Z", "2026-02-27T23:00:00Z", "2026-04-03T22:00:00Z"),
        # Received in winter time, due in summer time.
        ("2026-03-24T10:00:00+01:00", "2026-04-03T22:00:00Z", "2026-05-08T22:00:00Z"),
        # Over 29 February 2028.
        ("2028-02-20T10:00:00+01:00", "2028-03-01T23:00:00Z", "2028-04-05T22:00:00Z"),
    ],
)
def test_ten_and_forty_five_days_from_the_day_after_receipt(
    received: str, acknowledge_by: str, answer_by: str
) -> None:
    matter = Matter(datetime.fromisoformat(received), Nature.COMPLAINT, Line.FIRST)
    first, second = reckon(LEUVEN, matter, (), matter.received_at)
    assert (first.due_at, second.due_at) == (
        datetime.fromisoformat(acknowledge_by),
        datetime.fromisoformat(answer_by),
    )
    assert first.due_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("nature", "line"),
    [(Nature.QUESTION, Line.FIRST), (Nature.COMPLAINT, Line.EXTERNAL), (None, Line.EXTERNAL)],
)
def test_without_a_term_nothing_is_owed(nature: Nature | None, line: Line) -> None:
    assert reckon(LEUVEN, Matter(local("2026-01-13 10:00"), nature, line), (), local("2026-01-14 10:00")) == ()


@pytest.mark.parametrize(("nature", "line"), [(None, None), (None, Line.SECOND), (Nature.COMPLAINT, None)])
def test_what_is_undecided_has_the_strictest_term(nature: Nature | None, line: Line | None) -> None:
    profile = with_terms(term(id="long", days=45, lines=["first"]), term(id="short", days=20, lines=["second"]))
    reckoned = reckon(profile, Matter(local("2026-01-13 10:00"), nature, line), (), local("2026-01-14 10:00"))
    assert [each.term.id for each in reckoned] == ["short"]


def test_the_version_of_the_day_of_receipt_holds() -> None:
    matter = complaint("2021-09-30 23:59")
    (first, *_) = reckon(LEUVEN, matter, (), local("2021-12-01 10:00"))
    assert deadline_of(LEUVEN, matter, first).policy == "acknowledgement/1995-11-13"


class TestWhatMeets:
    def test_an_answer_meets_the_acknowledgement_too(self) -> None:
        follow_ups = facts(("answered", "2026-01-09 10:00"))
        met = acknowledgement("2026-01-08 10:00", follow_ups, "2026-02-01 10:00")
        assert (met.state, met.met_at) == (DeadlineState.MET, utc("2026-01-09 09:00"))

    def test_closing_counts_as_the_answer_where_there_was_none(self) -> None:
        met = answer("2026-01-08 10:00", facts(("closed", "2026-01-09 10:00")), "2026-02-01 10:00")
        assert (met.state, met.days_taken) == (DeadlineState.MET, 1)

    def test_closing_after_the_answer_changes_nothing(self) -> None:
        follow_ups = facts(("answered", "2026-01-09 10:00"), ("closed", "2026-01-20 10:00"))
        met = answer("2026-01-08 10:00", follow_ups, "2026-02-01 10:00")
        assert (met.met_at, met.days_taken) == (utc("2026-01-09 09:00"), 1)

    def test_the_first_of_several_answers_counts(self) -> None:
        follow_ups = facts(("answered", "2026-01-09 10:00"), ("answered", "2026-03-20 10:00"))
        assert answer("2026-01-08 10:00", follow_ups, "2026-04-01 10:00").state is DeadlineState.MET

    @pytest.mark.parametrize(
        ("at", "state"),
        [("2026-02-22 23:59:59.999999", DeadlineState.MET), ("2026-02-23 00:00:00", DeadlineState.MET_LATE)],
    )
    def test_the_last_moment_in_time(self, at: str, state: DeadlineState) -> None:
        assert answer("2026-01-08 10:00", facts(("answered", at)), "2026-04-01 10:00").state is state

    def test_an_acknowledgement_is_no_answer(self) -> None:
        follow_ups = facts(("acknowledged", "2026-01-09 10:00"))
        assert answer("2026-01-08 10:00", follow_ups, "2026-04-01 10:00").state is DeadlineState.MISSED

    def test_what_happens_after_the_moment_asked_about_does_not_exist_yet(self) -> None:
        follow_ups = facts(("answered", "2026-01-20 10:00"))
        assert answer("2026-01-08 10:00", follow_ups, "2026-01-19 10:00").state is DeadlineState.OPEN


class TestStates:
    @pytest.mark.parametrize(
        ("as_of", "state"),
        [
            ("2026-02-18 23:59", DeadlineState.OPEN),
            ("2026-02-19 00:00", DeadlineState.APPROACHING),
            ("2026-02-22 23:59", DeadlineState.APPROACHING),
            ("2026-02-23 00:00", DeadlineState.MISSED),
        ],
    )
    def test_it_is_near_from_three_local_days_before(self, as_of: str, state: DeadlineState) -> None:
        assert answer("2026-01-08 10:00", (), as_of).state is state

    @pytest.mark.parametrize(
        ("as_of", "turns_at"),
        [
            ("2026-01-09 10:00", "2026-02-19 00:00"),
            ("2026-02-19 10:00", "2026-02-23 00:00"),
            ("2026-02-23 00:00", None),
        ],
    )
    def test_when_time_turns_it_next(self, as_of: str, turns_at: str | None) -> None:
        expected = local(turns_at) if turns_at else None
        assert answers("2026-01-08 10:00", (), as_of)[0].turns_at == expected

    def test_withdrawing_cancels_what_is_open(self) -> None:
        follow_ups = facts(("withdrawn", "2026-01-25 10:00"))
        assert answer("2026-01-08 10:00", follow_ups, "2026-04-01 10:00").state is DeadlineState.CANCELLED
        missed = acknowledgement("2026-01-08 10:00", follow_ups, "2026-04-01 10:00")
        assert missed.state is DeadlineState.MISSED


class TestPauses:
    def test_the_day_of_the_request_counts_and_the_day_of_the_receipt_does_not(self) -> None:
        follow_ups = facts(
            ("information_requested", "2027-01-25 10:00"), ("information_received", "2027-01-29 10:00")
        )
        late = answer("2027-01-11 10:00", follow_ups, "2027-01-30 09:00")
        assert (late.due_on, late.due_at) == (date(2027, 3, 1), utc("2027-03-01 23:00"))
        assert any("4 days, 2027-01-26 to 2027-01-29, are not counted" in step for step in late.steps)

    def test_the_acknowledgement_does_not_pause(self) -> None:
        follow_ups = facts(("information_requested", "2027-01-12 10:00"))
        assert acknowledgement("2027-01-11 10:00", follow_ups, "2027-01-30 09:00").due_on == date(2027, 1, 21)

    def test_on_one_day_it_changes_nothing(self) -> None:
        follow_ups = facts(
            ("information_requested", "2027-01-25 10:00"), ("information_received", "2027-01-25 15:00")
        )
        assert answer("2027-01-11 10:00", follow_ups, "2027-01-30 09:00").due_on == date(2027, 2, 25)

    def test_further_requests_and_receipts_change_nothing(self) -> None:
        follow_ups = facts(
            ("information_requested", "2027-01-25 10:00"),
            ("information_requested", "2027-01-26 10:00"),
            ("information_received", "2027-01-29 10:00"),
            ("information_received", "2027-02-05 10:00"),
        )
        assert answer("2027-01-11 10:00", follow_ups, "2027-02-06 09:00").due_on == date(2027, 3, 1)

    def test_while_it_lasts_the_end_moves_on(self) -> None:
        follow_ups = facts(("information_requested", "2027-01-25 10:00"))
        for as_of, due_on in (("2027-01-26 09:00", "2027-02-26"), ("2027-03-27 09:00", "2027-04-27")):
            paused = answer("2027-01-11 10:00", follow_ups, as_of)
            assert (paused.state, paused.due_on.isoformat()) == (DeadlineState.PAUSED, due_on)

    def test_after_the_deadline_it_changes_nothing(self) -> None:
        follow_ups = facts(
            ("information_requested", "2027-02-26 00:00"), ("information_received", "2027-03-05 10:00")
        )
        missed = answer("2027-01-11 10:00", follow_ups, "2027-03-06 10:00")
        assert (missed.state, missed.due_on) == (DeadlineState.MISSED, date(2027, 2, 25))

    def test_the_answer_ends_it(self) -> None:
        follow_ups = facts(("information_requested", "2027-01-25 10:00"), ("answered", "2027-01-29 10:00"))
        met = answer("2027-01-11 10:00", follow_ups, "2027-06-01 10:00")
        assert (met.state, met.due_on, met.days_taken) == (DeadlineState.MET, date(2027, 3, 1), 14)

    def test_an_answer_and_a_pause_at_one_moment_keep_the_answer(self) -> None:
        follow_ups = facts(("information_requested", "2027-01-25 10:00"), ("answered", "2027-01-25 10:00"))
        met = answer("2027-01-11 10:00", follow_ups, "2027-06-01 10:00")
        assert (met.state, met.due_on, met.days_taken) == (DeadlineState.MET, date(2027, 2, 25), 14)


class TestExtensions:
    profile = with_terms(term(days=14, extension={"max_days": 6}))

    def test_once_and_in_time(self) -> None:
        follow_ups = facts(
            ("extended", "2026-01-30 10:00", {"days": 6}), ("extended", "2026-02-06 10:00", {"days": 6})
        )
        later = answer("2026-01-22 10:00", follow_ups, "2026-02-07 09:00", self.profile)
        assert later.due_on == date(2026, 2, 11)
        assert any("the policy allows 1, and that has been used" in step for step in later.steps)

    def test_to_a_last_day(self) -> None:
        follow_ups = facts(("extended", "2026-01-30 10:00", {"until": "2026-02-09"}))
        assert answer("2026-01-22 10:00", follow_ups, "2026-01-31 09:00", self.profile).due_on == date(2026, 2, 9)

    def test_too_late_rescues_nothing(self) -> None:
        follow_ups = facts(("extended", "2026-02-06 00:00", {"days": 6}))
        missed = answer("2026-01-22 10:00", follow_ups, "2026-02-07 09:00", self.profile)
        assert (missed.state, missed.due_on) == (DeadlineState.MISSED, date(2026, 2, 5))
        assert any("it came after the deadline had passed" in step for step in missed.steps)

    @pytest.mark.parametrize("wish", [{"days": 7}, {"until": "2026-02-12"}])
    def test_longer_than_the_policy_allows_is_refused(self, wish: dict[str, object]) -> None:
        follow_ups = facts(("extended", "2026-01-30 10:00", wish))
        assert refused_extensions(self.profile, complaint("2026-01-22 10:00"), follow_ups) == {"extended-0"}
        assert answer("2026-01-22 10:00", follow_ups, "2026-01-31 09:00", self.profile).due_on == date(2026, 2, 5)

    def test_a_policy_without_extension_refuses_it(self) -> None:
        follow_ups = facts(("extended", "2026-01-30 10:00", {"days": 1}))
        assert refused_extensions(LEUVEN, complaint("2026-01-22 10:00"), follow_ups) == {"extended-0"}

    def test_an_allowed_one_is_not_refused(self) -> None:
        follow_ups = facts(("extended", "2026-02-20 10:00", {"days": 6}))
        assert refused_extensions(self.profile, complaint("2026-01-22 10:00"), follow_ups) == set()


class TestReopening:
    def test_a_second_answer_is_owed_and_the_first_stays_as_it_was(self) -> None:
        follow_ups = facts(("answered", "2026-01-20 10:00"), ("reopened", "2026-06-01 10:00", {}))
        first, second = answers("2026-01-08 10:00", follow_ups, "2026-06-02 10:00")
        assert (first.state, first.due_on) == (DeadlineState.MET, date(2026, 2, 22))
        assert (second.state, second.due_on) == (DeadlineState.OPEN, date(2026, 7, 16))

    def test_the_second_answer_is_timed_from_the_reopening(self) -> None:
        follow_ups = facts(
            ("answered", "2026-01-20 10:00"), ("reopened", "2026-06-01 10:00"), ("answered", "2026-06-11 10:00")
        )
        first, second = answers("2026-01-08 10:00", follow_ups, "2026-07-01 10:00")
        assert (first.days_taken, second.days_taken) == (12, 10)

    def test_what_was_never_closed_is_not_reopened(self) -> None:
        follow_ups = facts(("reopened", "2026-01-20 10:00"))
        (only,) = answers("2026-01-08 10:00", follow_ups, "2026-04-01 10:00")
        assert only.state is DeadlineState.MISSED


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Brussels", date(2026, 3, 29), "2026-03-28 23:00"),
        # Midnight does not exist: the day begins with the jump.
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28 22:00"),
        # Midnight comes twice: the day begins with the first.
        ("America/Havana", date(2026, 11, 1), "2026-11-01 04:00"),
        # The clocks jump from before midnight until after it.
        ("America/Toronto", date(1919, 3, 31), "1919-03-31 04:30"),
        # A day that never was begins with the day after it.
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00"),
    ],
)
def test_the_first_moment_of_a_day(zone: str, day: date, begins: str) -> None:
    assert start_of_day(day, ZoneInfo(zone)) == utc(begins)


def test_steps_tell_the_whole_way() -> None:
    steps = answer("2026-01-08 10:00", facts(("answered", "2026-03-03 10:00")), "2026-03-04 09:00").steps
    version = LEUVEN.version_name(LEUVEN.versions[-1])
    assert steps == (
        f"Term answer of profile version {version}: 45 calendar days.",
        "Day 0 is Thursday 2026-01-08, the local day of receipt (Europe/Brussels).",
        "The last day in time is Sunday 2026-02-22; it is late from 2026-02-22T23:00:00Z on.",
        "The contact was answered on Tuesday 2026-03-03, after 54 days that count for us: 9 days late.",
    )


def test_steps_say_why_an_extension_after_the_answer_has_no_effect() -> None:
    profile = with_terms(term(days=14, extension={"max_days": 6}))
    follow_ups = facts(
        ("answered", "2026-01-15 10:00"),
        ("extended", "2026-01-16 10:00", {"days": 3}),
        ("reopened", "2026-01-20 10:00"),
        ("extended", "2026-01-21 10:00", {"days": 3}),
    )
    first, second = answers("2026-01-08 10:00", follow_ups, "2026-02-01 10:00", profile)
    useless = "The extension of Friday 2026-01-16 has no effect: the contact was answered before."
    assert useless in first.remarks
    assert (first.due_on, second.due_on) == (date(2026, 1, 22), date(2026, 2, 6))
    assert not any("no effect" in remark for remark in second.remarks)


@pytest.mark.parametrize(
    ("flagged", "receipt", "state"),
    [
        (False, "2026-01-08 10:01", DeadlineState.MISSED),
        (True, "2026-01-08 10:01", DeadlineState.MET),
        (True, "2026-01-18 23:59:59", DeadlineState.MET),
        (True, "2026-01-19 00:00", DeadlineState.MET_LATE),
        # Registered after the moment that is asked about; and taken over from the past, without a receipt.
        (True, "2026-02-02 10:00", DeadlineState.MISSED),
        (True, None, DeadlineState.MISSED),
    ],
)
def test_an_automatic_receipt_acknowledges_only_where_the_profile_says_so(
    flagged: bool, receipt: str | None, state: DeadlineState
) -> None:
    profile = with_terms(term("acknowledgement", 10, met_by_registration=flagged), term())
    matter = replace(complaint("2026-01-08 10:00"), receipt_at=local(receipt) if receipt else None)
    acknowledge, answer_ = reckon(profile, matter, (), local("2026-02-01 10:00"))
    assert acknowledge.state is state
    # It is never an answer.
    assert answer_.state is DeadlineState.OPEN


def test_whoever_acknowledges_before_the_receipt_has_acknowledged_first() -> None:
    profile = with_terms(term("acknowledgement", 10, met_by_registration=True))
    matter = replace(complaint("2026-01-08 10:00"), receipt_at=local("2026-01-09 10:00"))
    earlier = facts(("acknowledged", "2026-01-08 11:00"))
    (acknowledge,) = reckon(profile, matter, earlier, local("2026-02-01 10:00"))
    assert acknowledge.met_at == utc("2026-01-08 10:00")
    (acknowledge,) = reckon(profile, matter, (), local("2026-02-01 10:00"))
    told = "The contact was registered and sent a receipt on Friday 2026-01-09, after 1 day that counts for us: "
    assert explain(profile, matter, acknowledge).steps[-1] == told + "in time."
