"""What would be decided otherwise, counted."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.changes import FIELDS, Change, Changes, by_count, changes
from shared.contracts.decision import Decision

DECISIONS = st.builds(
    Decision,
    nature=st.sampled_from(["question", "complaint", None]),
    line=st.sampled_from(["first", "second", "external", None]),
    handled_by=st.sampled_from(["service", "ombuds_service", None]),
    directorate=st.sampled_from(["politie", "sport", None]),
    service=st.sampled_from(["groen", None]),
    other_directorates=st.lists(st.sampled_from(["politie", "sport"]), max_size=3).map(tuple),
    external_body=st.sampled_from(["fluvius", None]),
    exclusion_grounds=st.lists(st.sampled_from(["anonymous", "legal_proceedings"]), max_size=2).map(tuple),
    confidence=st.floats(0, 1),
    needs_review=st.booleans(),
    profile_version=st.just("v"),
)


def decision(**fields: Any) -> Decision:
    return Decision.model_validate({"confidence": 0.9, "needs_review": False, "profile_version": "v"} | fields)


@given(DECISIONS)
def test_nothing_differs_from_itself(one: Decision) -> None:
    assert changes(one, one) == ()


@given(DECISIONS, DECISIONS)
def test_the_way_back_is_the_mirror(one: Decision, other: Decision) -> None:
    back = [Change(each.field, each.now, each.before) for each in changes(other, one)]
    assert list(changes(one, other)) == back


@given(st.lists(st.tuples(DECISIONS, DECISIONS), max_size=20), st.integers(0, 3))
def test_every_contact_is_counted(decided: list[tuple[Decision, Decision]], most: int) -> None:
    found = Changes(most)
    for number, (before, now) in enumerate(decided):
        found.add(f"LEU-{number}", before, now)
    assert found.contacts == len(decided)
    assert found.otherwise == sum(bool(changes(*each)) for each in decided)
    assert sum(found.counts.values()) == sum(len(changes(*each)) for each in decided)
    to_review = sum(now.needs_review for _, now in decided) - sum(before.needs_review for before, _ in decided)
    assert found.newly_to_review - found.no_longer_to_review == to_review
    for change, count in found.counts.items():
        assert len(found.examples[change]) == min(count, most)
    assert found.any is any(
        changes(before, now) or before.needs_review != now.needs_review for before, now in decided
    )


def test_a_change_tells_field_and_both_values() -> None:
    (change,) = changes(decision(directorate="politie"), decision(directorate="sport"))
    assert str(change) == "directorate: politie -> sport"
    (change,) = changes(decision(), decision(exclusion_grounds=("legal_proceedings", "anonymous")))
    assert str(change) == "exclusion_grounds: none -> anonymous, legal_proceedings"


def test_confidence_and_reasons_alone_are_no_change() -> None:
    assert changes(decision(confidence=0.1), decision(confidence=0.9)) == ()


def test_the_order_of_a_list_is_none() -> None:
    one, other = decision(other_directorates=("a", "b")), decision(other_directorates=("b", "a"))
    assert changes(one, other) == ()


def test_the_most_frequent_change_comes_first() -> None:
    few, many = Change("line", "first", "second"), Change("nature", "report", "question")
    assert by_count({few: 1, many: 2}) == [(many, 2), (few, 1)]


def test_every_field_of_a_decision_counts_but_how_it_came_about() -> None:
    about_it = {"confidence", "needs_review", "reasons", "profile_version"}
    assert {*FIELDS} == Decision.model_fields.keys() - about_it
