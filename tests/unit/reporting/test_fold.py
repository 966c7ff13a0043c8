"""Whatever order and however often events come, a contact has one fact."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.fact import Fact
from services.reporting.domain.fold import fold, is_countable
from shared.contracts.events import Event
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from tests.unit.reporting.made_up import (
    LATE_ON_31_MARCH,
    LEUVEN,
    deadline,
    happened,
    life,
    registered,
    routed,
    scheduled,
    turned,
)

DUE = deadline("answer", "open", date(2021, 5, 15))


def fact(*events: Event) -> Fact:
    found = fold(events, LEUVEN)
    assert found is not None
    return found


@given(seed=st.integers(0, 10**9), data=st.data())
def test_order_and_repetition_do_not_matter(seed: int, data: st.DataObject) -> None:
    events = life(1, random.Random(seed))
    known = data.draw(st.lists(st.sampled_from(events), min_size=1, unique_by=lambda each: each.envelope.id))
    again = data.draw(st.permutations([*known, *data.draw(st.lists(st.sampled_from(known)))]))
    assert fold(again, LEUVEN) == fold(known, LEUVEN)


@given(seed=st.integers(0, 10**9))
def test_what_came_late_leaves_no_trace_of_its_lateness(seed: int) -> None:
    events = life(1, random.Random(seed))
    assert fold(reversed(events), LEUVEN) == fold(events, LEUVEN)


def test_a_contact_counts_once_its_registration_is_known_from_either_event() -> None:
    closing = happened("closed", 4, qualification="founded")
    assert fold([closing], LEUVEN) is None
    assert fact(closing, registered()).codes["qualification"] == ("founded",)
    assert fact(closing, routed()).codes["qualification"] == ("founded",)


def test_the_day_of_receipt_is_the_organisations_own() -> None:
    late = datetime(2021, 12, 31, 23, 30, tzinfo=UTC)
    assert fact(registered()).received_on == date(2021, 3, 31)
    assert fact(registered(received_at=late)).received_on == date(2022, 1, 1)


def test_before_routing_there_is_what_was_declared() -> None:
    codes = fact(registered(nature="report", about={"topic": "taxes"})).codes
    assert codes["nature"] == ("report",)
    assert codes["topic"] == ("taxes",)
    for dimension in ("line", "handled_by", "directorate", "service", "external_body", "exclusion_ground"):
        assert codes[dimension] == ("unknown",)
    assert codes["state"] == ("received",)


@pytest.mark.parametrize(
    ("line", "directorate", "external_body"),
    [("external", "none", "unknown"), ("first", "unknown", "none"), ("second", "unknown", "none")],
)
def test_having_none_is_a_fact_only_where_the_line_says_so(
    line: str, directorate: str, external_body: str
) -> None:
    codes = fact(routed(line=line, directorate=None)).codes
    assert codes["directorate"] == codes["service"] == (directorate,)
    assert codes["external_body"] == (external_body,)
    assert codes["exclusion_ground"] == ("none",)


def test_a_persons_decision_outranks_any_later_one_of_routing() -> None:
    moved = happened("transferred", 2, directorate="financien", decided=["directorate"])
    assert fact(routed(), moved, routed(revision=2)).codes["directorate"] == ("financien",)


def test_the_last_closing_holds_and_the_first_answer_counts() -> None:
    events = [
        routed(),
        happened("closed", 10, qualification="founded", norms_violated=["equality"], topics=["taxes"]),
        happened("reopened", 12),
        happened("closed", 40, qualification="unfounded", norms_violated=[]),
    ]
    found = fact(*events)
    assert found.codes["qualification"] == ("unfounded",)
    assert found.codes["norm"] == ("none",)
    assert found.codes["state"] == ("closed",)
    assert found.days == 10


def test_norms_that_were_not_told_are_unknown_and_an_empty_list_is_none() -> None:
    assert fact(routed()).codes["norm"] == ("unknown",)
    assert fact(routed(), happened("closed", 3)).codes["norm"] == ("unknown",)
    assert fact(routed(), happened("closed", 3, norms_violated=[])).codes["norm"] == ("none",)


def test_closed_says_with_several_values_what_it_was_about() -> None:
    codes = fact(
        routed(about={"topic": "taxes"}),
        happened("closed", 3, topics=["taxes", "various_discussions"], norms_violated=["equality", "privacy"]),
    ).codes
    assert codes["topic"] == ("taxes", "various_discussions")
    assert codes["norm"] == ("equality", "privacy")


@pytest.mark.parametrize(
    ("others", "concerned", "crosses"),
    [
        ([], [], "false"),
        (["politie"], [], "false"),
        (["financien"], [], "true"),
        ([], ["politie"], "false"),
        ([], ["financien"], "true"),
        ([], ["politie", "financien"], "true"),
    ],
)
def test_cross_directorate_is_when_another_than_the_leading_one_is_concerned(
    others: list[str], concerned: list[str], crosses: str
) -> None:
    codes = fact(routed(other_directorates=others), happened("closed", 3, directorates=concerned)).codes
    assert codes["cross_directorate"] == (crosses,)


def test_pauses_are_not_counted_from_the_day_after_the_request_to_that_of_the_receipt() -> None:
    assert fact(routed(), happened("answered", 20)).days == 20
    pause = [happened("paused", 3), happened("paused", 4), happened("resumed", 9), happened("resumed", 11)]
    assert fact(routed(), *pause, happened("answered", 20)).days == 14
    assert fact(routed(), happened("paused", 3), happened("answered", 20)).days == 3
    assert fact(routed(), happened("paused", 3), happened("resumed", 3.01), happened("answered", 20)).days == 20


def test_days_are_local_days_across_summer_time() -> None:
    received = datetime(2021, 3, 27, 22, 30, tzinfo=UTC)  # 23:30, the night the clock goes forward
    answered = happened("answered", 1, received_at=received)  # 00:30 on 29 March
    assert fact(routed(received_at=received), answered).days == 2


def test_what_the_deadline_says_it_took_stands() -> None:
    met = DUE | {"state": "met", "days_taken": 12, "met_at": LATE_ON_31_MARCH + timedelta(days=20)}
    found = fact(routed(), happened("answered", 20), scheduled(2, met))
    assert found.days == 12
    assert found.deadlines[DeadlineKind.ANSWER] == (DeadlineState.MET, 12)
    assert found.codes["answered_in_term"] == ("true",)


@pytest.mark.parametrize(
    ("state", "in_term"),
    [
        ("open", "open"),
        ("paused", "open"),
        ("approaching", "open"),
        ("missed", "false"),
        ("met_late", "false"),
        ("met", "true"),
        ("cancelled", "none"),
    ],
)
def test_in_term_follows_from_how_the_deadline_stands(state: str, in_term: str) -> None:
    codes = fact(routed(), scheduled(1, DUE | {"state": state})).codes
    assert codes["answered_in_term"] == (in_term,)
    assert codes["acknowledged_in_term"] == ("none",)


def test_the_highest_revision_wins_and_may_take_back_a_miss() -> None:
    missed = turned("missed", 2, DUE, days_over=1)
    assert fact(routed(), missed, scheduled(1, DUE)).codes["answered_in_term"] == ("false",)
    back = scheduled(3, DUE | {"state": "met"})
    assert fact(routed(), back, missed, scheduled(1, DUE)).codes["answered_in_term"] == ("true",)
    assert fact(routed(), scheduled(4), back).codes["answered_in_term"] == ("none",)


def test_a_turn_of_the_term_after_reopening_leaves_the_first_answer_as_it_was() -> None:
    met = DUE | {"state": "met", "days_taken": 10}
    second = deadline("answer", "open", date(2021, 8, 1))
    events = [routed(), scheduled(4, met, second), turned("missed", 5, second, days_over=1)]
    assert fact(*events).codes["answered_in_term"] == ("true",)


@pytest.mark.parametrize(("day", "extended"), [(10, "true"), (50, "false")])
def test_an_extension_that_comes_too_late_has_no_effect(day: int, extended: str) -> None:
    events = [routed(), scheduled(1, DUE), happened("extended", day, days=10)]
    assert fact(*events).codes["extended"] == (extended,)


def test_the_last_survey_is_the_score() -> None:
    assert fact(routed(), happened("surveyed", 5, score=3), happened("surveyed", 9, score=8)).score == 8


def test_a_repeat_is_told_by_the_contact_it_repeats() -> None:
    assert fact(registered(repeat_of="LEU-2020-000001")).codes["repeated"] == ("true",)
    assert fact(registered()).codes["repeated"] == ("false",)


def test_what_is_no_code_cannot_become_the_name_of_a_counter() -> None:
    assert is_countable(registered(district="kessel_lo"))
    assert is_countable(happened("answered", 1))
    for district in ("$where", "a.b", "", "Kessel-Lo"):
        assert not is_countable(registered(district=district))


@pytest.mark.parametrize(
    ("course", "closed_on"),
    [
        ([], None),
        ([("answered", 3)], None),
        ([("closed", 3)], date(2021, 4, 3)),
        ([("withdrawn", 2)], date(2021, 4, 2)),
        ([("closed", 3), ("reopened", 5)], None),
        ([("closed", 3), ("reopened", 5), ("closed", 8)], date(2021, 4, 8)),
    ],
)
def test_the_day_of_closing_is_the_last_ones_and_none_once_reopened(
    course: list[tuple[str, float]], closed_on: date | None
) -> None:
    events = [routed(), *(happened(kind, day) for kind, day in course)]
    assert fact(*events).closed_on == closed_on
    assert fact(*reversed(events)).closed_on == closed_on
