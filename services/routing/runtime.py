"""What runs beside HTTP: the text models, the connection to the broker and the one subscriber."""

from services.routing.text.readers import Readers
from shared.messaging.messaging import Messaging


class RoutingRuntime:
    """Routing keeps no state, so models and broker are all it needs."""

    def __init__(self, messaging: Messaging, readers: Readers) -> None:
        self.messaging = messaging
        self._readers = readers

    async def start(self) -> None:
        # First, so that no request is taken that could not be decided.
        await self._readers.learn()
        await self.messaging.start()
        await self.messaging.consume()

    async def stop(self) -> None:
        await self.messaging.stop()

    async def missing(self) -> list[str]:
        """What keeps routing from working, in words for an operator."""
        return [*self._readers.missing(), *await self.messaging.ready()]
