"""Parts that make up a whole, and conditions that everybody meets: against all there is to try."""

from collections.abc import Mapping
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.conditions import Conditions, Values, apart, both
from services.reporting.domain.implied import Implied, implied_by, sharpened, without_implied
from services.reporting.domain.side_by_side import side_by_side

VALUES = {"line": ("external", "first", "second"), "channel": ("email", "phone", "visit"), "topic": ("a", "b")}
Contact = Mapping[str, str]

contacts = st.lists(st.fixed_dictionaries({name: st.sampled_from(of) for name, of in VALUES.items()}), max_size=9)
conditions = st.fixed_dictionaries(
    {}, optional={name: st.frozensets(st.sampled_from(of), min_size=1) for name, of in VALUES.items()}
)
parts = st.lists(st.tuples(conditions, st.integers(1, 5)), max_size=6)


def those(contacts: list[Contact], of: Conditions) -> list[Contact]:
    return [each for each in contacts if all(each[name] in values for name, values in of.items())]


@given(parts, st.integers(1, 12))
def test_every_choice_is_found_once(parts: list[tuple[Conditions, int]], together: int) -> None:
    choices = chain.from_iterable(combinations(range(len(parts)), often) for often in range(1, len(parts) + 1))
    wanted = [
        list(choice)
        for choice in choices
        if sum(parts[at][1] for at in choice) == together
        and all(apart(parts[one][0], parts[other][0]) for one, other in combinations(choice, 2))
    ]
    assert sorted(side_by_side(together, parts)) == sorted(wanted)


@given(contacts, conditions, conditions)
def test_who_is_among_both(contacts: list[Contact], one: Conditions, other: Conditions) -> None:
    common = [each for each in those(contacts, one) if each in those(contacts, other)]
    together = both(one, other)
    if together is not None:
        assert those(contacts, together) == common
    if apart(one, other):
        assert common == []


@given(
    contacts,
    conditions,
    st.lists(st.tuples(st.sampled_from([("line",), ("channel",), ("line", "channel"), ("topic",)]), conditions)),
)
def test_without_what_is_implied_they_are_the_same(
    contacts: list[Contact], of: Conditions, tables: list[tuple[tuple[str, ...], Conditions]]
) -> None:
    implied: list[Implied] = []
    for by, where in tables:
        rows: set[tuple[Values, ...]] = {
            tuple(frozenset({each[name]}) for name in by) for each in those(contacts, where)
        }
        implied += implied_by(by, where, sorted(rows, key=str))
    fewer = without_implied(of, implied)
    assert fewer.keys() <= of.keys()
    assert those(contacts, fewer) == those(contacts, of) == those(contacts, sharpened(of, implied))
