"""Where tracing is on, spans go over HTTP to where they were told."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.trace import TraceFlags
from prometheus_client import CollectorRegistry

from deploy.local.ports import free_port
from shared.access import Tokens
from shared.http import make_app
from shared.settings import ServiceSettings
from shared.tracing import Tracing, start_tracing
from tests.unit.shared.apps import StandInRuntime, client_of
from tests.unit.tracing.test_messages import QUEUE, following, incoming

NOWHERE = {"amqp_url": "amqp://127.0.0.1:1/", "mongo_url": "mongodb://127.0.0.1:1/"}


class Collector:
    """Takes in what is sent to it, as a collector does."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], ExportTraceServiceRequest]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                headers = {name.lower(): value for name, value in self.headers.items()}
                collector.received.append((self.path, headers, ExportTraceServiceRequest.FromString(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def tracing_to(url: str, **more: str) -> Tracing:
    settings = ServiceSettings.model_validate(NOWHERE | {"otel_exporter_otlp_endpoint": url} | more)
    tracing = start_tracing(settings, "intake")
    assert tracing is not None
    return tracing


async def test_spans_go_to_the_address_with_the_headers_that_it_asks_for(collector: Collector) -> None:
    asked_for = "authorization=Bearer%20of-the-collector,x-other=1"
    tracing = tracing_to(collector.url, otel_exporter_otlp_headers=asked_for)
    with tracing.in_hand(QUEUE, [incoming(0)]):
        pass
    await tracing.stop()

    ((path, headers, request),) = collector.received
    assert path == "/v1/traces"
    assert (headers["authorization"], headers["x-other"]) == ("Bearer of-the-collector", "1")
    (spans,) = request.resource_spans
    about = {each.key: each.value.string_value for each in spans.resource.attributes}
    assert (about["service.namespace"], about["service.name"]) == ("contactpunt", "intake")
    assert [span.name for scope in spans.scope_spans for span in scope.spans] == [f"process {QUEUE}"]


async def test_a_collector_that_is_away_keeps_nobody_from_working_or_stopping() -> None:
    nowhere = f"http://127.0.0.1:{free_port(21_870)}"
    tracing = tracing_to(nowhere)
    with tracing.in_hand(QUEUE, [incoming(0)]), tracing.outgoing([following(0)]) as traced:
        assert "traceparent" in traced[0].headers
    await tracing.stop()


async def test_a_share_of_the_traces_is_kept_as_opentelemetrys_own_variables_say(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    tracing = tracing_to(collector.url)
    with tracing.outgoing([following(0)]) as traced:
        flags = int(traced[0].headers["traceparent"].rpartition("-")[2], 16)
        assert not flags & TraceFlags.SAMPLED
    await tracing.stop()
    assert collector.received == []


async def test_the_frameworks_own_telemetry_stays_off_whatever_the_environment_says(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = trace.get_tracer_provider(), metrics.get_meter_provider()
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    app = make_app("test", runtime=StandInRuntime(), tokens=Tokens(), registry=CollectorRegistry())
    async with client_of(app, started=True) as client:
        await client.get("/openapi.json?token=secret")
    assert (trace.get_tracer_provider(), metrics.get_meter_provider()) == before
    assert collector.received == []


async def test_a_service_sends_what_is_left_when_it_stops(collector: Collector) -> None:
    tracing = tracing_to(collector.url)
    app = make_app(
        "test", runtime=StandInRuntime(), tokens=Tokens(), registry=CollectorRegistry(), tracing=tracing
    )
    async with client_of(app, started=True):
        with tracing.outgoing([following(0)]):
            pass
    assert [len(request.resource_spans) for _, _, request in collector.received] == [1]
