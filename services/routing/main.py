"""Routing put together: settings, profiles, broker, HTTP."""

from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.routing.api import routing_routes
from services.routing.handlers import RequestHandler, subscribe
from services.routing.learning.releases import BrokenReleases, load_current
from services.routing.metrics import RoutingMetrics
from services.routing.pages import routing_pages
from services.routing.runtime import RoutingRuntime
from services.routing.settings import RoutingSettings
from services.routing.text.corpus import BrokenCorpus
from services.routing.text.lexicon import BrokenLexicon
from services.routing.text.readers import Readers, matter_of
from shared.access import NoTokens, Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.http import Runtime, make_app, serve
from shared.logging import configure_logging
from shared.messaging.messaging import Messaging
from shared.profiles import BrokenProfile, Profiles, load_profiles
from shared.settings import starting

TITLE = "Contactpunt: routing"


def runtime_for(
    amqp_url: str, profiles: Profiles, registry: CollectorRegistry, prefetch: int, readers: Readers | None = None
) -> RoutingRuntime:
    """The work with the broker, not started; without ``readers`` no text is read."""
    readers = readers or Readers()
    messaging = Messaging(amqp_url, "routing", registry)
    handler = RequestHandler(profiles, messaging.publisher, RoutingMetrics(registry), readers)
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
    readers = readers or Readers()
    routers = [routing_routes(profiles, clock, readers), routing_pages(profiles, clock, readers)]
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=routers)


def openapi_app() -> FastAPI:
    """The app without broker and tokens, for its documentation."""
    return app_for(_NoRuntime(), Profiles({}), Tokens(), CollectorRegistry())


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles, tokens or the corpus cannot
    be used.
    """
    with starting("routing", BrokenProfile, BrokenCorpus, BrokenLexicon, BrokenReleases, NoTokens):
        settings = RoutingSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
        readers = _readers(profiles, settings.learned_dir)
    configure_logging("routing", settings.log_level)
    registry = CollectorRegistry()
    runtime = runtime_for(settings.amqp_url.get_secret_value(), profiles, registry, settings.prefetch, readers)
    serve(app_for(runtime, profiles, tokens, registry, readers=readers), settings.host, settings.routing_port)


def _readers(profiles: Profiles, learned_dir: Path | None) -> Readers:
    matter = matter_of(profiles)
    return Readers(matter, load_current(learned_dir, profiles, matter) if learned_dir else {})


class _NoRuntime:
    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def missing(self) -> list[str]:
        return []


if __name__ == "__main__":
    main()
