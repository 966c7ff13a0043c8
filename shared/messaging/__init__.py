"""Messages between the services: topology, publishing, consuming, and what happens when something goes wrong."""

from shared.messaging.batch_subscriber import BatchHandler, BatchSubscriber
from shared.messaging.connection import make_broker
from shared.messaging.message import IncomingMessage, OutgoingMessage
from shared.messaging.messaging import Messaging

__all__ = ["BatchHandler", "BatchSubscriber", "IncomingMessage", "Messaging", "OutgoingMessage", "make_broker"]
