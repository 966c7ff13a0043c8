"""Prometheus and promtool for the tests: those that are there, else Debian's."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.local import debian
from deploy.local.directory import PROJECT
from deploy.local.failure import LocalRunError
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port

CONFIGURATION = PROJECT / "deploy" / "prometheus"
RULES = tuple(sorted((CONFIGURATION / "rules").glob("*.yml")))
DASHBOARDS = tuple(sorted((PROJECT / "deploy" / "grafana" / "dashboards").glob("*.json")))
_OTHERWISE = "Or install Prometheus in another way, so that prometheus and promtool are on the PATH."


def ensure_installed(say: Callable[[str], None]) -> None:
    """Prometheus from Debian where it is missing. Raises ``LocalRunError`` where that may not be."""
    if shutil.which("prometheus") and shutil.which("promtool"):
        return
    if debian.why_not() is None:
        say("installing Prometheus from Debian, once")
    debian.install(["prometheus"], otherwise=_OTHERWISE)
    if not shutil.which("promtool"):
        raise LocalRunError(f"prometheus is installed but promtool is not on the PATH.\n       {_OTHERWISE}")


def _path(program: str) -> str:
    found = shutil.which(program)
    assert found is not None, program
    return found


def promtool(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """What promtool says, standard error included."""
    ensure_installed(print)
    return subprocess.run(
        [_path("promtool"), *arguments],
        cwd=CONFIGURATION,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def groups() -> list[dict[str, Any]]:
    """All groups of rules."""
    return [group for file in RULES for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for group in groups() for rule in group["rules"] if "alert" in rule]


def recordings() -> list[dict[str, Any]]:
    return [rule for group in groups() for rule in group["rules"] if "record" in rule]


def panel_queries(variables: Mapping[str, str]) -> list[tuple[str, str]]:
    """Title and query of every panel, with the dashboard's variables filled in."""
    found = []
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                query = target["expr"]
                for name, value in variables.items():
                    query = query.replace(f"${name}", value)
                found.append((f"{file.stem}: {panel['title']}", query))
    return found


class Prometheus:
    """A Prometheus that runs."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10, verify=NO_CERTIFICATES)

    def close(self) -> None:
        self._client.close()

    def is_ready(self) -> bool:
        try:
            return self._client.get("/-/ready").is_success
        except httpx.HTTPError:
            return False

    def query(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query."""
        answer = self._client.get("/api/v1/query", params={"query": query})
        assert answer.is_success, f"{query}: {answer.text}"
        series: list[dict[str, Any]] = answer.json()["data"]["result"]
        return series

    def rules(self) -> list[dict[str, Any]]:
        """Every rule with its health, as Prometheus itself sees it."""
        answer = self._client.get("/api/v1/rules").raise_for_status()
        return [rule for group in answer.json()["data"]["groups"] for rule in group["rules"]]


@contextmanager
def watching(directory: Path, targets: Mapping[str, str], broker: str | None) -> Iterator[Prometheus]:
    """Prometheus with the product's own rules, looking every second at ``targets`` (service -> host:port)."""
    ensure_installed(print)
    scrape = [
        {
            "job_name": "contactpunt",
            "static_configs": [
                {"targets": [address], "labels": {"service": name}} for name, address in targets.items()
            ],
        }
    ]
    if broker:
        scrape.append({"job_name": "rabbitmq", "static_configs": [{"targets": [broker]}]})
    configuration = directory / "prometheus.yml"
    seconds = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    configuration.write_text(
        yaml.safe_dump({"global": seconds, "rule_files": [str(file) for file in RULES], "scrape_configs": scrape}),
        encoding="utf-8",
    )
    port = free_port(21_901)
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            [
                _path("prometheus"),
                f"--config.file={configuration}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GOMAXPROCS": "1"},
        )
        try:
            with closing(Prometheus(f"http://127.0.0.1:{port}")) as prometheus:
                yield prometheus
        finally:
            process.terminate()
            process.wait(30)
