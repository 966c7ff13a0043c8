"""When it happened, as a text tells it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import Signs, decide
from services.routing.text.listening import Listener
from services.routing.text.moments import _NAMES, happened_by
from services.routing.text.words import fold, writing_of
from tests.unit.routing.cases import IN_MARCH, LEUVEN, PROFILES, facts

RECEIVED = date(2022, 3, 1)
GREEN = {"directorate": "openbaar_domein", "service": "groen"}
DUTCH = [names.split()[0] for names in _NAMES]
PAST = st.dates(date(1901, 1, 1), RECEIVED - timedelta(days=1))


def moment_of(text: str, received_on: date) -> date | None:
    return happened_by(fold(text), received_on)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Het was in maart 2019.", date(2019, 3, 31)),
        ("op 5 mei 2019 is er", date(2019, 5, 5)),
        ("De 1ste Februari 2020", date(2020, 2, 1)),
        ("on 3rd july 2018 I", date(2018, 7, 3)),
        ("en février 2020", date(2020, 2, 29)),
        ("op 12/05/2020 en op 13.05.2020", date(2020, 5, 13)),
        ("2019-12-31", date(2019, 12, 31)),
        ("in december 2019 en opnieuw in februari 2022", date(2022, 2, 28)),
        ("op 31/02/2020", None),
        ("in maart 2022", None),
        ("sinds maart 2019 ligt er", None),
        ("al vanaf 3 maart 2019", None),
        ("al sedert die ene maart 2019", None),
        ("het reglement van 13 november 1995 zegt", None),
        ("mijn zoon, geboren op 3 april 2001", None),
        ("maart 19", None),
        ("twee jaar geleden", None),
        ("in 2019", None),
        ("1012/05/20201", None),
        ("", None),
    ],
)
def test_days_and_months_with_their_year(text: str, day: date | None) -> None:
    assert moment_of(text, RECEIVED) == day


@given(
    PAST, st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{d} {n} {y}"])
)
def test_every_way_of_writing_a_day_is_read(day: date, way: str) -> None:
    written = way.format(d=day.day, m=day.month, y=day.year, n=DUTCH[day.month - 1])
    assert moment_of(f"Op {written} viel ik over de stoep.", RECEIVED) == day
    assert moment_of(f"Sinds {written} ligt de stoep open.", RECEIVED) is None


@given(st.lists(PAST, min_size=1, max_size=4))
def test_the_latest_of_several_counts(days: list[date]) -> None:
    text = ", en ook nog eens daarna op ".join(f"{each:%d/%m/%Y}" for each in days)
    assert moment_of(text, RECEIVED) == max(days)


@given(st.text(max_size=400), st.dates())
def test_no_text_is_too_strange(text: str, received_on: date) -> None:
    found = moment_of(text, received_on)
    assert found is None or found < received_on


def _heard(text: str, organisation: str = "leuven") -> Signs:
    return Listener(PROFILES[organisation].versions[-1]).hear(writing_of(None, text), RECEIVED)


@pytest.mark.parametrize("organisation", ["leuven", "leiden"])
@pytest.mark.parametrize(("text", "excluded"), [("op 28 februari 2021", True), ("op 1 maart 2021", False)])
def test_facts_too_long_ago_by_the_text_are_a_ground(organisation: str, text: str, excluded: bool) -> None:
    told = facts("complaint", received_at=IN_MARCH)
    decision = decide(told, PROFILES[organisation], None, _heard(text, organisation)).decision
    assert decision.exclusion_grounds == (("older_than_one_year",) if excluded else ())
    said = {each.rule: each.evidence for each in decision.reasons}.get("text_tells_facts_too_old", "")
    assert ("text tells of 2021-02-28; received on 2022-03-01" in said) is excluded


def test_what_is_stated_goes_before_what_the_text_tells() -> None:
    told = facts("complaint", about=GREEN, facts_on=date(2022, 2, 1))
    assert decide(told, LEUVEN, None, _heard("op 3 mei 2019")).decision.exclusion_grounds == ()
    told = facts("complaint", about=GREEN, facts_on=date(2019, 5, 3))
    decision = decide(told, LEUVEN, None, _heard("op 3 mei 2019")).decision
    assert decision.exclusion_grounds == ("older_than_one_year",)


def test_the_past_stands_as_it_was_told() -> None:
    told = facts("complaint", about=GREEN, historical=True)
    assert decide(told, LEUVEN, None, _heard("op 3 mei 2019")).decision.exclusion_grounds == ()


def test_quoted_mail_tells_nothing_of_the_matter() -> None:
    assert _heard("De haag is te hoog.\n> Op 3 mei 2019 schreef ik u.").happened_by is None
