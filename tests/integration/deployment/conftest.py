"""A broker with the definitions imported, and a database with the services' users: as an installation has them."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from yarl import URL

from deploy import secret_files
from deploy.local.directory import PROJECT
from deploy.local.mongod import ensure_installed
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import LOOPBACK, free_port
from deploy.rabbitmq.definitions import definitions
from tests.backends import Broker, private_broker

_PATIENCE = 60.0


@pytest.fixture(scope="module")
def secret_directory() -> Iterator[Path]:
    """The secrets of an installation."""
    with tempfile.TemporaryDirectory(prefix="contactpunt-") as name:
        directory = Path(name) / "secrets"
        secret_files.make(directory)
        yield directory


@dataclass(frozen=True)
class Defined:
    """A virtual host into which the definitions were imported."""

    base: URL
    vhost: str
    prefix: str
    passwords: Mapping[str, str]
    management_url: str

    def url(self, user: str) -> str:
        """Address for one of the users."""
        named = self.base.with_user(self.prefix + user).with_password(self.passwords[user])
        return str(named.with_path(f"/{self.vhost}"))

    def url_without_password(self, user: str) -> str:
        return str(self.base.with_user(self.prefix + user).with_password(None).with_path(f"/{self.vhost}"))


@pytest.fixture(scope="module")
def defined(broker: Broker, secret_directory: Path) -> Iterator[Defined]:
    """The definitions on the real broker, in a virtual host and with users of their own."""
    with ExitStack() as stack:
        managed = broker if broker.management_url else stack.enter_context(private_broker())
        yield stack.enter_context(_imported(managed, secret_directory))


@contextmanager
def _imported(broker: Broker, secret_directory: Path) -> Iterator[Defined]:
    base = URL(broker.url)
    assert base.user is not None
    assert base.password is not None
    assert broker.management_url is not None
    unique = f"t{secrets.token_hex(4)}"
    passwords = secret_files.amqp_passwords(secret_directory)
    made = definitions(passwords, vhost=unique, prefix=f"{unique}-")
    auth = (base.user, base.password)
    with httpx.Client(
        base_url=f"{broker.management_url}/api", auth=auth, timeout=60, verify=NO_CERTIFICATES
    ) as api:
        try:
            api.post("/definitions", json=made).raise_for_status()
            yield Defined(base, unique, f"{unique}-", passwords, broker.management_url)
        finally:
            api.delete(f"/vhosts/{unique}").raise_for_status()
            for user in made["users"]:
                api.delete(f"/users/{user['name']}").raise_for_status()


@dataclass(frozen=True)
class Guarded:
    """A member of a replica set that asks for passwords."""

    address: str
    root_password: str

    def connect(self, user: str, password: str) -> MongoClient[dict[str, Any]]:
        return MongoClient(
            f"mongodb://{self.address}/?replicaSet=rs0",
            username=user,
            password=password,
            serverSelectionTimeoutMS=10_000,
        )


@pytest.fixture(scope="module")
def guarded(secret_directory: Path) -> Iterator[Guarded]:
    """A mongod that was begun as its image begins it: alone, to get its root user, and then with key and set."""
    program = str(ensure_installed(print))
    with tempfile.TemporaryDirectory(prefix="contactpunt-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        (home / "db").mkdir()
        key = home / "key"
        key.write_bytes(base64.b64encode(secrets.token_bytes(48)))
        key.chmod(0o400)
        port = free_port(21_800)
        command = [program, "--dbpath", str(home / "db"), "--bind_ip", LOOPBACK, "--port", str(port)]
        command += ["--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--quiet"]
        password = secret_files.read(secret_directory / "mongo_root")
        address = f"{LOOPBACK}:{port}"
        with _process(command, home / "log"), _patient(address) as client:
            client.admin.command("createUser", "root", pwd=password, roles=["root"])
        with _process([*command, "--keyFile", str(key), "--replSet", "rs0"], home / "log"):
            yield Guarded(address, password)


@contextmanager
def _process(command: list[str], log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(_PATIENCE)


@contextmanager
def _patient(address: str) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](
        f"mongodb://{address}/", directConnection=True, serverSelectionTimeoutMS=int(_PATIENCE * 1000)
    ) as client:
        client.admin.command("ping")
        yield client


def set_up(guarded: Guarded, secret_directory: Path) -> subprocess.CompletedProcess[str]:
    """``python -m deploy.mongodb``, as the installation runs it."""
    command = [sys.executable, "-m", "deploy.mongodb", "--member", guarded.address]
    command += ["--secrets", str(secret_directory)]
    # Wide enough that no name is broken in two, however long the directory is called.
    wide = {**os.environ, "COLUMNS": "400"}
    return subprocess.run(command, cwd=PROJECT, env=wide, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture(scope="module")
def database(guarded: Guarded, secret_directory: Path) -> Guarded:
    """The replica set with the services' users."""
    done = set_up(guarded, secret_directory)
    assert done.returncode == 0, done.stderr
    return guarded
