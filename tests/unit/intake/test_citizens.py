"""A citizen is known again by keyed hashes, whichever way the address or number is written."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.citizens import MARK_BYTES, Marks, marks_of, name_words, normal_email, normal_phones
from shared.contracts.submission import Citizen
from tests.unit.intake.messages import CITIZEN, KEYS

OTHER_KEY = bytes(reversed(range(32)))


def marks(*keys: bytes, organisation: str = "leuven", country: str = "BE", **citizen: Any) -> Marks:
    return marks_of(Citizen.model_validate(citizen), organisation=organisation, country=country, keys=keys or KEYS)


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("Wannes@Example.ORG", "wannes@example.org"),
        ("wannes+leuven@example.org", "wannes@example.org"),
        ("wannes@example.org.", "wannes@example.org"),
        ("wannes.vercruysse@example.org", "wannes.vercruysse@example.org"),
        ("+nieuws@example.org", "+nieuws@example.org"),
    ],
)
def test_one_mailbox_has_one_spelling(written: str, mailbox: str) -> None:
    assert normal_email(written) == mailbox


@pytest.mark.parametrize(
    ("written", "country", "numbers"),
    [
        ("016 11 22 33", "BE", ("3216112233",)),
        ("016/11.22.33", "BE", ("3216112233",)),
        ("+32 16 11 22 33", "NL", ("3216112233",)),
        ("0032 (0)16 11 22 33", "BE", ("3216112233",)),
        ("+32 (0)16 11 22 33", "BE", ("3216112233",)),
        ("+32 016 11 22 33", "BE", ("3216112233",)),
        ("32 16 11 22 33", "BE", ("3216112233",)),
        ("0470 12 34 56 na zes uur", "BE", ("32470123456",)),
        ("470123456", "BE", ("32470123456",)),
        ("016 11 22 33 of 0470/12.34.56", "BE", ("3216112233", "32470123456")),
        ("06-12345678", "NL", ("31612345678",)),
        ("071 123 4567", "NL", ("31711234567",)),
        ("+1 (212) 555-0100", "BE", ("12125550100",)),
        ("016 11 22 33 / 016 11 22 33", "BE", ("3216112233",)),
        ("niet bereikbaar", "BE", ()),
        ("112", "BE", ()),
        ("", "BE", ()),
        ("0" * 40, "BE", ()),
    ],
)
def test_one_number_has_one_spelling(written: str, country: str, numbers: tuple[str, ...]) -> None:
    assert normal_phones(written, "", country) == numbers


def test_a_number_without_a_country_is_of_where_the_citizen_lives() -> None:
    assert normal_phones("06-12345678", "nl", "BE") == ("31612345678",)
    assert normal_phones("0470 12 34 56", "Nederland", "BE") == ("32470123456",)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Wannes Vercruysse", ("vercruysse", "wannes")),
        ("dhr. VERCRUYSSE, Wannes", ("vercruysse", "wannes")),
        ("José Van den Bruël", ("bruel", "jose")),
        ("W. Vercruysse", ("vercruysse",)),
        ("Familie De Smet", ("smet",)),
        ("???", ()),
    ],
)
def test_a_name_is_the_words_that_tell_whose(written: str, words: tuple[str, ...]) -> None:
    assert name_words(written) == words


def test_the_same_citizen_has_the_same_marks_however_written() -> None:
    one = marks(email="Wannes.Vercruysse@example.org", phone="016 11 22 33", name="Vercruysse Wannes")
    other = marks(email="wannes.vercruysse+a@EXAMPLE.org", phone="+32 16 112233", name="Wannes Vercruysse")
    assert one == other
    assert len(one.strong) == 2


def test_a_name_alone_is_nobody() -> None:
    assert marks(name="Wannes Vercruysse").all == frozenset()
    assert marks(name="Vercruysse", address={"street": "Tiensevest 170", "postal_code": "3010"}).all == frozenset()
    assert marks_of(None, organisation="leuven", country="BE", keys=KEYS) == Marks()


def test_a_name_with_a_street_or_a_postal_code_is_a_weak_mark() -> None:
    found = marks(name="Wannes Vercruysse", address={"street": "Tiensevest 170", "postal_code": "3010 "})
    assert (len(found.strong), len(found.weak)) == (0, 2)
    elsewhere = marks(name="Wannes Vercruysse", address={"street": "TIENSEVEST, 170"})
    assert elsewhere.weak < found.weak


def test_an_organisation_cannot_know_the_citizens_of_another_again() -> None:
    assert not marks(**CITIZEN).all & marks(organisation="leiden", **CITIZEN).all


def test_another_key_makes_other_marks_and_several_keys_make_those_of_each() -> None:
    first, second = marks(**CITIZEN), marks(OTHER_KEY, **CITIZEN)
    assert not first.all & second.all
    both = marks(*KEYS, OTHER_KEY, **CITIZEN)
    assert both.all == first.all | second.all
    assert both.name == first.name | second.name


@given(email=st.emails(), name=st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text))
def test_without_the_key_nothing_that_was_written_can_be_tried_against_a_mark(email: str, name: str) -> None:
    found = marks(email=email, name=name)
    hashes = {hashlib.sha256(each.encode()).digest() for each in (email, normal_email(email), name)}
    kept = found.all | found.name
    assert all(len(mark) == MARK_BYTES for mark in kept)
    assert not kept & {each[:MARK_BYTES] for each in hashes}
    assert not kept & (
        marks(OTHER_KEY, email=email, name=name).all | marks(OTHER_KEY, email=email, name=name).name
    )


def test_marks_are_not_shown() -> None:
    assert "strong" not in repr(marks(**CITIZEN))
