"""A span for each HTTP request, by its route: never by the address that was asked for, which may hold a token."""

from typing import Final

from opentelemetry.context import attach, detach
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHOD: Final = "http.request.method"
ROUTE: Final = "http.route"
STATUS: Final = "http.response.status_code"
_SERVER_ERROR: Final = 500
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked every few seconds, by machines, about no contact.
_UNTRACED: Final = ("/health/", "/metrics")


class TracedRequests:
    """What is published while a request is answered belongs to its trace."""

    def __init__(self, app: ASGIApp, tracer: Tracer, propagator: TraceContextTextMapPropagator) -> None:
        self._app = app
        self._tracer = tracer
        self._propagator = propagator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNTRACED):
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        parent = self._propagator.extract(dict(Headers(scope=scope)))
        span = self._tracer.start_span(method, parent, SpanKind.SERVER, {METHOD: method})
        # Without an answer there is none: a defect, or a caller who has gone away.
        status: int | None = None

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = attach(set_span_in_context(span))
        try:
            await self._app(scope, receive, told)
        finally:
            detach(token)
            route = getattr(scope.get("route"), "path", "none")
            span.update_name(f"{method} {route}")
            span.set_attribute(ROUTE, route)
            if status is not None:
                span.set_attribute(STATUS, status)
            if status is None or status >= _SERVER_ERROR:
                span.set_status(Status(StatusCode.ERROR))
            span.end()
