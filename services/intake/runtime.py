"""Intake's work beside HTTP: connections, subscribers, the sweep over parked follow-ups."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry
from pymongo.errors import PyMongoError

from services.intake.admission import Admission, Limits
from services.intake.following_up import FollowUps
from services.intake.form_reception import FormReception
from services.intake.handlers import HistoryHandler, InboundHandler
from services.intake.linking import Linker
from services.intake.metrics import IntakeMetrics
from services.intake.parking import ParkingSweep
from services.intake.reception import Reception
from services.intake.registering import Registrar
from services.intake.rejecting import Refusals
from services.intake.settings import IntakeSettings
from services.intake.store import Store
from services.intake.telling import Publishes
from services.intake.yielding import Yielding
from shared.clock import Clock, system_clock
from shared.errors import is_infrastructure
from shared.messaging.messaging import BUSY_LINGER_SECONDS, EVENTS_PREFETCH, Messaging
from shared.messaging.topology import INTAKE_HISTORY, INTAKE_IMPORT, INTAKE_LIVE
from shared.messaging.tracing import MessageTracing
from shared.mongo import open_client, open_database, ping
from shared.profiles import Profile

SWEEP_GRACE_SECONDS = 10.0
_HISTORY_TOGETHER = 500
_HISTORY_LINGER_SECONDS = 0.1
"""Nobody waits for what is told of a contact as for its number: two in a group cost little more than one."""

_log = structlog.get_logger("intake")


@dataclass(frozen=True, slots=True)
class Parts:
    """Intake put together over a store and a publisher."""

    inbound: InboundHandler
    history: HistoryHandler
    reception: Reception
    forms: FormReception
    follow_ups: FollowUps
    refusals: Refusals


def put_together(
    store: Store,
    publisher: Publishes,
    profiles: Mapping[str, Profile],
    metrics: IntakeMetrics,
    *,
    clock: Clock = system_clock,
    keys: Sequence[bytes] = (),
    before_import: Callable[[], None] = lambda: None,
) -> Parts:
    registrar = Registrar(store, profiles, Linker(store, profiles, keys), clock, metrics)
    follow_ups = FollowUps(store, profiles, clock, metrics)
    refusals = Refusals(store, profiles, clock, metrics)
    reception = Reception(store, registrar, follow_ups, publisher, before_import)
    return Parts(
        inbound=InboundHandler(store, registrar, follow_ups, refusals, publisher),
        history=HistoryHandler(store, metrics),
        reception=reception,
        forms=FormReception(reception, store, clock),
        follow_ups=follow_ups,
        refusals=refusals,
    )


class IntakeRuntime:
    """Starts and stops intake's work; ``keys`` are what citizens are known again by, ``clock`` is the tests'."""

    def __init__(
        self,
        settings: IntakeSettings,
        profiles: Mapping[str, Profile],
        registry: CollectorRegistry,
        clock: Clock = system_clock,
        keys: Sequence[bytes] = (),
        *,
        tracing: MessageTracing | None = None,
    ) -> None:
        self._settings = settings
        self.profiles = profiles
        self.clock = clock
        self.metrics = IntakeMetrics(registry)
        self.client = open_client(settings.mongo_url.get_secret_value(), "intake", registry)
        database = open_database(self.client, settings.mongo_prefix, "intake")
        self.store = Store(database, reference_block=settings.reference_block)
        amqp_url = settings.amqp_url.get_secret_value()
        self.messaging = Messaging(amqp_url, "intake", registry, settings.topology, tracing)
        self.admission = Admission(
            Limits(settings.http_in_hand_most, settings.live_queue_most, settings.import_queue_most),
            depth=self.messaging.last_depth,
            is_blocked=self.messaging.is_blocked,
            metrics=self.metrics,
        )
        self.parts = put_together(
            self.store,
            self.messaging.publisher,
            profiles,
            self.metrics,
            clock=clock,
            keys=keys,
            before_import=self.admission.check_import,
        )
        self.parking = ParkingSweep(
            store=self.store,
            follow_ups=self.parts.follow_ups,
            refusals=self.parts.refusals,
            publisher=self.messaging.publisher,
            queue_depth=self.messaging.queue_depth,
            metrics=self.metrics,
            clock=clock,
            patience=timedelta(seconds=settings.parking_seconds),
        )
        self._imports = Yielding(
            self.parts.inbound.handle,
            depth=self.messaging.queue_depth,
            most=settings.import_yields_at,
            contacts=settings.import_contacts,
        )
        self._sweeping: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._subscribe()

    def _subscribe(self) -> None:
        inbound, history = self.parts.inbound, self.parts.history
        settings = self._settings
        self.messaging.batch_subscriber(INTAKE_LIVE, inbound.handle, prefetch=settings.prefetch)
        self.messaging.batch_subscriber(
            INTAKE_IMPORT, self._imports.handle, max_batch=settings.import_batch, prefetch=settings.import_prefetch
        )
        self.messaging.batch_subscriber(
            INTAKE_HISTORY,
            history.handle,
            max_batch=_HISTORY_TOGETHER,
            prefetch=min(settings.prefetch, EVENTS_PREFETCH),
            linger=_HISTORY_LINGER_SECONDS,
            busy_linger=BUSY_LINGER_SECONDS,
        )

    async def start(self) -> None:
        """May be called again after an infrastructure error."""
        await self.store.create_indexes(keep_refused_days=self._settings.keep_refused_days)
        await self.messaging.start()
        await self.messaging.consume()
        self._stopping.clear()
        self._sweeping = asyncio.create_task(self._sweep(), name="sweep parked follow-ups")

    async def stop(self) -> None:
        # Told, not cancelled: a sweep in the middle of a question to the broker may lose a cancellation.
        self._stopping.set()
        self._imports.stop()
        if self._sweeping is not None:
            await asyncio.wait((self._sweeping,), timeout=SWEEP_GRACE_SECONDS)
        await self.messaging.stop()
        self.client.close()

    async def missing(self) -> list[str]:
        missing = await self.messaging.ready()
        try:
            await ping(self.client)
        except PyMongoError as error:
            missing.append(f"the database does not answer: {type(error).__name__}")
        if self._sweeping is not None and self._sweeping.done():
            missing.append("parked follow-ups are not looked after")
        return missing

    async def _sweep(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.parking.sweep()
            except Exception as error:  # noqa: BLE001  it must go on; whatever it is, it is told
                if is_infrastructure(error):
                    _log.warning("sweep put off", error=type(error).__name__)
                else:
                    _log.error("sweep failed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.sweep_seconds):
                    await self._stopping.wait()
