"""The services' users on a real MongoDB that asks for passwords: each has its own database, and no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from deploy import secret_files
from deploy.mongodb.users import USERS
from tests.integration.deployment.conftest import Guarded, set_up

UNAUTHORIZED = 13
AUTHENTICATION_FAILED = 18
Use = Callable[[Database[dict[str, Any]]], object]
USES: dict[str, Use] = {
    "read": lambda database: database.contacts.find_one(),
    "write": lambda database: database.contacts.insert_one({"by": "somebody else"}),
    "count": lambda database: database.contacts.estimated_document_count(),
    "list": lambda database: database.list_collection_names(),
    "drop": lambda database: database.client.drop_database(database.name),
    "make a user": lambda database: database.command("createUser", "more", pwd="x", roles=["readWrite"]),
}


def connect(database: Guarded, secret_directory: Path, user: str) -> MongoClient[dict[str, Any]]:
    return database.connect(user, secret_files.read(secret_directory / f"mongo_{user}"))


@pytest.mark.parametrize("user", USERS)
def test_a_service_does_all_that_it_needs_in_its_own_database(
    database: Guarded, secret_directory: Path, user: str
) -> None:
    with connect(database, secret_directory, user) as client:
        own = client[f"contactpunt_{user}"]
        own.contacts.create_index("reference", unique=True)
        with client.start_session() as session, session.start_transaction():
            own.contacts.insert_one({"reference": "LEU-2021-000001"}, session=session)
        assert own.contacts.find_one({"reference": "LEU-2021-000001"}) is not None
        own.drop_collection("contacts")


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("user", USERS)
def test_a_service_is_refused_every_other_database(
    database: Guarded, secret_directory: Path, user: str, use: str
) -> None:
    others = [f"contactpunt_{other}" for other in USERS if other != user]
    with connect(database, secret_directory, user) as client:
        for name in (*others, "admin", "contactpunt"):
            with pytest.raises(OperationFailure) as refused:
                USES[use](client[name])
            assert refused.value.code == UNAUTHORIZED, name


@pytest.mark.parametrize("user", USERS)
def test_a_service_sees_no_other_database_and_no_user(
    database: Guarded, secret_directory: Path, user: str
) -> None:
    with connect(database, secret_directory, user) as client:
        assert set(client.list_database_names()) <= {f"contactpunt_{user}"}
        with pytest.raises(OperationFailure) as refused:
            client["admin"].command("usersInfo", 1)
        assert refused.value.code == UNAUTHORIZED


def test_a_new_password_takes_the_place_of_the_old_one_when_set_up_again(
    database: Guarded, secret_directory: Path
) -> None:
    before = secret_files.read(secret_directory / "mongo_intake")
    secret_files.renew(secret_directory, "mongo_intake")

    done = set_up(database, secret_directory)

    assert done.returncode == 0, done.stderr
    with connect(database, secret_directory, "intake") as client:
        client["contactpunt_intake"].command("ping")
        assert client["contactpunt_intake"].contacts.find_one() is None
    with database.connect("intake", before) as client, pytest.raises(OperationFailure) as refused:
        client["contactpunt_intake"].contacts.find_one()
    assert refused.value.code == AUTHENTICATION_FAILED


def test_a_wrong_root_password_is_told_without_a_stack_trace(database: Guarded, tmp_path: Path) -> None:
    for user in ("root", *USERS):
        (tmp_path / f"mongo_{user}").write_text("wrong", encoding="utf-8")

    done = set_up(database, tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def test_a_secret_that_is_missing_is_named(database: Guarded, tmp_path: Path) -> None:
    done = set_up(database, tmp_path)

    assert done.returncode == 2
    assert "mongo_root" in done.stderr
