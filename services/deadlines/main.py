"""Deadlines put together: settings, profiles, broker, database, HTTP."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.deadlines.api import Deadlines, deadlines_routes
from services.deadlines.pages import pages_routes
from services.deadlines.runtime import DeadlinesRuntime
from services.deadlines.settings import DeadlinesSettings
from services.deadlines.store import Stored, TimelineStore
from services.deadlines.work_list import Filter, Line
from shared.access import NoTokens, Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.dead_letters import dead_letter_routes, described_box
from shared.http import RequestTracing, Runtime, make_app, serve
from shared.logging import configure_logging
from shared.messaging.dead_letters import DeadLetterBox
from shared.mongo import open_client, open_database
from shared.profiles import BrokenProfile, Profiles, load_profiles
from shared.settings import starting
from shared.tracing import start_tracing

_log = structlog.get_logger("deadlines")
TITLE = "Contactpunt: deadlines"


def store_for(settings: DeadlinesSettings, registry: CollectorRegistry | None = None) -> TimelineStore:
    """The store in the service's own database; connects on first use."""
    client = open_client(settings.mongo_url.get_secret_value(), "deadlines", registry)
    return TimelineStore(client, open_database(client, settings.mongo_prefix, "deadlines"))


def clock_for(settings: DeadlinesSettings) -> Clock:
    """The machine's clock, or one that is ahead of it for a rehearsal; that is told in the log."""
    if not settings.clock_offset_seconds:
        return system_clock
    ahead = timedelta(seconds=settings.clock_offset_seconds)
    _log.warning("this service's clock is not the machine's", ahead_seconds=settings.clock_offset_seconds)
    return lambda: system_clock() + ahead


def app_for(
    runtime: Runtime,
    deadlines: Deadlines,
    profiles: Profiles,
    *,
    tokens: Tokens,
    registry: CollectorRegistry,
    clock: Clock = system_clock,
    dead_letters: DeadLetterBox | None = None,
    tracing: RequestTracing | None = None,
) -> FastAPI:
    """The HTTP side around the work."""
    routers = [deadlines_routes(deadlines, profiles, clock), pages_routes(deadlines, profiles, clock)]
    if dead_letters is not None:
        routers.append(dead_letter_routes(dead_letters))
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=routers, tracing=tracing)


def openapi_app() -> FastAPI:
    """The app without broker, database and tokens, for its documentation."""
    nothing = _Nothing()
    box = described_box("deadlines")
    return app_for(nothing, nothing, Profiles({}), tokens=Tokens(), registry=CollectorRegistry(), dead_letters=box)


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles or tokens cannot be used."""
    with starting("deadlines", BrokenProfile, NoTokens):
        settings = DeadlinesSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
    configure_logging("deadlines", settings.log_level)
    registry, tracing = CollectorRegistry(), start_tracing(settings, "deadlines")
    store = store_for(settings, registry)
    clock = clock_for(settings)
    runtime = DeadlinesRuntime(settings, profiles, store, registry, clock, tracing=tracing)
    app = app_for(
        runtime,
        store,
        profiles,
        tokens=tokens,
        registry=registry,
        clock=clock,
        dead_letters=runtime.messaging.dead_letters(),
        tracing=tracing,
    )
    serve(app, settings.host, settings.deadlines_port)


class _Nothing:
    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def missing(self) -> list[str]:
        return []

    async def read(self, _references: Sequence[str]) -> dict[str, Stored]:
        return {}

    async def work_list(self, _wanted: Filter, _most: int) -> list[Line]:
        return []


if __name__ == "__main__":
    main()
