"""docker-compose.yml and its cluster, held against compose's own schema, the code, Prometheus and Grafana."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import secret_files
from deploy.local.directory import PROJECT
from deploy.local.services import SERVICES
from deploy.local.settings import LocalSettings
from deploy.mongodb.users import USERS as MONGO_USERS
from shared.settings import ServiceSettings
from tests.contract.compose import CLUSTER, COMPOSE, merged

ALL = tuple(COMPOSE["services"])
ONE_SHOT = ("mongodb-setup",)
OURS = (*SERVICES, *ONE_SHOT)
# Read where a file of settings is looked for, and by OpenTelemetry's library.
NOT_FIELDS = {"SECRETS_DIR", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"}


@pytest.fixture(scope="module", params=["one", "cluster"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The services as compose reads them."""
    found = merged(tmp_path_factory.mktemp("compose"), cluster=request.param == "cluster")
    named: dict[str, Any] = found["services"]
    assert set(named) >= set(ALL)
    return named


def test_every_container_is_pinned_limited_and_without_rights(services: dict[str, Any]) -> None:
    for name, service in services.items():
        tag = re.fullmatch(r"[\w./-]+:([\w.-]+)", service["image"])
        assert tag, name
        assert name in OURS or re.match(r"v?\d+\.\d+", tag[1]), name
        assert service["user"].split(":")[0] not in ("0", "root"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "/tmp" in service["tmpfs"], name  # noqa: S108  in the container
        assert {"mem_limit", "cpus", "pids_limit", "restart", "logging", "networks"} <= service.keys(), name
        assert "privileged" not in service, name


def test_every_container_that_stays_says_how_it_is(services: dict[str, Any]) -> None:
    for name, service in services.items():
        # Of a health check that is switched off, the older compose makes a test that is none.
        check = service["healthcheck"].get("test", ["NONE"])
        assert (check != ["NONE"]) == (name not in ONE_SHOT), name


def test_nothing_listens_beyond_this_machine_and_the_database_not_at_all(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert set(published) == {*SERVICES, "rabbitmq", "prometheus", "grafana"}
    for ports in published.values():
        assert all(_host(port) == "127.0.0.1" for port in ports)


def _host(port: Any) -> str:
    return str(port["host_ip"] if isinstance(port, dict) else port.split(":")[0])


def test_whom_somebody_waits_for_is_there_and_tells_its_health(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for awaited, how in service.get("depends_on", {}).items():
            expected = "service_completed_successfully" if awaited in ONE_SHOT else "service_healthy"
            assert how["condition"] == expected, name
            assert awaited in services, name


def test_the_cluster_has_three_nodes_three_members_and_two_replicas() -> None:
    everything = {**COMPOSE["services"], **CLUSTER["services"]}
    for kind in ("rabbitmq", "mongodb"):
        nodes = [name for name in everything if re.fullmatch(rf"{kind}(-\d)?", name)]
        assert len(nodes) == 3
    assert all(CLUSTER["services"][name]["deploy"] == {"replicas": 2} for name in SERVICES)


def test_the_nodes_of_the_cluster_know_each_other_by_the_names_that_they_have(tmp_path: Path) -> None:
    nodes = merged(tmp_path, cluster=True)["services"]
    names = ("rabbitmq", "rabbitmq-2", "rabbitmq-3")
    conf = (PROJECT / "deploy" / "rabbitmq" / "cluster.conf").read_text(encoding="utf-8")
    known = re.findall(r"^cluster_formation\.classic_config\.nodes\.\d = rabbit@(\S+)$", conf, re.MULTILINE)

    assert [nodes[name]["hostname"] for name in names] == known
    for name, known_as in zip(names, known, strict=True):
        reached = {name, *nodes[name]["networks"]["broker"]["aliases"]}
        assert {known_as, "rabbitmq"} <= reached, name
    members = CLUSTER["services"]["mongodb-setup"]["command"][2::2]
    for service in MONGO_USERS:
        url = CLUSTER["services"][service]["environment"]["MONGO_URL"]
        assert url.split("@")[1].split("/")[0].split(",") == members


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_runs_its_own_program_on_its_own_port(name: str) -> None:
    service = COMPOSE["services"][name]
    port = LocalSettings.model_fields[f"{name}_port"].default

    assert service["command"] == [f"services.{name}.main"]
    assert importlib.util.find_spec(f"services.{name}.main") is not None
    assert service["ports"] == [f"127.0.0.1:${{{name.upper()}_PORT:-{port}}}:{port}"]
    assert service["healthcheck"]["test"][-1] == str(port)


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_told_what_it_must_be_told_and_comes_with_its_own_user(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = COMPOSE["services"][name]
    settings = importlib.import_module(f"services.{name}.settings")
    chosen = next(
        each
        for each in vars(settings).values()
        if isinstance(each, type) and issubclass(each, ServiceSettings) and each is not ServiceSettings
    )
    given = {each["target"]: each["source"] for each in service["secrets"]}
    for target, source in given.items():
        (tmp_path / target).write_text(f"secret of {source}", encoding="utf-8")
    for field in (*chosen.model_fields, *NOT_FIELDS):
        monkeypatch.delenv(field.upper(), raising=False)
    assert set(service["environment"]) <= {field.upper() for field in chosen.model_fields} | NOT_FIELDS
    for variable, value in service["environment"].items():
        if value is None:  # what only a shell or .env may give
            continue
        monkeypatch.setenv(variable, str(tmp_path) if variable == "SECRETS_DIR" else value)

    told = chosen()

    assert told.topology == "expect"
    assert told.otel_exporter_otlp_endpoint is None
    assert told.amqp_url.get_secret_value() == f"amqp://{name}:secret%20of%20amqp_{name}@rabbitmq:5672/contactpunt"
    if name in MONGO_USERS:
        assert told.mongo_url.get_secret_value().startswith(
            f"mongodb://{name}:secret%20of%20mongo_{name}@mongodb:"
        )
    assert str(told.tokens_file) == f"{service['environment']['SECRETS_DIR']}/tokens"
    assert set(given) <= {"tokens", "amqp_password", "mongo_password", "citizen_keys"}
    assert ("citizen_keys" in given) == (name == "intake")


def test_an_address_for_traces_reaches_the_four_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_SAMPLER_ARG": "0.1"}
    for variable, value in named.items():
        monkeypatch.setenv(variable, value)
    services = merged(tmp_path, cluster=True)["services"]
    for name in SERVICES:
        assert {each: services[name]["environment"][each] for each in named} == named


def test_no_secret_stands_in_the_files_and_every_one_is_made() -> None:
    declared = {**COMPOSE["secrets"], **CLUSTER["secrets"]}
    used = {
        each if isinstance(each, str) else each["source"]
        for file in (COMPOSE, CLUSTER)
        for service in file["services"].values()
        for each in service.get("secrets", ())
    }
    assert used == set(declared)
    assert {each["file"] for each in declared.values()} <= {f".secrets/{name}" for name in secret_files.FILES}
    for file in (COMPOSE, CLUSTER):
        for name, service in file["services"].items():
            values = service.get("environment", {})
            assert not [each for each in values if re.search(r"PASSWORD$|TOKEN$|COOKIE$|KEY$", each)], name
            assert not [each for each in values.values() if each and re.search(r"//[^/@]+:[^/@]+@", each)], name


def test_a_service_without_data_has_no_way_to_the_database() -> None:
    on_it = {name for name, service in COMPOSE["services"].items() if "database" in service["networks"]}
    assert on_it == {*MONGO_USERS, "mongodb", *ONE_SHOT}
    assert COMPOSE["networks"]["database"] == {"internal": True}


def test_prometheus_scrapes_the_names_and_ports_that_compose_gives() -> None:
    text = (PROJECT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    scraped = {
        name: each["port"]
        for job in yaml.safe_load(text)["scrape_configs"]
        for each in job["dns_sd_configs"]
        for name in each["names"]
    }
    ports = {name: LocalSettings.model_fields[f"{name}_port"].default for name in SERVICES}
    assert scraped == {**ports, "rabbitmq": 15692}
    assert all("watch" in COMPOSE["services"][name]["networks"] for name in scraped)
    assert "rabbitmq_prometheus" in (PROJECT / "deploy" / "rabbitmq" / "enabled_plugins").read_text()


def test_what_is_mounted_exists_and_is_where_prometheus_and_grafana_look_for_it() -> None:
    mounts: dict[str, str] = {}
    for file in (COMPOSE, CLUSTER):
        for service in file["services"].values():
            for volume in service.get("volumes", ()):
                source, target, *mode = volume.split(":")
                if source.startswith("."):
                    assert (PROJECT / source).exists(), volume
                    assert mode == ["ro"], volume
                    mounts[target] = source
    provider = yaml.safe_load((PROJECT / "deploy/grafana/provisioning/dashboards/contactpunt.yml").read_text())
    source = yaml.safe_load((PROJECT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())

    assert mounts[provider["providers"][0]["options"]["path"]] == "./deploy/grafana/dashboards"
    assert mounts["/etc/grafana/provisioning"] == "./deploy/grafana/provisioning"
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    assert mounts["/etc/prometheus/rules"] == "./deploy/prometheus/rules"
    assert f"--config.file={'/etc/prometheus/prometheus.yml'}" in COMPOSE["services"]["prometheus"]["command"]


def test_the_broker_loads_the_definitions_from_where_its_secret_is() -> None:
    (secret,) = COMPOSE["services"]["rabbitmq"]["secrets"]
    conf = (PROJECT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text(encoding="utf-8")

    assert f"load_definitions = /run/secrets/{secret['target']}\n" in conf
    assert "default_user" not in conf
