"""docker-compose.yml, as far as it can be held against the code without a Docker engine."""

import importlib.util
import re
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from deploy.local.directory import PROJECT
from deploy.local.services import SERVICES
from deploy.local.settings import LocalSettings
from services.intake.settings import IntakeSettings
from shared.settings import ServiceSettings

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
DOCKERFILE = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_runs_its_own_program_on_its_own_port(name: str) -> None:
    service = COMPOSE["services"][name]
    port = LocalSettings.model_fields[f"{name}_port"].default

    assert service["command"] == [f"services.{name}.main"]
    assert importlib.util.find_spec(f"services.{name}.main") is not None
    assert service["ports"] == [f"127.0.0.1:${{{name.upper()}_PORT:-{port}}}:{port}"]
    assert service["healthcheck"]["test"][-1] == str(port)


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_told_everything_that_it_must_be_told_under_a_name_that_it_knows(name: str) -> None:
    told = set(COMPOSE["services"][name]["environment"])
    settings = IntakeSettings if name == "intake" else ServiceSettings
    known = {field.upper() for field in settings.model_fields}
    required = {field.upper() for field, info in ServiceSettings.model_fields.items() if info.is_required()}

    assert told <= known
    assert required <= told
    assert "TOKENS_FILE" in told


def test_no_secret_has_a_default() -> None:
    variables = re.findall(r"\$\{(\w+)(:[-?])?", TEXT)
    secret = {name for name, _ in variables if name.endswith(("PASSWORD", "FILE"))}

    assert secret == {"RABBITMQ_PASSWORD", "MONGO_PASSWORD", "TOKENS_FILE", "CITIZEN_KEYS_FILE"}
    assert all(rule == ":?" for name, rule in variables if name in secret)


def test_intake_alone_is_given_what_citizens_are_known_again_by() -> None:
    given = {name for name in SERVICES if "citizen_keys" in COMPOSE["services"][name]["secrets"]}

    assert given == {"intake"}
    assert COMPOSE["services"]["intake"]["environment"]["CITIZEN_KEYS_FILE"] == "/run/secrets/citizen_keys"


def test_nothing_listens_beyond_this_machine() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_services_wait_for_a_broker_and_a_database_that_are_healthy(name: str) -> None:
    awaited = COMPOSE["services"][name]["depends_on"]

    assert awaited == {other: {"condition": "service_healthy"} for other in ("rabbitmq", "mongodb")}
    assert all("healthcheck" in COMPOSE["services"][other] for other in awaited)


def test_the_image_is_made_of_what_is_there_and_runs_without_root() -> None:
    sources = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, flags=re.MULTILINE)
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert sources
    for source in sources:
        assert (PROJECT / source).exists()
        assert f"!{PurePosixPath(source)}" in ignored
    assert re.search(r"^USER (?!root|0)", DOCKERFILE, flags=re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
