"""HTTP requests in numbers, by route and status: never by an address that somebody typed."""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_NO_ROUTE: Final = "none"


class HttpMetrics:
    """What is counted of requests, in the registry that is handed in."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.seconds = Histogram(
            "contactpunt_http_request_seconds",
            "Seconds from a request until its answer was sent whole, by route (none: there is no such route) and "
            "status.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.in_hand = Gauge(
            "contactpunt_http_requests_in_hand", "Requests that are being answered.", registry=registry
        )


class MeasuredRequests:
    """Measures every request, those that no route takes included."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        # Without an answer the caller has gone away.
        status = "none"

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        with self._metrics.in_hand.track_inprogress():
            try:
                await self._app(scope, receive, told)
            finally:
                route = getattr(scope.get("route"), "path", _NO_ROUTE)
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._metrics.seconds.labels(method, route, status).observe(time.perf_counter() - started)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
