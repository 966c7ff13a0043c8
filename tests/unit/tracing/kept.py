"""Spans that are kept instead of sent, and what is easily asked of them."""

from collections.abc import Iterable

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, format_span_id, format_trace_id

from shared.tracing import Causes, event_causes
from shared.tracing.open_telemetry import (
    BATCH_SIZE,
    DESTINATION,
    ERROR_TYPE,
    EVENT_TYPE,
    ORGANISATION,
    REFERENCE,
    OpenTelemetryTracing,
)
from shared.tracing.requests import METHOD, ROUTE, STATUS

ALLOWED = {
    *(REFERENCE, ORGANISATION, EVENT_TYPE, DESTINATION, BATCH_SIZE, ERROR_TYPE),
    *(METHOD, ROUTE, STATUS),
}


class Kept:
    """The spans of any number of services, as each ended."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()

    def tracing(self, service: str = "test", causes: Causes = event_causes) -> OpenTelemetryTracing:
        """A service's tracing."""
        provider = TracerProvider(resource=Resource({"service.name": service}), shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        return OpenTelemetryTracing(provider, causes)

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def the(self, name: str) -> ReadableSpan:
        """The one span of that name."""
        (span,) = self.named(name)
        return span

    def of_trace(self, trace: str) -> list[ReadableSpan]:
        return [span for span in self.spans if trace_of(span) == trace]


def _context(span: ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


def trace_of(span: ReadableSpan) -> str:
    return format_trace_id(_context(span).trace_id)


def id_of(span: ReadableSpan) -> str:
    return format_span_id(_context(span).span_id)


def parent_of(span: ReadableSpan) -> str | None:
    """The id of the span above it; None for the first of a trace."""
    return None if span.parent is None else format_span_id(span.parent.span_id)


def linked(span: ReadableSpan) -> set[str]:
    """The ids of the spans that it is linked with."""
    return {format_span_id(link.context.span_id) for link in span.links}


def service_of(span: ReadableSpan) -> object:
    return span.resource.attributes["service.name"]


def says_nothing_more(spans: Iterable[ReadableSpan]) -> bool:
    """Whether no span holds anything but what is allowed: no words of an error, no event, no other attribute."""
    return all(
        set(span.attributes or {}) <= ALLOWED and not span.events and span.status.description is None
        for span in spans
    )
