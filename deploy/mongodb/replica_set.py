"""Brings a replica set into being, and waits until it takes writes."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from pymongo.errors import OperationFailure, PyMongoError

from deploy.mongodb.users import Client

NAME: Final = "rs0"
_PAUSE_SECONDS: Final = 1.0


class NotReadyError(Exception):
    """The members did not come to take writes in time."""


def make_replica_set(
    direct: Callable[[], Client],
    members: Sequence[str],
    patience: float,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Makes the set of these members where it is not there yet, and returns once it has a primary.

    ``direct`` connects to the first of them, which has the root user. A set that is there already is left as it
    is. Raises ``NotReadyError`` after ``patience`` seconds, and pymongo's error where a member refuses.
    """
    give_up = time.monotonic() + patience
    last = "no member has answered"
    while time.monotonic() < give_up:
        try:
            with direct() as client:
                hello = client.admin.command("hello")
                if hello.get("isWritablePrimary") or hello.get("primary"):
                    return
                last = "no member is primary yet"
                if not hello.get("setName"):
                    _initiate(client, members)
        except OperationFailure:
            raise
        except PyMongoError as error:
            # While an image makes its root user, its first member starts, stops and starts again.
            last = f"{type(error).__name__}: {error}"
        pause(_PAUSE_SECONDS)
    raise NotReadyError(f"{', '.join(members)}: no writes within {patience:g} seconds ({last})")


def _initiate(client: Client, members: Sequence[str]) -> None:
    wanted = [{"_id": number, "host": host} for number, host in enumerate(members)]
    client.admin.command("replSetInitiate", {"_id": NAME, "members": wanted})
