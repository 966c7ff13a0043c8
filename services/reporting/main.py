"""Composition root of reporting: ``python -m services.reporting.main``."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.reporting.api import report_routes
from services.reporting.domain.counting import tables_of
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.handlers import EventHandler
from services.reporting.metrics import ReportingMetrics
from services.reporting.reports import Reports
from services.reporting.runtime import ReportingRuntime
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, Committer, ReadingRoom, Slot
from shared.access import Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.http import Runtime, make_app, serve
from shared.logging import configure_logging
from shared.messaging.messaging import Messaging
from shared.messaging.topology import REPORTING_EVENTS
from shared.mongo import open_client, open_database
from shared.profiles import Profiles, load_profiles

SERVICE = "reporting"
TITLE = "Contactpunt reporting"


def build_app(
    settings: ReportingSettings, profiles: Profiles, tokens: Tokens, clock: Clock = system_clock
) -> FastAPI:
    """The service, wired; nothing is connected before the app starts."""
    registry = CollectorRegistry()
    metrics = ReportingMetrics(registry)
    client = open_client(settings.mongo_url.get_secret_value(), SERVICE, registry)
    collections = Collections(open_database(client, settings.mongo_prefix, SERVICE))
    slot = Slot(collections, clock)
    room = ReadingRoom(collections)
    messaging = Messaging(settings.amqp_url.get_secret_value(), SERVICE, registry, settings.topology)
    handler = EventHandler(Committer(collections, slot, profiles, clock), profiles, metrics, clock)
    messaging.batch_subscriber(
        REPORTING_EVENTS, handler.handle, max_batch=settings.reporting_batch, prefetch=settings.prefetch
    )
    tables = {name: tables_of(profile) for name, profile in profiles.items()}
    runtime = ReportingRuntime(
        client=client,
        collections=collections,
        slot=slot,
        messaging=messaging,
        room=room,
        metrics=metrics,
        tables=tables,
    )
    return _app(runtime, tokens, registry, Reports(room, profiles, _vocabularies(profiles), clock))


def _app(runtime: Runtime, tokens: Tokens, registry: CollectorRegistry, reports: Reports) -> FastAPI:
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=[report_routes(reports)])


def _vocabularies(profiles: Profiles) -> dict[str, Vocabulary]:
    return {name: Vocabulary(profile) for name, profile in profiles.items()}


class _NothingRuns:
    """Stands in where only the description of the app is wanted."""

    async def start(self) -> None:
        """Starts nothing."""

    async def stop(self) -> None:
        """Stops nothing."""

    async def missing(self) -> list[str]:
        return []


def openapi_app() -> FastAPI:
    """The app for its OpenAPI document alone: connected to nothing, never served."""
    client = open_client("mongodb://127.0.0.1:1", SERVICE)
    room = ReadingRoom(Collections(open_database(client, "contactpunt", SERVICE)))
    profiles = load_profiles()
    reports = Reports(room, profiles, _vocabularies(profiles), system_clock)
    return _app(_NothingRuns(), Tokens(), CollectorRegistry(), reports)


def main() -> None:
    """Serves until it is told to stop."""
    settings = ReportingSettings()
    configure_logging(SERVICE, settings.log_level)
    app = build_app(settings, load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file))
    serve(app, settings.host, settings.reporting_port)


if __name__ == "__main__":
    main()
