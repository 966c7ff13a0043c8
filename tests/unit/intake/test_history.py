from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.follow_ups import tell_follow_up
from services.intake.domain.history import HistoryEntry, StandingDeadline, picture, standing_deadlines
from services.intake.domain.inbound import read_follow_up
from shared.contracts.events import Event, parse_event
from shared.contracts.identifiers import ContactState, DeadlineState
from tests.unit.intake.messages import follow_up, met, missed, routed, scheduled, spelled
from tests.unit.intake.test_registration import contact_of


def told(kind: str, at: str, data: dict[str, object] | None = None) -> Event:
    message = follow_up(kind, data, follow_up_id=f"{kind}-{at}", occurred_at=f"2021-03-{at}T10:00:00+01:00")
    read = read_follow_up(spelled(message))
    return tell_follow_up(read.follow_up, reference="LEU-2021-000001", submission_id="form-1").event


EVENTS = [
    contact_of().registered,
    routed(1),
    routed(2, directorate="politie", service="wijkpolitie"),
    told("acknowledged", "05"),
    told("information_requested", "06"),
    told("information_received", "08"),
    told("transferred", "09", {"reason": "x", "directorate": "financien", "service": None}),
    told("transferred", "10", {"reason": "x", "topic": None, "line": "second"}),
    told("answered", "11"),
    told("closed", "12", {"qualification": "gegrond"}),
    told("reopened", "13", {"reason": "x"}),
    scheduled(1, {"kind": "acknowledgement"}, {"kind": "answer"}),
    missed(2, "acknowledgement"),
    scheduled(3, {"kind": "answer"}),
    missed(4),
    met(6, 0),
    scheduled(5, {"kind": "acknowledgement", "state": "met"}, {"kind": "answer"}),
]


@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS)))
def test_order_and_repetition_make_no_difference(order: list[Event], again: list[Event]) -> None:
    # What is late is an event that comes after all others: one of the orders.
    assert picture(map(HistoryEntry, [*order, *again])) == picture(map(HistoryEntry, EVENTS))


def test_a_contact_as_it_stands() -> None:
    now = picture(map(HistoryEntry, EVENTS))
    assert now.state is ContactState.OPEN
    assert now.standing.directorate == "financien"
    assert now.standing.line == "second"
    assert len(now.history) == len(EVENTS)
    assert now.decisions[0] is EVENTS[2]
    assert [(each.kind, each.state) for each in now.deadlines] == [("acknowledgement", "met"), ("answer", "met")]


def test_without_any_event_it_is_received() -> None:
    assert picture([]).state is ContactState.RECEIVED
    assert picture([HistoryEntry(contact_of().registered)]).state is ContactState.RECEIVED


def states(*events: Event) -> dict[str, str]:
    orders = [standing_deadlines(order) for order in permutations(events)]
    assert all(order == orders[0] for order in orders)
    return {each.kind.value: each.state.value for each in orders[0]}


def test_a_schedule_replaces_all_before_it_and_takes_back_a_miss() -> None:
    assert states(scheduled(1, {"kind": "answer"}), missed(2)) == {"answer": "missed"}
    assert states(scheduled(1, {"kind": "answer"}), missed(2), scheduled(3, {"kind": "answer"})) == {
        "answer": "open"
    }
    assert states(scheduled(1, {"kind": "answer"}), missed(2), scheduled(3)) == {}


@pytest.mark.parametrize(("days_over", "state"), [(0, DeadlineState.MET), (3, DeadlineState.MET_LATE)])
def test_what_is_met_is_met_in_time_or_late(days_over: int, state: DeadlineState) -> None:
    assert states(scheduled(1, {"kind": "answer"}), met(2, days_over)) == {"answer": state.value}


def test_a_turn_keeps_the_policy_of_the_schedule_before_it() -> None:
    (deadline,) = standing_deadlines([scheduled(1, {"kind": "answer"}), missed(2)])
    assert isinstance(deadline, StandingDeadline)
    assert (deadline.policy, deadline.revision) == ("leuven_answer", 2)
    (alone,) = standing_deadlines([missed(2)])
    assert alone.policy is None


def test_a_reopened_contact_has_two_answers_on_record() -> None:
    second = {"kind": "answer", "due_on": "2021-06-30", "due_at": "2021-06-30T22:00:00Z", "state": "missed"}
    first = {"kind": "answer", "state": "met"}
    both = standing_deadlines([scheduled(1, {"kind": "answer"}), met(2, 0), scheduled(4, first, second)])
    assert [(each.kind.value, each.state.value) for each in both] == [("answer", "met"), ("answer", "missed")]
    late_turn_of_the_first = standing_deadlines([scheduled(4, first, second), met(3, 2)])
    assert [each.state.value for each in late_turn_of_the_first] == ["met", "missed"]


def test_an_event_reads_back_as_it_was_told() -> None:
    for event in EVENTS:
        assert parse_event(dict(event.headers()), event.body()) == event
