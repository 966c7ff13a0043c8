"""What holds for links whatever comes in, however often and in whichever order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.links import NO_LINK, Link, Traced
from tests.unit.intake.messages import CITIZEN, TEXT
from tests.unit.intake.traces import GREEN, POLICE, WASTE, link, reference, traced

CITIZENS = [
    CITIZEN,
    {"email": CITIZEN["email"]},
    {"name": "Wannes Vercruysse", "address": {"street": "Tiensevest 170"}},
    {"name": "Mieke Vercruysse", "phone": CITIZEN["phone"]},
    {"name": "An Ander", "phone": CITIZEN["phone"]},
    {"name": "An Ander", "email": "an.ander@example.org"},
    {"name": "An Ander"},
]
SUBMISSIONS = st.fixed_dictionaries(
    {
        "day": st.sampled_from([0, 0.5, 1, 6, 8, 30, 400]),
        "claimed": st.sampled_from([400, 400.001, 401, 402]),
        "citizen": st.sampled_from(CITIZENS),
        "text": st.sampled_from([TEXT, f"{TEXT} Nog altijd!", "Nog niets.", "Een heel ander verhaal over bomen."]),
        "nature": st.sampled_from([None, "report", "complaint", "compliment"]),
        "about": st.sampled_from([None, WASTE, GREEN, POLICE]),
        "organisation": st.sampled_from(["leuven", "leuven", "leiden"]),
        "anonymous_towards_service": st.sampled_from([False, False, True]),
        "earlier_contact": st.sampled_from([None, {"on": "2021-03-01", "result": "no_answer"}]),
    }
)
GROUPS = st.lists(SUBMISSIONS, min_size=1, max_size=8)


def contacts_of(told: list[dict[str, Any]]) -> list[Traced]:
    """The contacts; what a profile does not know is of no matter for links."""
    return [traced(number, **each) for number, each in enumerate(told)]


def links(contacts: list[Traced], known: list[Traced]) -> dict[str, Link]:
    return {each.claim.reference: link(each, *known, named=tuple(known[:2])) for each in contacts}


@given(GROUPS, st.data())
def test_any_order_and_repetition_of_what_is_known_makes_the_same_links(
    told: list[dict[str, Any]], data: st.DataObject
) -> None:
    contacts = contacts_of(told)
    again = data.draw(st.lists(st.sampled_from(contacts), max_size=4))
    shuffled = data.draw(st.permutations([*contacts, *again]))
    for contact in contacts:
        assert link(contact, *shuffled) == link(contact, *contacts)


@given(GROUPS, st.data())
def test_what_is_claimed_later_changes_no_link(told: list[dict[str, Any]], data: st.DataObject) -> None:
    contacts = contacts_of(told)
    contact = data.draw(st.sampled_from(contacts))
    by_then = [each for each in contacts if each.claim.claimed_at <= contact.claim.claimed_at]
    assert link(contact, *by_then) == link(contact, *contacts)


@given(GROUPS)
def test_a_link_is_to_an_earlier_contact_of_the_same_citizen_and_organisation(
    told: list[dict[str, Any]],
) -> None:
    contacts = contacts_of(told)
    by_reference = {each.claim.reference: each for each in contacts}
    for name, found in links(contacts, contacts).items():
        contact = by_reference[name]
        for earlier in (by_reference[each] for each in found if each):
            assert earlier.claim.reference != name
            assert earlier.claim.organisation == contact.claim.organisation
            assert earlier.claim.received_at <= contact.claim.received_at
            assert earlier.claim.claimed_at <= contact.claim.claimed_at
            assert earlier.trace.sheltered is contact.trace.sheltered
            names = (earlier.trace.marks.name, contact.trace.marks.name)
            assert earlier.trace.marks.all & contact.trace.marks.all or len(names[0] & names[1]) > 1
            assert names[0] & names[1] or not all(names)


@given(GROUPS)
def test_links_never_go_round(told: list[dict[str, Any]]) -> None:
    contacts = contacts_of(told)
    found = links(contacts, contacts)
    for name in found:
        reached: set[str] = set()
        at = [name]
        while at:
            further = {each for each in found[at.pop()] if each} - reached
            reached |= further
            at += further
        assert name not in reached


@given(GROUPS)
def test_a_contact_is_never_both_at_once_of_the_same_one(told: list[dict[str, Any]]) -> None:
    contacts = contacts_of(told)
    for found in links(contacts, contacts).values():
        assert found == NO_LINK or found.repeat_of != found.possible_duplicate_of


def test_the_examples_do_make_links_of_both_kinds() -> None:
    contacts = [traced(0), traced(1, day=1), traced(2, day=20)]
    assert [link(each, *contacts) for each in contacts] == [
        NO_LINK,
        Link(None, reference(0)),
        Link(reference(1), None),
    ]
