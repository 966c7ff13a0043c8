"""What is handed out of a contact: what was asked, decided and corrected, and nothing of who it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.past_contacts import past_contact
from services.intake.domain.registration import Contact
from shared.contracts.events import ContactTransferred, Event
from shared.contracts.identifiers import ContactState
from shared.contracts.past_contact import PastContact
from tests.unit.intake.messages import CITIZEN, NOW, TEXT, an_event, routed
from tests.unit.intake.test_registration import contact_of

PRIVATE = ["Vercruysse", "wannes.", "Tiensevest", "+32", "reden", "behandelaar", "<mail-id@sender.example>"]


def a_contact() -> Contact:
    return contact_of(submission_id="<mail-id@sender.example>", subject="Zwarte zak", channel="email")


def transferred(number: int = 1, **decided: Any) -> Event:
    data = {"follow_up_id": f"t-{number}", "occurred_at": NOW, "decided": tuple(decided)} | decided
    return an_event("contact.transferred.v1", ContactTransferred.model_validate(data), str(number))


def test_a_correction_stands_beside_the_decision_it_corrects() -> None:
    told = past_contact(a_contact(), [routed(), transferred(directorate="politie", service="wijkpolitie")])
    assert told.routed is not None
    assert (told.routed.directorate, told.routed.service) == ("openbaar_domein", "afvalbeheer")
    assert (told.stands.directorate, told.stands.service) == ("politie", "wijkpolitie")
    assert told.decided_by_people == ("directorate", "service")
    assert (told.asked.subject, told.asked.text) == ("Zwarte zak", TEXT)


def test_without_a_transfer_the_decision_stands_as_it_is() -> None:
    told = past_contact(a_contact(), [routed()])
    assert told.routed is not None
    assert told.stands.service == told.routed.service
    assert told.decided_by_people == ()


def test_what_nobody_has_decided_yet_is_told_as_such() -> None:
    told = past_contact(a_contact(), [])
    assert (told.routed, told.stands.nature, told.state) == (None, None, ContactState.RECEIVED)


def test_who_it_was_is_not_told() -> None:
    line = past_contact(a_contact(), [routed(), transferred(nature="question")]).model_dump_json()
    assert str(CITIZEN["name"]) not in line
    for private in PRIVATE:
        assert private not in line


def test_what_is_written_reads_as_the_same() -> None:
    told = past_contact(a_contact(), [routed(), transferred(exclusion_grounds=())])
    assert PastContact.model_validate_json(told.model_dump_json(by_alias=True)) == told


@given(st.permutations([routed(1), routed(2, service="wegbeheer"), transferred(1, nature="question"),
                        transferred(2, line="first")]), st.integers(0, 3))  # fmt: skip
def test_order_and_repetition_make_no_difference(events: list[Event], again: int) -> None:
    contact = a_contact()
    assert past_contact(contact, [*events, events[again]]) == past_contact(contact, sorted(events, key=str))
