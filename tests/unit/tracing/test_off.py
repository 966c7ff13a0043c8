"""Where tracing is off there is nothing of it."""

import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry

from deploy.local.directory import PROJECT
from deploy.local.services import SERVICES
from shared.messaging import Messaging
from shared.messaging.publisher import Publisher
from shared.messaging.settler import Settler
from shared.messaging.tracing import TracedPublisher, TracedSettler
from shared.settings import ServiceSettings
from shared.tracing import start_tracing
from tests.unit.tracing.kept import Kept
from tests.unit.tracing.test_messages import QUEUE

NOWHERE = {"amqp_url": "amqp://127.0.0.1:1/", "mongo_url": "mongodb://127.0.0.1:1/"}


def test_without_an_address_there_is_no_tracing() -> None:
    assert start_tracing(ServiceSettings.model_validate(NOWHERE), "intake") is None


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_off_is_not_even_loaded(service: str) -> None:
    asked = f"import sys, services.{service}.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert f"services.{service}.main" in loaded
    assert "shared.tracing" in loaded
    # FastAPI loads OpenTelemetry's interface, which does nothing by itself.
    assert [name for name in loaded if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))] == []
    assert [name for name in loaded if name.startswith("shared.tracing.")] == []


def test_messages_pass_through_the_plain_classes_where_it_is_off() -> None:
    off = Messaging("amqp://127.0.0.1:1/", "test", CollectorRegistry())
    on = Messaging("amqp://127.0.0.1:1/", "test", CollectorRegistry(), tracing=Kept().tracing())
    assert (type(off.publisher), type(on.publisher)) == (Publisher, TracedPublisher)

    async def handle(_: object) -> None:
        pass

    settlers = [type(each.batch_subscriber(QUEUE, handle)._settler) for each in (off, on)]
    assert settlers == [Settler, TracedSettler]
