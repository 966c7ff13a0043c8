from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pymongo.errors import ServerSelectionTimeoutError
from pymongo.read_concern import ReadConcern

from shared.errors import is_infrastructure
from shared.mongo import Client, Database, open_client, open_database, ping


@pytest.fixture
async def client(mongo_url: str) -> AsyncIterator[Client]:
    opened = open_client(mongo_url, "test")
    yield opened
    opened.close()


@pytest.fixture
def database(client: Client, mongo_prefix: str) -> Database:
    return open_database(client, mongo_prefix, "intake")


async def test_ping_answers(client: Client) -> None:
    await ping(client)


async def test_each_service_has_a_database_of_its_own(client: Client, mongo_prefix: str) -> None:
    intake, reporting = (open_database(client, mongo_prefix, name) for name in ("intake", "reporting"))
    assert intake.name == f"{mongo_prefix}_intake"
    await intake["contacts"].insert_one({"_id": 1})
    assert await reporting["contacts"].find_one({"_id": 1}) is None


async def test_moments_come_back_as_they_went_in_utc(database: Database) -> None:
    moment = datetime(2021, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    await database["contacts"].insert_one({"_id": 1, "at": moment})
    found = await database["contacts"].find_one({"_id": 1})
    assert found is not None
    assert found["at"] == moment
    assert found["at"].utcoffset() == timedelta(0)
    assert found["at"].tzinfo is UTC


@pytest.mark.parametrize("year", [1000, 9998])
async def test_the_ends_of_the_calendar_can_be_kept(database: Database, year: int) -> None:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    await database["contacts"].insert_one({"_id": 1, "at": moment})
    assert await database["contacts"].find_one({"at": moment}) is not None


async def test_operators_in_texts_are_texts(database: Database) -> None:
    text = '{"$where": "1"} $set'
    await database["contacts"].insert_one({"_id": "$gt", "text": text})
    assert await database["contacts"].find_one({"_id": "$gt"}) == {"_id": "$gt", "text": text}


async def test_writes_wait_for_a_majority_with_its_journal(database: Database) -> None:
    assert database.write_concern.document == {"w": "majority", "j": True, "wtimeout": 10_000}
    assert database.read_concern == ReadConcern("majority")


async def write_in_transaction(client: Client, database: Database, id_: int, failure: Exception | None) -> None:
    async with await client.start_session() as session, session.start_transaction():
        await database["facts"].insert_one({"_id": id_}, session=session)
        if failure is not None:
            raise failure


async def test_a_transaction_holds_all_or_nothing(client: Client, database: Database) -> None:
    await database["facts"].insert_one({"_id": 0})
    with pytest.raises(LookupError):
        await write_in_transaction(client, database, 1, LookupError())
    await write_in_transaction(client, database, 2, None)
    assert [found["_id"] async for found in database["facts"].find().sort("_id")] == [0, 2]


async def test_a_database_that_is_away_is_infrastructure() -> None:
    client = open_client("mongodb://127.0.0.1:22999/?replicaSet=rs0&serverSelectionTimeoutMS=200", "test")
    try:
        with pytest.raises(ServerSelectionTimeoutError) as caught:
            await ping(client)
    finally:
        client.close()
    assert is_infrastructure(caught.value)
