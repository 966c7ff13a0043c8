"""``python -m deploy.mongodb``: makes the replica set and the services' users; safe to repeat."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.mongodb.replica_set import NAME, NotReadyError, make_replica_set
from deploy.mongodb.users import USERS, Client, set_user

_WAIT_MS: Final = 5_000


def set_up(
    member: Annotated[list[str], typer.Option(help="host:port of a member; the first has the root user")],
    secrets: Annotated[Path, typer.Option(help="Directory with mongo_root and mongo_<service>")] = Path(
        "/run/secrets"
    ),
    prefix: Annotated[str, typer.Option(help="What the databases' names begin with")] = "contactpunt",
    root: Annotated[str, typer.Option(help="Name of the root user that the first member has")] = "root",
    patience: Annotated[float, typer.Option(help="Seconds that the members may take")] = 120.0,
) -> None:
    """Make the replica set of these members where there is none, and a user for each service that keeps something.

    A user that is there already gets the password of its file: this is also how passwords are renewed.
    """
    password = _read(secrets, "root")

    def direct() -> Client:
        return _client(member[0], root, password, directConnection=True)

    try:
        make_replica_set(direct, member, patience)
        with _client(",".join(member), root, password, replicaSet=NAME) as client:
            for user in USERS:
                set_user(client, user, _read(secrets, user), prefix)
    except (NotReadyError, OperationFailure) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"replica set {NAME}: {', '.join(member)}; users: {', '.join(USERS)}")


def _client(hosts: str, root: str, password: str, **options: Any) -> Client:
    return MongoClient(
        f"mongodb://{hosts}/",
        username=root,
        password=password,
        authSource="admin",
        serverSelectionTimeoutMS=_WAIT_MS,
        **options,
    )


def _read(secrets: Path, user: str) -> str:
    try:
        return (secrets / f"mongo_{user}").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise typer.BadParameter(f"{error.filename}: {error.strerror}", param_hint="--secrets") from None


if __name__ == "__main__":
    typer.run(set_up)
