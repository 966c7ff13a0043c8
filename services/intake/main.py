"""Intake: where contacts come in, get their number and keep their history."""

from functools import partial

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.intake.admission import Gate
from services.intake.api import contact_routes
from services.intake.export_api import export_routes
from services.intake.form_api import form_routes
from services.intake.keys import NoKeys, load_keys
from services.intake.openapi import tell_message_schemas
from services.intake.rejections_api import rejection_routes
from services.intake.runtime import IntakeRuntime
from services.intake.settings import IntakeSettings
from services.intake.tracing import inbound_causes
from shared.access import NoTokens, Tokens, load_tokens
from shared.dead_letters import dead_letter_routes
from shared.http import RequestTracing, make_app, serve
from shared.logging import configure_logging
from shared.profiles import BrokenProfile, load_profiles
from shared.settings import starting
from shared.tracing import start_tracing

TITLE = "Contactpunt intake"
_log = structlog.get_logger("intake")


def intake_app(
    runtime: IntakeRuntime, tokens: Tokens, registry: CollectorRegistry, tracing: RequestTracing | None = None
) -> FastAPI:
    """The service's app over its runtime."""
    app = make_app(
        TITLE,
        runtime=runtime,
        tokens=tokens,
        registry=registry,
        routers=[
            contact_routes(runtime.store, runtime.parts.reception, runtime.metrics),
            form_routes(runtime.profiles, runtime.parts.forms, runtime.clock, runtime.metrics),
            rejection_routes(runtime.store),
            dead_letter_routes(runtime.messaging.dead_letters()),
            export_routes(runtime.store, runtime.profiles),
        ],
        tracing=tracing,
        gate=partial(Gate, admission=runtime.admission),
    )
    tell_message_schemas(app)
    return app


def openapi_app() -> FastAPI:
    """The app for its document only: nothing is connected to until it is started."""
    settings = IntakeSettings.model_validate(
        {"amqp_url": "amqp://localhost/", "mongo_url": "mongodb://localhost/"}
    )
    registry = CollectorRegistry()
    return intake_app(IntakeRuntime(settings, {}, registry), Tokens(), registry)


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles, tokens or keys are wrong."""
    with starting("intake", BrokenProfile, NoTokens, NoKeys):
        settings = IntakeSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
        keys = load_keys(settings.citizen_keys_file)
    configure_logging("intake", settings.log_level)
    if not keys:
        _log.warning("contacts of one citizen are not linked: CITIZEN_KEYS_FILE is not set")
    registry, tracing = CollectorRegistry(), start_tracing(settings, "intake", inbound_causes)
    runtime = IntakeRuntime(settings, profiles, registry, keys=keys, tracing=tracing)
    app = intake_app(runtime, tokens, registry, tracing)
    serve(app, settings.host, settings.intake_port)


if __name__ == "__main__":
    main()
