"""Where spans go: over HTTP to a collector. Imported where tracing is on."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.util.re import parse_env_headers

from shared.settings import ServiceSettings

NAMESPACE = "contactpunt"


def exporting(settings: ServiceSettings, service: str) -> TracerProvider:
    """A provider that sends to the settings' address, in the background. What cannot be sent is dropped.

    Sampling, timeout and compression follow OpenTelemetry's own variables.
    """
    headers = settings.otel_exporter_otlp_headers
    exporter = OTLPSpanExporter(
        endpoint=f"{str(settings.otel_exporter_otlp_endpoint).rstrip('/')}/v1/traces",
        headers=parse_env_headers(headers.get_secret_value(), liberal=True) if headers else None,
    )
    provider = TracerProvider(
        resource=Resource.create({"service.namespace": NAMESPACE, "service.name": service}),
        # The service stops it itself: a process that is told to end by a signal runs nothing at its exit.
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
