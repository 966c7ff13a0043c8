"""Who sends and who receives what: the services' side of the topology."""

from typing import Final, NamedTuple

from deploy.documents.schemas import FOLLOW_UP, SUBMISSION
from shared.contracts.events import EVENT_TYPES, FOLLOW_UP_EVENT_TYPES
from shared.contracts.report import REPORT_MADE
from shared.contracts.routing_request import ROUTING_REQUESTED
from shared.messaging import topology

REJECTION: Final = "rejection.v1"
"""The refused bytes as they came, with the errors in a header."""
IMPORTED_FOLLOW_UP: Final = "import.{organisation}.follow_up"


class Address(NamedTuple):
    """A routing key on an exchange, with the messages that travel under it. ``{…}`` is filled in by the sender."""

    exchange: str
    key: str
    messages: tuple[str, ...]
    summary: str


ADDRESSES: Final = (
    Address(
        topology.CONTACTS_INBOUND,
        "submission.{organisation}.{channel}",
        (SUBMISSION,),
        "A contact as it comes in.",
    ),
    Address(
        topology.CONTACTS_INBOUND,
        "follow_up.{organisation}.{kind}",
        (FOLLOW_UP,),
        "Something happened to a contact.",
    ),
    Address(
        topology.CONTACTS_INBOUND,
        "import.{organisation}.{channel}",
        (SUBMISSION,),
        "A contact out of the past or a backlog; live contacts overtake it.",
    ),
    Address(
        topology.CONTACTS_INBOUND,
        IMPORTED_FOLLOW_UP,
        (FOLLOW_UP,),
        "A follow-up out of the past or a backlog; live contacts overtake it.",
    ),
    Address(
        topology.CONTACTS_ROUTING,
        ROUTING_REQUESTED,
        (ROUTING_REQUESTED,),
        "A contact to decide about: the one message with subject and text, without identity.",
    ),
    *(
        Address(topology.CONTACTS_EVENTS, event, (event,), _summary)
        for event, model in EVENT_TYPES.items()
        for _summary in [" ".join((model.__doc__ or f"{event} happened.").split("\n\n")[0].split())]
    ),
    Address(
        topology.CONTACTS_REJECTED,
        "{organisation}.{channel}",
        (REJECTION,),
        "A refused message; a follow-up's under follow_up, unknown.unknown where it cannot be told.",
    ),
)

_DEADLINE_EVENTS = tuple(event for event in EVENT_TYPES if event.startswith("deadline."))

SENDS: Final[dict[str, tuple[str, ...]]] = {
    "intake": (
        SUBMISSION,
        FOLLOW_UP,
        ROUTING_REQUESTED,
        "contact.registered.v1",
        *FOLLOW_UP_EVENT_TYPES.values(),
        REJECTION,
    ),
    "routing": ("contact.routed.v1", "contact.review_requested.v1"),
    "deadlines": _DEADLINE_EVENTS,
    "reporting": (REPORT_MADE,),
}
"""Messages by the service that publishes them. Intake's HTTP API publishes submissions and follow-ups as
adapters do."""

UNREAD: Final = frozenset({REJECTION, REPORT_MADE})
"""What no service reads, and who wants to know it binds a queue of their own: published without ``mandatory``."""

CONSUMES: Final[dict[str, tuple[str, ...]]] = {
    "intake": (topology.INTAKE_LIVE, topology.INTAKE_IMPORT, topology.INTAKE_HISTORY),
    "routing": (topology.ROUTING_REQUESTED,),
    "deadlines": (topology.DEADLINES_EVENTS, topology.DEADLINES_REGISTERED),
    "reporting": (topology.REPORTING_EVENTS, topology.REPORTING_REGISTERED),
}
"""Queues by the service that works them off."""

_BEHIND: Final = {
    topology.CONTACTS_INBOUND: topology.INTAKE_SORTING,
    topology.CONTACTS_EVENTS: topology.SERVICES_EVENTS,
}
"""Where queues get what is published at an exchange of the contract."""


def sends(service: str) -> tuple[Address, ...]:
    """Where a service publishes. Imported follow-ups come from adapters alone; intake's HTTP has none."""
    return tuple(
        address
        for address in ADDRESSES
        if set(address.messages) <= set(SENDS[service]) and address.key != IMPORTED_FOLLOW_UP
    )


def is_read(address: Address) -> bool:
    """Whether some service reads what is published at the address."""
    return not UNREAD.issuperset(address.messages)


def arrives(queue: str) -> tuple[str, ...]:
    """The messages that can reach a queue through the bindings, in the order of ``ADDRESSES``."""
    reached = {(each.exchange, each.key): each.messages for each in ADDRESSES if reaches(each, queue)}
    return tuple(dict.fromkeys(message for messages in reached.values() for message in messages))


def reaches(address: Address, queue: str) -> bool:
    """Whether what is published at the address ends in the queue."""
    sources = next(each.sources for each in topology.WORKING_QUEUES if each.name == queue)
    exchange = _BEHIND.get(address.exchange, address.exchange)
    return any(source == exchange and matches(key, address.key) for source, key in sources)


def matches(pattern: str, key: str) -> bool:
    """Whether a topic exchange lets a routing key through a binding: ``*`` is one word, ``#`` any number."""
    return _matches(pattern.split("."), key.split("."))


def _matches(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return _matches(pattern[1:], words) or (bool(words) and _matches(pattern, words[1:]))
    return bool(words) and pattern[0] in ("*", words[0]) and _matches(pattern[1:], words[1:])
