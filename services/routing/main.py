"""Routing put together: settings, profiles, broker, HTTP."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from services.routing.api import routing_routes
from services.routing.handlers import RequestHandler, subscribe
from services.routing.metrics import RoutingMetrics
from services.routing.runtime import RoutingRuntime
from services.routing.settings import RoutingSettings
from services.routing.text.corpus import BrokenCorpus
from services.routing.text.lexicon import BrokenLexicon
from services.routing.text.readers import Readers, matter_of
from shared.access import NoTokens, Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.contracts.rejection import field_errors
from shared.http import Runtime, make_app, serve
from shared.logging import configure_logging
from shared.messaging.messaging import Messaging
from shared.messaging.topology import Presence
from shared.profiles import BrokenProfile, Profiles, load_profiles

TITLE = "Contactpunt: routing"


def runtime_for(
    amqp_url: str,
    profiles: Profiles,
    registry: CollectorRegistry,
    prefetch: int,
    readers: Readers | None = None,
    *,
    topology: Presence = "declare",
) -> RoutingRuntime:
    """The work with the broker, not started; without ``readers`` no text is read."""
    readers = readers or Readers()
    messaging = Messaging(amqp_url, "routing", registry, topology)
    metrics = RoutingMetrics(registry)
    metrics.expect(profiles)
    handler = RequestHandler(profiles, messaging.publisher, metrics, readers)
    subscribe(messaging, handler, prefetch=prefetch)
    return RoutingRuntime(messaging, readers)


def app_for(
    runtime: Runtime,
    profiles: Profiles,
    tokens: Tokens,
    registry: CollectorRegistry,
    *,
    clock: Clock = system_clock,
    readers: Readers | None = None,
) -> FastAPI:
    """The HTTP side around the work; without ``readers`` no text is read."""
    routes = routing_routes(profiles, clock, readers or Readers())
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=[routes])


def openapi_app() -> FastAPI:
    """The app without broker and tokens, for its documentation."""
    return app_for(_NoRuntime(), Profiles({}), Tokens(), CollectorRegistry())


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles, tokens or the corpus cannot
    be used.
    """
    try:
        settings = RoutingSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
        readers = Readers(matter_of(profiles))
    except ValidationError as error:
        # Names and what is wrong with them; pydantic's own words would show passwords.
        told = "; ".join(f"{each['field'].upper()}: {each['message']}" for each in field_errors(error))
        raise SystemExit(f"routing cannot start: {told}") from None
    except (BrokenProfile, BrokenCorpus, BrokenLexicon, NoTokens) as error:
        raise SystemExit(f"routing cannot start: {error}") from None
    configure_logging("routing", settings.log_level)
    registry = CollectorRegistry()
    amqp_url = settings.amqp_url.get_secret_value()
    runtime = runtime_for(amqp_url, profiles, registry, settings.prefetch, readers, topology=settings.topology)
    serve(app_for(runtime, profiles, tokens, registry, readers=readers), settings.host, settings.routing_port)


class _NoRuntime:
    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def missing(self) -> list[str]:
        return []


if __name__ == "__main__":
    main()
