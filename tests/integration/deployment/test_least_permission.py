"""The four services with a user each, as an installation runs them: a contact comes in and is counted."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import httpx
import orjson
import pytest

from deploy import secret_files
from deploy.local.directory import PROJECT
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.services import SERVICES, is_ready
from tests.e2e.product import eventually
from tests.integration.deployment.conftest import Defined, Guarded

CONTACT = {
    "submission_id": "mail-1",
    "organisation": "leuven",
    "channel": "email",
    "received_at": "2021-03-04T09:30:00+01:00",
    "nature": "complaint",
    "subject": "Losse tegels",
    "text": "De stoep ligt al weken los en er komt niemand kijken.",
    "about": {"directorate": "openbaar_domein", "service": "wegbeheer"},
}


@dataclass(frozen=True)
class Running:
    urls: Mapping[str, str]
    tokens: Mapping[str, str]

    def client(self, service: str, role: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.tokens[f'{role.upper()}_TOKEN']}"}
        return httpx.Client(base_url=self.urls[service], headers=headers, timeout=30, verify=NO_CERTIFICATES)


@pytest.fixture(scope="module")
def running(
    defined: Defined,
    database: Guarded,
    secret_directory: Path,
    models_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """The services, each with the secrets that docker-compose.yml gives it and no others."""
    home = tmp_path_factory.mktemp("services")
    tokens = secret_files.renew(secret_directory, secret_files.TOKENS)
    ports = {name: free_port(21_830 + 10 * number) for number, name in enumerate(SERVICES)}
    urls = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
    with ExitStack() as stack:
        for name, port in ports.items():
            environment = _environment(name, defined, database, secret_directory, home / name)
            environment |= {f"{name.upper()}_PORT": str(port), "MODELS_DIR": str(models_dir)}
            stack.enter_context(_service(name, environment, home / f"{name}.log"))
        for name, url in urls.items():
            eventually(lambda at=url: is_ready(at) or None, f"{name} ready")  # type: ignore[misc]
        yield Running(urls, tokens)


def _environment(
    name: str, defined: Defined, database: Guarded, secret_directory: Path, own: Path
) -> dict[str, str]:
    own.mkdir()
    given = {"tokens": "tokens.json", "amqp_password": f"amqp_{name}"}
    environment = {
        **{key: value for key, value in os.environ.items() if not key.endswith(("_URL", "_PASSWORD"))},
        "HOST": LOOPBACK,
        "TOPOLOGY": "expect",
        "SECRETS_DIR": str(own),
        "TOKENS_FILE": str(own / "tokens"),
        "AMQP_URL": defined.url_without_password(name),
    }
    if name != "routing":
        given["mongo_password"] = f"mongo_{name}"
        environment["MONGO_URL"] = f"mongodb://{name}@{database.address}/?replicaSet=rs0&authSource=admin"
    for target, source in given.items():
        (own / target).write_text(secret_files.read(secret_directory / source), encoding="utf-8")
    return environment


@contextmanager
def _service(name: str, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{name}.main"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


async def test_a_contact_that_an_adapter_hands_in_is_routed_timed_and_counted(
    running: Running, defined: Defined
) -> None:
    async with await aio_pika.connect(defined.url("adapter")) as connection:
        channel = await connection.channel(on_return_raises=True)
        inbound = await channel.get_exchange("contacts.inbound", ensure=False)
        message = aio_pika.Message(orjson.dumps(CONTACT), delivery_mode=2, content_type="application/json")
        await inbound.publish(message, "submission.leuven.email", mandatory=True)

    asked = {"organisation": "leuven", "from": "2021-01-01", "to": "2021-12-31", "group_by": "nature"}

    def counted() -> list[dict[str, object]] | None:
        with running.client("reporting", "reporting") as reporting:
            answer = reporting.get("/reports/contacts", params=asked)
        rows: list[dict[str, object]] = answer.raise_for_status().json()["rows"]
        return rows if [row["nature"] for row in rows] == ["complaint"] else None

    assert eventually(counted, "the contact in the report")[0]["count"] == 1

    def timed() -> bool | None:
        with running.client("deadlines", "handler") as deadlines:
            answer = deadlines.get("/deadlines", params={"organisation": "leuven"})
        return bool(answer.raise_for_status().json()["deadlines"]) or None

    assert eventually(timed, "the contact in the work list")
