"""Composition root of reporting: ``python -m services.reporting.main``."""

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from services.reporting.api import report_routes
from services.reporting.api_annual import annual_routes
from services.reporting.columns.copies import Copies
from services.reporting.dashboard.page import dashboard_routes
from services.reporting.domain.counting import tables_of
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.handlers import EventHandler
from services.reporting.listing_api import listing_routes
from services.reporting.metrics import ColumnMetrics, ReportingMetrics
from services.reporting.monthly.api import monthly_routes
from services.reporting.monthly.office import Monthly, monthly_office
from services.reporting.paper.pdf import PdfMaker
from services.reporting.public import PublicReports
from services.reporting.reports import Reports
from services.reporting.review_watch import ReviewWatch
from services.reporting.runtime import ReportingRuntime
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, Committer, FactListing, ReadingRoom, Slot
from shared.access import NoTokens, Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.dead_letters import dead_letter_routes
from shared.http import make_app, serve
from shared.logging import configure_logging
from shared.messaging.messaging import (
    BUSY_LINGER_SECONDS,
    EVENTS_PREFETCH,
    REST_SECONDS,
    RESTING_PREFETCH,
    Messaging,
)
from shared.messaging.topology import REPORTING_EVENTS, REPORTING_REGISTERED
from shared.mongo import open_client, open_database
from shared.profiles import BrokenProfile, Profiles, load_profiles
from shared.settings import starting
from shared.tracing import Tracing, start_tracing

SERVICE = "reporting"
TITLE = "Contactpunt reporting"
_LINGER_SECONDS = 0.04
"""A decision and the deadlines that it starts are told within about as long: together they are one transaction."""


def build_app(
    settings: ReportingSettings,
    profiles: Profiles,
    tokens: Tokens,
    clock: Clock = system_clock,
    registry: CollectorRegistry | None = None,
    *,
    tracing: Tracing | None = None,
) -> FastAPI:
    """The service, wired; nothing is connected before the app starts. Metrics go into ``registry``."""
    registry = registry or CollectorRegistry()
    metrics = ReportingMetrics(registry)
    client = open_client(settings.mongo_url.get_secret_value(), SERVICE, registry)
    collections = Collections(open_database(client, settings.mongo_prefix, SERVICE))
    slot = Slot(collections, clock)
    column_metrics = ColumnMetrics(registry)
    vocabularies = _vocabularies(profiles)
    copies = Copies(
        collections,
        vocabularies,
        column_metrics,
        settings.reporting_columns_max_mb,
        settings.reporting_columns_directory,
    )
    room = ReadingRoom(collections, copies, lambda source: column_metrics.answers.labels(source=source).inc())
    messaging = Messaging(settings.amqp_url.get_secret_value(), SERVICE, registry, settings.topology, tracing)
    handler = EventHandler(Committer(collections, slot, profiles, clock), profiles, metrics, clock)
    _subscribe(messaging, handler, settings)
    tables = {name: tables_of(profile) for name, profile in profiles.items()}
    reports = Reports(room, profiles, vocabularies, clock, settings.reporting_most_rows)
    monthly = monthly_office(
        collections,
        room,
        reports,
        messaging.publisher,
        profiles=profiles,
        vocabularies=vocabularies,
        clock=clock,
        settings=settings,
        registry=registry,
    )
    runtime = ReportingRuntime(
        client=client,
        collections=collections,
        slot=slot,
        messaging=messaging,
        room=room,
        copies=copies,
        reviews=ReviewWatch(collections, profiles, metrics, clock),
        metrics=metrics,
        tables=tables,
        monthly=monthly,
    )
    public = PublicReports(reports, profiles, settings.reporting_public_smallest)
    routers = [
        *_report_routes(reports, public, monthly, open_to_everybody=settings.reporting_public_open),
        listing_routes(reports, FactListing(collections)),
        dashboard_routes(reports, profiles, clock),
        dead_letter_routes(messaging.dead_letters()),
    ]
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=routers, tracing=tracing)


def _subscribe(messaging: Messaging, handler: EventHandler, settings: ReportingSettings) -> None:
    messaging.batch_subscriber(
        REPORTING_EVENTS,
        handler.handle,
        max_batch=settings.reporting_batch,
        prefetch=min(settings.prefetch, EVENTS_PREFETCH),
        linger=_LINGER_SECONDS,
        busy_linger=BUSY_LINGER_SECONDS,
    )
    messaging.batch_subscriber(
        REPORTING_REGISTERED,
        handler.registrations,
        max_batch=settings.reporting_batch,
        prefetch=RESTING_PREFETCH,
        rest=REST_SECONDS,
        behind=REPORTING_EVENTS,
    )


def _report_routes(
    reports: Reports, public: PublicReports, monthly: Monthly, *, open_to_everybody: bool
) -> list[APIRouter]:
    # One for both, since it makes one at a time.
    pdf = PdfMaker()
    return [
        report_routes(reports, public, open_to_everybody=open_to_everybody),
        annual_routes(reports, public, pdf, open_to_everybody=open_to_everybody),
        monthly_routes(reports, monthly.reports, monthly.by_hand, pdf),
    ]


def _vocabularies(profiles: Profiles) -> dict[str, Vocabulary]:
    return {name: Vocabulary(profile) for name, profile in profiles.items()}


def openapi_app() -> FastAPI:
    """The app for its OpenAPI document alone: connected to nothing, never served."""
    nowhere = {"amqp_url": "amqp://127.0.0.1:1/", "mongo_url": "mongodb://127.0.0.1:1"}
    return build_app(ReportingSettings.model_validate(nowhere), load_profiles(), Tokens())


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles or tokens cannot be used."""
    with starting(SERVICE, BrokenProfile, NoTokens):
        settings = ReportingSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
    configure_logging(SERVICE, settings.log_level)
    app = build_app(settings, profiles, tokens, tracing=start_tracing(settings, SERVICE))
    serve(app, settings.host, settings.reporting_port)


if __name__ == "__main__":
    main()
