"""A real Prometheus watches the running product, with the sample year and live contacts: no answer is empty."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.services import SERVICES
from tests.e2e.product import Product, eventually
from tests.prometheus import Prometheus, alerts, panel_queries, promtool, recordings, watching

# What can only be seen where something goes wrong, or where RabbitMQ's own plugin is scraped.
_NEEDS_TROUBLE = {"ContactpuntNoServices"}
_COMPARISON = re.compile(r"\s*(==|>|<)\s*(\(.*\)|[\d.e]+)$")


@pytest.fixture(scope="module")
def watched(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Prometheus, after it has seen the sample year come in, and live contacts, good and bad, after that."""
    targets = {name: urlsplit(product.environment[f"{name.upper()}_URL"]).netloc for name in SERVICES}
    broker = f"127.0.0.1:{product.variables['RABBITMQ_PROMETHEUS_PORT']}" if product.pid("rabbitmq") else None
    with watching(tmp_path_factory.mktemp("prometheus"), targets, broker) as prometheus:
        eventually(lambda: prometheus.is_ready() or None, "Prometheus ready")
        # A counter has to be seen before it moves.
        eventually(lambda: len(prometheus.query("up == 1")) >= len(SERVICES) or None, "all scraped")
        _hand_in(product, 0)
        product.run("deploy.sample", "load")
        for number in range(1, 6):
            _hand_in(product, number)
            time.sleep(1)
        product.comes_to_rest()
        time.sleep(8)
        yield prometheus


def _hand_in(product: Product, number: int) -> None:
    """A live contact with a deadline that is missed already, a follow-up, and a message that is refused."""
    received = datetime.now(UTC) - timedelta(days=60)
    submission = {
        "submission_id": f"watched-{number}",
        "organisation": "leuven",
        "channel": "web_form",
        "received_at": received.isoformat(),
        "nature": "complaint",
        "text": "De stoep ligt los en er komt niemand kijken.",
        "about": {"directorate": "openbaar_domein", "service": "wegbeheer"},
    }
    with product.client("intake", "adapter") as client:
        accepted = client.post("/contacts", json=submission).raise_for_status().json()
    with product.client("intake", "handler") as client:
        follow_up = {
            "follow_up_id": f"watched-{number}",
            "organisation": "leuven",
            "kind": "information_requested",
            "occurred_at": datetime.now(UTC).isoformat(),
            "data": {},
        }
        client.post(f"/contacts/{accepted['reference']}/follow-ups", json=follow_up).raise_for_status()
    product.publish("contacts.inbound", "submission.leuven.email", b'{"organisation": "leuven"}')


@pytest.mark.parametrize("service", SERVICES)
def test_promtool_finds_nothing_wrong_with_the_metrics(product: Product, service: str) -> None:
    metrics = httpx.get(
        f"{product.environment[f'{service.upper()}_URL']}/metrics", timeout=10, verify=NO_CERTIFICATES
    ).text
    checked = promtool("check", "metrics", given=metrics)
    assert checked.returncode == 0, checked.stdout


def test_every_rule_can_be_evaluated(watched: Prometheus) -> None:
    known = watched.rules()
    assert {rule["name"] for rule in known} == {
        *(rule["alert"] for rule in alerts()),
        *(rule["record"] for rule in recordings()),
    }
    assert [rule["name"] for rule in known if rule["health"] != "ok"] == []


@pytest.mark.parametrize("rule", recordings(), ids=lambda rule: str(rule["record"]))
def test_every_recording_rule_has_a_value(watched: Prometheus, rule: dict[str, str]) -> None:
    assert eventually(lambda: watched.query(rule["record"]) or None, rule["record"], patience=30)


@pytest.mark.parametrize(
    "rule", [each for each in alerts() if each["alert"] not in _NEEDS_TROUBLE], ids=lambda rule: str(rule["alert"])
)
def test_every_alert_looks_at_something_that_is_there(watched: Prometheus, rule: dict[str, str]) -> None:
    measured = _COMPARISON.sub("", rule["expr"].strip())
    assert measured != rule["expr"].strip(), "the threshold stands at the end"
    if "rabbitmq_" in measured and not watched.query('up{job="rabbitmq"} == 1'):
        pytest.fail("RabbitMQ's own metrics are not scraped")
    assert eventually(lambda: watched.query(measured) or None, measured, patience=30)


@pytest.mark.parametrize(("title", "query"), panel_queries({"organisation": ".*", "__range": "5m"}))
def test_every_panel_shows_something(watched: Prometheus, title: str, query: str) -> None:
    assert eventually(lambda: watched.query(query) or None, f"{title}: {query}", patience=30)


def test_nothing_critical_sounds_on_a_healthy_product(watched: Prometheus) -> None:
    firing = {
        each["metric"]["alertname"] for each in watched.query('ALERTS{alertstate="firing", severity="critical"}')
    }
    assert firing == set()
