"""The four services on one broker and one database, their spans kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from prometheus_client import CollectorRegistry

from services.deadlines.main import store_for
from services.deadlines.runtime import DeadlinesRuntime
from services.intake.tracing import inbound_causes
from services.reporting.main import build_app
from services.reporting.settings import ReportingSettings
from services.routing.main import runtime_for
from shared.tracing import Causes, Tracing, event_causes
from shared.tracing.open_telemetry import EVENT_TYPE, REFERENCE
from tests.integration.deadlines.running import MovedClock, settings_for
from tests.integration.intake.whole import TOKENS, Whole, running
from tests.unit.intake.messages import PROFILES, submission
from tests.unit.tracing.kept import Kept, id_of, parent_of, service_of

RECEIVED = datetime(2021, 3, 5, 12, tzinfo=UTC)
"""When it is for deadlines: the day after the submissions came in."""


@dataclass
class Four:
    """Intake runs; the others once they are started."""

    intake: Whole
    clock: MovedClock
    kept: Kept | None
    _stack: AsyncExitStack
    _addresses: tuple[str, str, str]

    def tracing(self, service: str, causes: Causes = event_causes) -> Tracing | None:
        return self.kept.tracing(service, causes) if self.kept else None

    async def start_others(self) -> None:
        broker_url, mongo_url, prefix = self._addresses
        routing = runtime_for(broker_url, PROFILES, CollectorRegistry(), 50, tracing=self.tracing("routing"))
        settings = settings_for(broker_url, mongo_url, prefix)
        deadlines = DeadlinesRuntime(
            settings,
            PROFILES,
            store_for(settings),
            CollectorRegistry(),
            self.clock,
            tracing=self.tracing("deadlines"),
        )
        for each in (routing, deadlines):
            self._stack.push_async_callback(each.stop)
            await each.start()
        reporting = build_app(
            ReportingSettings.model_validate(
                {"amqp_url": broker_url, "mongo_url": mongo_url, "mongo_prefix": prefix}
            ),
            PROFILES,
            TOKENS,
            tracing=self.tracing("reporting"),
        )
        await self._stack.enter_async_context(reporting.router.lifespan_context(reporting))

    async def hand_in(self, number: int, trace: str | None = None, **changes: Any) -> None:
        """A submission as a channel adapter publishes it, in a trace of the channel's own."""
        headers = {"traceparent": traceparent(trace)} if trace else {}
        await self.intake.send(submission(submission_id=f"form-{number}", **changes), **headers)

    async def in_reports(self, type_: str, contacts: int = 1) -> None:
        """Waits until reporting has taken in events of that type about so many contacts, and every span that is
        above another has ended.
        """
        assert self.kept is not None
        kept = self.kept

        def holds() -> bool:
            seen = {
                (span.attributes or {}).get(REFERENCE)
                for span in kept.named("process reporting.events.v1")
                if (span.attributes or {}).get(EVENT_TYPE) == type_
            }
            known = {id_of(span) for span in kept.spans} | {None, CHANNEL_SPAN}
            return len(seen) >= contacts and all(parent_of(span) in known for span in kept.spans)

        await self.intake.until(holds)

    async def until(self, holds: Callable[[], bool]) -> None:
        await self.intake.until(holds)


CHANNEL_SPAN = "00f067aa0ba902b7"


def traceparent(trace: str) -> str:
    """What a channel adapter puts into its message's header."""
    return f"00-{trace}-{CHANNEL_SPAN}-01"


def way_up(kept: Kept, span: ReadableSpan) -> list[tuple[object, str]]:
    """Service and name of the span and of all above it."""
    known = {id_of(each): each for each in kept.spans}
    way = [(service_of(span), span.name)]
    while (parent := known.get(parent_of(span) or "")) is not None:
        span = parent
        way.append((service_of(span), span.name))
    return way


@asynccontextmanager
async def four(
    broker_url: str, mongo_url: str, mongo_prefix: str, kept: Kept | None = None, *, all_at_once: bool = True
) -> AsyncIterator[Four]:
    """The services for as long as the block lasts; without ``kept`` they do not trace."""
    tracing = kept.tracing("intake", inbound_causes) if kept else None
    # A parked follow-up is to be released by its submission; the sweep would be as quick.
    settings = {"parking_seconds": 600}
    async with AsyncExitStack() as stack:
        intake = await stack.enter_async_context(running(broker_url, mongo_url, mongo_prefix, tracing, **settings))
        made = Four(intake, MovedClock(RECEIVED), kept, stack, (broker_url, mongo_url, mongo_prefix))
        if all_at_once:
            await made.start_others()
        yield made
