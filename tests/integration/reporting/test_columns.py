"""The copy in memory answers exactly as the database does, in the same moment, whoever writes meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from services.reporting.columns import copies as copies_module
from services.reporting.columns.copies import Copies
from services.reporting.columns.sight import Sight
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.fact import Fact
from services.reporting.domain.question import Question
from services.reporting.metrics import ColumnMetrics
from services.reporting.store import Reading, ReadingRoom
from services.reporting.store.documents import fact_document
from shared.contracts.identifiers import DeadlineKind
from tests.integration.reporting.conftest import Database, commit_all, made_up_events, until
from tests.unit.reporting.made_up import routed
from tests.unit.reporting.random_facts import FIRST, LAST, facts, questions

ALL = Question("leuven", FIRST, LAST, ("line", "norm"))


class Followed:
    """Copies that follow a database, and the room that reads through them."""

    def __init__(self, database: Database, most_mebibytes: int = 64) -> None:
        words = {name: Vocabulary(profile) for name, profile in database.profiles.items()}
        self.registry = CollectorRegistry()
        self.copies = Copies(database.collections, words, ColumnMetrics(self.registry), most_mebibytes, "")
        self.sources: list[str] = []
        self.room = ReadingRoom(database.collections, self.copies, self.sources.append)

    async def look(self) -> None:
        await self.copies._follow()
        await self.copies._load_missing()

    def figure(self, name: str) -> float | None:
        return self.registry.get_sample_value(f"contactpunt_reporting_columns_{name}", {"organisation": "leuven"})

    async def from_columns(self, question: Question = ALL) -> bool:
        async with self.room.open() as reading:
            await reading.total(question)
        return self.sources[-1] == "columns"

    async def compare(self, asked: Sequence[Question]) -> None:
        async with self.room.open() as reading:
            slow = Reading(reading._collections, reading._session, Sight({}, None), lambda _source: None)
            for question in asked:
                assert await reading.counts(question) == await slow.counts(question), question
                assert await reading.total(question) == await slow.total(question), question
                for kind in DeadlineKind:
                    told = await slow.outcomes(question, kind)
                    assert await reading.outcomes(question, kind) == told, question


@asynccontextmanager
async def following(database: Database, most_mebibytes: int = 64) -> AsyncIterator[Followed]:
    followed = Followed(database, most_mebibytes)
    keeping = asyncio.create_task(followed.copies.keep())
    yield followed
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_answers_are_those_of_the_same_moment_while_two_replicas_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.columns.mirror.TIDY_FROM", 40)
    events = made_up_events(120)
    random.Random(3).shuffle(events)
    async with following(database) as followed:
        await until(followed.from_columns)
        first, second = database.committer(), database.committer()
        writing = asyncio.gather(commit_all(first, events[::2], 15), commit_all(second, events[1::2], 15))
        followed.sources.clear()
        while not writing.done():
            await followed.compare([ALL, Question("leuven", FIRST, LAST, ("month", "state", "topic"))])
        await writing
        await followed.compare([ALL])
        assert set(followed.sources) == {"columns"}
        assert followed.figure("facts") == 120
        assert (followed.figure("bytes") or 0) > 0


async def test_what_reading_in_and_sorting_leave_behind_is_given_back_and_only_then(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[float | None] = []
    followed = Followed(filled)
    monkeypatch.setattr(
        "services.reporting.columns.copies.trim", lambda: given_back.append(followed.figure("facts"))
    )
    await followed.look()
    read_in = list(given_back)
    assert set(read_in) == {None}, "what is read in is shown afterwards"
    await followed.look()
    assert given_back == read_in
    monkeypatch.setattr("services.reporting.columns.mirror.TIDY_FROM", 3)
    await filled.committer().commit([routed(f"LEU-2021-9{number:05d}") for number in range(5)])
    await followed.look()
    await followed.look()
    assert given_back == [*read_in, 155]
    assert await followed.from_columns()
    await followed.compare([ALL])


async def test_what_a_replica_has_written_it_sees_at_once(filled: Database) -> None:
    async with following(filled) as followed:
        await until(followed.from_columns)
        for number in range(5):
            await filled.committer().commit([routed(f"LEU-2021-9{number:05d}")])
            async with followed.room.open() as reading:
                assert await reading.total(ALL) == 151 + number
        assert followed.sources[-1] == "columns"


async def test_every_question_is_answered_as_the_database_answers_it(database: Database) -> None:
    loop = asyncio.get_running_loop()

    async def both(among: list[Fact], asked: list[Question]) -> None:
        await database.collections.facts.delete_many({})
        if among:
            await database.collections.facts.insert_many([fact_document(each) for each in among])
        followed = Followed(database)
        async with await database.collections.client.start_session(snapshot=True) as session:
            await followed.copies.advance(session)
        await followed.copies._load("leuven")
        await followed.compare(asked)
        assert set(followed.sources) == {"columns"}

    @settings(max_examples=60, deadline=None)
    @given(facts(), st.lists(questions(), min_size=1, max_size=4))
    def law(among: list[Fact], asked: list[Question]) -> None:
        asyncio.run_coroutine_threadsafe(both(among, asked), loop).result(60)

    await asyncio.to_thread(law)


async def test_facts_that_a_rebuild_makes_anew_are_read_anew(filled: Database) -> None:
    await filled.collections.facts.update_one({"_id": "LEU-2021-000003"}, {"$set": {"codes.line": "nowhere"}})
    nowhere = Question("leuven", FIRST, LAST, (), {"line": frozenset({"nowhere"})})
    async with following(filled) as followed:
        await until(followed.from_columns)
        async with followed.room.open() as reading:
            assert await reading.total(nowhere) == 1
            before = reading.stamp("leuven", 2021)
        await filled.recount().write(fold_anew=True)
        async with followed.room.open() as reading:
            assert await reading.total(nowhere) == 0
            assert reading.stamp("leuven", 2021) != before
        await until(followed.from_columns)
        await followed.compare([nowhere, ALL])


async def test_facts_that_do_not_fit_are_left_to_the_database(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_module, "_MEBIBYTE", 1000)
    async with following(filled, 1) as followed:
        await until(lambda: _equals(followed, "too_big", 1))
        assert not await followed.from_columns()
        await followed.compare([ALL])
        assert followed.figure("facts") == 0


async def _equals(followed: Followed, name: str, value: float) -> bool:
    return followed.figure(name) == value


async def test_too_many_changes_at_once_are_caught_up_with_beside_the_questions(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = Followed(filled)
    await followed.look()
    assert await followed.from_columns()
    monkeypatch.setattr(copies_module, "MOST_CHANGES", 10)
    more = made_up_events(180)
    await commit_all(filled.committer(), more)
    assert not await followed.from_columns()
    await followed.compare([ALL])
    monkeypatch.setattr(copies_module, "MOST_CHANGES", 10_000)
    await followed.look()
    assert await followed.from_columns()
    await followed.compare([ALL])


async def test_a_database_that_shows_less_than_before_is_asked_itself(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_module, "_BACKWARDS", 3)
    followed = Followed(filled)
    await followed.look()
    await filled.collections.slots.update_one({"_id": 0}, {"$inc": {"commits": -1}})
    async with followed.room.open() as reading:
        assert reading.stamp("leuven", 2021) is None
    assert not await followed.from_columns()
    await filled.collections.slots.update_one({"_id": 0}, {"$inc": {"commits": 1}})
    assert await followed.from_columns()
    # A restored copy of yesterday stays behind: everything is read in anew.
    await filled.collections.slots.update_one({"_id": 0}, {"$inc": {"commits": -1}})
    for _ in range(5):
        await followed.look()
    assert await followed.from_columns()


async def test_stamps_tell_which_years_have_changed(filled: Database) -> None:
    followed = Followed(filled)
    await followed.look()

    async def stamps() -> dict[int, int | None]:
        async with followed.room.open() as reading:
            return {year: reading.stamp("leuven", year) for year in (2019, 2020, 2021)}

    before = await stamps()
    assert await stamps() == before
    await filled.committer().commit([routed("LEU-2021-999999")])
    after = await stamps()
    assert {year for year in after if after[year] != before[year]} == {2021}
