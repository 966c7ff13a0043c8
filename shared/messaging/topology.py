"""Exchanges, queues and bindings: the same for every service, and each declares all of it before it publishes.

``mandatory`` only notices that no queue is bound, not that one of two is missing; so the topology has to be whole
before the first message goes out. Declaring is idempotent, also by many replicas at once. Changed arguments of a
queue are refused by the broker (406): a queue that must change gets a new version in its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from aiormq.abc import AbstractChannel
from aiormq.exceptions import ChannelNotFoundEntity

from shared.contracts.events import FOLLOW_UP_EVENT_TYPES
from shared.contracts.identifiers import FollowUpKind
from shared.errors import InfrastructureError

Presence = Literal["declare", "expect"]
"""How a service sees to the topology: makes what is not there yet, or waits for somebody else to make it."""

# Exchanges. Durable topic exchanges without arguments, since channel adapters may declare them as well.
CONTACTS_INBOUND: Final = "contacts.inbound"
CONTACTS_ROUTING: Final = "contacts.routing"
CONTACTS_EVENTS: Final = "contacts.events"
CONTACTS_REJECTED: Final = "contacts.rejected"
CONTACTS_DEAD: Final = "contacts.dead"
DEFAULT_EXCHANGE: Final = ""

# Intake's own sorting of what came in: live contacts overtake imports, and a stray key still reaches intake.
INTAKE_SORTING: Final = "intake.sorting"
INTAKE_STRAY: Final = "intake.stray"

# What happened, on its way to the services' own queues: events that came to contacts.events one by one, and
# bundles of them. An event that also goes in a bundle has the header ``bundled``: the sorting keeps it out.
SERVICES_EVENTS: Final = "services.events"
EVENTS_SORTING: Final = "events.sorting"
EVENTS_IN_BUNDLES: Final = "events.in_bundles"
BUNDLED: Final = "bundled"

# What a service puts back into a queue of its own, by way of the retry queue or out of the dead letters. A topic
# exchange, since the broker's default exchange can be opened to a user for every queue or for none.
SERVICES_RETURNS: Final = "services.returns"

# Working queues.
INTAKE_LIVE: Final = "intake.live.v1"
INTAKE_IMPORT: Final = "intake.import.v1"
INTAKE_HISTORY: Final = "intake.history.v1"
ROUTING_REQUESTED: Final = "routing.requested.v1"
DEADLINES_EVENTS: Final = "deadlines.events.v1"
DEADLINES_REGISTERED: Final = "deadlines.registered.v1"
REPORTING_EVENTS: Final = "reporting.events.v1"
REPORTING_REGISTERED: Final = "reporting.registered.v1"

# What administrators let go of: who, when and why, without the message itself. Nobody consumes it: it is a record.
DISCARDED: Final = "contacts.discarded.v1"
DISCARDED_KEY: Final = "discarded"

_THAT_MOVE_TERMS: Final = tuple(
    name
    for kind, name in FOLLOW_UP_EVENT_TYPES.items()
    if kind not in (FollowUpKind.ESCALATED, FollowUpKind.SURVEYED)
)

DELIVERY_LIMIT: Final = 20
RETRY_DELAY_MS: Final = 10_000
DEAD_TEXT_TTL_MS: Final = 30 * 24 * 3600 * 1000
MOST_DISCARDED: Final = 100_000
# RabbitMQ 4 gives every quorum queue a limit of 20; looking at dead letters must not use them up.
_NO_LIMIT: Final = 1_000_000_000

_QUORUM: Final[Mapping[str, Any]] = {"x-queue-type": "quorum"}
# At-least-once keeps a dead letter until its queue has confirmed it, and asks for this overflow behaviour.
_DEAD_LETTERING: Final[Mapping[str, Any]] = {
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def retry_queue(queue: str) -> str:
    """Name of the queue in which a message waits before it comes back to ``queue``."""
    return f"{queue}.retry"


def dead_queue(queue: str) -> str:
    """Name of the queue with what ``queue`` gave up."""
    return f"{queue}.dead"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A durable exchange. An internal one takes messages from other exchanges only."""

    name: str
    kind: str = "topic"
    internal: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """What arrives at ``source`` under ``key`` goes on to ``destination``, a queue or an exchange. ``arguments``
    are what a binding to an exchange of kind headers asks of a message.
    """

    source: str
    key: str
    destination: str
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class WorkingQueue:
    """A queue that a service works off, with its dead-letter queue and perhaps a retry queue.

    ``sources`` are the bindings into it: pairs of exchange and key. ``dead_ttl_ms`` is after how many milliseconds
    its dead letters are deleted, None for never.
    """

    name: str
    sources: tuple[tuple[str, str], ...]
    has_retry: bool = True
    dead_ttl_ms: int | None = None

    def queues(self) -> tuple[Queue, ...]:
        """The queue itself and its helpers."""
        dead_ttl = {} if self.dead_ttl_ms is None else {"x-message-ttl": self.dead_ttl_ms}
        working = {
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": CONTACTS_DEAD,
            "x-dead-letter-routing-key": self.name,
        }
        retry = {
            "x-delivery-limit": _NO_LIMIT,
            "x-message-ttl": RETRY_DELAY_MS,
            "x-dead-letter-exchange": DEFAULT_EXCHANGE,
            "x-dead-letter-routing-key": self.name,
        }
        dead = Queue(dead_queue(self.name), {**_QUORUM, "x-delivery-limit": _NO_LIMIT, **dead_ttl})
        own = Queue(self.name, {**_QUORUM, **_DEAD_LETTERING, **working})
        if not self.has_retry:
            return dead, own
        return dead, own, Queue(retry_queue(self.name), {**_QUORUM, **_DEAD_LETTERING, **retry})

    def bindings(self) -> tuple[Binding, ...]:
        """Where its messages come from, where its dead letters go, and how what went aside comes back."""
        dead = Binding(CONTACTS_DEAD, self.name, dead_queue(self.name))
        sources = (Binding(exchange, key, self.name) for exchange, key in self.sources)
        back = [self.name, *([retry_queue(self.name)] if self.has_retry else [])]
        return dead, *sources, *(Binding(SERVICES_RETURNS, queue, queue) for queue in back)


EXCHANGES: Final = (
    Exchange(CONTACTS_INBOUND),
    Exchange(CONTACTS_ROUTING),
    Exchange(CONTACTS_EVENTS),
    Exchange(CONTACTS_REJECTED),
    Exchange(CONTACTS_DEAD),
    Exchange(SERVICES_RETURNS),
    Exchange(INTAKE_STRAY, kind="fanout", internal=True),
    Exchange(INTAKE_SORTING, internal=True, arguments={"alternate-exchange": INTAKE_STRAY}),
    Exchange(SERVICES_EVENTS),
    Exchange(EVENTS_IN_BUNDLES, kind="fanout", internal=True),
    Exchange(EVENTS_SORTING, kind="headers", internal=True, arguments={"alternate-exchange": SERVICES_EVENTS}),
)
WORKING_QUEUES: Final = (
    WorkingQueue(
        INTAKE_LIVE, ((INTAKE_SORTING, "submission.#"), (INTAKE_SORTING, "follow_up.#"), (INTAKE_STRAY, ""))
    ),
    WorkingQueue(INTAKE_IMPORT, ((INTAKE_SORTING, "import.#"),)),
    WorkingQueue(
        INTAKE_HISTORY,
        (
            (SERVICES_EVENTS, "contact.routed.v1"),
            (SERVICES_EVENTS, "contact.review_requested.v1"),
            (SERVICES_EVENTS, "deadline.*.v1"),
        ),
    ),
    # It holds what citizens wrote, without their identity: no other queue may, and its dead letters expire.
    WorkingQueue(
        ROUTING_REQUESTED,
        ((CONTACTS_ROUTING, "routing.requested.v1"),),
        has_retry=False,
        dead_ttl_ms=DEAD_TEXT_TTL_MS,
    ),
    WorkingQueue(
        DEADLINES_EVENTS,
        ((SERVICES_EVENTS, "contact.routed.v1"), *((SERVICES_EVENTS, each) for each in _THAT_MOVE_TERMS)),
    ),
    WorkingQueue(
        REPORTING_EVENTS,
        (
            (SERVICES_EVENTS, "contact.routed.v1"),
            *((SERVICES_EVENTS, each) for each in FOLLOW_UP_EVENT_TYPES.values()),
            (SERVICES_EVENTS, "deadline.*.v1"),
        ),
    ),
    # The decision repeats the registration and is there a moment later. So registrations wait on queues of their
    # own, and of most there is nothing left to do when their turn comes.
    WorkingQueue(DEADLINES_REGISTERED, ((SERVICES_EVENTS, "contact.registered.v1"),)),
    WorkingQueue(REPORTING_REGISTERED, ((SERVICES_EVENTS, "contact.registered.v1"),)),
)
# Last, so that nothing comes in before everything behind it stands.
ENTRANCES: Final = (
    # Nothing is bound to where this leads: whoever had to receive these events receives their bundle.
    Binding(EVENTS_SORTING, "", EVENTS_IN_BUNDLES, {"x-match": "all", BUNDLED: True}),
    Binding(CONTACTS_EVENTS, "#", EVENTS_SORTING),
    Binding(CONTACTS_INBOUND, "#", INTAKE_SORTING),
)

DISCARDED_QUEUE: Final = Queue(
    DISCARDED, {**_QUORUM, "x-delivery-limit": _NO_LIMIT, "x-max-length": MOST_DISCARDED}
)
QUEUES: Final = (*(queue for working in WORKING_QUEUES for queue in working.queues()), DISCARDED_QUEUE)
BINDINGS: Final = (
    *(binding for working in WORKING_QUEUES for binding in working.bindings()),
    Binding(CONTACTS_DEAD, DISCARDED_KEY, DISCARDED),
)
FORMER_BINDINGS: Final = (
    Binding(CONTACTS_EVENTS, "contact.#", DEADLINES_EVENTS),
    Binding(CONTACTS_EVENTS, "contact.#", REPORTING_EVENTS),
    Binding(CONTACTS_EVENTS, "deadline.#", REPORTING_EVENTS),
    # Services bound their queues to it directly, before there were bundles.
    *(
        Binding(CONTACTS_EVENTS, key, working.name)
        for working in WORKING_QUEUES
        for exchange, key in working.sources
        if exchange == SERVICES_EVENTS
    ),
)
"""What an older version bound and this one does without: whoever declares the topology takes it away."""
_RETRIED: Final = frozenset(working.name for working in WORKING_QUEUES if working.has_retry)


def has_retry_queue(queue: str) -> bool:
    """Whether messages of this queue may wait in a retry queue."""
    return queue in _RETRIED


async def expect(channel: AbstractChannel) -> None:
    """Looks that all of it exists, for a service whose user may not make it. Needs no permission.

    Raises ``InfrastructureError`` with everything that is missing: somebody else makes it, and it is waited for.
    What is bound to what cannot be looked at; a message that reaches no queue comes back to its publisher.
    """
    missing = [
        *[f"exchange {each.name}" for each in EXCHANGES if not await _exists(channel, exchange=each.name)],
        *[f"queue {each.name}" for each in QUEUES if not await _exists(channel, queue=each.name)],
    ]
    if missing:
        raise InfrastructureError(
            f"the broker lacks {', '.join(missing)}, and with TOPOLOGY=expect a service makes none of them: "
            "import the definitions that `python -m deploy.rabbitmq` prints, or start it with TOPOLOGY=declare"
        )


async def _exists(channel: AbstractChannel, *, exchange: str = "", queue: str = "") -> bool:
    # A broker that does not find something closes the channel on which it was asked.
    own = await channel.connection.channel(publisher_confirms=False)
    try:
        if exchange:
            await own.exchange_declare(exchange, passive=True)
        else:
            await own.queue_declare(queue, passive=True)
    except ChannelNotFoundEntity:
        return False
    finally:
        await own.close()
    return True


async def declare(channel: AbstractChannel) -> None:
    """Makes all of it exist. Raises ``ChannelPreconditionFailed`` where something exists with other arguments."""
    for exchange in EXCHANGES:
        await channel.exchange_declare(
            exchange.name,
            exchange_type=exchange.kind,
            durable=True,
            internal=exchange.internal,
            arguments=dict(exchange.arguments),
        )
    for queue in QUEUES:
        await channel.queue_declare(queue.name, durable=True, arguments=dict(queue.arguments))
    for binding in BINDINGS:
        await channel.queue_bind(binding.destination, binding.source, binding.key)
    for binding in ENTRANCES:
        await channel.exchange_bind(
            binding.destination, binding.source, binding.key, arguments=dict(binding.arguments)
        )
    # After what takes their place: an event in between comes twice, and none gets lost.
    for binding in FORMER_BINDINGS:
        await channel.queue_unbind(binding.destination, binding.source, binding.key)
