"""The reference of all metrics, out of the registries that the services fill."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from prometheus_client import CollectorRegistry

from deploy.documents.settings_page import SERVICES
from services.deadlines import main as deadlines
from services.deadlines.runtime import DeadlinesRuntime
from services.deadlines.settings import DeadlinesSettings
from services.intake.main import intake_app
from services.intake.runtime import IntakeRuntime
from services.intake.settings import IntakeSettings
from services.reporting.main import build_app
from services.reporting.settings import ReportingSettings
from services.routing.main import app_for, runtime_for
from shared.access import Tokens
from shared.clock import system_clock
from shared.profiles import Profiles

_NOWHERE: Final = {"amqp_url": "amqp://127.0.0.1:1/", "mongo_url": "mongodb://127.0.0.1:1/"}
_HEAD: Final = """# Metrics

Made from the code by `make documents`; a test holds it against the code.

Every service tells its metrics at `/metrics`, without a token; none of them holds an id or anything else of a
citizen. A histogram is there as `_bucket`, `_sum` and `_count`. Alerts and recording rules over them:
[`deploy/prometheus/rules`](../../deploy/prometheus/rules); what to do about each alert: [runbook](runbook.md).
"""


class Metric(NamedTuple):
    """As Prometheus sees it; ``labels`` without those that a scrape adds."""

    name: str
    type: str
    labels: tuple[str, ...]
    help: str


def metrics_of(service: str) -> list[Metric]:
    """All metrics of a service by name. Connects to nothing."""
    registry = CollectorRegistry()
    _FILL[service](registry)
    return sorted(_metrics(registry))


def metrics_page() -> str:
    """The page, as Markdown."""
    found = {service: metrics_of(service) for service in SERVICES}
    common = set.intersection(*(set(metrics) for metrics in found.values()))
    parts = [_HEAD, "## Every service\n", _table(sorted(common))]
    for service, metrics in found.items():
        parts += [f"## {service.capitalize()}\n", _table([each for each in metrics if each not in common])]
    return "\n".join(parts)


def _metrics(registry: CollectorRegistry) -> Iterator[Metric]:
    for collector in registry._collector_to_names:  # noqa: SLF001  a registry tells samples, not collectors
        labels: tuple[str, ...] = tuple(getattr(collector, "_labelnames", ()))
        for family in collector.collect():
            samples = sorted({label for sample in family.samples for label in sample.labels} - {"le"})
            name = {"counter": f"{family.name}_total", "info": f"{family.name}_info"}.get(family.type, family.name)
            yield Metric(name, family.type, labels or tuple(samples), family.documentation)


def _table(metrics: list[Metric]) -> str:
    rows = [
        f"| `{each.name}` | {each.type} | {', '.join(f'`{label}`' for label in each.labels)} | {each.help} |"
        for each in metrics
    ]
    return "\n".join(["| name | type | labels | meaning |", "|---|---|---|---|", *rows, ""])


def _intake(registry: CollectorRegistry) -> None:
    runtime = IntakeRuntime(IntakeSettings.model_validate(_NOWHERE), {}, registry)
    intake_app(runtime, Tokens(), registry)


def _routing(registry: CollectorRegistry) -> None:
    profiles = Profiles({})
    runtime = runtime_for(_NOWHERE["amqp_url"], profiles, registry, prefetch=1)
    app_for(runtime, profiles, Tokens(), registry)


def _deadlines(registry: CollectorRegistry) -> None:
    settings, profiles = DeadlinesSettings.model_validate(_NOWHERE), Profiles({})
    store = deadlines.store_for(settings, registry)
    runtime = DeadlinesRuntime(settings, profiles, store, registry, system_clock)
    deadlines.app_for(runtime, store, profiles, tokens=Tokens(), registry=registry)


def _reporting(registry: CollectorRegistry) -> None:
    settings = ReportingSettings.model_validate(_NOWHERE)
    build_app(settings, Profiles({}), Tokens(), registry=registry)


_FILL: Final[dict[str, Any]] = {
    "intake": _intake,
    "routing": _routing,
    "deadlines": _deadlines,
    "reporting": _reporting,
}
