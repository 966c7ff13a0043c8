"""A contact is the set of its events: order, repetition and lateness make no difference."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.events import EVENT_TYPES, FOLLOW_UP_EVENT_TYPES, Envelope, Event
from shared.contracts.identifiers import ContactState, FollowUpKind, HandledBy, Line, Nature
from shared.contracts.lifecycle import (
    Standing,
    contact_state,
    in_order,
    registration,
    routing_decision,
    standing,
)

START = datetime(2021, 3, 4, 8, 0, tzinfo=UTC)
DIRECTORATES = ("public_space", "finance", None)


def event(type_: str, id_: str, **data: Any) -> Event:
    envelope = Envelope(
        id=id_,
        type=type_,
        source="contactpunt/test",
        subject="LEU-2021-000123",
        time=START,
        organisation="leuven",
        correlation_id="c",
        causation_id="c",
    )
    return Event.model_construct(envelope=envelope, data=EVENT_TYPES[type_].model_validate(data))


def follow_up(kind: str, hours: float, id_: str | None = None, **data: Any) -> Event:
    id_ = id_ or f"{kind}-{hours}"
    moment = START + timedelta(hours=hours)
    return event(FOLLOW_UP_EVENT_TYPES[FollowUpKind(kind)], id_, follow_up_id=id_, occurred_at=moment, **data)


def transferred(hours: float, id_: str | None = None, **decided: Any) -> Event:
    return follow_up("transferred", hours, id_, decided=tuple(decided), **decided)


REGISTERED: dict[str, Any] = {
    "submission_id": "form-1",
    "channel": "web_form",
    "received_at": START,
    "registered_at": START + timedelta(seconds=1),
    "district": "unknown",
    "repeat_of": "LEU-2021-000077",
    "about": {"topic": "waste"},
}


def registered() -> Event:
    return event("contact.registered.v1", "registered", **REGISTERED, nature="complaint")


def routed(revision: int = 1, model: int = 0, profile_hash: str = "aa", **decision: Any) -> Event:
    decided = {"confidence": 1.0, "needs_review": False, "profile_version": f"r{revision}"} | decision
    return event(
        "contact.routed.v1",
        f"routed-{revision}-{model}-{profile_hash}",
        **REGISTERED,
        **decided,
        declared_nature="complaint",
        profile_revision=revision,
        profile_hash=profile_hash,
        model_version=model,
    )


OURS = routing_decision(
    [
        routed(
            nature="complaint",
            line="first",
            handled_by="complaints_coordination",
            directorate="public_space",
            service="green",
            other_directorates=("finance",),
        )
    ]
)


def outcome(events: list[Event]) -> tuple[Any, ...]:
    follow_ups = in_order(events)
    now = standing(routing_decision(events), follow_ups)
    return registration(events), routing_decision(events), follow_ups, now, contact_state(now, follow_ups)


def state(*events: Event) -> ContactState:
    return outcome(list(events))[-1]  # type: ignore[no-any-return]


follow_ups = st.builds(
    lambda kind, hours, id_, directorate: {
        "transferred": lambda: transferred(hours, id_, directorate=directorate),
        "escalated": lambda: follow_up(kind, hours, id_, to="ombuds"),
        "surveyed": lambda: follow_up(kind, hours, id_, score=7),
    }.get(kind, lambda: follow_up(kind, hours, id_))(),
    st.sampled_from([kind.value for kind in FollowUpKind]),
    st.integers(0, 4),
    st.uuids().map(str),
    st.sampled_from(DIRECTORATES),
)
decisions = st.builds(
    lambda revision, model, hash_, review: routed(
        revision, model, hash_, needs_review=review, directorate=None if review else f"d{revision}{model}{hash_}"
    ),
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from(["aa", "bb"]),
    st.booleans(),
)
histories = st.lists(
    st.one_of(follow_ups, decisions, st.just(registered())), max_size=12, unique_by=lambda each: each.envelope.id
)


@given(histories, st.data())
def test_any_order_and_repetition_comes_to_the_same(events: list[Event], data: st.DataObject) -> None:
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=6) if events else st.just([]))
    shuffled = data.draw(st.permutations(repeated))
    assert outcome(shuffled) == outcome(events)


@given(histories)
def test_the_whole_is_as_known_from_each_end(events: list[Event]) -> None:
    assert outcome(events[::-1]) == outcome(events)


def test_nothing_is_known_of_a_contact_without_events() -> None:
    assert outcome([]) == (None, None, [], Standing(), ContactState.RECEIVED)


def test_follow_ups_go_by_when_they_happened_then_kind_then_id() -> None:
    first, second, third, fourth = (
        follow_up("withdrawn", 1, "z"),
        follow_up("acknowledged", 2, "y"),
        follow_up("answered", 2, "a"),
        follow_up("answered", 2, "b"),
    )
    assert [fact.follow_up_id for fact in in_order([fourth, third, second, first])] == ["z", "y", "a", "b"]


def test_a_follow_up_counts_once() -> None:
    assert len(in_order([follow_up("answered", 1, "a")] * 3)) == 1


def test_one_moment_in_two_zones_is_one_moment() -> None:
    early = follow_up("answered", 1, "a")
    late = event(
        "contact.answered.v1",
        "b",
        follow_up_id="b",
        occurred_at=datetime.fromisoformat("2021-03-04T08:30:00-02:00"),
    )
    assert [fact.follow_up_id for fact in in_order([late, early])] == ["a", "b"]


def test_a_reused_id_that_slipped_through_still_gives_one_answer() -> None:
    one, other = follow_up("answered", 1, "a"), follow_up("closed", 2, "a")
    assert in_order([one, other]) == in_order([other, one])


class TestRegistration:
    def test_from_its_own_event(self) -> None:
        assert registration([registered()]) == registered().data

    def test_from_the_decision_that_repeats_it(self) -> None:
        told = registration([routed(nature="question")])
        assert told == registered().data
        assert told is not None
        assert told.nature is Nature.COMPLAINT

    def test_its_own_event_goes_before_the_decision(self) -> None:
        own = event("contact.registered.v1", "r", **(REGISTERED | {"district": "heverlee"}), nature=None)
        assert registration([routed(), own]) == registration([own, routed()]) == own.data

    def test_of_two_decisions_the_one_that_holds_tells_it(self) -> None:
        low, high = routed(1), routed(2, needs_review=True)
        assert registration([low, high]) == registration([high, low]) == registered().data


class TestRoutingDecision:
    @pytest.mark.parametrize(
        ("lower", "higher"),
        [
            (routed(1), routed(2)),
            (routed(1, model=9), routed(2, model=0)),
            (routed(2, model=0), routed(2, model=1)),
            (routed(2, 1, "aa"), routed(2, 1, "bb")),
            (routed(9), routed(10)),
        ],
    )
    def test_the_higher_profile_and_then_the_higher_model_holds(self, lower: Event, higher: Event) -> None:
        assert routing_decision([lower, higher]) == routing_decision([higher, lower]) == higher.data


class TestStanding:
    def test_is_routings_decision(self) -> None:
        decision = routed(
            nature="complaint",
            line="second",
            handled_by="ombuds_service",
            directorate="public_space",
            service="waste",
            other_directorates=("finance",),
            exclusion_grounds=("anonymous",),
        )
        assert standing(routing_decision([decision]), []) == Standing(
            nature=Nature.COMPLAINT,
            line=Line.SECOND,
            handled_by=HandledBy.OMBUDS_SERVICE,
            directorate="public_space",
            service="waste",
            other_directorates=("finance",),
            exclusion_grounds=("anonymous",),
            topic="waste",
            routed=True,
        )

    def test_a_person_outranks_every_decision_of_routing(self) -> None:
        events = [transferred(1, directorate="finance"), routed(99, 99, directorate="public_space")]
        now = standing(routing_decision(events), in_order(events))
        assert now.directorate == "finance"

    def test_a_person_ends_a_review(self) -> None:
        events = [routed(needs_review=True), transferred(1, service="waste")]
        now = standing(routing_decision(events), in_order(events))
        assert (now.needs_review, now.routed) == (False, True)

    def test_a_person_decides_before_routing_has(self) -> None:
        now = standing(None, in_order([transferred(1, line="first")]))
        assert (now.line, now.routed) == (Line.FIRST, True)

    def test_what_a_person_left_out_stays_routings(self) -> None:
        events = [routed(directorate="public_space", service="waste"), transferred(1, service="roads")]
        now = standing(routing_decision(events), in_order(events))
        assert (now.directorate, now.service) == ("public_space", "roads")

    def test_a_transfer_outside_leaves_nothing_of_ours(self) -> None:
        now = standing(OURS, in_order([transferred(1, line="external", external_body="unia")]))
        assert (now.line, now.handled_by, now.external_body) == ("external", "external_body", "unia")
        assert (now.directorate, now.service, now.other_directorates) == (None, None, ())

    def test_an_external_body_makes_it_external(self) -> None:
        assert standing(OURS, in_order([transferred(1, external_body="unia")])).line == "external"

    def test_another_directorate_takes_the_service_with_it(self) -> None:
        now = standing(OURS, in_order([transferred(1, directorate="finance")]))
        assert (now.directorate, now.service) == ("finance", None)

    def test_the_same_directorate_keeps_the_service(self) -> None:
        assert standing(OURS, in_order([transferred(1, directorate="public_space")])).service == "green"

    def test_a_transfer_back_leaves_no_external_body(self) -> None:
        there_and_back = [
            transferred(1, external_body="unia"),
            transferred(2, line="second", directorate="finance"),
        ]
        now = standing(OURS, in_order(there_and_back))
        assert (now.line, now.handled_by, now.external_body) == ("second", "ombuds_service", None)

    def test_the_first_line_is_the_services_unless_somebody_of_ours_has_it(self) -> None:
        assert standing(OURS, in_order([transferred(1, line="first")])).handled_by == "complaints_coordination"
        from_outside = [transferred(1, external_body="unia"), transferred(2, line="first", directorate="finance")]
        assert standing(OURS, in_order(from_outside)).handled_by == "service"

    def test_what_a_person_says_goes_before_what_follows(self) -> None:
        now = standing(OURS, in_order([transferred(1, line="first", handled_by="ombuds_service")]))
        assert now.handled_by == "ombuds_service"

    def test_null_takes_away(self) -> None:
        events = [
            routed(service="waste", other_directorates=("finance",)),
            transferred(1, service=None, other_directorates=None),
        ]
        now = standing(routing_decision(events), in_order(events))
        assert (now.service, now.other_directorates) == (None, ())

    def test_the_last_person_holds_by_when_it_happened(self) -> None:
        events = [transferred(2, directorate="finance"), transferred(1, directorate="public_space")]
        assert standing(None, in_order(events)).directorate == "finance"


class TestState:
    @pytest.mark.parametrize(
        ("kinds", "expected"),
        [
            ([], "open"),
            (["acknowledged"], "open"),
            (["information_requested"], "paused"),
            (["information_received"], "open"),
            (["information_requested", "information_requested", "information_received"], "open"),
            (["information_requested", "answered"], "answered"),
            (["answered"], "answered"),
            (["answered", "information_requested"], "answered"),
            (["answered", "closed"], "closed"),
            (["closed"], "closed"),
            (["closed", "answered"], "closed"),
            (["closed", "withdrawn"], "closed"),
            (["withdrawn"], "withdrawn"),
            (["withdrawn", "closed"], "withdrawn"),
            (["withdrawn", "reopened"], "open"),
            (["closed", "reopened"], "open"),
            (["closed", "reopened", "answered"], "answered"),
            (["escalated"], "escalated"),
            (["escalated", "acknowledged"], "escalated"),
            (["escalated", "closed"], "closed"),
            (["closed", "escalated"], "escalated"),
            (["extended"], "open"),
            (["closed", "surveyed"], "closed"),
        ],
    )
    def test_follows_what_happened(self, kinds: list[str], expected: str) -> None:
        data: dict[str, dict[str, Any]] = {"escalated": {"to": "ombuds"}, "surveyed": {"score": 7}}
        events = [follow_up(kind, hours, **data.get(kind, {})) for hours, kind in enumerate(kinds)]
        assert state(routed(), *events) == expected

    def test_is_received_until_it_is_routed(self) -> None:
        assert state(registered()) == "received"
        assert state(registered(), follow_up("acknowledged", 1)) == "received"

    def test_is_in_review_while_nobody_could_decide(self) -> None:
        assert state(registered(), routed(needs_review=True)) == "in_review"
        assert state(registered(), routed(needs_review=True), transferred(1, service="waste")) == "open"

    def test_an_answer_needs_no_routing(self) -> None:
        assert state(registered(), follow_up("answered", 1)) == "answered"
        assert state(routed(needs_review=True), follow_up("withdrawn", 1)) == "withdrawn"
