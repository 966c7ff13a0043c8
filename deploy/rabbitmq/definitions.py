"""The definitions as RabbitMQ imports them, at its start or through its management."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

from deploy.rabbitmq.users import USERS, User
from shared.messaging import topology

VHOST: Final = "contactpunt"
_SALT_BYTES: Final = 4
_HASHING: Final = "rabbit_password_hashing_sha256"


def password_hash(password: str, salt: bytes | None = None) -> str:
    """A password as RabbitMQ keeps it: SHA-256 over four bytes of salt and the password, in base64."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode("ascii")


def definitions(passwords: Mapping[str, str], *, vhost: str = VHOST, prefix: str = "") -> dict[str, Any]:
    """All definitions. ``passwords`` are by name of user; whoever has none is left out.

    ``prefix`` goes before the users' names, for a broker that is shared with others.
    """
    users = [user for user in USERS if user.name in passwords]
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(user, passwords[user.name], prefix) for user in users],
        "permissions": [
            {
                "user": prefix + user.name,
                "vhost": vhost,
                "configure": user.configure,
                "write": user.write,
                "read": user.read,
            }
            for user in users
        ],
        "topic_permissions": [
            {
                "user": prefix + user.name,
                "vhost": vhost,
                "exchange": topic.exchange,
                "write": topic.write,
                "read": topic.read,
            }
            for user in users
            for topic in user.topics
        ],
        **_topology(vhost),
    }


def _user(user: User, password: str, prefix: str) -> dict[str, Any]:
    return {
        "name": prefix + user.name,
        "password_hash": password_hash(password),
        "hashing_algorithm": _HASHING,
        "tags": list(user.tags),
    }


def _topology(vhost: str) -> dict[str, Any]:
    exchanges = {exchange.name for exchange in topology.EXCHANGES}
    return {
        "exchanges": [
            {
                "name": exchange.name,
                "vhost": vhost,
                "type": exchange.kind,
                "durable": True,
                "auto_delete": False,
                "internal": exchange.internal,
                "arguments": dict(exchange.arguments),
            }
            for exchange in topology.EXCHANGES
        ],
        "queues": [
            {
                "name": queue.name,
                "vhost": vhost,
                "durable": True,
                "auto_delete": False,
                "arguments": dict(queue.arguments),
            }
            for queue in topology.QUEUES
        ],
        "bindings": [
            {
                "source": binding.source,
                "vhost": vhost,
                "destination": binding.destination,
                "destination_type": "exchange" if binding.destination in exchanges else "queue",
                "routing_key": binding.key,
                "arguments": dict(binding.arguments),
            }
            for binding in (*topology.BINDINGS, *topology.ENTRANCES)
        ],
    }
