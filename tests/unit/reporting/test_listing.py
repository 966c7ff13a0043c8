"""Cursors: opened where they were sealed, for the question they were sealed for, and nowhere else."""

from datetime import date

from hypothesis import assume, example, given
from hypothesis import strategies as st

from services.reporting.domain.listing import Place, fingerprint, opened, pseudonym, sealed
from services.reporting.domain.question import Question
from tests.unit.reporting.random_facts import DAYS, questions

KEY = b"k" * 32
REFERENCES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(DAYS, REFERENCES, questions())
def test_a_cursor_tells_its_place(day: date, contact: str, question: Question) -> None:
    asked = fingerprint(question, ())
    cursor = sealed(Place(day, contact), KEY, asked)
    assert opened(cursor, KEY, asked) == Place(day, contact)
    assert opened(cursor, b"other", asked) is None


@given(DAYS, REFERENCES, questions(), questions())
def test_a_cursor_is_of_one_question(day: date, contact: str, question: Question, other: Question) -> None:
    assume(fingerprint(question, ()) != fingerprint(other, ()))
    cursor = sealed(Place(day, contact), KEY, fingerprint(question, ()))
    assert opened(cursor, KEY, fingerprint(other, ())) is None


@given(st.text())
@example("")
@example("é")
@example("=")
@example("AAAA")
@example("A")
def test_whatever_was_not_sealed_is_no_cursor(text: str) -> None:
    assert opened(text, KEY, "asked") is None


@given(REFERENCES, REFERENCES)
def test_pseudonyms_tell_contacts_apart_and_depend_on_the_key(one: str, other: str) -> None:
    assume(one != other)
    assert pseudonym(KEY, "leuven", one) == pseudonym(KEY, "leuven", one)
    assert pseudonym(KEY, "leuven", one) != pseudonym(KEY, "leuven", other)
    assert pseudonym(KEY, "leuven", one) != pseudonym(KEY, "leiden", one)
    assert pseudonym(KEY, "leuven", one) != pseudonym(b"other", "leuven", one)
