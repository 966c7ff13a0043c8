"""What intake asks routing to decide: the one message that carries subject and text, and no identity."""

from shared.contracts.events import ContactRegistered

ROUTING_REQUESTED = "routing.requested.v1"
"""Type and routing key."""


class RoutingRequested(ContactRegistered):
    subject: str | None = None
    text: str
    language: str
