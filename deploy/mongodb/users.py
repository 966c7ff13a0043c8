"""Who may do what in MongoDB: each service reads and writes its own database, and no other."""

from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import OperationFailure

USERS: Final = ("intake", "deadlines", "reporting")
"""The services that keep something. Routing keeps nothing and has no user."""
ADMIN: Final = "admin"
"""The database that the users stand in, so that one address serves them all: ``authSource=admin``."""
_ALREADY_THERE: Final = 51003

Client = MongoClient[dict[str, Any]]


def roles(user: str, prefix: str) -> list[dict[str, str]]:
    """All that the user of a service may do."""
    return [{"role": "readWrite", "db": f"{prefix}_{user}"}]


def set_user(client: Client, user: str, password: str, prefix: str) -> None:
    """Makes the user, or gives the one that is there this password and these rights."""
    given: dict[str, Any] = {"pwd": password, "roles": roles(user, prefix)}
    try:
        client[ADMIN].command("createUser", user, **given)
    except OperationFailure as error:
        if error.code != _ALREADY_THERE:
            raise
        client[ADMIN].command("updateUser", user, **given)
