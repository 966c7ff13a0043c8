"""Two sides: complete, disjoint, and no contact ever moves from one to the other."""

from hypothesis import given
from hypothesis import strategies as st

from services.routing.learning.labels import Useless
from services.routing.learning.splitting import Division, Lessons
from shared.contracts.identifiers import ContactState
from shared.contracts.past_contact import PastContact
from tests.unit.routing.cases import LEUVEN
from tests.unit.routing.learning.past import past

VERSION = LEUVEN.versions[-1]
SHARES = st.floats(0.05, 0.9)
SEEDS = st.integers(0, 1000)
NUMBERS = st.sets(st.integers(1, 10_000), max_size=60)


def sides_of(contacts: list[PastContact], division: Division, most: int = 1000) -> tuple[list[str], list[str]]:
    lessons = Lessons(most, division.seed)
    lessons.add(contacts, VERSION)
    learnt, held_back = lessons.sides(division)
    return [each.contact.reference for each in learnt], [each.contact.reference for each in held_back]


@given(NUMBERS, SHARES, SEEDS)
def test_sides_are_complete_and_disjoint(numbers: set[int], share: float, seed: int) -> None:
    contacts = [past(number) for number in numbers]
    learnt, held_back = sides_of(contacts, Division(share, seed))
    assert sorted(learnt + held_back) == sorted(each.reference for each in contacts)


@given(NUMBERS, NUMBERS, SHARES, SEEDS)
def test_other_contacts_and_their_order_move_none(
    numbers: set[int], others: set[int], share: float, seed: int
) -> None:
    division = Division(share, seed)
    few, _ = sides_of([past(number) for number in numbers], division)
    many, _ = sides_of([past(number) for number in sorted(numbers | others, reverse=True)], division)
    ours = {past(number).reference for number in numbers}
    assert [each for each in many if each in ours] == few


@given(st.text(min_size=1), SHARES, SHARES, SEEDS)
def test_a_smaller_share_holds_back_only_what_a_larger_one_does(
    key: str, one: float, other: float, seed: int
) -> None:
    small, large = sorted((one, other))
    assert Division(large, seed).holds_back(key) or not Division(small, seed).holds_back(key)


def test_about_the_share_that_was_asked_for_is_held_back_and_the_seed_says_which() -> None:
    keys = [f"LEU-2026-{number:06}" for number in range(5000)]
    one = {key for key in keys if Division(0.2, 7).holds_back(key)}
    assert 900 < len(one) < 1100
    assert one != {key for key in keys if Division(0.2, 8).holds_back(key)}


@given(st.integers(1, 50), SEEDS)
def test_contacts_about_the_same_matter_stay_together(number: int, seed: int) -> None:
    first = past(number)
    again = [
        past(1000 + number, asked={"possible_duplicate_of": first.reference}),
        past(2000 + number, asked={"repeat_of": first.reference}),
    ]
    learnt, held_back = sides_of([first, *again], Division(0.5, seed))
    assert {len(learnt), len(held_back)} == {0, 3}


@given(NUMBERS, st.integers(1, 20), SEEDS)
def test_of_too_many_the_same_ones_are_kept_in_whatever_order_they_come(
    numbers: set[int], most: int, seed: int
) -> None:
    contacts = [past(number) for number in sorted(numbers)]
    division = Division(0.5, seed)
    one, other = sides_of(contacts, division, most), sides_of(contacts[::-1], division, most)
    assert one == other
    assert sum(map(len, one)) == min(most, len(contacts))


def test_a_contact_that_comes_twice_counts_once_and_what_teaches_nothing_is_counted_by_why() -> None:
    lessons = Lessons(10, 7)
    lessons.add([past(1), past(1), past(2, state=ContactState.OPEN)], VERSION)
    learnt, held_back = lessons.sides(Division(0.5, 7))
    assert len(learnt) + len(held_back) == 1
    assert lessons.useless == {Useless.NOT_SETTLED: 1}
