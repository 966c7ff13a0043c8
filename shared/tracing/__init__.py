"""Tracing: one trace of a contact from its channel to the reports. Off unless an address is set to send it to.

Nothing but the modules of here imports OpenTelemetry, and nothing imports those where tracing is off.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from shared.http import RequestTracing
from shared.messaging.message import IncomingMessage
from shared.messaging.tracing import MessageTracing
from shared.settings import ServiceSettings

Causes = Callable[[IncomingMessage], Iterable[str]]
"""The ids under which what follows from a message names it as its cause."""


class Tracing(MessageTracing, RequestTracing, Protocol):
    """The tracing of a service, messages and requests."""


def event_causes(message: IncomingMessage) -> Iterable[str]:
    """Those of an event: its own id, and that of everything about its contact."""
    return [each for each in (message.message_id, message.correlation_id) if each]


def start_tracing(settings: ServiceSettings, service: str, causes: Causes = event_causes) -> Tracing | None:
    """The service's tracing, which sends from now on; None where it is off."""
    if settings.otel_exporter_otlp_endpoint is None:
        return None
    from shared.tracing.export import exporting  # noqa: PLC0415  nobody waits for what is off
    from shared.tracing.open_telemetry import OpenTelemetryTracing  # noqa: PLC0415

    return OpenTelemetryTracing(exporting(settings, service), causes)
