"""Who may do what at the broker: a user for each service, and one for each kind of client outside.

A user configures, writes and reads what its regular expressions match; on a topic exchange only under the routing
keys that its topic permissions match. What a service sends and works off is taken from the description that the
contract's documents are made of, and so cannot drift from it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from deploy.documents.flow import ADDRESSES, CONSUMES, is_read, sends
from shared.contracts.identifiers import FollowUpKind
from shared.messaging import topology

NOTHING: Final = "^$"
EVERYTHING: Final = ".*"
_WORD: Final = "[^.]+"
ADAPTERS_OWN: Final = "adapter."
"""What the queues of channel adapters are called in the beginning."""
HANDLERS_OWN: Final = "handler."
"""What the queues of handlers' tools are called in the beginning."""
_FROM_CITIZENS: Final = (FollowUpKind.INFORMATION_RECEIVED, FollowUpKind.WITHDRAWN, FollowUpKind.SURVEYED)


@dataclass(frozen=True, slots=True)
class TopicPermission:
    """Under which routing keys a user publishes at a topic exchange (``write``), and binds queues (``read``)."""

    exchange: str
    write: str = NOTHING
    read: str = NOTHING


@dataclass(frozen=True, slots=True)
class User:
    """A user of the broker. The three expressions are matched against names of exchanges and queues."""

    name: str
    purpose: str
    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    topics: tuple[TopicPermission, ...] = ()
    tags: tuple[str, ...] = ()


def service(name: str) -> User:
    """A service: publishes its own messages, reads its own queues, makes nothing."""
    addresses = sorted(sends(name), key=lambda each: each.exchange)
    own = [
        TopicPermission(exchange, write=one_of(_pattern(each.key) for each in found))
        for exchange, found in groupby(addresses, key=lambda each: each.exchange)
    ]
    # Bundles of events go to the services' own exchange under the same keys.
    told = [each.key for each in addresses if each.exchange == topology.CONTACTS_EVENTS and is_read(each)]
    own += [TopicPermission(topology.SERVICES_EVENTS, write=one_of(map(_pattern, told)))] if told else []
    queues = CONSUMES[name]
    retried = [topology.retry_queue(queue) for queue in queues if topology.has_retry_queue(queue)]
    own += [
        TopicPermission(topology.CONTACTS_DEAD, write=one_of(map(re.escape, (*queues, topology.DISCARDED_KEY)))),
        TopicPermission(topology.SERVICES_RETURNS, write=one_of(map(re.escape, (*queues, *retried)))),
    ]
    return User(
        name,
        f"the service {name}",
        write=one_of(re.escape(each.exchange) for each in own),
        read=one_of(re.escape(each) for queue in queues for each in (queue, topology.dead_queue(queue))),
        topics=tuple(own),
    )


def _client(name: str, purpose: str, own: str, keys: Iterable[str], heard: dict[str, str]) -> User:
    """Somebody outside who publishes what comes in and hears of it in queues with names of their own."""
    queues = f"{re.escape(own)}.+"
    return User(
        name,
        purpose,
        configure=one_of([queues]),
        # To bind a queue one has to be allowed to write to it.
        write=one_of([re.escape(topology.CONTACTS_INBOUND), queues]),
        read=one_of([*map(re.escape, heard), queues]),
        topics=(
            TopicPermission(topology.CONTACTS_INBOUND, write=one_of(keys)),
            *(TopicPermission(exchange, read=bound) for exchange, bound in heard.items()),
        ),
    )


def one_of(patterns: Iterable[str]) -> str:
    """An expression that matches a whole name when one of these does."""
    return f"^({'|'.join(dict.fromkeys(patterns))})$"


def _pattern(key: str) -> str:
    return "".join(part if part == _WORD else re.escape(part) for part in _split(key))


def _split(key: str) -> list[str]:
    return [_WORD if part.startswith("{") else part for part in re.split(r"(\{[^}]*\})", key) if part]


_INBOUND: Final = tuple(each.key for each in ADDRESSES if each.exchange == topology.CONTACTS_INBOUND)
_CITIZENS_KEYS: Final = (
    rf"submission\.{_WORD}\.{_WORD}",
    # Contacts out of the past, but not what handlers did about them.
    rf"import\.{_WORD}\.(?!follow_up$){_WORD}",
    *(rf"follow_up\.{_WORD}\.{kind.value}" for kind in _FROM_CITIZENS),
)

USERS: Final = (
    *(service(name) for name in CONSUMES),
    _client(
        "adapter",
        "channel adapters: hand in contacts and what citizens do about them, hear what was refused",
        ADAPTERS_OWN,
        _CITIZENS_KEYS,
        {topology.CONTACTS_REJECTED: EVERYTHING},
    ),
    _client(
        "handler",
        "handlers' tools: hand in contacts, follow-ups and imports, hear of events and of refused follow-ups",
        HANDLERS_OWN,
        map(_pattern, _INBOUND),
        {topology.CONTACTS_EVENTS: EVERYTHING, topology.CONTACTS_REJECTED: one_of([rf"{_WORD}\.follow_up"])},
    ),
    User("monitoring", "looks at nodes and queues, sees no message", tags=("monitoring",)),
    User(
        "admin",
        "administrators: everything, the texts of citizens in dead letters among it",
        configure=EVERYTHING,
        write=EVERYTHING,
        read=EVERYTHING,
        tags=("administrator",),
    ),
)
"""Every user of the broker."""
