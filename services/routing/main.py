"""Routing put together: settings, profiles, broker, HTTP."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.routing.api import routing_routes
from services.routing.handlers import RequestHandler, subscribe
from services.routing.kept_models import KeptModels
from services.routing.learning.releases import BrokenReleases, load_current
from services.routing.metrics import RoutingMetrics
from services.routing.pages import routing_pages
from services.routing.runtime import RoutingRuntime
from services.routing.settings import RoutingSettings
from services.routing.text.corpus import BrokenCorpus
from services.routing.text.lexicon import BrokenLexicon
from services.routing.text.matter import matter_of
from services.routing.text.readers import Readers
from shared.access import NoTokens, Tokens, load_tokens
from shared.clock import Clock, system_clock
from shared.dead_letters import dead_letter_routes, described_box
from shared.http import RequestTracing, Runtime, make_app, serve
from shared.logging import configure_logging
from shared.messaging.dead_letters import DeadLetterBox
from shared.messaging.messaging import Messaging
from shared.messaging.topology import Presence
from shared.messaging.tracing import MessageTracing
from shared.profiles import BrokenProfile, Profiles, load_profiles
from shared.settings import starting
from shared.tracing import start_tracing

TITLE = "Contactpunt: routing"


def runtime_for(
    amqp_url: str,
    profiles: Profiles,
    registry: CollectorRegistry,
    prefetch: int,
    readers: Readers | None = None,
    *,
    topology: Presence = "declare",
    tracing: MessageTracing | None = None,
) -> RoutingRuntime:
    """The work with the broker, not started; without ``readers`` no text is read."""
    readers = readers or Readers()
    messaging = Messaging(amqp_url, "routing", registry, topology, tracing)
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
    dead_letters: DeadLetterBox | None = None,
    tracing: RequestTracing | None = None,
) -> FastAPI:
    """The HTTP side around the work; without ``readers`` no text is read."""
    readers = readers or Readers()
    routers = [routing_routes(profiles, clock, readers), routing_pages(profiles, clock, readers)]
    if dead_letters is not None:
        routers.append(dead_letter_routes(dead_letters))
    return make_app(TITLE, runtime=runtime, tokens=tokens, registry=registry, routers=routers, tracing=tracing)


def openapi_app() -> FastAPI:
    """The app without broker and tokens, for its documentation."""
    box = described_box("routing")
    return app_for(_NoRuntime(), Profiles({}), Tokens(), CollectorRegistry(), dead_letters=box)


def main() -> None:
    """Serves until told to stop; ends at once, saying why, where settings, profiles, tokens or the corpus cannot
    be used.
    """
    with starting("routing", BrokenProfile, BrokenCorpus, BrokenLexicon, BrokenReleases, NoTokens):
        settings = RoutingSettings()
        profiles, tokens = load_profiles(settings.profiles_dir), load_tokens(settings.tokens_file)
        readers = _readers(profiles, settings)
    configure_logging("routing", settings.log_level)
    registry, tracing = CollectorRegistry(), start_tracing(settings, "routing")
    runtime = runtime_for(
        settings.amqp_url.get_secret_value(),
        profiles,
        registry,
        settings.prefetch,
        readers,
        topology=settings.topology,
        tracing=tracing,
    )
    box = runtime.messaging.dead_letters()
    app = app_for(runtime, profiles, tokens, registry, readers=readers, dead_letters=box, tracing=tracing)
    serve(app, settings.host, settings.routing_port)


def _readers(profiles: Profiles, settings: RoutingSettings) -> Readers:
    matter = matter_of(profiles)
    released = load_current(settings.learned_dir, profiles, matter) if settings.learned_dir else {}
    return Readers(matter, released, KeptModels(settings.models_dir) if settings.models_dir else None)


class _NoRuntime:
    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def missing(self) -> list[str]:
        return []


if __name__ == "__main__":
    main()
