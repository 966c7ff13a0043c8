"""What holds for every contact."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import NO_TEXT, Facts, decide, events_of
from shared.contracts.events import ContactRegistered, ContactRouted, EarlierApproach, KnownMatter, ReviewRequested
from shared.contracts.identifiers import Channel, EarlierResult, Line, Nature
from tests.unit.routing.cases import IN_MARCH, LEUVEN, TEXT, envelope, request

CODES = LEUVEN.versions[-1].codes


def _of(list_name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(CODES[list_name])) | st.just("not_on_any_list")


FIRST = int(datetime(1900, 1, 2, tzinfo=UTC).timestamp())
LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
ABOUT = st.builds(
    KnownMatter,
    directorate=st.none() | _of("directorate"),
    service=st.none() | _of("service"),
    external_body=st.none() | _of("external_body"),
    topic=st.none() | _of("topic"),
    other_directorates=st.lists(_of("directorate"), max_size=4).map(tuple),
)
FACTS = st.builds(
    Facts,
    received_at=st.integers(FIRST, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    nature=st.none() | st.sampled_from(Nature),
    about=ABOUT,
    earlier_contact=st.none() | st.builds(EarlierApproach, on=st.dates(), result=st.sampled_from(EarlierResult)),
    anonymous=st.booleans(),
    anonymous_towards_service=st.booleans(),
    legal_proceedings=st.booleans(),
    facts_on=st.none() | st.dates(),
    historical=st.booleans(),
    channel=st.sampled_from(Channel),
    access_channel=st.none(),
    entity=st.none(),
    repeat_of=st.none() | st.just("LEU-2022-000009"),
)


@given(FACTS)
def test_the_same_facts_make_the_same_decision(facts: Facts) -> None:
    again = Facts(*facts)._replace(about=facts.about.model_copy())
    assert decide(facts, LEUVEN) == decide(again, LEUVEN)


@given(FACTS, st.text(), st.text())
def test_a_decision_depends_on_the_values_that_decide_only(facts: Facts, text: str, subject: str) -> None:
    told = facts._asdict() | {"about": facts.about.model_dump()}
    one = events_of(envelope(), request(**told), decide(facts, LEUVEN), LEUVEN)
    other = events_of(envelope(), request(**told, text=text, subject=subject), decide(facts, LEUVEN), LEUVEN)
    assert one == other


@given(FACTS)
def test_what_needs_no_review_is_decided_in_full(facts: Facts) -> None:
    decision = decide(facts, LEUVEN).decision
    if decision.needs_review:
        assert decision.confidence < 1 or decision.reasons[0].rule == "code_not_in_profile"
        return
    assert decision.confidence == 1
    assert None not in (decision.nature, decision.line, decision.handled_by)
    if decision.line is Line.EXTERNAL:
        assert decision.external_body is not None
    else:
        assert decision.directorate is not None


@given(FACTS)
def test_a_decision_holds_together(facts: Facts) -> None:
    decision = decide(facts, LEUVEN).decision
    version = LEUVEN.version_at(facts.received_at)
    assert (decision.line is Line.EXTERNAL) == (decision.external_body is not None)
    if decision.line is Line.EXTERNAL:
        assert decision.directorate is None
    if decision.service is not None:
        assert version.directorate_of(decision.service) == decision.directorate
    assert decision.directorate not in decision.other_directorates or decision.directorate is None
    assert len(set(decision.other_directorates)) == len(decision.other_directorates)
    if decision.line is Line.SECOND or decision.exclusion_grounds:
        assert decision.nature is Nature.COMPLAINT
    assert (decision.line is None) == (decision.handled_by is None)
    used: dict[str, set[str | None]] = {
        "directorate": {decision.directorate, *decision.other_directorates},
        "service": {decision.service},
        "external_body": {decision.external_body},
        "exclusion_ground": {*decision.exclusion_grounds},
    }
    for list_name, codes in used.items():
        assert codes - {None} <= version.codes[list_name]


@given(FACTS)
def test_every_decision_says_why(facts: Facts) -> None:
    outcome = decide(facts, LEUVEN)
    assert all(reason.rule and reason.evidence for reason in outcome.decision.reasons)
    assert bool(outcome.undecided) == outcome.decision.needs_review
    ranked = [each.confidence for each in outcome.guesses]
    assert ranked == sorted(ranked, reverse=True)
    assert not outcome.guesses or outcome.decision.needs_review


@given(FACTS)
def test_events_carry_the_registration_and_no_text(facts: Facts) -> None:
    asked = request(**facts._asdict() | {"about": facts.about.model_dump(), "text": TEXT})
    events = events_of(envelope(), asked, decide(facts, LEUVEN), LEUVEN)
    assert all(TEXT.encode() not in event.body() for event in events)
    routed = events[0].data
    assert isinstance(routed, ContactRouted)
    registration = set(ContactRegistered.model_fields) - {"nature"}
    assert routed.model_dump(include=registration) == asked.model_dump(include=registration)
    assert (routed.declared_nature, routed.model_version) == (asked.nature, NO_TEXT)
    assert [isinstance(event.data, ReviewRequested) for event in events[1:]] == [True] * routed.needs_review


def test_moments_around_the_change_of_version_are_days_of_the_organisation() -> None:
    days = {LEUVEN.local_date(moment) for moment in (datetime(2021, 9, 30, 22, tzinfo=UTC), IN_MARCH)}
    assert days == {date(2021, 10, 1), date(2022, 3, 1)}
