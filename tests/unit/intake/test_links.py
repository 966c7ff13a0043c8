"""Which earlier contact a contact repeats, or may double."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.links import Link
from tests.unit.intake.messages import CITIZEN
from tests.unit.intake.traces import GREEN, POLICE, START, WASTE, link, reference, traced

NOTE = "Mevrouw belt: zwarte zak staat al drie weken voor de deur."
ELSE = "Het fietspad langs de vaart ligt vol glasscherven van een feest."
ONE, TWO = reference(1), reference(2)
DOUBLE_OF_ONE, REPEAT_OF_ONE, NOTHING = Link(None, ONE), Link(ONE, None), Link()


def in_vain(on: str = "2021-03-01", **more: Any) -> dict[str, Any]:
    return {"earlier_contact": {"on": on, "result": "no_answer"} | more}


def test_the_same_over_another_channel_may_be_the_same_contact() -> None:
    assert link(traced(2, day=2, channel="phone", text=NOTE), traced(1)) == DOUBLE_OF_ONE


def test_so_may_the_same_over_the_same_channel() -> None:
    assert link(traced(2, day=0.01), traced(1)) == DOUBLE_OF_ONE


@pytest.mark.parametrize(("day", "expected"), [(7, DOUBLE_OF_ONE), (7.01, REPEAT_OF_ONE), (365, REPEAT_OF_ONE)])
def test_later_on_it_repeats_it(day: float, expected: Link) -> None:
    assert link(traced(2, day=day), traced(1)) == expected


def test_after_a_year_it_is_a_new_matter() -> None:
    assert link(traced(2, day=365.01), traced(1)) == NOTHING


def test_once_it_was_dealt_with_it_repeats_it_at_once() -> None:
    answered = {ONE: START + timedelta(days=1)}
    assert link(traced(2, day=2), traced(1), dealt_with=answered) == REPEAT_OF_ONE
    assert link(traced(2, day=0.5), traced(1), dealt_with=answered) == DOUBLE_OF_ONE


def test_with_dissatisfaction_it_repeats_it_at_once() -> None:
    assert link(traced(2, day=2, **in_vain()), traced(1)) == REPEAT_OF_ONE
    assert link(traced(2, day=2, nature="complaint"), traced(1, nature="report")) == REPEAT_OF_ONE
    assert link(traced(2, day=2, nature="complaint"), traced(1, nature="complaint")) == DOUBLE_OF_ONE


def test_the_same_dissatisfaction_told_twice_is_the_same_contact() -> None:
    assert link(traced(2, day=2, **in_vain("2021-02-01")), traced(1, **in_vain("2021-02-01"))) == DOUBLE_OF_ONE


def test_still_nothing_says_enough_where_the_matter_is_stated() -> None:
    first = traced(1, about=WASTE, nature="report")
    short: dict[str, Any] = {"text": "Nog steeds niet gebeurd!", "about": WASTE, "nature": "report"}
    assert link(traced(2, day=3, **short, **in_vain("2021-02-27")), first) == REPEAT_OF_ONE
    assert link(traced(2, day=3, **short), first) == NOTHING
    assert link(traced(2, day=3, **(short | {"about": POLICE}), **in_vain("2021-02-27")), first) == NOTHING


def test_the_day_on_which_the_citizen_came_first_says_which_contact_it_was() -> None:
    assert link(traced(2, day=20, text=ELSE, **in_vain("2021-03-01")), traced(1)) == REPEAT_OF_ONE
    assert link(traced(2, day=20, text=ELSE, **in_vain("2021-03-02")), traced(1)) == NOTHING


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ELSE},
        {"text": ELSE, "about": WASTE},
        {"text": "Mijn zwarte zak werd gestolen terwijl ik drie minuten weg was.", "about": POLICE},
        {"nature": "compliment"},
        {"citizen": {"name": "An Ander", "email": "an.ander@example.org"}},
        {"citizen": CITIZEN | {"name": "An Ander"}},
        {"organisation": "leiden"},
        {"anonymous_towards_service": True},
    ],
)
def test_what_is_something_else_is_not_linked(changes: dict[str, Any]) -> None:
    assert link(traced(2, day=1, **changes), traced(1, about=WASTE)) == NOTHING


def test_nearly_the_same_words_count_though_another_service_was_named() -> None:
    assert link(traced(2, day=1, about=GREEN), traced(1, about=WASTE)) == DOUBLE_OF_ONE


def test_two_who_must_not_become_known_to_the_service_are_linked_to_each_other() -> None:
    sheltered: dict[str, Any] = {"anonymous_towards_service": True}
    assert link(traced(2, day=1, **sheltered), traced(1, **sheltered)) == DOUBLE_OF_ONE


@pytest.mark.parametrize(
    "citizen",
    [
        {"email": CITIZEN["email"]},
        {"phone": "016/112233"},
        {"name": "Vercruysse Wannes", "address": {"street": "tiensevest 170"}},
        {"name": "Wannes Vercruysse", "address": {"postal_code": "3010"}},
        {"name": "Vercruysse", "email": CITIZEN["email"]},
        {"name": "Mieke Vercruysse", "phone": CITIZEN["phone"]},
    ],
)
def test_a_citizen_is_known_again_by_any_mark(citizen: dict[str, Any]) -> None:
    assert link(traced(2, day=1, citizen=citizen), traced(1)) == DOUBLE_OF_ONE


def test_by_name_alone_the_words_must_be_more_alike() -> None:
    first = traced(1, about=WASTE, text=_words("gemeen", 3) + _words("eerste", 9))
    second: dict[str, Any] = {"about": WASTE, "text": _words("gemeen", 3) + _words("tweede", 9)}
    by_name = {"name": "Wannes Vercruysse", "address": {"postal_code": "3010"}}
    assert link(traced(2, day=1, **second), first) == DOUBLE_OF_ONE
    assert link(traced(2, day=1, **(second | {"about": None})), first) == NOTHING
    assert link(traced(2, day=1, citizen=by_name, **second), first) == NOTHING


def _words(name: str, count: int) -> str:
    return "".join(f"{letter * 2}{name} " for letter in "abcdefghi"[:count])


def test_doubles_all_point_to_the_first_and_repeats_to_the_latest() -> None:
    first, second = traced(1), traced(2, day=1)
    assert link(traced(3, day=2), first, second) == Link(None, ONE)
    assert link(traced(3, day=20), first, second) == Link(TWO, None)
    assert link(traced(3, day=20), first, traced(2, day=18)) == Link(ONE, TWO)


def test_a_number_that_the_citizen_names_is_believed() -> None:
    named = traced(1, text=ELSE, about=POLICE)
    contact = traced(2, day=900, **in_vain("2021-03-01", reference=ONE))
    assert link(contact, named=(named,)) == REPEAT_OF_ONE
    assert link(contact, named, named=(named,)) == REPEAT_OF_ONE
    assert link(traced(2, day=1, **in_vain()), traced(1), named=(traced(1),)) == REPEAT_OF_ONE


def test_but_not_from_somebody_else_and_not_of_another_organisation() -> None:
    contact = traced(2, day=1, **in_vain(reference=ONE))
    other = {"name": "An Ander", "email": "an.ander@example.org"}
    assert link(contact, named=(traced(1, citizen=other),)) == NOTHING
    assert link(contact, named=(traced(1, organisation="leiden"),)) == NOTHING
    assert link(contact, named=(traced(1, citizen=other | {"name": "Wannes J. Vercruysse"}),)) == REPEAT_OF_ONE


def test_nothing_is_linked_to_what_came_or_was_claimed_later() -> None:
    assert link(traced(1), traced(2, day=1)) == NOTHING
    assert link(traced(1, day=1, claimed=1), traced(2, claimed=2)) == NOTHING
    assert link(traced(1), traced(1)) == NOTHING
