"""The columns answer as facts looked at one by one do, whatever was asked and however they came in."""

import resource
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from services.reporting.columns.answers import Answers
from services.reporting.columns.mirror import Mirror
from services.reporting.domain.fact import Fact
from services.reporting.domain.figures import Group, Outcome, Outcomes
from services.reporting.domain.question import Question
from services.reporting.store.documents import fact_document
from shared.contracts.identifiers import DeadlineKind
from tests.unit.reporting.random_facts import CODED, DAYS, FACT_PARTS, fact, facts, groups_of, passing, questions

DAY = date(2021, 5, 5)


def mirror_of(loaded: list[Fact], added: Sequence[Fact] = (), directory: str | None = None) -> Mirror:
    mirror = Mirror(CODED, directory)
    mirror.load([fact_document(each) for each in loaded])
    mirror.tidy()
    mirror.put([fact_document(each) for each in added])
    return mirror


def counted(question: Question, among: list[Fact]) -> Counter[Group]:
    return Counter(group for each in passing(question, among) for group in groups_of(each, question))


def came_out(question: Question, among: list[Fact], kind: DeadlineKind) -> dict[Group, Outcomes]:
    tally: dict[Group, Outcomes] = defaultdict(Counter)
    for each in passing(question, among):
        deadline = each.deadlines.get(kind)
        days = each.days if kind is DeadlineKind.ANSWER else deadline.days if deadline else None
        for group in groups_of(each, question):
            tally[group][Outcome(days, deadline.state if deadline else None, each.score)] += 1
    return tally


def assert_same(answers: Answers, question: Question, among: list[Fact]) -> None:
    assert answers.total(question) == len(passing(question, among))
    assert answers.counts(question) == counted(question, among)
    for kind in DeadlineKind:
        assert answers.outcomes(question, kind) == came_out(question, among, kind)


@given(facts(), questions())
def test_columns_answer_as_the_facts_themselves(among: list[Fact], question: Question) -> None:
    assert_same(Answers(mirror_of(among).moment()), question, among)


@given(facts(), questions(), st.lists(st.none() | DAYS, min_size=12, max_size=12))
def test_events_and_closings_are_counted_alike(
    among: list[Fact], question: Question, closed: list[date | None]
) -> None:
    days = {fact.reference: day for fact, day in zip(among, closed, strict=False)}
    mirror = Mirror(CODED)
    mirror.load(
        [
            fact_document(fact) | ({"closed_on": day.isoformat()} if (day := days[fact.reference]) else {})
            for fact in among
        ]
    )
    mirror.tidy()
    answers = Answers(mirror.moment())
    pass_ = passing(question, among)
    assert answers.extent(question) == (len(pass_), sum(fact.events for fact in pass_))
    events: Counter[Group] = Counter()
    for each in pass_:
        for group in groups_of(each, question):
            events[group] += each.events
    assert answers.events(question) == events
    # A closed contact counts on its day of closing: as if it had been received then.
    moved = [fact._replace(received_on=day) for fact in among if (day := days[fact.reference])]
    assert answers.closings(question) == counted(question, moved)


CHANGES = st.lists(st.lists(st.tuples(st.integers(0, 15), FACT_PARTS), max_size=6), max_size=5)


@given(facts(10), CHANGES, questions(), st.sets(st.integers(0, 4)), st.sampled_from([None, ""]))
def test_each_moment_stays_as_it_was_while_facts_change(
    loaded: list[Fact],
    changes: list[list[tuple[int, dict[str, object]]]],
    question: Question,
    tidied: set[int],
    directory: str | None,
) -> None:
    mirror = mirror_of(loaded, directory=directory)
    known = {each.reference: each for each in loaded}
    moments = [(Answers(mirror.moment()), list(known.values()))]
    for number, batch in enumerate(changes):
        changed = {each.reference: each for each in (fact(place, parts) for place, parts in batch)}
        mirror.put([fact_document(each) for each in changed.values()])
        known |= changed
        if number in tidied:
            mirror.tidy()
        assert mirror.facts == len(known)
        moments.append((Answers(mirror.moment()), list(known.values())))
    for answers, among in moments:
        assert_same(answers, question, among)


def service(number: int, name: str) -> Fact:
    codes = dict.fromkeys(CODED, ("unknown",)) | {"service": (name,), "topic": (f"a{number}", f"b{number}")}
    return Fact(f"LEU-{number}", "leuven", DAY, codes, None, None, {}, 1)


def test_columns_grow_wider_where_there_are_more_values_than_fit() -> None:
    question = Question("leuven", DAY, DAY, ("service",))
    many = [service(number, f"service_{number}") for number in range(700)]
    mirror = mirror_of(many[:100], many[100:])
    assert Answers(mirror.moment()).counts(question) == counted(question, many)
    three = Question("leuven", question.first, question.last, ("service", "topic", "norm"))
    assert Answers(mirror.moment()).counts(three) == counted(three, many)
    assert mirror.nbytes() > 0


def test_a_fact_that_was_met_twice_while_reading_in_is_there_once() -> None:
    mirror = Mirror(CODED)
    moved = service(1, "moved")
    mirror.load([fact_document(each) for each in (service(1, "a"), service(2, "b"))])
    mirror.load([fact_document(moved._replace(received_on=date(2021, 6, 1)))])
    mirror.tidy()
    assert mirror.facts == 2
    mirror.put([fact_document(moved)])
    question = Question("leuven", DAY, date(2021, 12, 31), ("service",))
    assert Answers(mirror.moment()).counts(question) == {("moved",): 1, ("b",): 1}


def test_facts_that_came_in_bit_by_bit_take_little_more_memory_than_sorted_ones() -> None:
    document = fact_document(service(0, "one"))
    many = [{**document, "_id": f"LEU-2021-{number:06d}"} for number in range(60_000)]
    sorted_in = Mirror(CODED)
    sorted_in.load(many)
    sorted_in.tidy()
    assert _grown(many) < 1.35 * sorted_in.nbytes()


def _grown(documents: list[dict[str, Any]]) -> int:
    """The most memory of a mirror that is put in order whenever it asks for it; each fact changes once."""
    mirror, most = Mirror(CODED), 0
    for at in range(0, len(documents), 500):
        for _ in range(2):
            mirror.put(documents[at : at + 500])
            most = max(most, mirror.nbytes())
            if mirror.is_untidy:
                mirror.tidy()
    return most


def test_sorted_facts_lie_in_a_file_and_not_in_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        mirror = _sorted_in(30_000, str(tmp_path))
        in_memory, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert mirror.nbytes() > 30_000 * 40
    assert in_memory < mirror.nbytes() / 4
    assert not list(tmp_path.iterdir()), "who finds the file by its name could change it"


def test_a_file_is_gone_when_nobody_reads_it_any_more(tmp_path: Path) -> None:
    mirror = _sorted_in(10, str(tmp_path))
    for number in range(5):
        mirror.put([fact_document(service(number, f"changed_{number}"))])
        mirror.tidy()
    assert _mapped_from(tmp_path) == 1
    del mirror
    assert _mapped_from(tmp_path) == 0


def test_facts_stay_in_memory_where_no_file_can_be_written(tmp_path: Path) -> None:
    question = Question("leuven", DAY, DAY, ("service",))
    some = [service(number, f"service_{number}") for number in range(3)]
    with capture_logs() as logged:
        mirror = mirror_of(some[:2], some[2:], str(tmp_path / "missing"))
    assert Answers(mirror.moment()).counts(question) == counted(question, some)
    assert [(each["log_level"], each["setting"]) for each in logged] == [
        ("warning", "REPORTING_COLUMNS_DIRECTORY")
    ]


def test_facts_stay_in_memory_where_the_disk_is_full(tmp_path: Path) -> None:
    question = Question("leuven", DAY, DAY, ("service",))
    many = [service(number, f"service_{number}") for number in range(300)]
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with capture_logs() as logged:
            mirror = mirror_of(many, directory=str(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert Answers(mirror.moment()).counts(question) == counted(question, many)
    assert [each["log_level"] for each in logged] == ["warning"]
    assert _mapped_from(tmp_path) == 0


def test_a_longer_reference_is_none_of_the_shorter_ones() -> None:
    question = Question("leuven", DAY, DAY, ("service",))
    mirror = mirror_of([service(1, "a"), service(2, "b")])
    longer = service(1, "c")._replace(reference="LEU-1-and-much-more")
    mirror.put([fact_document(longer), fact_document(service(2, "d"))])
    assert mirror.facts == 3
    assert Answers(mirror.moment()).counts(question) == {("a",): 1, ("c",): 1, ("d",): 1}


@given(facts(12), questions(), st.integers(1, 4))
def test_facts_that_are_sorted_while_they_are_read_in_are_there_once(
    among: list[Fact], question: Question, together: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.reporting.columns.mirror._LOADED_TOGETHER", 2)
        mirror = Mirror(CODED, "")
        for at in range(0, len(among), together):
            # Each batch begins with a fact that was met before.
            mirror.load([fact_document(each) for each in among[max(at - 1, 0) : at + together]])
        mirror.tidy()
    assert mirror.facts == len(among)
    assert_same(Answers(mirror.moment()), question, among)


def _sorted_in(facts: int, directory: str) -> Mirror:
    document = fact_document(service(0, "one"))
    mirror = Mirror(CODED, directory)
    mirror.load([{**document, "_id": f"LEU-{number}"} for number in range(facts)])
    mirror.tidy()
    return mirror


def _mapped_from(directory: Path) -> int:
    """Files without a name that this process reads from there."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return sum(str(directory) in line and line.endswith("(deleted)") for line in maps)
