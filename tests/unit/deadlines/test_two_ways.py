"""The calculator and a life lived day by day agree, whatever happens to a contact."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.deadlines.domain.calculator import Matter, reckon
from shared.contracts.identifiers import Line, Nature
from shared.contracts.lifecycle import FollowUpFact
from shared.profiles import Profile, Term
from tests.unit.deadlines.courses import fact, term, with_terms
from tests.unit.deadlines.day_by_day import Outcome, live

# Midnights that are skipped or come twice lie within reach of these beginnings.
_BEGINNINGS = {
    "Europe/Brussels": (datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 10, 15, tzinfo=UTC)),
    "Europe/Amsterdam": (datetime(2027, 12, 20, tzinfo=UTC), datetime(2028, 2, 20, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)),
    "Asia/Beirut": (datetime(2026, 3, 20, tzinfo=UTC),),
}
_KINDS = (
    "acknowledged",
    "information_requested",
    "information_requested",
    "information_received",
    "information_received",
    "extended",
    "answered",
    "closed",
    "reopened",
    "withdrawn",
    "transferred",
)


@st.composite
def terms(draw: st.DrawFn) -> Term:
    kind = draw(st.sampled_from(["answer", "answer", "acknowledgement"]))
    extension = draw(
        st.none() | st.fixed_dictionaries({"times": st.integers(1, 2), "max_days": st.integers(1, 9)})
    )
    return term(
        kind,
        draw(st.integers(1, 20)),
        pauses=draw(st.booleans()) and kind == "answer",
        warn_days=draw(st.integers(0, 5)),
        extension=extension,
    )


@st.composite
def courses(draw: st.DrawFn) -> tuple[Profile, datetime, list[FollowUpFact], datetime]:
    zone = draw(st.sampled_from(sorted(_BEGINNINGS)))
    profile = with_terms(draw(terms()), zone=zone)
    minutes = st.integers(0, 40 * 24 * 60).map(lambda each: timedelta(minutes=each))
    received = draw(st.sampled_from(_BEGINNINGS[zone])) + draw(minutes) / 4
    happenings = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(_KINDS))
        at = received + draw(minutes)
        data: dict[str, Any] = {}
        if kind == "extended" and draw(st.booleans()):
            data["until"] = (received + draw(minutes)).date()
        elif kind == "extended":
            data["days"] = draw(st.integers(1, 12))
        happenings.append(fact(kind, at, number, **data))
    return profile, received, sorted(happenings, key=lambda each: each.place), received + draw(minutes)


@given(courses())
@settings(max_examples=1500, deadline=None)
def test_both_ways_agree(course: tuple[Profile, datetime, list[FollowUpFact], datetime]) -> None:
    profile, received, follow_ups, as_of = course
    the_term = profile.versions[0].terms[0]
    matter = Matter(received, Nature.COMPLAINT, Line.FIRST)
    reckoned = [
        Outcome(each.due_on, each.state.value, each.met_at, each.days_taken)
        for each in reckon(profile, matter, follow_ups, as_of)
    ]
    assert reckoned == live(the_term, ZoneInfo(profile.time_zone), received, follow_ups, as_of)
