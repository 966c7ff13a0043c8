"""One directorate leads, the others that have a part in it are named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import Facts, Outcome, Place, Reading, decide
from services.routing.domain.weighing import STRONG
from shared.contracts.identifiers import Line
from tests.unit.routing.cases import LEUVEN, facts
from tests.unit.routing.test_laws import FACTS
from tests.unit.routing.test_text_decisions import FLUVIUS, GREEN, POLICE, READINGS, reading

GREENS, POLICES = "openbaar_domein", "politie"


def _between(green: float, police: float, fluvius: float = 0.0) -> Reading:
    places = {GREEN: green, POLICE: police, FLUVIUS: fluvius, Place("sport"): 1 - green - police - fluvius}
    return reading()._replace(places=places)


def _outcome(told: Reading | None, **stated: Any) -> Outcome:
    return decide(facts("complaint", **stated), LEUVEN, told)


@pytest.mark.parametrize(
    ("told", "leads", "others"),
    [
        (_between(0.6, 0.35), GREENS, (POLICES,)),
        (_between(0.35, 0.6), POLICES, (GREENS,)),
        (_between(0.6, STRONG), GREENS, (POLICES,)),
        (_between(0.6, 0.25), GREENS, ()),
        (_between(0.97, 0.01), GREENS, ()),
    ],
)
def test_a_directorate_that_weighs_strongly_in_the_text_is_named(
    told: Reading, leads: str, others: tuple[str, ...]
) -> None:
    decision = _outcome(told).decision
    assert (decision.directorate, decision.other_directorates) == (leads, others)


def test_what_was_named_comes_first_and_stays() -> None:
    about = {"other_directorates": ["financien", GREENS, "financien"]}
    assert _outcome(_between(0.6, 0.35), about=about).decision.other_directorates == ("financien", POLICES)
    assert _outcome(_between(0.97, 0.01), about=about).decision.other_directorates == ("financien",)
    assert _outcome(None, about=about | {"directorate": GREENS}).decision.other_directorates == ("financien",)


def test_of_several_that_were_named_none_is_lost_where_the_text_makes_another_lead() -> None:
    several = {"directorate": GREENS, "other_directorates": [POLICES, "financien"]}
    decision = _outcome(_between(0.01, 0.97), about=several).decision
    assert (decision.directorate, decision.other_directorates) == (POLICES, (GREENS, "financien"))
    alone = _outcome(_between(0.01, 0.97), about={"directorate": GREENS}).decision
    assert (alone.directorate, alone.other_directorates) == (POLICES, ())


def test_the_reason_names_them() -> None:
    told = {each.rule: each.evidence for each in _outcome(_between(0.6, 0.35)).decision.reasons}
    assert POLICES in told["text_tells_other_directorates"]


def test_another_bodys_contact_and_one_out_of_the_past_have_none_of_the_text() -> None:
    external = _outcome(_between(0.2, 0.3, 0.5), about={"external_body": "fluvius"}).decision
    assert (external.line, external.other_directorates) == (Line.EXTERNAL, ())
    assert _outcome(_between(0.6, 0.35), historical=True).decision.other_directorates == ()


@given(FACTS, st.none() | READINGS)
def test_the_leading_one_is_never_among_the_others_and_each_is_named_once(
    stated: Facts, told: Reading | None
) -> None:
    decision = decide(stated, LEUVEN, told).decision
    others = decision.other_directorates
    assert len(set(others)) == len(others)
    assert decision.directorate not in others
    assert not others or decision.line is not Line.EXTERNAL
    known = LEUVEN.version_at(stated.received_at).codes["directorate"]
    if decision.line is not Line.EXTERNAL:
        assert set(stated.about.other_directorates) & known - {decision.directorate} <= set(others)
